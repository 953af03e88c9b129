/// Turns a checked expression into closures.
struct Compiler {
    let checked: CheckedExpression
    /// Variables of macros in scope; the next one takes this place in the frame.
    var localCount = 0
    /// The parts so far that leave their values in the frame.
    private(set) var resultCount = 0
    /// Constants that fail whenever they are reached, such as a malformed timestamp.
    private(set) var warnings: [Issue] = []

    init(_ checked: CheckedExpression) { self.checked = checked }

    // The cases bind nothing: what is on the stack here is there once for each level of the expression.
    mutating func compile(_ node: Expression) -> Code {
        switch node.kind {
        case .failed: failing(node, Issue(.syntax, node.range, "the expression is malformed"))
        case .literal: compileLiteral(node)
        case .identifier, .message: compileName(node)
        case .select: compileSelect(node)
        case .test: compileTest(node)
        case .index: compileIndex(node)
        case .call: compileCall(node)
        case .list: compileList(node)
        case .map: compileMap(node)
        case .and, .or: compileTerms(node)
        case .conditional: compileConditional(node)
        case .macro: compileMacro(node)
        }
    }

    private func compileLiteral(_ node: Expression) -> Code {
        if case .literal(let value) = node.kind { return Code(constant: value, range: node.range) }
        return compileName(node)
    }

    /// Code that makes a value.
    mutating func making(_ range: SourceRange, _ value: @escaping Code.ValueCode) -> Code {
        Code(range: range, result: takeResult(), value: value)
    }

    /// A place among the frame's results.
    mutating func takeResult() -> Int {
        resultCount += 1
        return resultCount - 1
    }

    /// Code for what the checker refused: it fails when it is reached.
    func failing(_ node: Expression, _ issue: Issue) -> Code {
        let error = EvaluationError(Self.code(for: issue.code), issue.message, range: issue.range, hint: issue.hint)
        return Code(test: { frame in
            _ = frame.fail(error)
            return .failed
        })
    }

    static func code(for code: Issue.Code) -> EvaluationError.Code {
        switch code {
        case .unknownIdentifier: .unknownIdentifier
        case .unknownFunction: .unknownFunction
        case .noOverload, .type, .unknownField: .noSuchOverload
        default: .unchecked
        }
    }

    func compileName(_ node: Expression) -> Code {
        switch checked.resolutions[node.id] {
        case .variable(let slot):
            return Code(range: node.range, place: { frame in frame.slots + slot })
        case .local(let position):
            return Code(range: node.range, place: { frame in frame.locals[position] })
        case .constant(let value): return Code(constant: value, range: node.range)
        case .unresolved(let issue): return failing(node, issue)
        case .function, nil:
            return failing(node, Issue(.unknownIdentifier, node.range, "unknown identifier"))
        }
    }

    /// A node that names a variable or a type: `a.b` where that is declared.
    func compileIfNamed(_ node: Expression) -> Code? {
        switch checked.resolutions[node.id] {
        case .variable, .local, .constant: compileName(node)
        case .unresolved(let issue) where issue.code == .unknownIdentifier || issue.code == .unknownFunction:
            failing(node, issue)
        default: nil
        }
    }

    /// Runs code whose parts are all constant, once.
    mutating func fold(_ node: Expression, _ code: Code) -> Code {
        let source = checked.source
        let (value, error) = Frame.withScratch(limit: 10_000, results: resultCount) { frame in
            let value = code.value(&frame)
            return (value, frame.isExhausted ? nil : frame.failure?.error(source: source))
        }
        if let value { return Code(constant: value, range: node.range) }
        if let error { warn(Issue(.constant, error.range, error.message, hint: error.hint)) }
        return code
    }

    mutating func warn(_ issue: Issue) {
        if !warnings.contains(issue) { warnings.append(issue) }
    }

    /// The names from a variable to a node, where they are all there in the text.
    static func path(_ node: Expression) -> [String] {
        var names: [String] = []
        var node = node
        while true {
            switch node.kind {
            case .identifier(let name, _): return [name.text] + names.reversed()
            case .select(let operand, let field, _):
                names.append(field.text)
                node = operand
            case .index(let operand, let index, _):
                guard case .literal(.string(let name)) = index.kind else { return [] }
                names.append(name)
                node = operand
            default: return []
            }
        }
    }
}
