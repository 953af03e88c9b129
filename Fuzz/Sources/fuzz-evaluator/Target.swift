// Whatever compiles is evaluated by both evaluators, which must agree, within the limit of steps.

private let environment: Environment = {
    var environment = Environment()
    for name in ["x", "i", "s", "l", "m"] { environment.declare(name, .dyn) }
    return environment
}()

private let slots: [Value] = [
    .object([("a", .int(1)), ("l", .array([.int(1), .string("b"), .null])), ("o", .object([("k", .double(2.5))]))]), .int(3),
    .string("eu-west-1 \u{F1}"), .array([.int(0), .uint(2), .string("x"), .bool(true)]),
    .object([("a", .object([("b", .string("c"))])), ("n", .null)]),
]

@c(LLVMFuzzerTestOneInput)
public func test(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let source = String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
    guard let program = try? environment.compile(source, options: CompileOptions(checksTypes: count % 2 == 0)) else { return 0 }
    let fast = program.evaluate(slots, limit: 20_000)
    let slow = program.explain(slots, limit: 20_000).result
    switch (fast, slow) {
    case (.success(let a), .success(let b)?): precondition(a == b, "two values: \(a) and \(b)")
    case (.failure(let a), .failure(let b)?):
        precondition(a.code == b.code || a.code == .limit || b.code == .limit, "two errors: \(a) and \(b)")
        precondition(a.range.start >= 0 && a.range.end <= source.utf8.count, "a range outside of the text")
    case (.failure(let a), _): precondition(a.code == .limit, "only one fails: \(a)")
    case (_, .failure(let b)?): precondition(b.code == .limit, "only one fails: \(b)")
    default: preconditionFailure("no result")
    }
    return 0
}
