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
    /// For each part of the expression that makes a value, a place to leave it for who only looks at it.
    let results: UnsafeMutablePointer<Value>
    private(set) var failure: Failure?
    private var keeper: Keeper?

    init(
        slots: UnsafePointer<Value>, locals: UnsafeMutablePointer<UnsafePointer<Value>>,
        results: UnsafeMutablePointer<Value>, limit: Int
    ) {
        self.slots = slots
        self.locals = locals
        self.results = results
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
    @inline(never)
    mutating func keep(_ value: Value) -> UnsafePointer<Value> {
        let keeper = keeper ?? Keeper()
        self.keeper = keeper
        let cell = Cell(value)
        keeper.cells.append(cell)
        return cell.pointer
    }

    /// Values without a place of their own, which are rare; a frame without them is a word.
    private final class Keeper {
        var cells: [Cell] = []
    }

    /// Calls a body with a frame for a single value or function: it has no variables.
    static func withScratch<R>(limit: Int, results count: Int = 1, _ body: (inout Frame) -> R) -> R {
        let nothing = Cell(.null)
        return withFrame(slots: nothing.pointer, localCount: 1, resultCount: count, limit: limit, body)
    }

    /// Calls a body with a frame over variables.
    @inline(__always)
    static func withFrame<R>(
        slots: UnsafePointer<Value>, localCount: Int, resultCount: Int, limit: Int, _ body: (inout Frame) -> R
    ) -> R {
        // The places are 24 bytes each, those of the locals 8; both fit in one piece of the stack.
        let bytes = (resultCount + 1) * MemoryLayout<Value>.stride + localCount * MemoryLayout<UnsafePointer<Value>>.stride
        return withUnsafeTemporaryAllocation(byteCount: bytes, alignment: MemoryLayout<Value>.alignment) { memory in
            guard let start = memory.baseAddress else {
                preconditionFailure("an allocation of one byte or more has an address")
            }
            let results = start.bindMemory(to: Value.self, capacity: resultCount)
            let locals = (start + (resultCount + 1) * MemoryLayout<Value>.stride)
                .bindMemory(to: UnsafePointer<Value>.self, capacity: localCount)
            for place in 0..<resultCount { (results + place).initialize(to: .null) }
            defer { if resultCount > 0 { results.deinitialize(count: resultCount) } }
            var frame = Frame(slots: slots, locals: locals, results: results, limit: limit)
            return body(&frame)
        }
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
