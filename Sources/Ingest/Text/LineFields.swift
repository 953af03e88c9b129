/// The fields of one line, one after the other: separated by one byte, and around spaces in quotes or brackets.
struct LineFields {
    private let bytes: UnsafeBufferPointer<UInt8>
    private let end: Int
    private let separator: UInt8
    private var at: Int

    init(_ bytes: UnsafeBufferPointer<UInt8>, _ line: Range<Int>, separator: UInt8 = UInt8(ascii: " ")) {
        self.bytes = bytes
        at = line.lowerBound
        end = line.upperBound
        self.separator = separator
    }

    /// The next field without its quotes or brackets; `nil` after the last one, and where a quote or bracket is not closed.
    mutating func next() -> Range<Int>? {
        guard at < end else { return nil }
        let first = bytes[at]
        if separator == UInt8(ascii: " "), first == UInt8(ascii: "\"") || first == UInt8(ascii: "[") { return enclosed(first) }
        let start = at
        while at < end, bytes[at] != separator { at += 1 }
        defer { at += 1 }
        return start..<at
    }

    /// Goes over fields; false if there are fewer.
    mutating func skip(_ count: Int) -> Bool {
        for _ in 0..<count where next() == nil { return false }
        return true
    }

    /// Quotes inside a quoted field are not always escaped: what closes it stands before a space or the line's end.
    private mutating func enclosed(_ open: UInt8) -> Range<Int>? {
        let close = open == UInt8(ascii: "[") ? UInt8(ascii: "]") : open
        let start = at + 1
        var index = start
        while index < end {
            if bytes[index] == UInt8(ascii: "\\"), open == UInt8(ascii: "\"") {
                index += 2
                continue
            }
            if bytes[index] == close, index + 1 == end || bytes[index + 1] == separator {
                at = index + 2
                return start..<index
            }
            index += 1
        }
        at = end
        return nil
    }
}

extension UnsafeBufferPointer<UInt8> {
    /// Whether the piece is this text.
    func holds(_ text: StaticString, at range: Range<Int>) -> Bool {
        guard range.count == text.utf8CodeUnitCount else { return false }
        return text.withUTF8Buffer { $0.elementsEqual(self[range]) }
    }

    func begins(_ text: StaticString, at range: Range<Int>) -> Bool {
        guard range.count >= text.utf8CodeUnitCount else { return false }
        return text.withUTF8Buffer { $0.elementsEqual(self[range.prefix(text.utf8CodeUnitCount)]) }
    }

    /// Whether the piece is digits, and there is one.
    func isNumber(_ range: Range<Int>) -> Bool { !range.isEmpty && self[range].allSatisfy { 48...57 ~= $0 } }

    /// A piece that is `host:port` without its port; brackets around an IPv6 address are left out too.
    func withoutPort(_ range: Range<Int>) -> Range<Int> {
        guard let colon = self[range].lastIndex(of: UInt8(ascii: ":")), isNumber((colon + 1)..<range.upperBound) else { return range }
        let host = range.lowerBound..<colon
        guard host.count > 2, self[host.lowerBound] == UInt8(ascii: "["), self[host.upperBound - 1] == UInt8(ascii: "]") else { return host }
        return (host.lowerBound + 1)..<(host.upperBound - 1)
    }
}
