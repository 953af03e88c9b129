import CEL

/// One row of a table: an expression and what it comes to.
struct Case: CustomStringConvertible, Sendable {
    let expression: String
    /// The variables as JSON.
    let bindings: String
    /// The value as an expression writes it, or the code of the error.
    let expected: String

    init(_ expression: String, _ expected: String, with bindings: String = "{}") {
        self.expression = expression
        self.expected = expected
        self.bindings = bindings
    }

    var description: String { "\(expression) -> \(expected)" }

    /// An environment with the variables as `dyn`, and their values.
    func environment() throws -> (Environment, [Value]) {
        let members = try JSON.parse(bindings)
        var environment = Environment()
        var slots: [Value] = []
        for name in members.keys ?? [] {
            guard let name = name.stringValue else { continue }
            environment.declare(name, .dyn)
            slots.append(members.member(name) ?? .null)
        }
        return (environment, slots)
    }

    /// What the expression comes to, by the compiled program and by the explaining evaluator.
    func outcomes(checksTypes: Bool = true) throws -> (compiled: String, explained: String) {
        let (environment, slots) = try environment()
        let program = try environment.compile(expression, options: CompileOptions(checksTypes: checksTypes))
        return (text(program.evaluate(slots)), text(program.explain(slots).result))
    }
}

/// A result as the tables write it.
func text(_ result: Result<Value, EvaluationError>?) -> String {
    switch result {
    case .success(let value): value.description
    case .failure(let error): error.code.rawValue
    case nil: "nothing"
    }
}
