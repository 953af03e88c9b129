/// An expression with what each part of it came to.
public struct Explanation: Sendable, Hashable {
  /// What kind of part it is, as a reader would call it: `field`, `call`, `&&`, `all`, ...
  public var label: String
  /// The bytes of the part.
  public var range: SourceRange
  /// The text of the part.
  public var text: String
  /// Its value or its error; nil where it was not evaluated, as it didn't matter.
  public var result: Result<Value, EvaluationError>?
  /// The parts it is made of. For a macro: its range, then one for each element that was looked at.
  public var children: [Explanation]
  /// For a macro: the element that decided, as index or key.
  public var decidedBy: Value?
  /// For the element of a macro: the values of the macro's variables.
  public var variables: [Variable]

  /// A variable of a macro and its value.
  public struct Variable: Sendable, Hashable {
    public var name: String
    public var value: Value
  }

  init(
    label: String, range: SourceRange, text: String, result: Result<Value, EvaluationError>?,
    children: [Explanation] = [], decidedBy: Value? = nil, variables: [Variable] = []
  ) {
    self.label = label
    self.range = range
    self.text = text
    self.result = result
    self.children = children
    self.decidedBy = decidedBy
    self.variables = variables
  }
}
