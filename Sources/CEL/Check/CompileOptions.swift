/// How an expression is compiled.
public struct CompileOptions: Sendable, Hashable {
    /// Whether types are checked. Without, what the checker would refuse becomes an error when it is reached.
    public var checksTypes: Bool
    /// Whether macros are expanded; without, they are calls of functions that don't exist.
    public var expandsMacros: Bool
    /// The type the result must have, if any: `bool` for a condition.
    public var expectedType: ValueType?

    /// Options; by default types are checked and macros expanded.
    public init(checksTypes: Bool = true, expandsMacros: Bool = true, expectedType: ValueType? = nil) {
        self.checksTypes = checksTypes
        self.expandsMacros = expandsMacros
        self.expectedType = expectedType
    }
}
