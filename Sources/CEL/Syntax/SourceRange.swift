/// A run of bytes of an expression's UTF-8.
public struct SourceRange: Sendable, Hashable {
    /// The offset of the first byte.
    public var start: Int
    /// The offset past the last byte.
    public var end: Int

    /// The bytes from `start` up to `end`.
    public init(_ start: Int, _ end: Int) {
        self.start = start
        self.end = end
    }

    /// No place in particular.
    public static let none = SourceRange(0, 0)

    /// The smallest range with both in it.
    func joined(_ other: SourceRange) -> SourceRange { SourceRange(min(start, other.start), max(end, other.end)) }
}

extension String {
    /// The text of a range of bytes, cut to what exists.
    func text(in range: SourceRange) -> String {
        let bytes = utf8
        let start = bytes.index(bytes.startIndex, offsetBy: max(0, range.start), limitedBy: bytes.endIndex) ?? bytes.endIndex
        let length = max(0, range.end - max(0, range.start))
        let end = bytes.index(start, offsetBy: length, limitedBy: bytes.endIndex) ?? bytes.endIndex
        return String(decoding: bytes[start..<end], as: UTF8.self)
    }
}
