/// A compiled expression. Immutable; any number of threads may evaluate it at once.
public struct Program: Sendable {
  /// The expression.
  public var source: String
  /// The type of its value, as far as it is known.
  public var resultType: ValueType
  /// The field paths it reads, sorted; no path is the beginning of another.
  public var references: [Reference]

  /// The number of steps an evaluation may take unless told otherwise.
  public static let defaultLimit = 1_000_000

  /// Evaluates the expression.
  ///
  /// - Parameters:
  ///   - slots: the variables' values in the order of their declaration.
  ///   - limit: the steps it may take: an iteration of a macro and a call of a function are one each, functions on long
  ///     strings and lists more.
  public func evaluate(_ slots: [Value], limit: Int = Program.defaultLimit) -> Result<Value, EvaluationError> {
    .failure(EvaluationError(.unchecked, "not implemented"))
  }

  /// Evaluates the expression slowly and shows what each part of it came to.
  public func explain(_ slots: [Value], limit: Int = Program.defaultLimit) -> Explanation {
    Explanation(label: "", range: .none, text: "", result: nil)
  }
}
