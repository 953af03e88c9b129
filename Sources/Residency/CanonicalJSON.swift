/// A JSON value that has exactly one text (RFC 8785, the JSON Canonicalization Scheme). There are no fractions, so that no
/// reader can see another number than the writer meant.
///
///     CanonicalValue.object(["b": 1, "a": ["x", .null]]).bytes      // {"a":["x",null],"b":1}
///
/// Two names that differ only in Unicode normalization are one name here, as everywhere in Swift.
public enum CanonicalValue: Sendable, Hashable {
    case null
    case bool(Bool)
    /// Beyond ±(2^53 - 1), where other readers lose digits, it is written as a string of its digits (RFC 8785, appendix D).
    case int(Int)
    case string(String)
    case array([CanonicalValue])
    case object([String: CanonicalValue])

    /// The canonical text, UTF-8, without a final newline.
    public var bytes: [UInt8] {
        var writer = CanonicalWriter()
        writer.write(self)
        return writer.bytes
    }

    /// The string, or null.
    public static func optional(_ text: String?) -> CanonicalValue { text.map(CanonicalValue.string) ?? .null }
    /// An array of strings.
    public static func strings(_ texts: [String]) -> CanonicalValue { .array(texts.map(CanonicalValue.string)) }
}

extension CanonicalValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    public init(stringLiteral value: String) { self = .string(value) }
    public init(integerLiteral value: Int) { self = .int(value) }
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    public init(arrayLiteral elements: CanonicalValue...) { self = .array(elements) }
    /// Of a name that is given twice the last value counts.
    public init(dictionaryLiteral elements: (String, CanonicalValue)...) {
        self = .object(Dictionary(elements, uniquingKeysWith: { $1 }))
    }
}

/// Appends canonical JSON piece by piece, for documents too large to be built as one `CanonicalValue` first.
///
///     var writer = CanonicalWriter()
///     writer.beginObject()
///     writer.key("findings")
///     writer.beginArray()
///     for finding in findings { writer.write(finding.canonical) }
///     writer.endArray()
///     writer.endObject()
///
/// INVARIANT (the caller's duty, asserted in debug builds): within one object `key` is called in the order of UTF-16 code
/// units, each name once, and followed by exactly one value; every `begin` has its `end`.
public struct CanonicalWriter: Sendable {
    /// What was written so far.
    public private(set) var bytes: [UInt8] = []
    private var needsComma = false
    #if DEBUG
        private var lastKeys: [String?] = []
    #endif

    public init() {}

    /// Creates a writer with room for this many bytes.
    public init(capacity: Int) { bytes.reserveCapacity(capacity) }

    /// Empties the buffer and keeps its room: for writers that hand on what they have, piece by piece.
    public mutating func removeAll() { bytes.removeAll(keepingCapacity: true) }

    public mutating func beginObject() {
        separate()
        bytes.append(UInt8(ascii: "{"))
        needsComma = false
        #if DEBUG
            lastKeys.append(nil)
        #endif
    }

    public mutating func endObject() {
        bytes.append(UInt8(ascii: "}"))
        needsComma = true
        #if DEBUG
            lastKeys.removeLast()
        #endif
    }

    public mutating func beginArray() {
        separate()
        bytes.append(UInt8(ascii: "["))
        needsComma = false
    }

    public mutating func endArray() {
        bytes.append(UInt8(ascii: "]"))
        needsComma = true
    }

    /// Writes elements of the open array as another writer made them, one after the other.
    public mutating func write(elements: CanonicalWriter) {
        if elements.bytes.isEmpty { return }
        separate()
        bytes += elements.bytes
        needsComma = true
    }

    /// Writes the name of the member whose value comes next.
    public mutating func key(_ name: String) {
        #if DEBUG
            if let open = lastKeys.indices.last {
                if let last = lastKeys[open] { assert(Self.precedes(last, name), "`\(name)` after `\(last)`") }
                lastKeys[open] = name
            }
        #endif
        appendText(name, isName: true)
        needsComma = false
    }

    public mutating func write(_ text: String) {
        appendText(text, isName: false)
        needsComma = true
    }

    /// Writes the string, or null.
    public mutating func write(_ text: String?) {
        if let text { write(text) } else { write(.null) }
    }

    public mutating func write(_ texts: [String]) {
        beginArray()
        for text in texts { write(text) }
        endArray()
    }

    public mutating func write(_ number: Int) {
        separate()
        if Self.safeIntegers.contains(number) { appendDecimal(number) } else { appendQuoted(String(number)) }
        needsComma = true
    }

    public mutating func write(_ flag: Bool) {
        separate()
        bytes.append(contentsOf: flag ? Self.trueText : Self.falseText)
        needsComma = true
    }

