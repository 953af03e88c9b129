extension Explainer {
    mutating func explainCall(_ node: Expression) -> Explanation {
        guard case .function(let function, let isMember) = checked.resolutions[node.id] else { return unknownCall(node) }
        // What stands before the point is an argument, or the beginning of the function's name.
        var arguments = node.kind.children[...]
        if !isMember, case .call(let call) = node.kind, call.target != nil { arguments = arguments.dropFirst() }
        var parts: [Explanation] = []
        if isMember, arguments.count == 2, ["or", "orValue"].contains(function.name), let present = standIn(node, arguments, &parts) {
            return present
        }
        for argument in arguments.dropFirst(parts.count) {
            // `!` is an operator on conditions, as `&&` is.
            parts.append(function.name == "!_" ? condition(argument) : explain(argument))
            if parts[parts.count - 1].value == nil { break }
        }
        return call(node, parts)
    }

    /// The explanation of `or` and `orValue` where the optional holds something: then what stands in for it does not matter.
    private mutating func standIn(_ node: Expression, _ arguments: ArraySlice<Expression>, _ parts: inout [Explanation]) -> Explanation? {
        guard let first = arguments.first, let other = arguments.last else { return nil }
        let own = explain(first)
        parts.append(own)
        guard case .optional(let optional)? = own.value, let present = optional.value, case .call(let call) = node.kind, frame.spend(1) else { return nil }
        return part(node, call.function.text, .success(call.function.text == "or" ? .optional(optional) : present), [own, skipped(other)])
    }

    private func unknownCall(_ node: Expression) -> Explanation {
        if case .unresolved(let issue) = checked.resolutions[node.id] { return part(node, "call", .failure(refused(issue))) }
        return part(node, "call", .failure(EvaluationError(.unknownFunction, "unknown function", range: node.range)))
    }

    private mutating func call(_ node: Expression, _ parts: [Explanation]) -> Explanation {
        guard case .function(let function, let isMember) = checked.resolutions[node.id], case .call(let call) = node.kind
        else { return unknownCall(node) }
        let label = OverloadText.name(function.name)
        guard let values = values(parts) else { return part(node, label, firstFailure(parts), parts) }
        let body = function.body(isMember: isMember, arity: values.count)
        let result = frame.spend(1) ? body.call(values, &frame) : nil
        return part(node, label, outcome(result, Compiler.callRange(node, call), function.name), parts)
    }

    mutating func explainTerms(_ node: Expression) -> Explanation {
        let stop = Value.bool(isOr(node))
        var parts: [Explanation] = []
        var isDecided = false
        for term in node.kind.children {
            parts.append(isDecided ? skipped(term) : condition(term))
            isDecided = isDecided || decides(parts[parts.count - 1], stop)
        }
        return terms(node, parts, stop)
    }

    private func isOr(_ node: Expression) -> Bool { if case .or = node.kind { true } else { false } }

    private func decides(_ part: Explanation, _ stop: Value) -> Bool { part.value == stop || isFinal(part.result) }

    private func terms(_ node: Expression, _ parts: [Explanation], _ stop: Value) -> Explanation {
        let deciding = parts.first { decides($0, stop) } ?? parts.first { $0.error != nil }
        return part(node, isOr(node) ? "||" : "&&", deciding?.result ?? .success(.bool(!isOr(node))), parts)
    }

    /// A part that must be a bool.
    mutating func condition(_ node: Expression) -> Explanation {
        let part = explain(node)
        guard let value = part.value, value.boolValue == nil else { return part }
        return part.with(
            result: .failure(
                EvaluationError(.noSuchOverload, "a condition must be `bool`, not `\(value.typeValue.name)`", range: node.range)))
    }

    mutating func explainConditional(_ node: Expression) -> Explanation {
        let parts = node.kind.children
        let test = condition(parts[0])
        guard let holds = test.value?.boolValue else {
            return part(node, "?:", test.result, [test, skipped(parts[1]), skipped(parts[2])])
        }
        let chosen = explain(holds ? parts[1] : parts[2])
        let other = skipped(holds ? parts[2] : parts[1])
        return part(node, "?:", chosen.result, holds ? [test, chosen, other] : [test, other, chosen])
    }

    mutating func explainList(_ node: Expression) -> Explanation { list(node, node.kind.children.map { explain($0) }) }

    private mutating func list(_ node: Expression, _ parts: [Explanation]) -> Explanation {
        guard case .list(let elements) = node.kind, let values = values(parts) else {
            return part(node, "list", firstFailure(parts), parts)
        }
        var result: [Value] = []
        for (element, value) in zip(elements, values) {
            if !element.isOptional {
                result.append(value)
            } else if let optional = Literal.unwrap(value, element.value.range, &frame) {
                if let present = optional.value { result.append(present) }
            } else {
                return part(node, "list", outcome(nil, node.range, "list"), parts)
            }
        }
        return part(node, "list", .success(.list(ListValue(result))), parts)
    }

    mutating func explainMap(_ node: Expression) -> Explanation { map(node, node.kind.children.map { explain($0) }) }

    private mutating func map(_ node: Expression, _ parts: [Explanation]) -> Explanation {
        guard case .map(let entries) = node.kind else { return part(node, "map", firstFailure(parts), parts) }
        var builder = MapBuilder()
        for (index, entry) in entries.enumerated() {
            let pair = Array(parts[(2 * index)...(2 * index + 1)])
            guard let values = values(pair) else { return part(node, "map", firstFailure(pair), parts) }
            guard Literal.insert(values[0], values[1], entry, &builder, &frame) else {
                return part(node, "map", outcome(nil, node.range, "map"), parts)
            }
        }
        return part(node, "map", .success(.map(MapValue(builder: builder))), parts)
    }
}
