extension Compiler {
  /// `&&` stops at a false term and `||` at a true one, wherever it stands: a term that fails matters only where no
  /// other decides.
  mutating func compileTerms(_ node: Expression) -> Code {
    let codes = node.kind.children.map { compile($0) }
    if case .and = node.kind { return terms(node, codes, stop: .no) }
    return terms(node, codes, stop: .yes)
  }

  private func terms(_ node: Expression, _ codes: [Code], stop: Truth) -> Code {
    var tests: [Code.TestCode] = []
    for code in codes {
      if case .bool(let flag)? = code.constant {
        if Truth(flag) == stop { return Code(constant: .bool(flag), range: node.range) }
        continue
      }
      tests.append(code.test)
    }
    if tests.isEmpty { return Code(constant: .bool(stop == .no), range: node.range) }
    return Code(test: Self.combine(tests[...], stop: stop))
  }

  /// Joins terms two by two, so that however many there are, calls nest a few deep only.
  private static func combine(_ tests: ArraySlice<Code.TestCode>, stop: Truth) -> Code.TestCode {
    guard tests.count > 1 else { return tests[tests.startIndex] }
    let middle = tests.startIndex + (tests.count + 1) / 2
    let first = combine(tests[..<middle], stop: stop)
    let second = combine(tests[middle...], stop: stop)
    return { frame in
      let truth = first(&frame)
      if truth == stop { return stop }
      return truth == .failed ? decide(second, stop: stop, &frame) : second(&frame)
    }
  }

  /// Goes on after a term has failed.
  @inline(never)
  private static func decide(_ test: Code.TestCode, stop: Truth, _ frame: inout Frame) -> Truth {
    guard !frame.isExhausted, let failure = frame.failure else { return .failed }
    frame.recover()
    let truth = test(&frame)
    if truth == stop { return stop }
    if frame.isExhausted { return .failed }
    _ = frame.fail(failure)
    return .failed
  }

  mutating func compileConditional(_ node: Expression) -> Code {
    let parts = node.kind.children.map { compile($0) }
    return branches(node, parts[0], parts[1], parts[2])
  }

  private func branches(_ node: Expression, _ condition: Code, _ first: Code, _ second: Code) -> Code {
    if case .bool(let flag)? = condition.constant { return flag ? first : second }
    let test = condition.test
    let (one, other) = (first.place, second.place)
    return Code(range: node.range, place: { frame in
      switch test(&frame) {
      case .yes: one(&frame)
      case .no: other(&frame)
      case .failed: nil
      }
    })
  }
}
