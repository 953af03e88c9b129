/// What a condition came to.
enum Truth: UInt8, Sendable {
  case no, yes, failed

  @inline(__always)
  init(_ holds: Bool) { self = holds ? .yes : .no }

  @inline(__always)
  var negated: Truth { self == .yes ? .no : (self == .no ? .yes : .failed) }
}

/// A compiled part of an expression, in the forms in which it can be asked for.
///
/// A place is a value that lies somewhere already: in a variable, in a map below it, or a constant. Reading it through
/// a pointer costs no reference count. It stays where it is until the evaluation ends; what a macro's variable points
/// to, until the macro goes on.
struct Code: Sendable {
  typealias ValueCode = @Sendable (inout Frame) -> Value?
  typealias TestCode = @Sendable (inout Frame) -> Truth
  typealias PlaceCode = @Sendable (inout Frame) -> UnsafePointer<Value>?

  let value: ValueCode
  private(set) var test: TestCode
  private(set) var place: PlaceCode?
  private(set) var constant: Value?

  /// Code that makes a value; as a condition it fails where that isn't a bool.
  init(range: SourceRange, value: @escaping ValueCode) {
    self.value = value
    test = { frame in
      guard let value = value(&frame) else { return .failed }
      if case .bool(let flag) = value { return Truth(flag) }
      return Self.notBool(value, range, &frame)
    }
  }

  /// Code that finds a value.
  init(range: SourceRange, place: @escaping PlaceCode) {
    value = { frame in place(&frame)?.pointee }
    test = { frame in
      guard let pointer = place(&frame) else { return .failed }
      if case .bool(let flag) = pointer.pointee { return Truth(flag) }
      return Self.notBool(pointer.pointee, range, &frame)
    }
    self.place = place
  }

  /// Code that makes a bool.
  init(test: @escaping TestCode) {
    self.test = test
    value = { frame in
      switch test(&frame) {
      case .yes: .bool(true)
      case .no: .bool(false)
      case .failed: nil
      }
    }
  }

  /// A value that is known.
  init(constant: Value, range: SourceRange) {
    let cell = Cell(constant)
    self.init(range: range, place: { _ in cell.pointer })
    self.constant = constant
  }

  @inline(never)
  private static func notBool(_ value: Value, _ range: SourceRange, _ frame: inout Frame) -> Truth {
    _ = frame.fail(.noSuchOverload, "a condition must be `bool`, not `\(value.typeValue.name)`")
    frame.locate(range)
    return .failed
  }

  /// Calls a body with the place of the value, making one if there is none.
  @inline(__always)
  func withPlace<R>(
    _ frame: inout Frame, failed: R, _ body: (UnsafePointer<Value>, inout Frame) -> R
  ) -> R {
    if let place {
      guard let pointer = place(&frame) else { return failed }
      return body(pointer, &frame)
    }
    guard let value = value(&frame) else { return failed }
    return withUnsafePointer(to: value) { body($0, &frame) }
  }
}

/// The name of a field with its hash.
struct FieldKey: Sendable {
  let name: String
  let hash: UInt32

  init(_ name: String) {
    self.name = name
    hash = textHash(name)
  }
}
