/// What expressions may name: variables, functions, macros. A value; set it up, then compile with it from any thread.
public struct Environment: Sendable {
    /// The namespace in which names are looked up first.
    public let container: String
    private(set) var variables: [Variable] = []
    private(set) var slots: [String: Int] = [:]
    private(set) var functions = FunctionTable()
    private let macros: MacroSet

    struct Variable: Sendable {
        let name: String
        let type: ValueType
    }

    /// An environment with the standard library and the extensions, without variables.
    ///
    /// - Parameter container: the namespace in which names are looked up first, such as `acme.policies`.
    public init(standard: Bool = true, extensions: Set<Extension> = .all, container: String = "") {
        self.container = container
        macros = MacroSet(
            standard: standard, optionals: extensions.contains(.optionals),
            twoVariables: extensions.contains(.twoVariableMacros), bindings: extensions.contains(.bindings),
            lists: extensions.contains(.lists))
        functions.add(StandardLibrary.operators)
        if standard { functions.add(StandardLibrary.functions) }
        for name in Extension.allCases where extensions.contains(name) { functions.add(name.definitions) }
    }

    /// Declares a variable. Its slot is the number of variables declared before it; a name declared again keeps its slot
    /// and changes its type.
    public mutating func declare(_ name: String, _ type: ValueType) {
        if let slot = slots[name] {
            variables[slot] = Variable(name: name, type: type)
        } else {
            slots[name] = variables.count
            variables.append(Variable(name: name, type: type))
        }
    }

    /// The names of the variables in the order of their slots.
    public var variableNames: [String] { variables.map(\.name) }

    /// Defines a function of the host; overloads are added to those that the name has.
    public mutating func define(_ function: FunctionDeclaration) { functions.add(function) }

    /// Compiles an expression.
    ///
    /// - Throws: every issue found: those of the syntax, or where that is right, those of names and types.
    public func compile(_ source: String, options: CompileOptions = .init()) throws(CompileError) -> Program {
        var parser = Parser(source, macros: options.expandsMacros ? macros : .none)
        let root = parser.parse()
        var issues = parser.issues
        guard !issues.contains(where: { $0.code == .tooComplex }) else {
            throw CompileError(source: source, issues: issues)
        }
        var checker = Checker(self, source: source, nodeCount: parser.nodeCount)
        let checked = checker.run(root)
        if issues.isEmpty, let wanted = options.expectedType { checker.checkResult(root, wanted) }
        if options.checksTypes { issues += checker.issues }
        if !issues.isEmpty {
            issues.sort { ($0.range.start, $0.range.end) < ($1.range.start, $1.range.end) }
            throw CompileError(source: source, issues: issues)
        }
        return Program(checked)
    }
}
