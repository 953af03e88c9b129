extension Explainer {
    mutating func explainMacro(_ node: Expression) -> Explanation {
        guard case .macro(let macro) = node.kind else { return skipped(node) }
        let target = explain(macro.target)
        guard target.value != nil else { return part(node, macro.name.text, target.result, [target]) }
        switch macro.kind {
        case .bind: return explainBind(node, target)
        case .optMap, .optFlatMap: return explainOptional(node, target)
        default: return explainComprehension(node, target)
        }
    }

    /// What the macro's result comes to with its variable set.
    private mutating func explainResult(_ macro: Expression.Macro, _ variable: Value) -> Explanation? {
        locals.append(variable)
        defer { locals.removeLast() }
        return macro.result.map { explain($0) }
    }

    private mutating func explainBind(_ node: Expression, _ target: Explanation) -> Explanation {
        guard case .macro(let macro) = node.kind, let value = target.value, let result = explainResult(macro, value) else {
            return skipped(node)
        }
        return part(node, macro.name.text, result.result, [target, result])
    }

    private mutating func explainOptional(_ node: Expression, _ target: Explanation) -> Explanation {
        guard case .macro(let macro) = node.kind, let value = target.value else { return skipped(node) }
        guard case .optional(let optional) = value else {
            return part(node, macro.name.text, outcome(frame.failNoOverload(value), node.range, macro.name.text), [target])
        }
        guard let inner = optional.value, let result = explainResult(macro, inner) else {
            return part(node, macro.name.text, .success(.optional(.none)), [target])
        }
        return part(node, macro.name.text, wrapped(result, macro, node.range), [target, result])
    }

    private mutating func wrapped(_ result: Explanation, _ macro: Expression.Macro, _ range: SourceRange) -> Outcome? {
        guard let made = result.value else { return result.result }
        if macro.kind == .optMap { return .success(.optional(OptionalValue(made))) }
        if case .optional = made { return result.result }
        return outcome(frame.failNoOverload(made), range, macro.name.text)
    }

    /// The elements of a list with their positions, or a map's keys with their values.
    private func elements(of value: Value) -> [MacroGathering.Element]? {
        switch value {
        case .list(let list):
            list.elements.enumerated().map { MacroGathering.Element(key: .int(Int64($0.offset)), value: $0.element, isMap: false) }
        case .map(let map): map.entries.map { MacroGathering.Element(key: $0.key, value: $0.value, isMap: true) }
        default: nil
        }
    }

    private mutating func explainComprehension(_ node: Expression, _ target: Explanation) -> Explanation {
        guard let elements = target.value.flatMap(elements) else { return refused(node, target) }
        var gathering = MacroGathering(node)
        var shown = [target]
        for element in elements where gathering.outcome == nil {
            let explained = explainElement(node, gathering.variables(element))
            add(explained, element, node, &gathering, &shown)
        }
        return gathered(node, &gathering, shown)
    }

    private func refused(_ node: Expression, _ target: Explanation) -> Explanation {
        guard case .macro(let macro) = node.kind, let value = target.value else { return skipped(node) }
        let message = "`\(macro.name.text)` goes over a list or a map, not `\(value.typeValue.name)`"
        let error = EvaluationError(.noSuchOverload, message, range: macro.target.range)
        return part(node, macro.name.text, .failure(error), [target])
    }

    private mutating func gathered(
        _ node: Expression, _ gathering: inout MacroGathering, _ shown: [Explanation]
    ) -> Explanation {
        let result = gathering.finish(node.range, checked.source, &frame)
        return Explanation(
            label: gathering.name, range: node.range, text: checked.source.text(in: node.range), result: result,
            children: shown, decidedBy: gathering.decidedBy)
    }

    /// What the macro's condition and result came to for one element; nil where no step is left.
    private mutating func explainElement(
        _ node: Expression, _ variables: [Value]
    ) -> (condition: Explanation?, result: Explanation?)? {
        guard case .macro(let macro) = node.kind, frame.spend(1) else { return nil }
        locals += variables
        defer { locals.removeLast(variables.count) }
        let test = macro.condition.map { condition($0) }
        guard let body = macro.result else { return (test, nil) }
        let isWanted = test == nil || test?.value == .bool(true)
        return (test, isWanted ? explain(body) : skipped(body))
    }

    private mutating func add(
        _ explained: (condition: Explanation?, result: Explanation?)?, _ element: MacroGathering.Element, _ node: Expression,
        _ gathering: inout MacroGathering, _ shown: inout [Explanation]
    ) {
        guard let (test, result) = explained else {
            return gathering.stop(with: outcome(nil, node.range, gathering.name), at: element.key)
        }
        gathering.take(test?.result, result?.result, element)
        if gathering.outcome != nil || shown.count <= Self.keptElements, let whole = self.element(test, result) {
            shown.append(whole.with(variables: gathering.named(element)))
        }
    }

    /// One part for an element, of its condition and result.
    private func element(_ test: Explanation?, _ result: Explanation?) -> Explanation? {
        guard let test, let result else { return test ?? result }
        let range = test.range.joined(result.range)
        return Explanation(
            label: "element", range: range, text: checked.source.text(in: range), result: result.result ?? test.result,
            children: [test, result])
    }
}
