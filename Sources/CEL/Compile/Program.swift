/// A compiled expression. Immutable; any number of threads may evaluate it at once.
public struct Program: Sendable {
  /// The expression.
  public let source: String
  /// The type of its value, as far as it is known.
  public let resultType: ValueType
  /// The field paths it reads, sorted; no path is the beginning of another.
  public let references: [Reference]
  /// Constants in it that fail whenever they are reached, such as a malformed regular expression.
  public let warnings: [Issue]

  private let code: Code
  let checked: CheckedExpression

  /// The number of steps an evaluation may take unless told otherwise.
  public static let defaultLimit = 1_000_000

  init(_ checked: CheckedExpression) {
    self.checked = checked
    source = checked.source
    resultType = checked.type(of: checked.root)
    var collector = ReferenceCollector(checked)
    references = collector.run()
    var compiler = Compiler(checked)
    code = compiler.compile(checked.root)
    warnings = compiler.warnings
  }

  /// Evaluates the expression.
  ///
  /// - Parameters:
  ///   - slots: the variables' values in the order of their declaration.
  ///   - limit: the steps it may take: an iteration of a macro and a call of a function are one each, functions on long
  ///     strings and lists more.
  public func evaluate(_ slots: [Value], limit: Int = Program.defaultLimit) -> Result<Value, EvaluationError> {
    guard slots.count >= checked.variableNames.count else { return .failure(missingSlot(slots.count)) }
    return slots.withUnsafeBufferPointer { slots in
      withUnsafeTemporaryAllocation(of: UnsafePointer<Value>.self, capacity: checked.localCount + 1) { locals in
        let values = slots.baseAddress ?? Self.nothing.pointer
        // A macro points its variables at values before anything reads them.
        guard let base = locals.baseAddress else { return .failure(missingSlot(0)) }
        var frame = Frame(slots: values, locals: base, limit: limit)
        if let value = code.value(&frame) { return .success(value) }
        return .failure(error(of: frame))
      }
    }
  }

  private static let nothing = Cell(.null)

  @inline(never)
  private func error(of frame: Frame) -> EvaluationError {
    frame.failure?.error(source: source) ?? EvaluationError(.unchecked, "the evaluation failed")
  }

  private func missingSlot(_ count: Int) -> EvaluationError {
    let name = checked.variableNames.indices.contains(count) ? checked.variableNames[count] : ""
    return EvaluationError(
      .unknownIdentifier, "no value is given for the variable `\(name)`", range: SourceRange(0, source.utf8.count))
  }

  /// Evaluates the expression slowly and shows what each part of it came to.
  ///
  /// The whole's result is what `evaluate` gives. It is another evaluator, which also serves as a second opinion.
  public func explain(_ slots: [Value], limit: Int = Program.defaultLimit) -> Explanation {
    guard slots.count >= checked.variableNames.count else {
      let whole = SourceRange(0, source.utf8.count)
      return Explanation(label: "expression", range: whole, text: source, result: .failure(missingSlot(slots.count)))
    }
    return withUnsafeTemporaryAllocation(of: UnsafePointer<Value>.self, capacity: 1) { locals in
      locals.initialize(repeating: Self.nothing.pointer)
      guard let base = locals.baseAddress else {
        return Explanation(label: "expression", range: .none, text: source, result: .failure(missingSlot(0)))
      }
      let frame = Frame(slots: Self.nothing.pointer, locals: base, limit: limit)
      var explainer = Explainer(checked, slots: slots, frame: frame)
      return explainer.explain(checked.root)
    }
  }
}
