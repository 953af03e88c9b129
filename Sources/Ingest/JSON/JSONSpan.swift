import CEL

/// A value inside a JSON text that was not parsed: its members can be looked up, and it is parsed when somebody asks.
struct JSONSpan {
    let bytes: UnsafeBufferPointer<UInt8>
    let range: Range<Int>
    let scanner: Scanner

    /// The value that begins at or after a position; `nil` if none does.
    init?(_ bytes: UnsafeBufferPointer<UInt8>, from: Int, scanner: Scanner) {
        var at = from
        while at < bytes.count, bytes[at] <= 0x20 { at += 1 }
        guard let end = scanner.end(bytes, at: at) else { return nil }
        self.init(bytes, at..<end, scanner)
    }

    init(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, _ scanner: Scanner) {
        self.bytes = bytes
        self.range = range
        self.scanner = scanner
    }

    private var first: UInt8 { range.isEmpty ? 0 : bytes[range.lowerBound] }
    var isObject: Bool { first == UInt8(ascii: "{") }
    var isList: Bool { first == UInt8(ascii: "[") }

    /// The members by name; of two with one name the last.
    var members: [String: JSONSpan] {
        var found: [String: JSONSpan] = [:]
        forEachMember { found[$0] = $1 }
        return found
    }

    /// Calls the body with every member, in the order of the text.
    func forEachMember(_ body: (String, JSONSpan) -> Void) {
        guard isObject else { return }
        for member in scanner.members(bytes, at: range.lowerBound, before: range.upperBound).members {
            body(JSONText.unescaped(UnsafeBufferPointer(rebasing: bytes[member.name])), JSONSpan(bytes, member.value, scanner))
        }
    }

    /// The elements of a list.
    var elements: [JSONSpan] {
        guard isList else { return [] }
        return scanner.members(bytes, at: range.lowerBound, before: range.upperBound).members.map { JSONSpan(bytes, $0.value, scanner) }
    }

    /// The value, parsed; null if it is not JSON.
    func value(maxDepth: Int) -> Value {
        (try? JSON.parse(UnsafeBufferPointer(rebasing: bytes[range]), maxDepth: maxDepth)) ?? .null
    }

    /// The text, if it is a string.
    var text: String? { JSONText.string(UnsafeBufferPointer(rebasing: bytes[range])) }
}
