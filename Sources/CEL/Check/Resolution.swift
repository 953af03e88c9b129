/// What a name or call in an expression turned out to be.
enum Resolution: Sendable {
    /// A variable of the environment.
    case variable(slot: Int)
    /// A variable of a macro.
    case local(Int)
    /// A type by its name.
    case constant(Value)
    /// A call of a function; where it isn't a member, what stands before its point belongs to its name.
    case function(FunctionTable.Function, isMember: Bool)
    /// What the checker refused, for expressions that are compiled all the same.
    case unresolved(Issue)
}

/// An expression with what the checker found.
struct CheckedExpression: Sendable {
    let source: String
    let root: Expression
    let types: [ValueType]
    let resolutions: [Int: Resolution]
    /// The most variables of macros that are there at once.
    let localCount: Int
    let variableNames: [String]

    func type(of node: Expression) -> ValueType { types[node.id] }
}
