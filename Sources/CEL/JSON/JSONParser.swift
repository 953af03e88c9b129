/// A strict reader of JSON from UTF-8 bytes.
struct JSONParser {
    private let bytes: UnsafeBufferPointer<UInt8>
    private var position = 0
    private var depth = 0
    private let maxDepth: Int
    private let seed = hashSeed
    /// Made for the first object: most texts hold none.
    private lazy var members = MemberStack()
    private(set) var hasDuplicateKeys = false

    init(_ bytes: UnsafeBufferPointer<UInt8>, maxDepth: Int) {
        self.bytes = bytes
        self.maxDepth = maxDepth
    }

    mutating func parseDocument() throws(JSONError) -> Value {
        skipSpace()
        let value = try parseValue()
        skipSpace()
        if position < bytes.count { throw JSONError(.trailing, position, "text after the value") }
        return value
    }

    @inline(__always)
    private mutating func skipSpace() {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x09, 0x0A, 0x0D: position &+= 1
            default: return
            }
        }
    }

    private mutating func parseValue() throws(JSONError) -> Value {
        guard position < bytes.count else { throw JSONError(.unexpectedEnd, position, "the text ends where a value is due") }
        switch bytes[position] {
        case UInt8(ascii: "\""): return .string(try parseString().text)
        case UInt8(ascii: "{"): return try parseObject()
        case UInt8(ascii: "["): return try parseArray()
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try parseNumber()
        case UInt8(ascii: "t"): return try parseWord("true", .bool(true))
        case UInt8(ascii: "f"): return try parseWord("false", .bool(false))
        case UInt8(ascii: "n"): return try parseWord("null", .null)
        default: throw JSONError(.unexpectedByte, position, "a value can't begin here")
        }
    }

    private mutating func parseWord(_ word: StaticString, _ value: Value) throws(JSONError) -> Value {
        let count = word.utf8CodeUnitCount
        guard position + count <= bytes.count, let start = bytes.baseAddress,
            sameBytes(start + position, word.utf8Start, count)
        else { throw JSONError(.unexpectedByte, position, "a value can't begin here") }
        position += count
        return value
    }

    private mutating func enter() throws(JSONError) {
        depth += 1
        if depth > maxDepth { throw JSONError(.tooDeep, position, "nested more than \(maxDepth) deep") }
    }

    private mutating func parseArray() throws(JSONError) -> Value {
        try enter()
        position += 1
        var elements: [Value] = []
        skipSpace()
        if take(UInt8(ascii: "]")) {
            depth -= 1
            return .list(ListValue(elements))
        }
        while true {
            skipSpace()
            elements.append(try parseValue())
            skipSpace()
            if take(UInt8(ascii: ",")) { continue }
            if take(UInt8(ascii: "]")) { break }
            throw unexpected("`,` or `]`")
        }
        depth -= 1
        return .list(ListValue(elements))
    }

    private mutating func parseObject() throws(JSONError) -> Value {
        try enter()
        position += 1
        let start = members.count
        skipSpace()
        if take(UInt8(ascii: "}")) {
            depth -= 1
            return .map(.empty)
        }
        while true {
            skipSpace()
            guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else { throw unexpected("a name in quotes") }
            let (name, hash) = try parseString()
            skipSpace()
            guard take(UInt8(ascii: ":")) else { throw unexpected("`:`") }
            skipSpace()
            members.push(name, hash: hash, try parseValue())
            skipSpace()
            if take(UInt8(ascii: ",")) { continue }
            if take(UInt8(ascii: "}")) { break }
            throw unexpected("`,` or `}`")
        }
        depth -= 1
        let (map, hasDuplicates) = members.take(from: start)
        if hasDuplicates { hasDuplicateKeys = true }
        return .map(map)
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard position < bytes.count, bytes[position] == byte else { return false }
        position &+= 1
        return true
    }

    private func unexpected(_ expected: String) -> JSONError {
        position < bytes.count
            ? JSONError(.unexpectedByte, position, "expected \(expected)")
            : JSONError(.unexpectedEnd, position, "the text ends where \(expected) is due")
    }

    private mutating func parseNumber() throws(JSONError) -> Value {
        let start = position
        let negative = take(UInt8(ascii: "-"))
        let firstDigit = position
        var number: UInt64 = 0
        var fits = true
        while position < bytes.count, let digit = decimalDigit(bytes[position]) {
            let (product, overflow) = number.multipliedReportingOverflow(by: 10)
            let (sum, overflow2) = product.addingReportingOverflow(digit)
            if overflow || overflow2 { fits = false }
            number = sum
            position &+= 1
        }
        let digits = position - firstDigit
        guard digits > 0 else { throw JSONError(.invalidNumber, start, "a number needs a digit") }
        if digits > 1, bytes[firstDigit] == UInt8(ascii: "0") {
            throw JSONError(.invalidNumber, start, "a number can't begin with 0")
        }
        var whole = true
        if take(UInt8(ascii: ".")) {
            whole = false
            try skipDigits(start)
        }
        if position < bytes.count, bytes[position] | 0x20 == UInt8(ascii: "e") {
            whole = false
            position += 1
            if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
            try skipDigits(start)
        }
        if whole, fits {
            if !negative, let value = Int64(exactly: number) { return .int(value) }
            // `-0` is the double: an int has no negative zero.
            if negative, number > 0, number <= UInt64(Int64.max) + 1 { return .int(Int64(truncatingIfNeeded: 0 &- number)) }
        }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        guard let value = Double(text), value.isFinite else {
            throw JSONError(.invalidNumber, start, "the number is out of range")
        }
        return .double(value)
    }

    private mutating func skipDigits(_ start: Int) throws(JSONError) {
        let first = position
        while position < bytes.count, decimalDigit(bytes[position]) != nil { position &+= 1 }
        if position == first { throw JSONError(.invalidNumber, start, "a number needs a digit here") }
    }

    /// The string at the position, with the hash of its UTF-8.
    private mutating func parseString() throws(JSONError) -> (text: String, hash: UInt32) {
        position += 1
        let start = position
        var seen: UInt8 = 0
        while position < bytes.count {
            let byte = bytes[position]
            if byte == UInt8(ascii: "\"") {
                let run = UnsafeBufferPointer(rebasing: bytes[start..<position])
                if seen >= 0x80, String(validating: run, as: UTF8.self) == nil { throw invalidUTF8(start, position) }
                position &+= 1
                return (String(decoding: run, as: UTF8.self), bytesHash(run, seed: seed))
            }
            if byte == UInt8(ascii: "\\") { return try parseEscapedString(start) }
            if byte < 0x20 { throw JSONError(.invalidString, position, "a control character in a string") }
            seen |= byte
            position &+= 1
        }
        throw JSONError(.unexpectedEnd, start - 1, "the string has no end")
    }

    private func invalidUTF8(_ start: Int, _ end: Int) -> JSONError {
        var offset = start
        var rest = UnsafeBufferPointer(rebasing: bytes[start..<end])[...]
        // The first byte after the longest valid beginning.
        while !rest.isEmpty {
            let width = rest.first.map { $0 < 0x80 ? 1 : ($0 < 0xE0 ? 2 : ($0 < 0xF0 ? 3 : 4)) } ?? 1
            guard width <= rest.count, String(validating: rest.prefix(width), as: UTF8.self) != nil else { break }
            rest = rest.dropFirst(width)
            offset += width
        }
        return JSONError(.invalidUTF8, offset, "invalid UTF-8")
    }

    private mutating func parseEscapedString(_ start: Int) throws(JSONError) -> (text: String, hash: UInt32) {
        var buffer = Array(bytes[start..<position])
        while true {
            guard position < bytes.count else { throw JSONError(.unexpectedEnd, start - 1, "the string has no end") }
            let byte = bytes[position]
            switch byte {
            case UInt8(ascii: "\""):
                guard let text = String(validating: buffer, as: UTF8.self) else { throw invalidUTF8(start, position) }
                position += 1
                return (text, textHash(text))
            case UInt8(ascii: "\\"): try parseEscape(into: &buffer)
            case 0..<0x20: throw JSONError(.invalidString, position, "a control character in a string")
            default:
                buffer.append(byte)
                position += 1
            }
        }
    }

    private mutating func parseEscape(into buffer: inout [UInt8]) throws(JSONError) {
        guard position + 1 < bytes.count else { throw JSONError(.unexpectedEnd, position, "the string has no end") }
        let at = position
        position += 2
        switch bytes[at + 1] {
        case UInt8(ascii: "\""): buffer.append(0x22)
        case UInt8(ascii: "\\"): buffer.append(0x5C)
        case UInt8(ascii: "/"): buffer.append(0x2F)
        case UInt8(ascii: "b"): buffer.append(0x08)
        case UInt8(ascii: "f"): buffer.append(0x0C)
        case UInt8(ascii: "n"): buffer.append(0x0A)
        case UInt8(ascii: "r"): buffer.append(0x0D)
        case UInt8(ascii: "t"): buffer.append(0x09)
        case UInt8(ascii: "u"):
            var code = try parseHex(at)
            if code & 0xFC00 == 0xD800 {
                guard take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) else {
                    throw JSONError(.invalidString, at, "half a surrogate pair")
                }
                let second = try parseHex(at)
                guard second & 0xFC00 == 0xDC00 else { throw JSONError(.invalidString, at, "half a surrogate pair") }
                code = 0x10000 + (code & 0x3FF) << 10 + (second & 0x3FF)
            }
            guard let scalar = Unicode.Scalar(code) else { throw JSONError(.invalidString, at, "half a surrogate pair") }
            buffer.append(contentsOf: String(scalar).utf8)
        default: throw JSONError(.invalidString, at, "an unknown escape")
        }
    }

    private mutating func parseHex(_ at: Int) throws(JSONError) -> UInt32 {
        guard position + 4 <= bytes.count else { throw JSONError(.unexpectedEnd, at, "the string has no end") }
        var code: UInt32 = 0
        for byte in bytes[position..<position + 4] {
            guard let digit = hexDigit(byte) else { throw JSONError(.invalidString, at, "`\\u` needs four hexadecimal digits") }
            code = code << 4 | digit
        }
        position += 4
        return code
    }
}

/// The value of a hexadecimal digit.
func hexDigit(_ byte: UInt8) -> UInt32? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - UInt8(ascii: "0"))
    case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(byte - UInt8(ascii: "a")) + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(byte - UInt8(ascii: "A")) + 10
    default: nil
    }
}
