extension Parser {
    /// A literal, a name, a call of a function, a list, a map or an expression in brackets.
    mutating func parsePrimary() -> Expression {
        switch token.kind {
        case .int, .double, .minus: return parseNumber()
        case .uint, .string, .bytes, .true, .false, .null: return parseLiteral()
        case .identifier, .dot: return parseName()
        case .leftParen: return parseParenthesized()
        case .leftBracket: return parseList()
        case .leftBrace: return parseMap()
        default: return parseNothing()
        }
    }

    private mutating func parseMap() -> Expression {
        let start = token.start
        let entries = parseEntries(keysAreNames: false)
        return node(SourceRange(start, lastEnd), .map(entries))
    }

    private mutating func parseParenthesized() -> Expression {
        let start = token.start
        advance()
        return close(parseExpression(), from: start)
    }

    private mutating func close(_ inner: Expression, from start: Int) -> Expression {
        expect(.rightParen, "`)`")
        return Expression(id: inner.id, range: SourceRange(start, lastEnd), kind: inner.kind)
    }

    /// What stands where an operand is due but begins none.
    private mutating func parseNothing() -> Expression {
        let found = token
        switch found.kind {
        case .invalid: advance()
        case .reserved:
            report(.syntax, found.range, "`\(text(found))` is a reserved word", hint: "it can stand after a `.` only")
            advance()
        default:
            reportUnexpected("an expression")
            if !found.kind.endsOperand { advance() }
        }
        return failed(found.range)
    }

    private mutating func parseNumber() -> Expression {
        let start = token.start
        let isNegative = take(.minus)
        let number = token
        advance()
        let range = SourceRange(start, number.end)
        let digits = text(number)
        if number.kind == .int {
            if let value = LiteralReader.int(digits, negative: isNegative) { return node(range, .literal(.int(value))) }
            report(.literal, range, "`\((isNegative ? "-" : "") + digits)` is out of the range of int")
        } else if number.kind == .double {
            // A point may begin a literal here, which the standard library's reader takes only with a zero before it.
            if let value = Double(digits.hasPrefix(".") ? "0" + digits : digits), value.isFinite {
                return node(range, .literal(.double(isNegative ? -value : value)))
            }
            report(.literal, range, "`\(digits)` is out of the range of double")
        } else {
            report(.syntax, number.range, "expected a number, found \(describe(number))")
        }
        return failed(range)
    }

    private mutating func parseLiteral() -> Expression {
        let literal = token
        advance()
        let slice = bytes[literal.start..<literal.end]
        switch literal.kind {
        case .true: return node(literal.range, .literal(.bool(true)))
        case .false: return node(literal.range, .literal(.bool(false)))
        case .null: return node(literal.range, .literal(.null))
        case .uint:
            if let value = LiteralReader.uint(text(literal)) { return node(literal.range, .literal(.uint(value))) }
            report(.literal, literal.range, "`\(text(literal))` is out of the range of uint")
        default:
            switch LiteralReader.string(slice, isBytes: literal.kind == .bytes) {
            case .failure(let issue): report(issue.code, issue.range, issue.message)
            case .success(let content):
                if literal.kind == .bytes { return node(literal.range, .literal(.bytes(content))) }
                return node(literal.range, .literal(.string(String(decoding: content, as: UTF8.self))))
            }
        }
        return failed(literal.range)
    }

    private mutating func parseName() -> Expression {
        let start = token.start
        let isAbsolute = take(.dot)
        guard token.kind == .identifier else {
            if token.kind == .reserved { return parseNothing() }
            reportUnexpected("a name")
            return failed(SourceRange(start, token.end))
        }
        let name = Expression.Name(text: text(token), range: token.range)
        advance()
        if token.kind == .leftParen { return parseCall(name, from: start, isAbsolute: isAbsolute) }
        return node(SourceRange(start, name.range.end), .identifier(name, absolute: isAbsolute))
    }

    private mutating func parseCall(_ name: Expression.Name, from start: Int, isAbsolute: Bool) -> Expression {
        let arguments = parseArguments()
        return call(name, target: nil, isAbsolute: isAbsolute, arguments: arguments, range: SourceRange(start, lastEnd))
    }

    private mutating func parseList() -> Expression {
        let start = token.start
        advance()
        var elements: [Expression.Element] = []
        repeat {
            if token.kind == .rightBracket { break }
            let isOptional = take(.question)
            elements.append(Expression.Element(value: parseExpression(), isOptional: isOptional))
        } while takeComma(before: .rightBracket)
        expect(.rightBracket, "`,` or `]`")
        return node(SourceRange(start, lastEnd), .list(elements))
    }
}
