extension Parser {
    /// An operand with what hangs on it: fields, indexes, calls.
    mutating func parseMember() -> Expression {
        let operand = parsePrimary()
        switch token.kind {
        case .dot, .leftBracket, .leftBrace: return parseSuffixes(operand)
        default: return operand
        }
    }

    private mutating func parseSuffixes(_ first: Expression) -> Expression {
        var operand = first
        while true {
            switch token.kind {
            case .dot: operand = parseSelect(operand)
            case .leftBracket: operand = parseIndex(operand)
            case .leftBrace:
                guard operand.qualifiedName != nil else { return operand }
                operand = parseMessage(operand)
            default: return operand
            }
        }
    }

    private mutating func parseSelect(_ operand: Expression) -> Expression {
        advance()
        let isOptional = take(.question)
        let isQuoted = token.kind == .quoted
        guard let name = parseSelector() else {
            reportUnexpected("a field or function name")
            return failed(SourceRange(operand.range.start, lastEnd))
        }
        if !isOptional, !isQuoted, token.kind == .leftParen { return parseCall(name, target: operand) }
        return node(SourceRange(operand.range.start, lastEnd), .select(operand, field: name, isOptional: isOptional))
    }

    private mutating func parseCall(_ name: Expression.Name, target: Expression) -> Expression {
        let arguments = parseArguments()
        let range = SourceRange(target.range.start, lastEnd)
        return call(name, target: target, isAbsolute: false, arguments: arguments, range: range)
    }

    /// A name after a point, which may be reserved or in backticks.
    private mutating func parseSelector() -> Expression.Name? {
        switch token.kind {
        case .identifier, .reserved:
            defer { advance() }
            return Expression.Name(text: text(token), range: token.range)
        case .quoted:
            defer { advance() }
            return Expression.Name(text: String(text(token).dropFirst().dropLast()), range: token.range)
        default: return nil
        }
    }

    private mutating func parseIndex(_ operand: Expression) -> Expression {
        advance()
        let isOptional = take(.question)
        let index = parseExpression()
        expect(.rightBracket, "`]`")
        return node(SourceRange(operand.range.start, lastEnd), .index(operand, index, isOptional: isOptional))
    }

    /// The arguments of a call, from its bracket on.
    mutating func parseArguments() -> [Expression] {
        advance()
        var arguments: [Expression] = []
        if take(.rightParen) { return arguments }
        repeat { arguments.append(parseExpression()) } while takeComma(before: .rightParen)
        expect(.rightParen, "`,` or `)`")
        return arguments
    }

    /// Takes a comma. Where something else stands, reports it and skips to the comma or bracket that ends this element.
    mutating func takeComma(before close: Token.Kind) -> Bool {
        if take(.comma) { return true }
        if token.kind == close { return false }
        if token.kind != .end || close == .rightBracket { reportUnexpectedElement(close) }
        skip(to: close)
        return take(.comma)
    }

    private mutating func reportUnexpectedElement(_ close: Token.Kind) {
        reportUnexpected("`,` or \(close == .rightParen ? "`)`" : (close == .rightBracket ? "`]`" : "`}`"))")
    }

    /// Takes a closing bracket, or reports that it is missing and skips to it.
    mutating func expect(_ close: Token.Kind, _ name: String) {
        if take(close) { return }
        reportUnexpected(name)
        skip(to: close)
        _ = take(close)
    }

    /// Skips to the next comma or the bracket, over whole pairs of brackets.
    private mutating func skip(to close: Token.Kind) {
        var open = 0
        while token.kind != .end {
            switch token.kind {
            case .comma, .rightParen, .rightBracket, .rightBrace:
                if open == 0 { return }
                if token.kind != .comma { open -= 1 }
            case .leftParen, .leftBracket, .leftBrace: open += 1
            default: break
            }
            advance()
        }
    }

    /// A call or, where the name and the number of arguments are those of a macro, that.
    mutating func call(
        _ name: Expression.Name, target: Expression?, isAbsolute: Bool, arguments: [Expression], range: SourceRange
    ) -> Expression {
        if !isAbsolute, let macro = expandMacro(name, target: target, arguments: arguments, range: range) { return macro }
        let call = Expression.Call(function: name, isAbsolute: isAbsolute, target: target, arguments: arguments)
        return node(range, .call(call))
    }

    /// `a.b.Type{field: value}`: there are no such types, but saying so is the checker's business.
    private mutating func parseMessage(_ operand: Expression) -> Expression {
        let (names, absolute) = operand.qualifiedName ?? ([], false)
        let entries = parseEntries(keysAreNames: true)
        let range = SourceRange(operand.range.start, lastEnd)
        let name = (absolute ? "." : "") + names.map(\.text).joined(separator: ".")
        return node(range, .message(Expression.Name(text: name, range: operand.range), entries))
    }

    /// The entries of a map or message, from its brace on.
    mutating func parseEntries(keysAreNames: Bool) -> [Expression.Entry] {
        advance()
        var entries: [Expression.Entry] = []
        repeat {
            if token.kind == .rightBrace { break }
            let isOptional = take(.question)
            let key = keysAreNames ? parseFieldName() : parseExpression()
            if !take(.colon) {
                reportUnexpected("`:`")
                entries.append(Expression.Entry(key: key, value: failed(token.range), isOptional: isOptional))
                continue
            }
            entries.append(Expression.Entry(key: key, value: parseExpression(), isOptional: isOptional))
        } while takeComma(before: .rightBrace)
        expect(.rightBrace, "`}`")
        return entries
    }

    private mutating func parseFieldName() -> Expression {
        let range = token.range
        guard let name = parseSelector() else {
            reportUnexpected("a field name")
            return failed(range)
        }
        return node(range, .literal(.string(name.text)))
    }
}
