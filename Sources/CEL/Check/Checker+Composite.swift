extension Checker {
    mutating func checkList(_ node: Expression) -> ValueType {
        guard case .list(let elements) = node.kind else { return .dyn }
        var element: ValueType?
        for part in elements {
            let type = part.isOptional ? unwrapped(part.value) : check(part.value)
            element = joined(element, type)
        }
        return .list(element ?? inference.fresh())
    }

    /// The type in an optional that stands behind a `?`.
    private mutating func unwrapped(_ node: Expression) -> ValueType {
        let type = check(node)
        switch inference.resolve(type) {
        case .optional(let wrapped): return wrapped
        case .dyn, .parameter: return .dyn
        case let other:
            issues.append(Issue(.type, node.range, "what stands behind `?` must be an optional, not `\(shown(other))`"))
            return .dyn
        }
    }

    /// The type of a literal's elements so far and one more: `dyn` where they have nothing in common.
    private mutating func joined(_ known: ValueType?, _ type: ValueType) -> ValueType {
        guard let known else { return type }
        return inference.join(known, type) ?? .dyn
    }

    mutating func checkMap(_ node: Expression) -> ValueType {
        guard case .map(let entries) = node.kind else { return .dyn }
        var key: ValueType?
        var value: ValueType?
        for entry in entries {
            key = joined(key, check(entry.key))
            value = joined(value, entry.isOptional ? unwrapped(entry.value) : check(entry.value))
        }
        return .map(key ?? inference.fresh(), value ?? inference.fresh())
    }

    mutating func checkMessage(_ node: Expression) -> ValueType {
        guard case .message(let name, let entries) = node.kind else { return .dyn }
        for entry in entries { check(entry.value) }
        return refuse(
            node, Issue(.unknownType, name.range, "unknown type `\(name.text)`", hint: "a map is written `{\"name\": value}`"))
    }

    mutating func checkTerms(_ node: Expression) -> ValueType {
        let terms = node.kind.children
        for term in terms { require(term, check(term), .bool, "a condition") }
        return .bool
    }

    mutating func checkConditional(_ node: Expression) -> ValueType {
        guard case .conditional(let condition, let first, let second) = node.kind else { return .dyn }
        require(condition, check(condition), .bool, "a condition")
        let type = check(first)
        let other = check(second)
        return inference.join(type, other) ?? refuseBranches(node, type, second, other)
    }

    private mutating func refuseBranches(
        _ node: Expression, _ type: ValueType, _ second: Expression, _ other: ValueType
    ) -> ValueType {
        refuse(
            node,
            Issue(
                .noOverload, second.range, "the branches have types `\(shown(type))` and `\(shown(other))`",
                hint: "`dyn(...)` around one of them allows it"))
    }

    /// Checks the whole's type against what the caller wants.
    mutating func checkResult(_ root: Expression, _ wanted: ValueType) {
        let type = types[root.id]
        if inference.assign(type, to: wanted) { return }
        issues.append(Issue(.type, root.range, "the expression must be `\(wanted)`, not `\(shown(type))`"))
    }
}
