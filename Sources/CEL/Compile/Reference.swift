/// A field path that an expression reads.
public struct Reference: Sendable, Hashable, Comparable {
    /// The variable.
    public let variable: String
    /// The fields from the variable on; empty where the whole of it is needed.
    public let path: [String]

    /// A path from a variable.
    public init(_ variable: String, _ path: [String]) {
        self.variable = variable
        self.path = path
    }

    public static func < (a: Reference, b: Reference) -> Bool {
        a.variable != b.variable ? a.variable < b.variable : a.path.lexicographicallyPrecedes(b.path)
    }
}
