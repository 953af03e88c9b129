/// Comma-separated values (RFC 4180): quoted fields, doubled quotes, lines of either ending.
enum CSVText {
    struct Row {
        var line: Int
        var fields: [String]
    }

    /// The rows of a text; a quote that is not closed ends the text, and is told as the line on which it was opened.
    static func rows(_ bytes: UnsafeBufferPointer<UInt8>, separator: UInt8 = UInt8(ascii: ",")) -> (rows: [Row], unclosed: Int?) {
        var rows: [Row] = []
        var fields: [String] = []
        var field: [UInt8] = []
        var (line, start, opened) = (1, 1, 0)
        var isQuoted = false
        var at = bytes.starts(with: [0xef, 0xbb, 0xbf]) ? 3 : 0
        func isBlank() -> Bool { fields.isEmpty && field.isEmpty }
        while at < bytes.count {
            let byte = bytes[at]
            at += 1
            if byte == UInt8(ascii: "\n") { line += 1 }
            if isQuoted {
                if byte != UInt8(ascii: "\"") {
                    field.append(byte)
                } else if at < bytes.count, bytes[at] == UInt8(ascii: "\"") {
                    field.append(byte)
                    at += 1
                } else {
                    isQuoted = false
                }
            } else if byte == UInt8(ascii: "\""), field.isEmpty {
                isQuoted = true
                opened = line
            } else if byte == separator {
                fields.append(String(decoding: field, as: UTF8.self))
                field = []
            } else if byte == UInt8(ascii: "\n") {
                if field.last == UInt8(ascii: "\r") { field.removeLast() }
                if !isBlank() { rows.append(Row(line: start, fields: fields + [String(decoding: field, as: UTF8.self)])) }
                (fields, field) = ([], [])
                start = line
            } else {
                field.append(byte)
            }
        }
        if field.last == UInt8(ascii: "\r") { field.removeLast() }
        if !isBlank() { rows.append(Row(line: start, fields: fields + [String(decoding: field, as: UTF8.self)])) }
        return (rows, isQuoted ? opened : nil)
    }
}
