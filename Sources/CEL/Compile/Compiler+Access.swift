extension Compiler {
  mutating func compileSelect(_ node: Expression) -> Code {
    if let named = compileIfNamed(node) { return named }
    guard case .select(let operand, let field, let isOptional) = node.kind else { return compile(node) }
    let code = compile(operand)
    return access(code, FieldKey(field.text), field.range, operand, isOptional: isOptional, node)
  }

  /// Code for a field of a map, by its name.
  private func access(
    _ operand: Code, _ key: FieldKey, _ range: SourceRange, _ owner: Expression, isOptional: Bool, _ node: Expression
  ) -> Code {
    let access = FieldAccess(key: key, range: range, path: Self.path(owner))
    if isOptional {
      return Code(range: node.range, value: { frame in
        operand.withPlace(&frame, failed: nil) { pointer, frame in access.optional(pointer, &frame) }
      })
    }
    guard let place = operand.place else {
      let value = operand.value
      return Code(range: node.range, value: { frame in
        guard let owner = value(&frame) else { return nil }
        if case .map(let map) = owner, let found = map.storage.find(key.name, hash: key.hash) { return found.pointee }
        return access.other(owner, &frame)
      })
    }
    return Code(range: node.range, place: { frame in
      guard let pointer = place(&frame) else { return nil }
      if case .map(let map) = pointer.pointee, let found = map.storage.find(key.name, hash: key.hash) { return found }
      guard let value = access.other(pointer.pointee, &frame) else { return nil }
      return frame.keep(value)
    })
  }

  mutating func compileTest(_ node: Expression) -> Code {
    guard case .test(let operand, let field, _) = node.kind else { return compile(node) }
    let code = compile(operand)
    let access = FieldAccess(key: FieldKey(field.text), range: field.range, path: Self.path(operand))
    return Code(test: { frame in
      code.withPlace(&frame, failed: .failed) { pointer, frame in access.isPresent(pointer, &frame) }
    })
  }

  mutating func compileIndex(_ node: Expression) -> Code {
    guard case .index(let operand, let index, let isOptional) = node.kind else { return compile(node) }
    let code = compile(operand)
    let indexCode = compile(index)
    if case .string(let name)? = indexCode.constant {
      return access(code, FieldKey(name), index.range, operand, isOptional: isOptional, node)
    }
    let range = index.range
    let path = Self.path(operand)
    let result = Code(range: node.range, value: { frame in
      code.withPlace(&frame, failed: nil) { pointer, frame in
        guard let index = indexCode.value(&frame) else { return nil }
        let value = Element.find(pointer.pointee, index, isOptional: isOptional, path, &frame)
        if value == nil { frame.locate(range, function: "_[_]") }
        return value
      }
    })
    return code.constant != nil && indexCode.constant != nil ? fold(node, result) : result
  }
}

/// Reads one field of whatever value there is.
struct FieldAccess: Sendable {
  let key: FieldKey
  let range: SourceRange
  let path: [String]

  /// The field where the owner isn't a map that has it: of an optional, or a failure.
  @inline(never)
  func other(_ owner: Value, _ frame: inout Frame) -> Value? {
    switch owner {
    case .map(let map):
      if let found = map.storage.find(key.name, hash: key.hash) { return found.pointee }
      return frame.fail(Failure(.missingKey(.string(key.name), map: map, path: path), range))
    case .optional(let optional):
      guard let inner = optional.value else { return .optional(.none) }
      return withUnsafePointer(to: inner) { self.optional($0, &frame) }
    default:
      _ = frame.fail(.noSuchOverload, "`\(owner.typeValue.name)` has no field `\(key.name)`")
      frame.locate(range)
      return nil
    }
  }

  /// The field as an optional: absent where the map hasn't got it.
  func optional(_ pointer: UnsafePointer<Value>, _ frame: inout Frame) -> Value? {
    switch pointer.pointee {
    case .map(let map): return .optional(OptionalValue(map.storage.find(key.name, hash: key.hash)?.pointee))
    default: return other(pointer.pointee, &frame)
    }
  }

  /// Whether the field is there.
  @inline(__always)
  func isPresent(_ pointer: UnsafePointer<Value>, _ frame: inout Frame) -> Truth {
    if case .map(let map) = pointer.pointee { return Truth(map.storage.find(key.name, hash: key.hash) != nil) }
    return isPresentElsewhere(pointer.pointee, &frame)
  }

  @inline(never)
  private func isPresentElsewhere(_ owner: Value, _ frame: inout Frame) -> Truth {
    guard case .optional = owner else {
      _ = other(owner, &frame)
      return .failed
    }
    guard case .optional(let optional)? = other(owner, &frame) else { return .failed }
    return Truth(optional.value != nil)
  }
}

/// Reads one element of a list or map.
enum Element {
  static func find(
    _ owner: Value, _ index: Value, isOptional: Bool, _ path: [String], _ frame: inout Frame
  ) -> Value? {
    switch owner {
    case .map(let map):
      if let found = map.storage.find(index)?.pointee { return isOptional ? .optional(OptionalValue(found)) : found }
      if isOptional { return .optional(.none) }
      return frame.fail(Failure(.missingKey(index, map: map, path: path)))
    case .list(let list):
      guard let position = position(index) else {
        if case .double(let number) = index {
          return frame.fail(.invalidArgument, "the index `\(NumberText.general(number))` is not a whole number")
        }
        return frame.failNoOverload(owner, index)
      }
      guard position >= 0, position < Int64(list.count) else {
        if isOptional { return .optional(.none) }
        return frame.fail(.indexOutOfRange, "the index \(position) is outside the list of \(list.count)")
      }
      let found = list.elements[Int(position)]
      return isOptional ? .optional(OptionalValue(found)) : found
    case .optional(let optional):
      guard let inner = optional.value else { return .optional(.none) }
      return find(inner, index, isOptional: true, path, &frame)
    default: return frame.failNoOverload(owner, index)
    }
  }

  /// A number as the position in a list; nil where it isn't a whole number.
  private static func position(_ index: Value) -> Int64? {
    switch index {
    case .int(let number): number
    case .uint(let number): Int64(clamping: number)
    case .double(let number): Int64(exactly: number)
    default: nil
    }
  }
}
