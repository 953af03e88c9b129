extension Explainer {
  mutating func explainMacro(_ node: Expression, _ macro: Expression.Macro) -> Explanation {
    let target = explain(macro.target)
    guard case .success(let value)? = target.result else { return part(node, macro.name.text, target.result, [target]) }
    switch macro.kind {
    case .bind: return explainBind(node, macro, target, value)
    case .optMap, .optFlatMap: return explainOptional(node, macro, target, value)
    default: return explainComprehension(node, macro, target, value)
    }
  }

  private mutating func explainBind(
    _ node: Expression, _ macro: Expression.Macro, _ target: Explanation, _ value: Value
  ) -> Explanation {
    guard let body = macro.result else { return part(node, macro.name.text, nil) }
    locals.append(value)
    defer { locals.removeLast() }
    let result = explain(body)
    return part(node, macro.name.text, result.result, [target, result])
  }

  private mutating func explainOptional(
    _ node: Expression, _ macro: Expression.Macro, _ target: Explanation, _ value: Value
  ) -> Explanation {
    guard case .optional(let optional) = value else {
      return part(node, macro.name.text, outcome(frame.failNoOverload(value), node.range, macro.name.text), [target])
    }
    guard let inner = optional.value, let body = macro.result else {
      return part(node, macro.name.text, .success(.optional(.none)), [target])
    }
    locals.append(inner)
    defer { locals.removeLast() }
    let result = explain(body)
    guard case .success(let made)? = result.result else {
      return part(node, macro.name.text, result.result, [target, result])
    }
    if macro.kind == .optMap {
      return part(node, macro.name.text, .success(.optional(OptionalValue(made))), [target, result])
    }
    if case .optional = made { return part(node, macro.name.text, result.result, [target, result]) }
    return part(
      node, macro.name.text, outcome(frame.failNoOverload(made), node.range, macro.name.text), [target, result])
  }

  /// The elements of a list with their positions, or a map's keys with their values.
  private func elements(of value: Value) -> [(key: Value, value: Value)]? {
    switch value {
    case .list(let list): list.elements.enumerated().map { (.int(Int64($0.offset)), $0.element) }
    case .map(let map): map.entries
    default: nil
    }
  }

  private mutating func explainComprehension(
    _ node: Expression, _ macro: Expression.Macro, _ target: Explanation, _ value: Value
  ) -> Explanation {
    guard let elements = elements(of: value) else {
      let message = "`\(macro.name.text)` goes over a list or a map, not `\(value.typeValue.name)`"
      let error = EvaluationError(.noSuchOverload, message, range: macro.target.range)
      return part(node, macro.name.text, .failure(error), [target])
    }
    let isMap = if case .map = value { true } else { false }
    var gathering = MacroGathering(kind: macro.kind)
    var shown: [Explanation] = []
    for element in elements {
      let variables = macro.variables.count == 2 ? [element.key, element.value] : [isMap ? element.key : element.value]
      guard frame.spend(1) else {
        gathering.stop(with: outcome(nil, node.range, macro.name.text), at: element.key)
        break
      }
      var explanation = explainElement(macro, variables)
      gathering.take(explanation.condition?.result, explanation.result?.result, element: variables[0], at: element.key, &frame)
      let isDone = gathering.outcome != nil
      if isDone || shown.count < Self.keptElements {
        explanation.whole.variables = zip(macro.variables, variables).map {
          Explanation.Variable(name: $0.text, value: $1)
        }
        shown.append(explanation.whole)
      }
      if isDone { break }
    }
    var result = gathering.finish(&frame)
    if case .failure(let error) = result, error.range == .none {
      result = .failure(EvaluationError(error.code, error.message, range: node.range, hint: error.hint, path: error.path))
    }
    var whole = part(node, macro.name.text, result, [target] + shown)
    whole.decidedBy = gathering.decidedBy
    return whole
  }

  /// What the macro's condition and result came to for one element.
  private mutating func explainElement(
    _ macro: Expression.Macro, _ variables: [Value]
  ) -> (condition: Explanation?, result: Explanation?, whole: Explanation) {
    locals += variables
    defer { locals.removeLast(variables.count) }
    let test = macro.condition.map { condition($0) }
    var result: Explanation?
    if let body = macro.result {
      if let test {
        result = test.result == .success(.bool(true)) ? explain(body) : skipped(body)
      } else {
        result = explain(body)
      }
    }
    guard let test, let result else {
      return (test, result, test ?? result ?? Explanation(label: "", range: .none, text: "", result: nil))
    }
    let whole = Explanation(
      label: "element", range: test.range.joined(result.range),
      text: checked.source.text(in: test.range.joined(result.range)), result: result.result ?? test.result,
      children: [test, result])
    return (test, result, whole)
  }
}
