extension RegexParser {
    /// What a backslash introduces, outside of brackets.
    mutating func parseEscape() throws(RegexError) -> RegexNode {
        let start = position
        guard let kind = peek(1) else { throw error("a `\\` at its end") }
        let assertion: RegexNode.Assertion? =
            switch kind {
            case "A": .textStart
            case "z": .textEnd
            case "b": .wordBoundary
            case "B": .notWordBoundary
            default: nil
            }
        if let assertion {
            position += 2
            return .assertion(assertion)
        }
        if let set = try parseClassEscape() { return .set(set) }
        let isOctal = kind <= "7" && peek(2).map { $0 >= "0" && $0 <= "7" } ?? false
        if kind >= "1", kind <= "9", !isOctal { throw error("a back-reference, which is not supported", at: start) }
        return literal(try parseLiteralEscape())
    }

    /// `\d`, `\pL` and so on; nil, and nothing read, for other escapes.
    private mutating func parseClassEscape() throws(RegexError) -> ScalarSet? {
        guard let kind = peek(1) else { return nil }
        let set: ScalarSet
        switch kind {
        case "d": set = .digits
        case "D": set = ScalarSet.digits.inverted
        case "w": set = folded(.word)
        case "W": set = folded(.word).inverted
        case "s": set = .space
        case "S": set = ScalarSet.space.inverted
        case "p", "P": return try parseUnicodeClass()
        default: return nil
        }
        position += 2
        return set
    }

    private mutating func parseUnicodeClass() throws(RegexError) -> ScalarSet {
        let start = position
        var isInverted = peek(1) == "P"
        position += 2
        var name = ""
        if take("{") {
            while let scalar = next, scalar != "}" {
                name.unicodeScalars.append(scalar)
                position += 1
            }
            guard take("}") else { throw error("a class name without an end", at: start) }
            if name.hasPrefix("^") {
                isInverted.toggle()
                name.removeFirst()
            }
        } else if let scalar = next {
            name.unicodeScalars.append(scalar)
            position += 1
        }
        guard let set = ScalarSet.unicode(name) else { throw error("an unknown class `\(name)`", at: start) }
        let all = folded(set)
        return isInverted ? all.inverted : all
    }

    /// The code point of an escape such as `\n`, `\x41`, `\x{1F600}`, `\.`.
    private mutating func parseLiteralEscape() throws(RegexError) -> UInt32 {
        let start = position
        position += 1
        guard let kind = next else { throw error("a `\\` at its end", at: start) }
        position += 1
        switch kind {
        case "a": return 7
        case "f": return 12
        case "t": return 9
        case "n": return 10
        case "r": return 13
        case "v": return 11
        case "0"..."7": return parseOctal(kind)
        case "x": return try parseHexEscape(start)
        default:
            let isPunctuation = kind.isASCII && !ScalarSet.word.contains(kind.value)
            guard isPunctuation || kind == "_" else { throw error("an unknown escape `\\\(kind)`", at: start) }
            return kind.value
        }
    }

    private mutating func parseOctal(_ first: Unicode.Scalar) -> UInt32 {
        var code = first.value - 48
        for _ in 0..<2 {
            guard let digit = next, digit >= "0", digit <= "7" else { break }
            code = code * 8 + digit.value - 48
            position += 1
        }
        return code
    }

    private mutating func parseHexEscape(_ start: Int) throws(RegexError) -> UInt32 {
        var code: UInt32 = 0
        var count = 0
        let isBraced = take("{")
        while let digit = next.flatMap({ $0.isASCII ? hexDigit(UInt8(truncatingIfNeeded: $0.value)) : nil }),
            isBraced || count < 2
        {
            code = min(code << 4 | digit, 0x200000)
            count += 1
            position += 1
        }
        guard count > 0, isBraced ? take("}") : count == 2, code <= ScalarSet.maximum else {
            throw error("a malformed `\\x`", at: start)
        }
        return code
    }

    /// A class in brackets.
    mutating func parseClass() throws(RegexError) -> ScalarSet {
        let start = position
        position += 1
        let isInverted = take("^")
        var set = ScalarSet()
        var isFirst = true
        while true {
            guard let scalar = next else { throw error("a class without an end", at: start) }
            if scalar == "]", !isFirst { break }
            isFirst = false
            if scalar == "[", peek(1) == ":", let named = try parsePosixClass() {
                set.formUnion(named)
            } else if scalar == "\\", let escaped = try parseClassEscape() {
                set.formUnion(escaped)
            } else {
                set.formUnion(try parseClassRange())
            }
        }
        position += 1
        return isInverted ? set.inverted : set
    }

    private mutating func parseClassRange() throws(RegexError) -> ScalarSet {
        let start = position
        let low = try parseClassScalar()
        guard next == "-", let after = peek(1), after != "]" else { return folded(ScalarSet(low)) }
        position += 1
        if next == "\\", try parseClassEscape() != nil { throw error("a malformed range", at: start) }
        let high = try parseClassScalar()
        guard low <= high else { throw error("a range from the greater to the less", at: start) }
        return folded(ScalarSet([low...high]))
    }

    private mutating func parseClassScalar() throws(RegexError) -> UInt32 {
        guard let scalar = next else { throw error("a class without an end") }
        if scalar == "\\" { return try parseLiteralEscape() }
        position += 1
        return scalar.value
    }

    /// `[:alpha:]` within brackets; nil, and nothing read, where it only looks so.
    private mutating func parsePosixClass() throws(RegexError) -> ScalarSet? {
        var end = position + 2
        while end < scalars.count, scalars[end] != ":", scalars[end] != "]" { end += 1 }
        guard end + 1 < scalars.count, scalars[end] == ":", scalars[end + 1] == "]" else { return nil }
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars[(position + 2)..<end])
        var name = String(view)
        let isInverted = name.hasPrefix("^")
        if isInverted { name.removeFirst() }
        guard let set = ScalarSet.posix(name) else { throw error("an unknown class `[:\(name):]`") }
        position = end + 2
        let all = folded(set)
        return isInverted ? all.inverted : all
    }
}
