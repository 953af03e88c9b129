/// Finds the text of a record in its input by the place that a finding names: `/Records/17`, `line:18`, `line:18/detail`,
/// `/Events/3/CloudTrailEvent`.
enum RecordPlace {
    /// The bytes of the record; `nil` if the input has no such place. Where the way leads into a text (JSON inside a string), it
    /// is the string that is found.
    static func range(_ pointer: String, in bytes: [UInt8]) -> Range<Int>? {
        var names = pointer.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        let first = names.removeFirst()
        var range = 0..<bytes.count
        if first.hasPrefix("line:") {
            guard let number = Int(first.dropFirst(5)), let found = line(number, bytes) else { return nil }
            range = found
        } else if !first.isEmpty {
            return nil
        }
        range = trimmed(range, bytes)
        for name in names {
            // A pointer escapes `/` and `~` in names (RFC 6901).
            let name = name.replacing("~1", with: "/").replacing("~0", with: "~")
            guard range.lowerBound < bytes.count, bytes[range.lowerBound] != UInt8(ascii: "\"") else { return range }
            guard let inner = member(name, range, bytes) else { return nil }
            range = inner
        }
        return range.isEmpty ? nil : range
    }

    private static func line(_ number: Int, _ bytes: [UInt8]) -> Range<Int>? {
        var start = 0
        var current = 1
        while current < number {
            guard let newline = bytes[start...].firstIndex(of: 10) else { return nil }
            start = newline + 1
            current += 1
        }
        guard start < bytes.count else { return nil }
        // A record that begins on this line may go on below it: JSON ends where its value does.
        if let first = bytes[start...].first(where: { !isSpace($0) }), first == UInt8(ascii: "{") || first == UInt8(ascii: "["),
            let found = value(trimmed(start..<bytes.count, bytes).lowerBound, bytes)
        {
            return found
        }
        return start..<(bytes[start...].firstIndex(of: 10) ?? bytes.count)
    }

    /// The member of an object, or the element of a list, at `range`.
    private static func member(_ name: String, _ range: Range<Int>, _ bytes: [UInt8]) -> Range<Int>? {
        let isList = bytes[range.lowerBound] == UInt8(ascii: "[")
        guard isList || bytes[range.lowerBound] == UInt8(ascii: "{") else { return nil }
        var at = skipped(range.lowerBound + 1, bytes)
        var index = 0
        while at < range.upperBound, bytes[at] != UInt8(ascii: "]"), bytes[at] != UInt8(ascii: "}") {
            var isMeant = isList && name == String(index)
            if !isList {
                guard let key = value(at, bytes), bytes[at] == UInt8(ascii: "\"") else { return nil }
                isMeant = bytes[(key.lowerBound + 1)..<(key.upperBound - 1)].elementsEqual(name.utf8)
                at = skipped(key.upperBound, bytes)
                guard at < bytes.count, bytes[at] == UInt8(ascii: ":") else { return nil }
                at = skipped(at + 1, bytes)
            }
            guard let found = value(at, bytes) else { return nil }
            if isMeant { return found }
            at = skipped(found.upperBound, bytes)
            if at < bytes.count, bytes[at] == UInt8(ascii: ",") { at = skipped(at + 1, bytes) }
            index += 1
        }
        return nil
    }

    /// The value that begins at a byte: a string, what is between brackets, or a word.
    private static func value(_ start: Int, _ bytes: [UInt8]) -> Range<Int>? {
        var depth = 0
        var at = start
        while at < bytes.count {
            switch bytes[at] {
            case UInt8(ascii: "\""):
                at += 1
                while at < bytes.count, bytes[at] != UInt8(ascii: "\"") { at += bytes[at] == UInt8(ascii: "\\") ? 2 : 1 }
                if at >= bytes.count { return nil }
                if depth == 0 { return start..<(at + 1) }
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                if depth == 0 { return start..<at }
                depth -= 1
                if depth == 0 { return start..<(at + 1) }
            case UInt8(ascii: ","), UInt8(ascii: " "), 10, 13, 9:
                if depth == 0 { return at > start ? start..<at : nil }
            default: break
            }
            at += 1
        }
        return depth == 0 && at > start ? start..<at : nil
    }

    private static func skipped(_ from: Int, _ bytes: [UInt8]) -> Int {
        var at = from
        while at < bytes.count, isSpace(bytes[at]) { at += 1 }
        return at
    }

    private static func trimmed(_ range: Range<Int>, _ bytes: [UInt8]) -> Range<Int> {
        var start = range.lowerBound
        var end = range.upperBound
        // A mark of the byte order is no part of a record.
        if start == 0, bytes.starts(with: [0xef, 0xbb, 0xbf]) { start = 3 }
        while start < end, isSpace(bytes[start]) { start += 1 }
        while end > start, isSpace(bytes[end - 1]) { end -= 1 }
        return start..<end
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 10 || byte == 13 || byte == 9 }
}
