extension Compiler {
    mutating func compileList(_ node: Expression) -> Code { list(node, node.kind.children.map { compile($0) }) }

    private mutating func list(_ node: Expression, _ codes: [Code]) -> Code {
        guard case .list(let elements) = node.kind else { return compileName(node) }
        let parts = zip(codes, elements).map { (code: $0, isOptional: $1.isOptional, range: $1.value.range) }
        let code = making(node.range) { frame in
            guard frame.spend(1 + parts.count >> 3) else { return nil }
            var values: [Value] = []
            values.reserveCapacity(parts.count)
            for part in parts {
                guard let value = part.code.value(&frame) else { return nil }
                if part.isOptional {
                    guard let optional = Literal.unwrap(value, part.range, &frame) else { return nil }
                    if let present = optional.value { values.append(present) }
                } else {
                    values.append(value)
                }
            }
            return .list(ListValue(values))
        }
        return parts.allSatisfy { $0.code.constant != nil } ? fold(node, code) : code
    }

    mutating func compileMap(_ node: Expression) -> Code { map(node, node.kind.children.map { compile($0) }) }

    private mutating func map(_ node: Expression, _ codes: [Code]) -> Code {
        guard case .map(let entries) = node.kind else { return compileName(node) }
        let parts = entries.indices.map { (key: codes[2 * $0], value: codes[2 * $0 + 1], entry: entries[$0]) }
        let code = making(node.range) { frame in
            guard frame.spend(1 + parts.count) else { return nil }
            var builder = MapBuilder(capacity: parts.count)
            for part in parts {
                guard let key = part.key.value(&frame), let value = part.value.value(&frame),
                    Literal.insert(key, value, part.entry, &builder, &frame)
                else { return nil }
            }
            return .map(MapValue(builder: builder))
        }
        return parts.allSatisfy { $0.key.constant != nil && $0.value.constant != nil } ? fold(node, code) : code
    }
}

/// What the literals of lists and maps do with their parts.
enum Literal {
    /// The optional behind a `?`.
    static func unwrap(_ value: Value, _ range: SourceRange, _ frame: inout Frame) -> OptionalValue? {
        if case .optional(let optional) = value { return optional }
        _ = frame.fail(.noSuchOverload, "what stands behind `?` must be an optional, not `\(value.typeValue.name)`")
        frame.locate(range)
        return nil
    }

    /// Adds an entry; false where the key can't be one or is there already.
    static func insert(
        _ key: Value, _ value: Value, _ entry: Expression.Entry, _ builder: inout MapBuilder, _ frame: inout Frame
    ) -> Bool {
        var value = value
        if entry.isOptional {
            guard let optional = unwrap(value, entry.value.range, &frame) else { return false }
            guard let present = optional.value else { return true }
            value = present
        }
        guard key.isMapKey else {
            _ = frame.fail(.noSuchOverload, "a value of type `\(key.typeValue.name)` can't be the key of a map")
            frame.locate(entry.key.range)
            return false
        }
        if builder.insert(key, value) { return true }
        _ = frame.fail(.duplicateKey, "the key `\(NumberText.plain(key))` is there twice")
        frame.locate(entry.key.range)
        return false
    }
}
