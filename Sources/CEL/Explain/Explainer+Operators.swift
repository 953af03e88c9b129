extension Explainer {
  mutating func explainCall(_ node: Expression, _ call: Expression.Call) -> Explanation {
    let label = OverloadText.name(call.function.text)
    var function: FunctionTable.Function?
    var isMember = call.target != nil
    switch checked.resolutions[node.id] {
    case .function(let found, let member): (function, isMember) = (found, member)
    case .unresolved(let issue): return part(node, label, .failure(refused(issue)))
    default: break
    }
    var parts: [Explanation] = []
    for argument in (isMember ? call.target.map { [$0] } ?? [] : []) + call.arguments {
      parts.append(explain(argument))
      if case .failure? = parts[parts.count - 1].result { break }
    }
    guard let values = values(parts) else { return part(node, label, firstFailure(parts), parts) }
    guard let function, let body = function.body(isMember: isMember, arity: values.count) else {
      let error = EvaluationError(.noSuchOverload, "`\(label)` does not take \(values.count) arguments", range: node.range)
      return part(node, label, .failure(error), parts)
    }
    let result = frame.spend(1) ? body.call(values, &frame) : nil
    return part(node, label, outcome(result, Compiler.callRange(node, call), function.name), parts)
  }

  mutating func explainTerms(_ node: Expression, _ label: String, _ terms: [Expression], stop: Bool) -> Explanation {
    var parts: [Explanation] = []
    var failure: Outcome?
    var decided: Outcome?
    for term in terms {
      if decided != nil {
        parts.append(skipped(term))
        continue
      }
      let part = condition(term)
      parts.append(part)
      if case .success(.bool(stop))? = part.result { decided = part.result }
      if isFinal(part.result) { decided = part.result }
      if case .failure? = part.result { failure = failure ?? part.result }
    }
    return part(node, label, decided ?? failure ?? .success(.bool(!stop)), parts)
  }

  /// A part that must be a bool.
  mutating func condition(_ node: Expression) -> Explanation {
    var part = explain(node)
    if case .success(let value)? = part.result, value.boolValue == nil {
      part.result = .failure(
        EvaluationError(.noSuchOverload, "a condition must be `bool`, not `\(value.typeValue.name)`", range: node.range))
    }
    return part
  }

  mutating func explainConditional(
    _ node: Expression, _ test: Expression, _ first: Expression, _ second: Expression
  ) -> Explanation {
    let test = condition(test)
    switch test.result {
    case .success(.bool(true))?:
      let chosen = explain(first)
      return part(node, "?:", chosen.result, [test, chosen, skipped(second)])
    case .success(.bool(false))?:
      let chosen = explain(second)
      return part(node, "?:", chosen.result, [test, skipped(first), chosen])
    default: return part(node, "?:", test.result, [test, skipped(first), skipped(second)])
    }
  }

  mutating func explainList(_ node: Expression, _ elements: [Expression.Element]) -> Explanation {
    let parts = elements.map { explain($0.value) }
    guard let values = values(parts) else { return part(node, "list", firstFailure(parts), parts) }
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

  mutating func explainMap(_ node: Expression, _ entries: [Expression.Entry]) -> Explanation {
    var parts: [Explanation] = []
    var builder = MapBuilder()
    for entry in entries {
      parts.append(explain(entry.key))
      parts.append(explain(entry.value))
      guard let pair = values(parts.suffix(2)) else { return part(node, "map", firstFailure(parts), parts) }
      guard Literal.insert(pair[0], pair[1], entry, &builder, &frame) else {
        return part(node, "map", outcome(nil, node.range, "map"), parts)
      }
    }
    return part(node, "map", .success(.map(MapValue(builder: builder))), parts)
  }
}
