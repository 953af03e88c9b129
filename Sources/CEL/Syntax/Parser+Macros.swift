/// The macros an environment knows.
struct MacroSet: Sendable {
    var standard = true
    var optionals = true
    var twoVariables = true
    var bindings = true
    var lists = true

    static let none = MacroSet(standard: false, optionals: false, twoVariables: false, bindings: false, lists: false)
}

extension Parser {
    /// The node of a macro, or nil where the call is none.
    mutating func expandMacro(
        _ name: Expression.Name, target: Expression?, arguments: [Expression], range: SourceRange
    ) -> Expression? {
        guard let target else {
            return name.text == "has" && arguments.count == 1 && macros.standard ? expandHas(arguments[0], range) : nil
        }
        if name.text == "bind", arguments.count == 3, macros.bindings, case .identifier(let namespace, _) = target.kind,
            namespace.text == "cel"
        {
            return expand(.bind, name, arguments[1], [arguments[0]], nil, arguments[2], range)
        }
        return expandTwoVariables(name, target, arguments, range) ?? expandOneVariable(name, target, arguments, range)
    }

    private mutating func expandOneVariable(
        _ name: Expression.Name, _ target: Expression, _ arguments: [Expression], _ range: SourceRange
    ) -> Expression? {
        let variable = Array(arguments.prefix(1))
        switch (name.text, arguments.count) {
        case ("all", 2) where macros.standard: return expand(.all, name, target, variable, arguments[1], nil, range)
        case ("exists", 2) where macros.standard: return expand(.exists, name, target, variable, arguments[1], nil, range)
        case ("exists_one", 2) where macros.standard, ("existsOne", 2) where macros.standard:
            return expand(.existsOne, name, target, variable, arguments[1], nil, range)
        case ("filter", 2) where macros.standard: return expand(.filter, name, target, variable, arguments[1], nil, range)
        case ("map", 2) where macros.standard: return expand(.map, name, target, variable, nil, arguments[1], range)
        case ("map", 3) where macros.standard:
            return expand(.map, name, target, variable, arguments[1], arguments[2], range)
        case ("optMap", 2) where macros.optionals: return expand(.optMap, name, target, variable, nil, arguments[1], range)
        case ("optFlatMap", 2) where macros.optionals:
            return expand(.optFlatMap, name, target, variable, nil, arguments[1], range)
        case ("sortBy", 2) where macros.lists: return expand(.sortBy, name, target, variable, nil, arguments[1], range)
        default: return nil
        }
    }

    private mutating func expandTwoVariables(
        _ name: Expression.Name, _ target: Expression, _ arguments: [Expression], _ range: SourceRange
    ) -> Expression? {
        guard macros.twoVariables else { return nil }
        let variables = Array(arguments.prefix(2))
        switch (name.text, arguments.count) {
        case ("all", 3): return expand(.all, name, target, variables, arguments[2], nil, range)
        case ("exists", 3): return expand(.exists, name, target, variables, arguments[2], nil, range)
        case ("existsOne", 3), ("exists_one", 3):
            return expand(.existsOne, name, target, variables, arguments[2], nil, range)
        case ("transformList", 3): return expand(.transformList, name, target, variables, nil, arguments[2], range)
        case ("transformList", 4):
            return expand(.transformList, name, target, variables, arguments[2], arguments[3], range)
        case ("transformMap", 3): return expand(.transformMap, name, target, variables, nil, arguments[2], range)
        case ("transformMap", 4):
            return expand(.transformMap, name, target, variables, arguments[2], arguments[3], range)
        case ("transformMapEntry", 3):
            return expand(.transformMapEntry, name, target, variables, nil, arguments[2], range)
        case ("transformMapEntry", 4):
            return expand(.transformMapEntry, name, target, variables, arguments[2], arguments[3], range)
        default: return nil
        }
    }

    private mutating func expandHas(_ argument: Expression, _ range: SourceRange) -> Expression {
        guard case .select(let operand, let field, let isOptional) = argument.kind else {
            if case .failed = argument.kind { return failed(range) }
            report(.macro, argument.range, "`has` needs a field, as in `has(a.b)`")
            return failed(range)
        }
        return node(range, .test(operand, field: field, isOptional: isOptional))
    }

    private mutating func expand(
        _ kind: Expression.Macro.Kind, _ name: Expression.Name, _ target: Expression, _ variables: [Expression],
        _ condition: Expression?, _ result: Expression?, _ range: SourceRange
    ) -> Expression {
        var names: [Expression.Name] = []
        for variable in variables {
            guard case .identifier(let variableName, false) = variable.kind else {
                if case .failed = variable.kind { return failed(range) }
                report(.macro, variable.range, "`\(name.text)` needs the name of a variable here")
                return failed(range)
            }
            if names.contains(where: { $0.text == variableName.text }) {
                report(.macro, variable.range, "`\(name.text)` needs two different variables")
                return failed(range)
            }
            names.append(variableName)
        }
        let macro = Expression.Macro(
            kind: kind, name: name, target: target, variables: names, condition: condition, result: result)
        return node(range, .macro(macro))
    }
}
