/// Finds out what names mean and whether types fit.
///
/// Types are gradual: `dyn` fits everything, and what it hides shows when it is evaluated.
struct Checker {
    let environment: Environment
    let source: String
    var issues: [Issue] = []
    private(set) var types: [ValueType]
    private(set) var resolutions: [Int: Resolution] = [:]
    var inference = Inference()
    /// The variables of the macros around the place that is checked, innermost last.
    private var locals: [(name: String, type: ValueType)] = []
    private var localCount = 0
    private let candidatePrefixes: [String]

    init(_ environment: Environment, source: String, nodeCount: Int) {
        self.environment = environment
        self.source = source
        types = Array(repeating: .dyn, count: nodeCount)
        var prefixes: [String] = []
        var parts = environment.container.split(separator: ".").map(String.init)
        while !parts.isEmpty {
            prefixes.append(parts.joined(separator: ".") + ".")
            parts.removeLast()
        }
        candidatePrefixes = prefixes + [""]
    }

    /// Checks a whole expression.
    mutating func run(_ root: Expression) -> CheckedExpression {
        _ = check(root)
        for id in types.indices { types[id] = inference.resolve(types[id], freeIsDyn: true) }
        return CheckedExpression(
            source: source, root: root, types: types, resolutions: resolutions, localCount: localCount,
            variableNames: environment.variableNames)
    }

    /// The type of a node, which is kept too.
    @discardableResult
    mutating func check(_ node: Expression) -> ValueType {
        let type = typeOf(node)
        types[node.id] = type
        return type
    }

    // The cases bind nothing: what is on the stack here is there once for each level of the expression.
    private mutating func typeOf(_ node: Expression) -> ValueType {
        switch node.kind {
        case .failed: .dyn
        case .literal: checkLiteral(node)
        case .identifier: checkIdentifier(node)
        case .select: checkSelect(node)
        case .test: checkTest(node)
        case .index: checkIndex(node)
        case .call: checkCall(node)
        case .list: checkList(node)
        case .map: checkMap(node)
        case .message: checkMessage(node)
        case .and, .or: checkTerms(node)
        case .conditional: checkConditional(node)
        case .macro: checkMacro(node)
        }
    }

    private func checkLiteral(_ node: Expression) -> ValueType {
        if case .literal(let value) = node.kind { value.staticType } else { .dyn }
    }

    // MARK: reporting

    /// Reports an issue at a node and remembers it there; the type goes on as `dyn`, so that it is reported once.
    @discardableResult
    mutating func refuse(_ node: Expression, _ issue: Issue) -> ValueType {
        issues.append(issue)
        resolutions[node.id] = .unresolved(issue)
        return .dyn
    }

    mutating func resolve(_ node: Expression, _ resolution: Resolution) { resolutions[node.id] = resolution }

    func shown(_ type: ValueType) -> String { inference.resolve(type, freeIsDyn: true).description }

    /// Whether a type fits where another is wanted, reported at the node if not.
    mutating func require(_ node: Expression, _ type: ValueType, _ wanted: ValueType, _ what: String) {
        if inference.assign(type, to: wanted) { return }
        issues.append(Issue(.type, node.range, "\(what) must be `\(shown(wanted))`, not `\(shown(type))`"))
    }

    // MARK: names

    /// Runs a body with variables of a macro in scope. They take the next places of the frame.
    mutating func withLocals<R>(_ variables: [(name: String, type: ValueType)], _ body: (inout Checker) -> R) -> R {
        locals += variables
        localCount = max(localCount, locals.count)
        defer { locals.removeLast(variables.count) }
        return body(&self)
    }

    /// The variables of macros in scope and of the environment, for hints.
    var namesInScope: [String] { locals.map(\.name) + environment.variableNames }

    func isLocal(_ name: String) -> Bool { locals.contains { $0.name == name } }

    /// What a qualified name means, looked up from the innermost scope to the outermost.
    func lookUp(_ names: [Expression.Name], absolute: Bool) -> (Resolution, ValueType)? {
        if !absolute, let position = locals.lastIndex(where: { $0.name == names[0].text }) {
            return names.count == 1 ? (.local(position), locals[position].type) : nil
        }
        let name = names.map(\.text).joined(separator: ".")
        for prefix in absolute ? [""] : candidatePrefixes {
            if let slot = environment.slots[prefix + name] { return (.variable(slot: slot), environment.variables[slot].type) }
            if let type = TypeValue.denotations[prefix + name] { return (.constant(.type(type)), .type) }
        }
        return nil
    }

    /// The function of a name, looked up in the container.
    func lookUpFunction(_ name: String, absolute: Bool) -> FunctionTable.Function? {
        for prefix in absolute ? [""] : candidatePrefixes {
            if let function = environment.functions[prefix + name] { return function }
        }
        return nil
    }
}

extension Value {
    /// The type a literal of this value has.
    var staticType: ValueType {
        switch self {
        case .null: .null
        case .bool: .bool
        case .int: .int
        case .uint: .uint
        case .double: .double
        case .string: .string
        case .bytes: .bytes
        default: .dyn
        }
    }
}
