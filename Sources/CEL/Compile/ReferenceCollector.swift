/// Finds the field paths that an expression reads.
struct ReferenceCollector {
    private let checked: CheckedExpression
    private var found: Set<Reference> = []

    init(_ checked: CheckedExpression) { self.checked = checked }

    /// The paths, sorted, without those that another covers.
    mutating func run() -> [Reference] {
        collect(checked.root)
        return found.filter { reference in
            !reference.path.indices.contains { length in
                found.contains(Reference(reference.variable, Array(reference.path.prefix(length))))
            }
        }.sorted()
    }

    private mutating func collect(_ node: Expression) {
        if let reference = reference(node) {
            found.insert(reference)
            return
        }
        if case .test(let operand, let field, _) = node.kind, let owner = reference(operand) {
            found.insert(Reference(owner.variable, owner.path + [field.text]))
            return
        }
        var parts = node.kind.children[...]
        // What stands before the point may belong to the function's name.
        if case .call(let call) = node.kind, call.target != nil, !isMember(node) { parts = parts.dropFirst() }
        for part in parts { collect(part) }
    }

    private func isMember(_ node: Expression) -> Bool {
        if case .function(_, let isMember) = checked.resolutions[node.id] { return isMember }
        return true
    }

    /// The path of a chain of fields from a variable of the environment; nil for anything else.
    private func reference(_ node: Expression) -> Reference? {
        if case .variable(let slot) = checked.resolutions[node.id] { return Reference(checked.variableNames[slot], []) }
        switch node.kind {
        case .select(let operand, let field, _):
            return reference(operand).map { Reference($0.variable, $0.path + [field.text]) }
        case .index(let operand, let index, _):
            guard case .literal(.string(let name)) = index.kind else { return nil }
            return reference(operand).map { Reference($0.variable, $0.path + [name]) }
        default: return nil
        }
    }
}
