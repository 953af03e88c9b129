extension Checker {
    mutating func checkIdentifier(_ node: Expression) -> ValueType {
        guard case .identifier(let name, let absolute) = node.kind else { return .dyn }
        if let (resolution, type) = lookUp([name], absolute: absolute) {
            resolve(node, resolution)
            return type
        }
        return refuse(node, unknown(name))
    }

    private func unknown(_ name: Expression.Name) -> Issue {
        var hint = nearestMatch(to: name.text, in: namesInScope).map { "did you mean `\($0)`?" }
        if hint == nil, environment.functions[name.text] != nil { hint = "`\(name.text)` is a function: `\(name.text)(...)`" }
        return Issue(.unknownIdentifier, name.range, "unknown identifier `\(name.text)`", hint: hint)
    }

    mutating func checkSelect(_ node: Expression) -> ValueType {
        guard case .select(let operand, let field, let isOptional) = node.kind else { return .dyn }
        if let (names, absolute) = node.qualifiedName, let (resolution, type) = lookUp(names, absolute: absolute) {
            resolve(node, resolution)
            return type
        }
        let type = fieldType(check(operand), field, at: node)
        return isOptional ? optional(type) : type
    }

    mutating func checkTest(_ node: Expression) -> ValueType {
        guard case .test(let operand, let field, _) = node.kind else { return .bool }
        _ = fieldType(check(operand), field, at: node)
        return .bool
    }

    /// The type wrapped, unless it is an optional already: `a.?b.?c` is one level.
    func optional(_ type: ValueType) -> ValueType {
        if case .optional = inference.resolve(type) { return type }
        return .optional(type)
    }

    /// The type of a field of a value.
    private mutating func fieldType(_ type: ValueType, _ field: Expression.Name, at node: Expression) -> ValueType {
        switch inference.resolve(type) {
        case .dyn, .parameter: return .dyn
        case .optional(let wrapped): return optional(fieldType(wrapped, field, at: node))
        case .map(let key, let value):
            if !inference.assign(.string, to: key) {
                return refuse(node, Issue(.type, field.range, "a map with keys of type `\(shown(key))` has no field `\(field.text)`"))
            }
            return value
        case .record(let record):
            if let type = record.fields[field.text] { return type }
            if record.isOpen { return .dyn }
            let near = nearestMatch(to: field.text, in: record.fields.keys)
            let known = record.fields.keys.sorted().prefix(8).map { "`\($0)`" }.joined(separator: ", ")
            let hint = near.map { "did you mean `\($0)`?" } ?? (known.isEmpty ? nil : "it has \(known)")
            return refuse(
                node, Issue(.unknownField, field.range, "unknown field `\(field.text)` on \(record.name)", hint: hint))
        case let other:
            return refuse(node, Issue(.type, field.range, "`\(shown(other))` has no field `\(field.text)`"))
        }
    }

    mutating func checkIndex(_ node: Expression) -> ValueType {
        guard case .index(let operand, let index, let isOptional) = node.kind else { return .dyn }
        let operandType = check(operand)
        let indexType = check(index)
        let type = elementType(operandType, index, indexType, at: node)
        return isOptional ? optional(type) : type
    }

    private mutating func elementType(
        _ type: ValueType, _ index: Expression, _ indexType: ValueType, at node: Expression
    ) -> ValueType {
        switch inference.resolve(type) {
        case .dyn, .parameter: return .dyn
        case .optional(let wrapped): return optional(elementType(wrapped, index, indexType, at: node))
        case .list(let element):
            require(index, indexType, .int, "the index of a list")
            return element
        case .map(let key, let value):
            require(index, indexType, key, "the key of this map")
            return value
        case .record:
            if case .literal(.string(let name)) = index.kind {
                return fieldType(type, Expression.Name(text: name, range: index.range), at: node)
            }
            require(index, indexType, .string, "the key of a record")
            return .dyn
        case let other: return refuse(node, Issue(.type, node.range, "`\(shown(other))` has no elements"))
        }
    }
}
