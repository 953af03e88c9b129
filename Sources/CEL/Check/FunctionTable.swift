/// The functions of an environment by name.
struct FunctionTable: Sendable {
    /// What a call needs to know of a function.
    struct Function: Sendable {
        let name: String
        var signatures: [Signature] = []
        var bodies: [Shape: Body] = [:]
        var host: [FunctionOverload] = []
    }

    /// How a function is called.
    struct Shape: Sendable, Hashable {
        let isMember: Bool
        /// The number of arguments, a member's target included; -1 for any.
        let arity: Int
    }

    private(set) var functions: [String: Function] = [:]

    /// The names of all functions.
    var names: [String] { Array(functions.keys) }

    subscript(name: String) -> Function? { functions[name] }

    mutating func add(_ definitions: [Definition]) {
        for definition in definitions {
            var function = functions[definition.name] ?? Function(name: definition.name)
            function.signatures += definition.signatures
            for signature in definition.signatures {
                let arity = signature.isVariadic ? -1 : signature.parameters.count
                function.bodies[Shape(isMember: signature.isMember, arity: arity)] = definition.body
            }
            functions[definition.name] = function
        }
    }

    mutating func add(_ declaration: FunctionDeclaration) {
        var function = functions[declaration.name] ?? Function(name: declaration.name)
        for overload in declaration.overloads {
            function.signatures.append(
                Signature(
                    parameters: overload.parameters, result: overload.result, isMember: overload.isMember, isVariadic: false))
            function.host.append(overload)
        }
        functions[declaration.name] = function
    }
}

extension FunctionTable.Function {
    /// The body for a call; one that fails where the function isn't called so.
    func body(isMember: Bool, arity: Int) -> Body {
        let builtIn =
            bodies[FunctionTable.Shape(isMember: isMember, arity: arity)]
            ?? bodies[FunctionTable.Shape(isMember: isMember, arity: -1)]
            ?? .variadic { arguments, frame in frame.failNoOverload(arguments) }
        let candidates = host.filter { $0.isMember == isMember && $0.parameters.count == arity }
        guard !candidates.isEmpty else { return builtIn }
        return .variadic { arguments, frame in
            for overload in candidates where zip(overload.parameters, arguments).allSatisfy({ $0.accepts($1) }) {
                switch overload.body(arguments) {
                case .success(let value): return value
                case .failure(let error): return frame.fail(error)
                }
            }
            return builtIn.call(arguments, &frame)
        }
    }
}

extension ValueType {
    /// Whether a value is of this type, as far as that shows without looking into lists and maps.
    func accepts(_ value: Value) -> Bool {
        switch (self, value) {
        case (.dyn, _), (.parameter, _), (.opaque, _), (.null, .null), (.bool, .bool), (.int, .int), (.uint, .uint),
            (.double, .double), (.string, .string), (.bytes, .bytes), (.timestamp, .timestamp), (.duration, .duration),
            (.type, .type), (.list, .list), (.map, .map), (.record, .map), (.optional, .optional):
            true
        case (.ip, .network(let network)): !network.isNetwork
        case (.cidr, .network(let network)): network.isNetwork
        default: false
        }
    }
}
