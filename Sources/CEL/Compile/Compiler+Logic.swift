extension Compiler {
  mutating func compileAnd(_ terms: [Expression]) -> Code { compileTerms(terms, stop: .no) }

  mutating func compileOr(_ terms: [Expression]) -> Code { compileTerms(terms, stop: .yes) }

  /// `&&` stops at a false term and `||` at a true one, wherever it stands: a term that fails matters only where no
  /// other decides.
  private mutating func compileTerms(_ terms: [Expression], stop: Truth) -> Code {
    var tests: [Code.TestCode] = []
    for term in terms {
      let code = compile(term)
      if case .bool(let flag)? = code.constant {
        if Truth(flag) == stop { return Code(constant: .bool(flag), range: term.range) }
        continue
      }
      tests.append(code.test)
    }
    let neutral = stop.negated
    if tests.isEmpty, let whole = terms.first?.range { return Code(constant: .bool(neutral == .yes), range: whole) }
    let all = tests
    let slow: @Sendable (Int, inout Frame) -> Truth = { first, frame in
      Self.decide(all[first...], stop: stop, &frame)
    }
    if tests.count == 2 {
      let (first, second) = (tests[0], tests[1])
      return Code(test: { frame in
        let truth = first(&frame)
        if truth == stop { return stop }
        return truth == .failed ? slow(1, &frame) : second(&frame)
      })
    }
    return Code(test: { frame in
      for index in all.indices {
        let truth = all[index](&frame)
        if truth == stop { return stop }
        if truth == .failed { return slow(index + 1, &frame) }
      }
      return neutral
    })
  }

  /// Goes on after a term has failed.
  @inline(never)
  private static func decide(_ rest: ArraySlice<Code.TestCode>, stop: Truth, _ frame: inout Frame) -> Truth {
    guard !frame.isExhausted, let failure = frame.failure else { return .failed }
    for test in rest {
      frame.recover()
      let truth = test(&frame)
      if truth == stop { return stop }
      if frame.isExhausted { return .failed }
    }
    _ = frame.fail(failure)
    return .failed
  }

  mutating func compileConditional(
    _ node: Expression, _ condition: Expression, _ first: Expression, _ second: Expression
  ) -> Code {
    let condition = compile(condition)
    let first = compile(first)
    let second = compile(second)
    if case .bool(let flag)? = condition.constant { return flag ? first : second }
    let test = condition.test
    if let one = first.place, let other = second.place {
      return Code(range: node.range, place: { frame in
        switch test(&frame) {
        case .yes: one(&frame)
        case .no: other(&frame)
        case .failed: nil
        }
      })
    }
    let (one, other) = (first.value, second.value)
    return Code(range: node.range, value: { frame in
      switch test(&frame) {
      case .yes: one(&frame)
      case .no: other(&frame)
      case .failed: nil
      }
    })
  }
}
