/// A function of the host: its name and what it takes.
public struct FunctionDeclaration: Sendable {
    /// The name, which may be qualified: `geo.country`.
    public let name: String
    /// What it takes, each with its own body. The first whose parameters fit the arguments is called.
    public let overloads: [FunctionOverload]

    /// A function of the name and overloads.
    public init(_ name: String, overloads: [FunctionOverload]) {
        self.name = name
        self.overloads = overloads
    }
}

/// One signature of a function, with its body.
public struct FunctionOverload: Sendable {
    /// A name for messages, unique in the environment.
    public let id: String
    /// The types of the arguments; a member's target is the first.
    public let parameters: [ValueType]
    /// The type of the result.
    public let result: ValueType
    /// Whether it is called as `target.name(arguments)`.
    public let isMember: Bool
    /// Computes the result. It must depend on its arguments only. An error's range, where empty, becomes that of the call.
    public let body: @Sendable ([Value]) -> Result<Value, EvaluationError>

    /// An overload of the parameters and the body.
    public init(
        _ id: String, _ parameters: [ValueType], returns result: ValueType, isMember: Bool = false,
        body: @escaping @Sendable ([Value]) -> Result<Value, EvaluationError>
    ) {
        self.id = id
        self.parameters = parameters
        self.result = result
        self.isMember = isMember
        self.body = body
    }
}
