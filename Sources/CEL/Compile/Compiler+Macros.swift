extension Compiler {
  mutating func compileMacro(_ node: Expression, _ macro: Expression.Macro) -> Code {
    let target = compile(macro.target)
    let loop = Loop(
      place: localCount, isPair: macro.variables.count == 2, range: node.range, name: macro.name.text,
      targetRange: macro.target.range)
    localCount += macro.variables.count
    defer { localCount -= macro.variables.count }
    let condition = macro.condition.map { compile($0).test }
    let result = macro.result.map { compile($0) }
    switch (macro.kind, condition, result) {
    case (.all, let condition?, _): return Self.quantifier(target, loop, condition, stop: .no)
    case (.exists, let condition?, _): return Self.quantifier(target, loop, condition, stop: .yes)
    case (.existsOne, let condition?, _): return Self.exactlyOne(target, loop, condition)
    case (.filter, let condition?, _): return Self.filter(node, target, loop, condition)
    case (.map, _, let result?), (.transformList, _, let result?):
      return Self.transform(node, target, loop, condition, result.value)
    case (.transformMap, _, let result?): return Self.transformMap(node, target, loop, condition, result.value)
    case (.transformMapEntry, _, let result?): return Self.transformEntries(node, target, loop, condition, result.value)
    case (.sortBy, _, let result?): return Self.sortBy(node, target, loop, result.value)
    case (.bind, _, let result?): return Self.bind(node, target, loop, result)
    case (.optMap, _, let result?): return Self.optionalMap(node, target, loop, result.value, isFlat: false)
    case (.optFlatMap, _, let result?): return Self.optionalMap(node, target, loop, result.value, isFlat: true)
    default: return failing(node, Issue(.macro, node.range, "`\(macro.name.text)` is malformed"))
    }
  }

  /// `all` and `exists`: an element that fails matters only where no other decides.
  private static func quantifier(_ target: Code, _ loop: Loop, _ condition: @escaping Code.TestCode, stop: Truth) -> Code {
    Code(test: { frame in
      target.withPlace(&frame, failed: .failed) { pointer, frame in
        var failure: Failure?
        var result = stop.negated
        let ended = loop.run(over: pointer, &frame) { frame in
          let truth = condition(&frame)
          if truth == stop {
            result = stop
            return false
          }
          if truth == .failed {
            if frame.isExhausted { return false }
            failure = failure ?? frame.failure
            frame.recover()
          }
          return true
        }
        if !ended || frame.isExhausted { return .failed }
        if let failure, result != stop {
          _ = frame.fail(failure)
          return .failed
        }
        return result
      }
    })
  }

  private static func exactlyOne(_ target: Code, _ loop: Loop, _ condition: @escaping Code.TestCode) -> Code {
    Code(test: { frame in
      target.withPlace(&frame, failed: .failed) { pointer, frame in
        var count = 0
        var isFailed = false
        let ended = loop.run(over: pointer, &frame) { frame in
          let truth = condition(&frame)
          if truth == .yes { count += 1 }
          isFailed = truth == .failed
          return !isFailed
        }
        return ended && !isFailed ? Truth(count == 1) : .failed
      }
    })
  }

  /// Goes over the elements for which the condition holds; false where something failed.
  @inline(__always)
  private static func each(
    _ target: Code, _ loop: Loop, _ condition: Code.TestCode?, _ frame: inout Frame,
    _ body: (inout Frame) -> Bool
  ) -> Bool {
    target.withPlace(&frame, failed: false) { pointer, frame in
      var isFailed = false
      let ended = loop.run(over: pointer, &frame) { frame in
        if let condition {
          let truth = condition(&frame)
          if truth == .no { return true }
          if truth == .failed {
            isFailed = true
            return false
          }
        }
        isFailed = !body(&frame)
        return !isFailed
      }
      return ended && !isFailed
    }
  }

  private static func filter(_ node: Expression, _ target: Code, _ loop: Loop, _ condition: @escaping Code.TestCode) -> Code {
    Code(range: node.range, value: { frame in
      var values: [Value] = []
      let ended = each(target, loop, condition, &frame) { frame in
        values.append(frame.locals[loop.place].pointee)
        return true
      }
      return ended ? .list(ListValue(values)) : nil
    })
  }

  private static func transform(
    _ node: Expression, _ target: Code, _ loop: Loop, _ condition: Code.TestCode?, _ result: @escaping Code.ValueCode
  ) -> Code {
    Code(range: node.range, value: { frame in
      var values: [Value] = []
      let ended = each(target, loop, condition, &frame) { frame in
        guard let value = result(&frame) else { return false }
        values.append(value)
        return true
      }
      return ended ? .list(ListValue(values)) : nil
    })
  }

  private static func transformMap(
    _ node: Expression, _ target: Code, _ loop: Loop, _ condition: Code.TestCode?, _ result: @escaping Code.ValueCode
  ) -> Code {
    Code(range: node.range, value: { frame in
      var builder = MapBuilder()
      let ended = each(target, loop, condition, &frame) { frame in
        guard let value = result(&frame) else { return false }
        _ = builder.insert(frame.locals[loop.place].pointee, value)
        return true
      }
      return ended ? .map(MapValue(builder: builder)) : nil
    })
  }

  private static func transformEntries(
    _ node: Expression, _ target: Code, _ loop: Loop, _ condition: Code.TestCode?, _ result: @escaping Code.ValueCode
  ) -> Code {
    Code(range: node.range, value: { frame in
      var builder = MapBuilder()
      let ended = each(target, loop, condition, &frame) { frame in
        guard let value = result(&frame) else { return false }
        return loop.insert(value, into: &builder, &frame)
      }
      return ended ? .map(MapValue(builder: builder)) : nil
    })
  }

  private static func sortBy(_ node: Expression, _ target: Code, _ loop: Loop, _ key: @escaping Code.ValueCode) -> Code {
    Code(range: node.range, value: { frame in
      var keys: [Value] = []
      var elements: [Value] = []
      let ended = each(target, loop, nil, &frame) { frame in
        elements.append(frame.locals[loop.place].pointee)
        guard let value = key(&frame) else { return false }
        keys.append(value)
        return true
      }
      guard ended else { return nil }
      let sorted = ListsLibrary.sorted(elements, by: keys, &frame)
      if sorted == nil { frame.locate(loop.range) }
      return sorted
    })
  }

  private static func bind(_ node: Expression, _ target: Code, _ loop: Loop, _ result: Code) -> Code {
    Code(range: node.range, value: { frame in
      target.withPlace(&frame, failed: nil) { pointer, frame in
        frame.locals[loop.place] = pointer
        return result.value(&frame)
      }
    })
  }

  private static func optionalMap(
    _ node: Expression, _ target: Code, _ loop: Loop, _ result: @escaping Code.ValueCode, isFlat: Bool
  ) -> Code {
    Code(range: node.range, value: { frame in
      target.withPlace(&frame, failed: nil) { pointer, frame in
        guard case .optional(let optional) = pointer.pointee else {
          _ = frame.failNoOverload(pointer.pointee)
          frame.locate(loop.range, function: loop.name)
          return nil
        }
        guard let inner = optional.value else { return .optional(.none) }
        return withUnsafePointer(to: inner) { pointer in
          frame.locals[loop.place] = pointer
          guard let value = result(&frame) else { return nil }
          if !isFlat { return .optional(OptionalValue(value)) }
          if case .optional = value { return value }
          _ = frame.failNoOverload(value)
          frame.locate(loop.range, function: loop.name)
          return nil
        }
      }
    })
  }
}
