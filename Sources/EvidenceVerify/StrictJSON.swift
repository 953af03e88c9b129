public import Residency

/// Reads JSON without mercy: no fractions, no name twice, no broken UTF-8, nothing after the value. Two readers of what it
/// accepts can't understand it differently.
public enum StrictJSON {
    /// What is wrong, and at which byte.
    public struct Failure: Error, Hashable, Sendable, CustomStringConvertible {
        public var message: String
        public var byte: Int
        public var description: String { "\(message) at byte \(byte)" }
    }

    /// Deeper than anything that evidence holds.
    public static let depthLimit = 64

    /// Reads one value that fills the bytes, but for white space.
    public static func parse(_ bytes: [UInt8]) throws(Failure) -> CanonicalValue {
        var reader = StrictJSONReader(bytes)
        return try reader.document()
    }

    /// Reads one value whose text is its canonical one (RFC 8785), byte for byte.
    public static func parseCanonical(_ bytes: [UInt8]) throws(Failure) -> CanonicalValue {
        var reader = StrictJSONReader(bytes, isCanonical: true)
        do throws(Failure) {
            return try reader.document()
        } catch {
            _ = try parse(bytes)
            throw Failure(message: "the text is not canonical JSON", byte: error.byte)
        }
    }
}

/// INVARIANT: `index` never leaves `bytes.indices` without `peek` noticing.
private struct StrictJSONReader {
    let bytes: [UInt8]
    /// Only the one text of RFC 8785 is read: no white space, names in order, nothing escaped that need not be.
    let isCanonical: Bool
    var index = 0
    var depth = 0

    init(_ bytes: [UInt8], isCanonical: Bool = false) {
        self.bytes = bytes
        self.isCanonical = isCanonical
    }

    mutating func document() throws(StrictJSON.Failure) -> CanonicalValue {
        skipSpace()
        let value = try value()
        skipSpace()
        guard index == bytes.count else { throw failure("something follows the value") }
        return value
    }

    private mutating func value() throws(StrictJSON.Failure) -> CanonicalValue {
        guard let byte = peek else { throw failure("the text ends too early") }
        switch byte {
        case UInt8(ascii: "{"): return try nested { reader throws(StrictJSON.Failure) in try reader.object() }
        case UInt8(ascii: "["): return try nested { reader throws(StrictJSON.Failure) in try reader.array() }
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: return .int(try integer())
        }
    }

    private mutating func nested(
        _ body: (inout StrictJSONReader) throws(StrictJSON.Failure) -> CanonicalValue
    ) throws(StrictJSON.Failure) -> CanonicalValue {
        depth += 1
        guard depth <= StrictJSON.depthLimit else { throw failure("nested too deep") }
        let value = try body(&self)
        depth -= 1
        return value
    }

