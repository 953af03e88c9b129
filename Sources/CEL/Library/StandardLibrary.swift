/// The functions that every environment has.
enum StandardLibrary {
    static let functions: [Definition] =
        conversions + texts + times + [
            Definition("dyn", [.global(.parameter("A"), returns: .dyn)]) { value, _ in value },
            Definition("type", [.global(.parameter("A"), returns: .type)]) { value, _ in .type(value.typeValue) },
        ]

    static let operators: [Definition] =
        arithmetic + relations + [
            Definition("!_", [.global(.bool, returns: .bool)]) { value, frame in
                if case .bool(let flag) = value { .bool(!flag) } else { frame.failNoOverload(value) }
            }
        ]
}

extension Extension {
    /// What the extension adds.
    var definitions: [Definition] {
        switch self {
        case .strings: StringsLibrary.definitions
        case .math: MathLibrary.definitions
        case .network: NetworkLibrary.definitions
        case .optionals: OptionalsLibrary.definitions
        case .encoders: EncodersLibrary.definitions
        case .lists: ListsLibrary.definitions
        case .sets: SetsLibrary.definitions
        case .twoVariableMacros, .bindings: []
        }
    }
}
