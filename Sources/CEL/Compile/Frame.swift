/// The state of one evaluation.
///
/// The pointers are valid while the evaluation runs: the caller holds the slots, `Program` the places of the locals.
struct Frame {
  /// The variables' values.
  let slots: UnsafePointer<Value>
  /// For each variable of a macro, where its value is at the moment.
  let locals: UnsafeMutablePointer<UnsafePointer<Value>>
  /// The steps left; below zero the evaluation is over, whatever `||` would make of an error.
  var remaining: Int
  let limit: Int
  private(set) var failure: Failure?
  private var kept: [Cell] = []

  init(slots: UnsafePointer<Value>, locals: UnsafeMutablePointer<UnsafePointer<Value>>, limit: Int) {
    self.slots = slots
    self.locals = locals
    self.limit = limit
    remaining = limit
  }

  var isExhausted: Bool { remaining < 0 }

  // MARK: failing

  /// Fails. Always nil, so that a body can return it.
  @inline(never)
  mutating func fail(_ code: EvaluationError.Code, _ message: String, hint: String? = nil) -> Value? {
    failure = Failure(.plain(code, message, hint))
    return nil
  }

  /// Fails for a function that doesn't take values of these types.
  @inline(never)
  mutating func failNoOverload(_ arguments: [Value]) -> Value? {
    failure = Failure(.noOverload(arguments.map(\.typeValue)))
    return nil
  }

  @inline(never)
  mutating func failNoOverload(_ a: Value) -> Value? { failNoOverload([a]) }

  @inline(never)
  mutating func failNoOverload(_ a: Value, _ b: Value) -> Value? { failNoOverload([a, b]) }

  @inline(never)
  mutating func failNoOverload(_ a: Value, _ b: Value, _ c: Value) -> Value? { failNoOverload([a, b, c]) }

  /// Fails with an error of a host function.
  @inline(never)
  mutating func fail(_ error: EvaluationError) -> Value? {
    failure = Failure(.given(error), error.range == .none ? nil : error.range)
    return nil
  }

  @inline(never)
  mutating func fail(_ failure: Failure) -> Value? {
    self.failure = failure
    return nil
  }

  /// Says where the failure happened and in which function, unless that is known.
  @inline(never)
  mutating func locate(_ range: SourceRange, function: String? = nil) {
    if failure?.range == nil { failure?.range = range }
    if failure?.function == nil { failure?.function = function }
  }

  /// Takes a failure back: an operator has a value in spite of it.
  mutating func recover() { failure = nil }

  // MARK: cost

  /// Counts steps; false where none are left, and then the evaluation has failed.
  @inline(__always)
  mutating func spend(_ steps: Int) -> Bool {
    remaining &-= steps
    return remaining >= 0 || exhaust()
  }

  @inline(never)
  private mutating func exhaust() -> Bool {
    if case .limit = failure?.fault { return false }
    failure = Failure(.limit(limit))
    return false
  }

  /// Keeps a value until the evaluation ends and says where it is.
  mutating func keep(_ value: Value) -> UnsafePointer<Value> {
    let cell = Cell(value)
    kept.append(cell)
    return cell.pointer
  }
}

/// A value with an address.
///
/// INVARIANT (Sendable): the value is written in `init` and never again, so that any number of threads may read it.
final class Cell: @unchecked Sendable {
  private let storage: UnsafeMutablePointer<Value>
  var pointer: UnsafePointer<Value> { UnsafePointer(storage) }

  init(_ value: Value) {
    storage = .allocate(capacity: 1)
    storage.initialize(to: value)
  }

  deinit {
    storage.deinitialize(count: 1)
    storage.deallocate()
  }
}
