import CEL
import Residency
import Yams

/// The documents of a YAML input, each parsed by itself: one that is broken does not hide the others.
enum YAMLStream {
    struct Document {
        var text: String
        /// The line of the input on which it begins.
        var line: Int
        /// The byte at which it begins.
        var byte: Int
        var place: String { "line:\(line)" }
    }

    /// Cuts the input at its `---` lines. Documents without content are left out.
    static func documents(_ session: ReadSession) -> [Document] {
        let bytes = session.window.bytes
        var found: [Document] = []
        var start = bytes.starts(with: [0xef, 0xbb, 0xbf]) ? 3 : 0
        var (line, startLine, at) = (1, 1, start)
        func close(_ end: Int) {
            let text = String(decoding: bytes[start..<end], as: UTF8.self)
            if hasContent(text) { found.append(Document(text: text, line: startLine, byte: start)) }
        }
        while at < bytes.count {
            let end = Lines.newline(bytes, from: at) ?? bytes.count
            if isMark(bytes, at, end) {
                close(at)
                (start, startLine) = (at, line)
            }
            at = end + 1
            line += 1
        }
        close(bytes.count)
        return found
    }

    private static func isMark(_ bytes: UnsafeBufferPointer<UInt8>, _ at: Int, _ end: Int) -> Bool {
        guard end - at >= 3, bytes[at] == 0x2d, bytes[at + 1] == 0x2d, bytes[at + 2] == 0x2d else { return false }
        return end - at == 3 || [0x20, 0x09, 0x0d].contains(bytes[at + 3])
    }

    private static func hasContent(_ text: String) -> Bool {
        text.split(whereSeparator: \.isNewline).contains { line in
            let rest = line.drop { $0 == " " || $0 == "\t" }
            return !rest.isEmpty && !rest.hasPrefix("#") && rest != "---" && rest != "..." && !rest.hasPrefix("%")
        }
    }
}

extension YAMLStream.Document {
    /// Parses the document and hands its node over with the number of values that may be made of it: aliases may not make more of a
    /// text than is in it.
    func read(_ session: ReadSession, _ body: (Node, inout Int) throws(YAMLText.Fault) -> Void) {
        var budget = max(YAMLText.maxValues, text.utf8.count)
        do throws(YAMLText.Fault) {
            for node in try YAMLText.documents(text) { try body(node, &budget) }
        } catch {
            session.malformed(line: error.line.map { $0 + line - 1 } ?? line, column: error.column, place: place, error.message)
        }
    }
}

extension ReadSession {
    /// Counts a record of a text that cannot be decoded and says on which line it is.
    func malformed(line: Int, column: Int? = nil, place: String, _ message: String) {
        outcome.malformed += 1
        outcome.pointers.append(ordinal: ordinal, place: place)
        ordinal += 1
        say(.warning, line: line, column: column, message)
    }
}
