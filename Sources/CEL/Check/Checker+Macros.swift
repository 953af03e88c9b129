extension Checker {
    mutating func checkMacro(_ node: Expression) -> ValueType {
        guard case .macro(let macro) = node.kind else { return .dyn }
        switch macro.kind {
        case .bind: return checkBind(macro)
        case .optMap, .optFlatMap: return checkOptionalMap(macro)
        default: return checkComprehension(macro)
        }
    }

    private mutating func checkBind(_ macro: Expression.Macro) -> ValueType {
        let type = check(macro.target)
        return withLocals([(macro.variables[0].text, type)]) { $0.checkResult(of: macro) }
    }

    private mutating func checkResult(of macro: Expression.Macro) -> ValueType { macro.result.map { check($0) } ?? .dyn }

    private mutating func checkOptionalMap(_ macro: Expression.Macro) -> ValueType {
        let type = check(macro.target)
        let wrapped: ValueType
        switch inference.resolve(type) {
        case .optional(let inner): wrapped = inner
        case .dyn, .parameter: wrapped = .dyn
        case let other:
            issues.append(Issue(.type, macro.target.range, "`\(macro.name.text)` needs an optional, not `\(shown(other))`"))
            wrapped = .dyn
        }
        let result = withLocals([(macro.variables[0].text, wrapped)]) { $0.checkResult(of: macro) }
        if macro.kind == .optMap { return .optional(result) }
        if let node = macro.result { require(node, result, .optional(inference.fresh()), "the result of `optFlatMap`") }
        return result
    }

    private mutating func checkComprehension(_ macro: Expression.Macro) -> ValueType {
        let variables = variableTypes(macro, range: check(macro.target))
        let (condition, result) = withLocals(variables) { checker in
            let condition = macro.condition.map { checker.check($0) }
            return (condition, macro.result.map { checker.check($0) })
        }
        if let node = macro.condition, let condition { require(node, condition, .bool, "the condition of `\(macro.name.text)`") }
        switch macro.kind {
        case .all, .exists, .existsOne: return .bool
        case .filter: return .list(variables[0].type)
        case .sortBy: return .list(variables[0].type)
        case .map, .transformList: return .list(result ?? .dyn)
        case .transformMap: return .map(variables[0].type, result ?? .dyn)
        default: return entriesType(macro, result ?? .dyn)
        }
    }

    /// The types of a macro's variables for what it goes over.
    private mutating func variableTypes(
        _ macro: Expression.Macro, range: ValueType
    ) -> [(name: String, type: ValueType)] {
        let key: ValueType
        let value: ValueType
        var isMap = false
        switch inference.resolve(range) {
        case .list(let element):
            key = .int
            value = element
        case .map(let mapKey, let mapValue):
            key = mapKey
            value = mapValue
            isMap = true
        case .record:
            key = .string
            value = .dyn
            isMap = true
        case .dyn, .parameter:
            key = .dyn
            value = .dyn
        case let other:
            issues.append(
                Issue(.type, macro.target.range, "`\(macro.name.text)` goes over a list or a map, not `\(shown(other))`"))
            key = .dyn
            value = .dyn
        }
        let names = macro.variables.map(\.text)
        return names.count == 2 ? [(names[0], key), (names[1], value)] : [(names[0], isMap ? key : value)]
    }

    private mutating func entriesType(_ macro: Expression.Macro, _ result: ValueType) -> ValueType {
        guard let node = macro.result else { return .dyn }
        let map = ValueType.map(inference.fresh(), inference.fresh())
        require(node, result, map, "the result of `\(macro.name.text)`")
        return inference.resolve(map)
    }
}