    private mutating func object() throws(StrictJSON.Failure) -> CanonicalValue {
        index += 1
        var members: [String: CanonicalValue] = [:]
        var last: String?
        skipSpace()
        if take(UInt8(ascii: "}")) { return .object(members) }
        repeat {
            skipSpace()
            guard peek == UInt8(ascii: "\"") else { throw failure("a name was expected") }
            let start = index
            let name = try string()
            if isCanonical, let last, !CanonicalWriter.precedes(last, name) {
                index = start
                throw failure("the name `\(name)` is out of order")
            }
            last = name
            skipSpace()
            guard take(UInt8(ascii: ":")) else { throw failure("a colon was expected") }
            skipSpace()
            guard members.updateValue(try value(), forKey: name) == nil else {
                index = start
                throw failure("the name `\(name)` stands twice")
            }
            skipSpace()
        } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "}")) else { throw failure("`,` or `}` was expected") }
        return .object(members)
    }

    private mutating func array() throws(StrictJSON.Failure) -> CanonicalValue {
        index += 1
        var elements: [CanonicalValue] = []
        skipSpace()
        if take(UInt8(ascii: "]")) { return .array(elements) }
        repeat {
            skipSpace()
            elements.append(try value())
            skipSpace()
        } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "]")) else { throw failure("`,` or `]` was expected") }
        return .array(elements)
    }

    private mutating func word(_ word: String, _ value: CanonicalValue) throws(StrictJSON.Failure) -> CanonicalValue {
        guard bytes[index...].starts(with: word.utf8) else { throw failure("a value was expected") }
        index += word.utf8.count
        return value
    }

    private mutating func integer() throws(StrictJSON.Failure) -> Int {
        let start = index
        _ = take(UInt8(ascii: "-"))
        let digits = index
        while let byte = peek, 48...57 ~= byte { index += 1 }
        guard index > digits else { throw failure("a value was expected") }
        if let byte = peek, [UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E")].contains(byte) { throw failure("a fraction") }
        let text = String(decoding: bytes[start..<index], as: UTF8.self)
        guard let number = Int(text), number.magnitude < 1 << 53, text == String(number) else {
            index = start
            throw failure("`\(text)` is not an integer that every reader keeps")
        }
        return number
    }

    private mutating func string() throws(StrictJSON.Failure) -> String {
        index += 1
        let start = index
        while let byte = peek, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 0x20 { index += 1 }
        if peek == UInt8(ascii: "\"") {
            let text = try decoded(bytes[start..<index], at: start)
            index += 1
            return text
        }
        var content = Array(bytes[start..<index])
        while let byte = peek {
            switch byte {
            case UInt8(ascii: "\""):
                index += 1
                return try decoded(content[...], at: start)
            case UInt8(ascii: "\\"):
                index += 1
                content.append(contentsOf: String(try escape()).utf8)
            case ..<0x20: throw failure("a control character in a string")
            default:
                content.append(byte)
                index += 1
            }
        }
        throw failure("the string does not end")
    }

    private func decoded(_ content: ArraySlice<UInt8>, at start: Int) throws(StrictJSON.Failure) -> String {
        // Nearly every string is ASCII, which needs no validating.
        if content.allSatisfy({ $0 < 0x80 }) { return String(decoding: content, as: UTF8.self) }
        guard let text = String(validating: content, as: UTF8.self) else {
            throw StrictJSON.Failure(message: "a string that is not UTF-8", byte: start)
        }
        return text
    }

    private mutating func escape() throws(StrictJSON.Failure) -> Unicode.Scalar {
        guard let byte = peek else { throw failure("the string does not end") }
        if isCanonical, byte == UInt8(ascii: "/") || byte == UInt8(ascii: "u") && !isControlEscape { throw failure("an escape that need not be") }
        index += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
        case UInt8(ascii: "b"): return "\u{08}"
        case UInt8(ascii: "f"): return "\u{0C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"):
            let unit = try codeUnit()
            if let scalar = Unicode.Scalar(unit) { return scalar }
            guard take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) else { throw failure("half of a surrogate pair") }
            let low = try codeUnit()
            guard 0xD800...0xDBFF ~= unit, 0xDC00...0xDFFF ~= low,
                let scalar = Unicode.Scalar(0x10000 + (UInt32(unit) - 0xD800) << 10 + (UInt32(low) - 0xDC00))
            else { throw failure("half of a surrogate pair") }
            return scalar
        default: throw failure("an escape that JSON does not have")
        }
    }

    /// What stands here is `u00` and two lower-case digits of a control character that has no letter.
    private var isControlEscape: Bool {
        guard index + 5 <= bytes.count, bytes[(index + 1)..<(index + 3)].elementsEqual("00".utf8), 48...49 ~= bytes[index + 3] else { return false }
        let digit = bytes[index + 4]
        if bytes[index + 3] == 48, [UInt8(ascii: "8"), UInt8(ascii: "9"), UInt8(ascii: "a"), UInt8(ascii: "c"), UInt8(ascii: "d")].contains(digit) { return false }
        return 48...57 ~= digit || 97...102 ~= digit
    }

    private mutating func codeUnit() throws(StrictJSON.Failure) -> UInt16 {
        guard index + 4 <= bytes.count, let unit = UInt16(String(decoding: bytes[index..<(index + 4)], as: UTF8.self), radix: 16),
            bytes[index] != UInt8(ascii: "+"), bytes[index] != UInt8(ascii: "-")
        else { throw failure("four hexadecimal digits were expected") }
        index += 4
        return unit
    }

    private var peek: UInt8? { index < bytes.count ? bytes[index] : nil }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard peek == byte else { return false }
        index += 1
        return true
    }

    private mutating func skipSpace() {
        if isCanonical { return }
        while let byte = peek, byte <= 0x20, byte == 0x20 || byte == 0x0A || byte == 0x09 || byte == 0x0D { index += 1 }
    }

    private func failure(_ message: String) -> StrictJSON.Failure { StrictJSON.Failure(message: message, byte: index) }
}

extension CanonicalValue {
    /// The member of an object; `nil` if there is none, or this is no object.
    public subscript(name: String) -> CanonicalValue? {
        if case .object(let members) = self { members[name] } else { nil }
    }

    public var text: String? { if case .string(let text) = self { text } else { nil } }
    public var number: Int? { if case .int(let number) = self { number } else { nil } }
    public var flag: Bool? { if case .bool(let flag) = self { flag } else { nil } }
    public var elements: [CanonicalValue]? { if case .array(let elements) = self { elements } else { nil } }
    public var members: [String: CanonicalValue]? { if case .object(let members) = self { members } else { nil } }
}
