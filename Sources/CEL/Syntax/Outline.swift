/// An expression as a tree, for those who turn it into another language.
public indirect enum Outline: Sendable {
    case literal(Value)
    /// A variable of the environment.
    case variable(String)
    case select(Outline, field: String, isOptional: Bool)
    /// `has(operand.field)`
    case test(Outline, field: String)
    /// A call, also of an operator (`_==_`); what stands before the point is the first argument.
    case call(String, [Outline])
    case and([Outline])
    case or([Outline])
    case conditional(Outline, Outline, Outline)
    /// Something else, in words: "the macro `exists`".
    case other(String)
}

extension Program {
    /// The expression as a tree.
    public var outline: Outline { Outline(checked.root, checked) }
}

extension Outline {
    init(_ node: Expression, _ checked: CheckedExpression) {
        func part(_ inner: Expression) -> Outline { Outline(inner, checked) }
        switch node.kind {
        case .literal(let value): self = .literal(value)
        case .identifier(let name, _):
            guard case .variable(let slot) = checked.resolutions[node.id], checked.variableNames.indices.contains(slot) else {
                self = .other("the name `\(name.text)`")
                return
            }
            self = .variable(checked.variableNames[slot])
        case .select(let operand, let field, let isOptional): self = .select(part(operand), field: field.text, isOptional: isOptional)
        case .test(let operand, let field, false): self = .test(part(operand), field: field.text)
        case .test(_, let field, true): self = .other("`has()` of the optional `\(field.text)`")
        case .index(let operand, let index, let isOptional):
            // A member by a text is the same as a member by a name.
            if case .literal(.string(let name)) = index.kind {
                self = .select(part(operand), field: name, isOptional: isOptional)
            } else {
                self = .other("an index that is no text")
            }
        case .call(let call): self = .call(call.function.text, ((call.target.map { [$0] } ?? []) + call.arguments).map(part))
        case .and(let terms): self = .and(terms.map(part))
        case .or(let terms): self = .or(terms.map(part))
        case .conditional(let condition, let first, let second): self = .conditional(part(condition), part(first), part(second))
        case .macro(let macro): self = .other("the macro `\(macro.name.text)`")
        case .list: self = .other("a list")
        case .map, .message: self = .other("a map")
        case .failed: self = .other("what could not be read")
        }
    }
}
