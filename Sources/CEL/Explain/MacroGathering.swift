/// What a macro makes of its elements, one after the other.
struct MacroGathering {
  private let kind: Expression.Macro.Kind
  /// Set once no further element matters.
  private(set) var outcome: Result<Value, EvaluationError>?
  /// The element that decided, as index or key.
  private(set) var decidedBy: Value?
  private var failure: EvaluationError?
  private var failedAt: Value?
  private var matches: [Value] = []
  private var values: [Value] = []
  private var keys: [Value] = []
  private var entries = MapBuilder()

  init(kind: Expression.Macro.Kind) { self.kind = kind }

  mutating func stop(with outcome: Result<Value, EvaluationError>, at key: Value) {
    self.outcome = outcome
    decidedBy = key
  }

  /// Takes what the condition and the result came to for an element.
  mutating func take(
    _ condition: Result<Value, EvaluationError>?, _ result: Result<Value, EvaluationError>?, element: Value,
    at key: Value, _ frame: inout Frame
  ) {
    switch condition {
    case .failure(let error)?:
      if error.code == .limit || !(kind == .all || kind == .exists) { return stop(with: .failure(error), at: key) }
      if failure == nil { (failure, failedAt) = (error, key) }
      return
    case .success(.bool(let holds))?:
      if kind == .all, !holds { return stop(with: .success(.bool(false)), at: key) }
      if kind == .exists, holds { return stop(with: .success(.bool(true)), at: key) }
      if !holds { return }
      matches.append(key)
      if kind == .filter { values.append(element) }
    default: break
    }
    switch result {
    case .failure(let error)?: stop(with: .failure(error), at: key)
    case .success(let value)?: add(value, element: element, at: key)
    case nil: break
    }
  }

  private mutating func add(_ value: Value, element: Value, at key: Value) {
    switch kind {
    case .transformMap: _ = entries.insert(element, value)
    case .transformMapEntry:
      guard case .map(let map) = value else {
        return stop(with: .failure(EvaluationError(.noSuchOverload, "the result must be a map")), at: key)
      }
      for entry in map.entries where !entries.insert(entry.key, entry.value) {
        let message = "the key `\(NumberText.plain(entry.key))` is made twice"
        return stop(with: .failure(EvaluationError(.duplicateKey, message)), at: key)
      }
    case .sortBy:
      keys.append(value)
      values.append(element)
    default: values.append(value)
    }
  }

  /// The macro's value when all elements are through.
  mutating func finish(_ frame: inout Frame) -> Result<Value, EvaluationError> {
    if let outcome { return outcome }
    if let failure {
      decidedBy = failedAt
      return .failure(failure)
    }
    switch kind {
    case .all: return .success(.bool(true))
    case .exists: return .success(.bool(false))
    case .existsOne:
      decidedBy = matches.last
      return .success(.bool(matches.count == 1))
    case .transformMap, .transformMapEntry: return .success(.map(MapValue(builder: entries)))
    case .sortBy:
      if let sorted = ListsLibrary.sorted(values, by: keys, &frame) { return .success(sorted) }
      return .failure(frame.failure?.error(source: "") ?? EvaluationError(.invalidArgument, "these can't be sorted"))
    default: return .success(.list(ListValue(values)))
    }
  }
}
