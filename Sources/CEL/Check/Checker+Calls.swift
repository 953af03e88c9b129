extension Checker {
    mutating func checkCall(_ node: Expression) -> ValueType {
        guard case .call(let call) = node.kind else { return .dyn }
        if let function = qualifiedFunction(call) {
            return resolveOverload(node, call, function, nil, call.arguments.map { check($0) })
        }
        if let issue = unknownQualified(call) {
            for argument in call.arguments { check(argument) }
            return refuse(node, issue)
        }
        let target = call.target.map { check($0) }
        return checkCall(node, call, call.function.text, target, call.arguments.map { check($0) })
    }

    /// The function of `math.abs(...)`: what stands before the point is no value.
    private func qualifiedFunction(_ call: Expression.Call) -> FunctionTable.Function? {
        guard let (names, absolute) = call.target?.qualifiedName, absolute || !isLocal(names[0].text) else { return nil }
        let name = (names.map(\.text) + [call.function.text]).joined(separator: ".")
        guard let function = lookUpFunction(name, absolute: absolute) else { return nil }
        return function.signatures.contains { !$0.isMember } ? function : nil
    }

    private mutating func checkCall(
        _ node: Expression, _ call: Expression.Call, _ name: String, _ target: ValueType?, _ types: [ValueType]
    ) -> ValueType {
        if let function = lookUpFunction(name, absolute: call.isAbsolute) {
            return resolveOverload(node, call, function, target, types)
        }
        let near = nearestMatch(to: name, in: environment.functions.names.filter { !OverloadText.isOperator($0) })
        let hint = near.map { "did you mean `\($0)`?" }
        return refuse(node, Issue(.unknownFunction, call.function.range, "unknown function `\(name)`", hint: hint))
    }

    /// An issue for `math.gretest(...)`: the beginning is a namespace and no variable.
    private func unknownQualified(_ call: Expression.Call) -> Issue? {
        guard let (names, absolute) = call.target?.qualifiedName, absolute || !isLocal(names[0].text),
            lookUp(names, absolute: absolute) == nil
        else { return nil }
        let prefix = names.map(\.text).joined(separator: ".") + "."
        let name = prefix + call.function.text
        let siblings = environment.functions.names.filter { $0.hasPrefix(prefix) }
        guard !siblings.isEmpty else { return nil }
        let near = nearestMatch(to: name, in: siblings).map { "did you mean `\($0)`?" }
        return Issue(.unknownFunction, call.function.range, "unknown function `\(name)`", hint: near)
    }

    /// Finds the overloads that take the arguments; several may while types are unknown.
    private mutating func resolveOverload(
        _ node: Expression, _ call: Expression.Call, _ function: FunctionTable.Function, _ target: ValueType?,
        _ types: [ValueType]
    ) -> ValueType {
        resolve(node, .function(function, isMember: target != nil))
        let arguments = (target.map { [$0] } ?? []) + types
        var result: ValueType?
        for signature in function.signatures where signature.isMember == (target != nil) {
            guard let parameters = signature.parameters(for: arguments.count) else { continue }
            let instance = inference.instantiate(parameters + [signature.result])
            guard inference.assign(arguments, to: Array(instance.dropLast())) else { continue }
            let type = inference.resolve(instance[instance.count - 1])
            if let known = result, known != .dyn, known != type {
                result = .dyn
            } else if result == nil {
                result = type
            }
        }
        if let result { return result }
        // Unchecked, the call is tried with the values there are.
        issues.append(noOverload(node, call, function, target, arguments))
        return .dyn
    }

    private func noOverload(
        _ node: Expression, _ call: Expression.Call, _ function: FunctionTable.Function, _ target: ValueType?,
        _ arguments: [ValueType]
    ) -> Issue {
        let name = function.name
        let types = arguments.map { shown($0) }
        let range = OverloadText.isOperator(name) ? call.function.range : node.range
        let message = OverloadText.mismatch(name, types)
        if OverloadText.isOperator(name) {
            return Issue(.noOverload, range, message, hint: operatorHint(name, types))
        }
        let fitting = function.signatures.filter { $0.isMember == (target != nil) }
        if fitting.isEmpty {
            let example = function.signatures.first.map { $0.description(name) } ?? name
            return Issue(.noOverload, range, message, hint: "it is called as `\(example)`")
        }
        let examples = fitting.prefix(4).map { "`\($0.description(name))`" }.joined(separator: ", ")
        return Issue(.noOverload, range, message, hint: "it is called as \(examples)")
    }

    private func operatorHint(_ name: String, _ types: [String]) -> String? {
        let numbers: Set = ["int", "uint", "double"]
        guard types.count == 2, types[0] != types[1] else { return nil }
        if types.allSatisfy(numbers.contains) { return "convert one of them, as in `\(types[0])(...)`" }
        if name == "_+_", types.contains("string") { return "convert the other to a string: `string(...)`" }
        if name == "_==_" || name == "_!=_" { return "values of these types are never equal; `dyn(...)` turns this check off" }
        return nil
    }
}
