/// A function of the library: its name, what the checker should know of it, and what it does.
///
/// The body is called with whatever values there are and decides by their kinds itself, since types may be unknown
/// until then. It answers nil after `frame.fail`.
struct Definition: Sendable {
    let name: String
    let signatures: [Signature]
    let body: Body

    init(_ name: String, _ signatures: [Signature], _ body: @escaping @Sendable (Value, inout Frame) -> Value?) {
        self.init(name, signatures, body: .unary(body))
    }

    init(_ name: String, _ signatures: [Signature], _ body: @escaping @Sendable (Value, Value, inout Frame) -> Value?) {
        self.init(name, signatures, body: .binary(body))
    }

    init(
        _ name: String, _ signatures: [Signature],
        _ body: @escaping @Sendable (Value, Value, Value, inout Frame) -> Value?
    ) {
        self.init(name, signatures, body: .ternary(body))
    }

    init(_ name: String, _ signatures: [Signature], _ body: @escaping @Sendable ([Value], inout Frame) -> Value?) {
        self.init(name, signatures, body: .variadic(body))
    }

    init(_ name: String, _ signatures: [Signature], body: Body) {
        self.name = name
        self.signatures = signatures
        self.body = body
    }
}

/// What a function does, by the number of its arguments.
enum Body: Sendable {
    case unary(@Sendable (Value, inout Frame) -> Value?)
    case binary(@Sendable (Value, Value, inout Frame) -> Value?)
    case ternary(@Sendable (Value, Value, Value, inout Frame) -> Value?)
    case variadic(@Sendable ([Value], inout Frame) -> Value?)

    /// Calls the body with as many arguments as it takes.
    func call(_ arguments: [Value], _ frame: inout Frame) -> Value? {
        switch self {
        case .unary(let body) where arguments.count == 1: body(arguments[0], &frame)
        case .binary(let body) where arguments.count == 2: body(arguments[0], arguments[1], &frame)
        case .ternary(let body) where arguments.count == 3: body(arguments[0], arguments[1], arguments[2], &frame)
        case .variadic(let body): body(arguments, &frame)
        default: frame.failNoOverload(arguments)
        }
    }
}
