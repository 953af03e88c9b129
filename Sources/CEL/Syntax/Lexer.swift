/// Cuts an expression into tokens.
struct Lexer {
    private let bytes: [UInt8]
    private var position = 0
    private(set) var issues: [Issue] = []

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// The tokens; the last is `end`.
    mutating func tokens() -> [Token] {
        var tokens: [Token] = []
        tokens.reserveCapacity(bytes.count / 3 + 2)
        repeat { tokens.append(next()) } while tokens[tokens.count - 1].kind != .end
        return tokens
    }

    private func byte(_ offset: Int = 0) -> UInt8 {
        position + offset < bytes.count ? bytes[position + offset] : 0
    }

    private mutating func skipSpace() {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x09, 0x0A, 0x0C, 0x0D: position += 1
            case UInt8(ascii: "/") where byte(1) == UInt8(ascii: "/"):
                while position < bytes.count, bytes[position] != 0x0A { position += 1 }
            default: return
            }
        }
    }

    private mutating func next() -> Token {
        skipSpace()
        let start = position
        guard start < bytes.count else { return Token(kind: .end, start: start, end: start) }
        let kind = read()
        return Token(kind: kind, start: start, end: position)
    }

    private mutating func read() -> Token.Kind {
        switch byte() {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"): return readWord()
        case UInt8(ascii: "0")...UInt8(ascii: "9"): return readNumber()
        case UInt8(ascii: "."):
            if decimalDigit(byte(1)) != nil { return readNumber() }
            position += 1
            return .dot
        case UInt8(ascii: "\""), UInt8(ascii: "'"): return readString(raw: false, kind: .string)
        case UInt8(ascii: "`"): return readQuoted()
        default: return readPunctuation()
        }
    }

    private mutating func readPunctuation() -> Token.Kind {
        let first = byte()
        let second = byte(1)
        func pair(_ other: Character, _ kind: Token.Kind) -> Token.Kind? { second == other.asciiValue ? kind : nil }
        let double: Token.Kind? =
            switch first {
            case UInt8(ascii: "="): pair("=", .equal)
            case UInt8(ascii: "!"): pair("=", .notEqual)
            case UInt8(ascii: "<"): pair("=", .lessEqual)
            case UInt8(ascii: ">"): pair("=", .greaterEqual)
            case UInt8(ascii: "&"): pair("&", .and)
            case UInt8(ascii: "|"): pair("|", .or)
            default: nil
            }
        if let double {
            position += 2
            return double
        }
        if let single = Self.punctuation[first] {
            position += 1
            return single
        }
        return readInvalid()
    }

    private static let punctuation: [UInt8: Token.Kind] = [
        UInt8(ascii: "("): .leftParen, UInt8(ascii: ")"): .rightParen, UInt8(ascii: "["): .leftBracket,
        UInt8(ascii: "]"): .rightBracket, UInt8(ascii: "{"): .leftBrace, UInt8(ascii: "}"): .rightBrace,
        UInt8(ascii: ","): .comma, UInt8(ascii: "?"): .question, UInt8(ascii: ":"): .colon, UInt8(ascii: "+"): .plus,
        UInt8(ascii: "-"): .minus, UInt8(ascii: "*"): .star, UInt8(ascii: "/"): .slash, UInt8(ascii: "%"): .percent,
        UInt8(ascii: "!"): .bang, UInt8(ascii: "<"): .less, UInt8(ascii: ">"): .greater,
    ]

    /// Skips a whole code point that begins no token.
    private mutating func readInvalid() -> Token.Kind {
        let start = position
        position += 1
        while position < bytes.count, bytes[position] & 0xC0 == 0x80 { position += 1 }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        let hint: String? =
            switch text {
            case "=": "to compare, write `==`"
            case "&": "for and, write `&&`"
            case "|": "for or, write `||`"
            case "“", "”", "‘", "’": "write straight quotes"
            default: nil
            }
        issues.append(Issue(.syntax, SourceRange(start, position), "unexpected character `\(text)`", hint: hint))
        return .invalid
    }

    private mutating func readWord() -> Token.Kind {
        let start = position
        while position < bytes.count, Self.isWord(bytes[position]) { position += 1 }
        if byte() == UInt8(ascii: "\"") || byte() == UInt8(ascii: "'"), position - start <= 2 {
            switch String(decoding: bytes[start..<position], as: UTF8.self) {
            case "r", "R": return readString(raw: true, kind: .string)
            case "b", "B": return readString(raw: false, kind: .bytes)
            case "br", "bR", "Br", "BR": return readString(raw: true, kind: .bytes)
            default: break
            }
        }
        let word = String(decoding: bytes[start..<position], as: UTF8.self)
        switch word {
        case "true": return .true
        case "false": return .false
        case "null": return .null
        case "in": return .in
        default: return Token.Kind.reservedWords.contains(word) ? .reserved : .identifier
        }
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "_") || decimalDigit(byte) != nil
            || (byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "z"))
    }

    private mutating func readQuoted() -> Token.Kind {
        let start = position
        position += 1
        while position < bytes.count, Self.isWord(bytes[position]) || "./- ".utf8.contains(bytes[position]) { position += 1 }
        let length = position - start - 1
        guard byte() == UInt8(ascii: "`"), length > 0 else {
            issues.append(Issue(.syntax, SourceRange(start, max(position, start + 1)), "the name in backticks has no end"))
            return .invalid
        }
        position += 1
        return .quoted
    }

    private mutating func readNumber() -> Token.Kind {
        let start = position
        if byte() == UInt8(ascii: "0"), byte(1) | 0x20 == UInt8(ascii: "x"), hexDigit(byte(2)) != nil {
            position += 2
            while hexDigit(byte()) != nil { position += 1 }
            return readSuffix(start, .int)
        }
        var kind = Token.Kind.int
        while decimalDigit(byte()) != nil { position += 1 }
        if byte() == UInt8(ascii: "."), decimalDigit(byte(1)) != nil {
            kind = .double
            position += 1
            while decimalDigit(byte()) != nil { position += 1 }
        }
        if byte() | 0x20 == UInt8(ascii: "e") {
            let sign = byte(1) == UInt8(ascii: "+") || byte(1) == UInt8(ascii: "-") ? 1 : 0
            if decimalDigit(byte(1 + sign)) != nil {
                kind = .double
                position += 1 + sign
                while decimalDigit(byte()) != nil { position += 1 }
            }
        }
        return readSuffix(start, kind)
    }

    private mutating func readSuffix(_ start: Int, _ kind: Token.Kind) -> Token.Kind {
        var kind = kind
        if kind == .int, byte() | 0x20 == UInt8(ascii: "u") {
            kind = .uint
            position += 1
        }
        if Self.isWord(byte()) {
            while Self.isWord(byte()) { position += 1 }
            issues.append(Issue(.literal, SourceRange(start, position), "malformed number"))
            return .invalid
        }
        return kind
    }

    /// Skips a string; what is in it is read by `LiteralReader`.
    private mutating func readString(raw: Bool, kind: Token.Kind) -> Token.Kind {
        let start = position
        let quote = byte()
        let isTriple = byte(1) == quote && byte(2) == quote
        position += isTriple ? 3 : 1
        while position < bytes.count {
            let next = bytes[position]
            if next == UInt8(ascii: "\\"), !raw {
                position += 2
            } else if next == quote, !isTriple || (byte(1) == quote && byte(2) == quote) {
                position += isTriple ? 3 : 1
                return kind
            } else if !isTriple, next == 0x0A || next == 0x0D {
                break
            } else {
                position += 1
            }
        }
        position = min(position, bytes.count)
        issues.append(Issue(.literal, SourceRange(start, position), "the string has no end"))
        return .invalid
    }
}
