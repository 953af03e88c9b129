/// A part of the language beyond its standard library.
public enum Extension: String, Sendable, Hashable, CaseIterable {
    /// `charAt`, `format`, `join`, `split`, ...
    case strings
    /// `math.greatest`, `math.bitAnd`, ...
    case math
    /// `ip()`, `cidr()`, `isIP()`, ...
    case network
    /// `optional.of`, `.?`, `[?]`, `optMap`, ...
    case optionals
    /// `all(i, v, ...)`, `transformList`, `transformMap`, ...
    case twoVariableMacros
    /// `cel.bind`.
    case bindings
    /// `base64.encode`, `base64.decode`.
    case encoders
    /// `sort`, `distinct`, `flatten`, `slice`, `lists.range`, ...
    case lists
    /// `sets.contains`, `sets.equivalent`, `sets.intersects`.
    case sets
}

extension Set<Extension> {
    /// Every extension.
    public static var all: Set<Extension> { Set(Extension.allCases) }
}
