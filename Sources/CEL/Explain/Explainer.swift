/// Evaluates an expression by walking its tree, and keeps what each part came to.
///
/// It shares with the compiled code what single functions do to values, and nothing of how parts are put together.
struct Explainer {
    let checked: CheckedExpression
    private let slots: [Value]
    /// The values of the macros' variables in scope.
    var locals: [Value] = []
    /// Counts steps and takes failures; its variables are not used.
    var frame: Frame

    /// The elements of one macro that are kept; the one that decides is kept besides.
    static let keptElements = 100

    typealias Outcome = Result<Value, EvaluationError>

    init(_ checked: CheckedExpression, slots: [Value], frame: Frame) {
        self.checked = checked
        self.slots = slots
        self.frame = frame
    }

    // The cases bind nothing: what is on the stack here is there once for each level of the expression.
    mutating func explain(_ node: Expression) -> Explanation {
        switch node.kind {
        case .failed, .literal: explainLiteral(node)
        case .identifier, .message: explainName(node)
        case .select: explainSelect(node)
        case .test: explainTest(node)
        case .index: explainIndex(node)
        case .call: explainCall(node)
        case .list: explainList(node)
        case .map: explainMap(node)
        case .and, .or: explainTerms(node)
        case .conditional: explainConditional(node)
        case .macro: explainMacro(node)
        }
    }

    private func explainLiteral(_ node: Expression) -> Explanation {
        if case .literal(let value) = node.kind { return part(node, "literal", .success(value)) }
        return part(
            node, "malformed", .failure(EvaluationError(.unchecked, "the expression is malformed", range: node.range)))
    }

    func part(
        _ node: Expression, _ label: String, _ result: Outcome?, _ children: [Explanation] = []
    ) -> Explanation {
        Explanation(
            label: label, range: node.range, text: checked.source.text(in: node.range), result: result, children: children)
    }

    /// What a part that doesn't matter looks like.
    func skipped(_ node: Expression) -> Explanation { part(node, "not evaluated", nil) }

    /// The value that a body gave, or its failure as an error.
    mutating func outcome(_ value: Value?, _ range: SourceRange, _ function: String) -> Outcome {
        if let value { return .success(value) }
        frame.locate(range, function: function)
        let error = frame.failure?.error(source: checked.source) ?? EvaluationError(.unchecked, "the evaluation failed", range: range)
        frame.recover()
        return .failure(error)
    }

    /// Whether an error ends the evaluation: no operator takes it back.
    func isFinal(_ outcome: Outcome?) -> Bool {
        if case .failure(let error)? = outcome { error.code == .limit } else { false }
    }

    private func explainName(_ node: Expression) -> Explanation {
        switch checked.resolutions[node.id] {
        case .variable(let slot): part(node, "variable", .success(slots[slot]))
        case .local(let position): part(node, "variable", .success(locals[position]))
        case .constant(let value): part(node, "type", .success(value))
        case .unresolved(let issue): part(node, "unknown", .failure(refused(issue)))
        case .function, nil:
            part(node, "unknown", .failure(EvaluationError(.unknownIdentifier, "unknown identifier", range: node.range)))
        }
    }

    func refused(_ issue: Issue) -> EvaluationError {
        EvaluationError(Compiler.code(for: issue.code), issue.message, range: issue.range, hint: issue.hint)
    }

    private mutating func explainSelect(_ node: Expression) -> Explanation {
        isNamed(node) ? explainName(node) : select(node, explain(node.kind.children[0]))
    }

    /// Whether a node names a variable or a type: `a.b` where that is declared.
    private func isNamed(_ node: Expression) -> Bool {
        switch checked.resolutions[node.id] {
        case .variable, .local, .constant: true
        case .unresolved(let issue): issue.code == .unknownIdentifier
        default: false
        }
    }

    private mutating func select(_ node: Expression, _ owner: Explanation) -> Explanation {
        guard case .select(let operand, let field, let isOptional) = node.kind, let value = owner.value else {
            return part(node, "field", owner.result, [owner])
        }
        let access = FieldAccess(key: FieldKey(field.text), range: field.range, path: Compiler.path(operand))
        let found = withUnsafePointer(to: value) { pointer in
            isOptional ? access.optional(pointer, &frame) : access.other(value, &frame)
        }
        return part(node, "field", outcome(found, field.range, "field"), [owner])
    }

    private mutating func explainTest(_ node: Expression) -> Explanation { test(node, explain(node.kind.children[0])) }

    private mutating func test(_ node: Expression, _ owner: Explanation) -> Explanation {
        guard case .test(let operand, let field, _) = node.kind, let value = owner.value else {
            return part(node, "has", owner.result, [owner])
        }
        let access = FieldAccess(key: FieldKey(field.text), range: field.range, path: Compiler.path(operand))
        let truth = withUnsafePointer(to: value) { access.isPresent($0, &frame) }
        let found = truth == .failed ? nil : Value.bool(truth == .yes)
        return part(node, "has", outcome(found, field.range, "has"), [owner])
    }

    private mutating func explainIndex(_ node: Expression) -> Explanation {
        element(node, node.kind.children.map { explain($0) })
    }

    private mutating func element(_ node: Expression, _ parts: [Explanation]) -> Explanation {
        guard case .index(let operand, let index, let isOptional) = node.kind, let values = values(parts) else {
            return part(node, "index", firstFailure(parts), parts)
        }
        let path = Compiler.path(operand)
        if case .literal(.string(let name)) = index.kind {
            // As a field by its name, so that failures read the same.
            let access = FieldAccess(key: FieldKey(name), range: index.range, path: path)
            let found = withUnsafePointer(to: values[0]) { pointer in
                isOptional ? access.optional(pointer, &frame) : access.other(values[0], &frame)
            }
            return part(node, "index", outcome(found, index.range, "_[_]"), parts)
        }
        let found = Element.find(values[0], values[1], isOptional: isOptional, path, &frame)
        return part(node, "index", outcome(found, index.range, "_[_]"), parts)
    }

    /// The values of the parts, or nil where one of them failed.
    func values(_ parts: [Explanation]) -> [Value]? {
        var values: [Value] = []
        for part in parts {
            guard case .success(let value)? = part.result else { return nil }
            values.append(value)
        }
        return values
    }

    func firstFailure(_ parts: [Explanation]) -> Outcome? {
        parts.lazy.compactMap(\.result).first { if case .failure = $0 { true } else { false } }
    }
}