    public mutating func write(_ value: CanonicalValue) {
        switch value {
        case .null:
            separate()
            bytes.append(contentsOf: Self.nullText)
            needsComma = true
        case .bool(let flag): write(flag)
        case .int(let number): write(number)
        case .string(let text): write(text)
        case .array(let elements):
            beginArray()
            for element in elements { write(element) }
            endArray()
        case .object(let members):
            beginObject()
            for member in members.sorted(by: { Self.precedes($0.key, $1.key) }) {
                key(member.key)
                write(member.value)
            }
            endObject()
        }
    }

    /// Ends a line of JSON Lines: the next value stands alone.
    public mutating func newline() {
        bytes.append(UInt8(ascii: "\n"))
        needsComma = false
    }

    /// The order of names in RFC 8785: by UTF-16 code units, not by code points.
    public static func precedes(_ left: String, _ right: String) -> Bool {
        // Below the surrogates both orders are one; nearly every name is ASCII.
        if left.utf8.allSatisfy({ $0 < 0x80 }), right.utf8.allSatisfy({ $0 < 0x80 }) { return left.utf8.lexicographicallyPrecedes(right.utf8) }
        return left.utf16.lexicographicallyPrecedes(right.utf16)
    }

    private mutating func separate() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
    }

    private mutating func appendDecimal(_ number: Int) {
        if 0...9 ~= number { bytes.append(UInt8(ascii: "0") + UInt8(number)) } else { bytes.append(contentsOf: String(number).utf8) }
    }

    /// Appends a string with the comma before it that is due, and the colon after it if it is a member's name. A short one without
    /// escapes goes in one piece, which counts where a run has a million findings.
    private mutating func appendText(_ text: String, isName: Bool) {
        var text = text
        let isDone = text.withUTF8 { utf8 in
            guard utf8.count <= Self.shortText, Self.isPlain(utf8) else { return false }
            withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Self.shortText + 4) { piece in
                var end = 0
                func add(_ byte: UInt8) {
                    piece.initializeElement(at: end, to: byte)
                    end += 1
                }
                if needsComma { add(UInt8(ascii: ",")) }
                add(UInt8(ascii: "\""))
                end = piece[end...].initialize(fromContentsOf: utf8)
                add(UInt8(ascii: "\""))
                if isName { add(UInt8(ascii: ":")) }
                bytes.append(contentsOf: UnsafeBufferPointer(rebasing: piece[..<end]))
            }
            return true
        }
        if isDone { return }
        separate()
        appendQuoted(text)
        if isName { bytes.append(UInt8(ascii: ":")) }
    }

    private static let shortText = 252

    private static func isPlain(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        // To the end whatever it finds: without a way out of the loop many bytes are looked at together.
        var found: UInt8 = 0
        for byte in bytes { found |= (byte < 0x20 ? 1 : 0) | (byte == 0x22 ? 1 : 0) | (byte == 0x5C ? 1 : 0) }
        return found == 0
    }

    private mutating func appendQuoted(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        var text = text
        text.withUTF8 { utf8 in
            var start = 0
            for index in utf8.indices where Self.needsEscape(utf8[index]) {
                bytes.append(contentsOf: utf8[start..<index])
                appendEscape(utf8[index])
                start = index + 1
            }
            bytes.append(contentsOf: utf8[start...])
        }
        bytes.append(UInt8(ascii: "\""))
    }

    @inline(__always)
    private static func needsEscape(_ byte: UInt8) -> Bool { byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") }

    private mutating func appendEscape(_ byte: UInt8) {
        bytes.append(UInt8(ascii: "\\"))
        switch byte {
        case 0x08: bytes.append(UInt8(ascii: "b"))
        case 0x09: bytes.append(UInt8(ascii: "t"))
        case 0x0A: bytes.append(UInt8(ascii: "n"))
        case 0x0C: bytes.append(UInt8(ascii: "f"))
        case 0x0D: bytes.append(UInt8(ascii: "r"))
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes.append(byte)
        default:
            bytes.append(contentsOf: Self.unicodeEscape)
            bytes.append(Self.hexDigits[Int(byte >> 4)])
            bytes.append(Self.hexDigits[Int(byte & 15)])
        }
    }

    private static let safeIntegers = -9_007_199_254_740_991...9_007_199_254_740_991
    private static let trueText = Array("true".utf8)
    private static let falseText = Array("false".utf8)
    private static let nullText = Array("null".utf8)
    private static let unicodeEscape = Array("u00".utf8)
    private static let hexDigits = Array("0123456789abcdef".utf8)
}
