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
/// A place is where the value lies: in a variable, in a map below it, in a constant, or where the part itself has left
/// it. Reading through it costs no reference count. The value stays there until the same part runs again, which is when
/// a macro around it goes on.
struct Code: Sendable {
    typealias ValueCode = @Sendable (inout Frame) -> Value?
    typealias TestCode = @Sendable (inout Frame) -> Truth
    typealias PlaceCode = @Sendable (inout Frame) -> UnsafePointer<Value>?

    /// Makes the value; nil after a failure.
    let value: ValueCode
    /// The value as a condition; it fails where that isn't a bool.
    let test: TestCode
    /// Finds the value; nil after a failure.
    let place: PlaceCode
    /// The value, where it is known.
    private(set) var constant: Value?

    /// Code that makes a value.
    ///
    /// - Parameter result: its place among the frame's results.
    init(range: SourceRange, result: Int, value: @escaping ValueCode) {
        self.value = value
        test = { frame in
            guard let value = value(&frame) else { return .failed }
            if case .bool(let flag) = value { return Truth(flag) }
            return Self.notBool(value, range, &frame)
        }
        place = { frame in
            guard let value = value(&frame) else { return nil }
            frame.results[result] = value
            return UnsafePointer(frame.results + result)
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
        place = { frame in
            switch test(&frame) {
            case .yes: Self.yes.pointer
            case .no: Self.no.pointer
            case .failed: nil
            }
        }
    }

    private static let yes = Cell(.bool(true))
    private static let no = Cell(.bool(false))

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
