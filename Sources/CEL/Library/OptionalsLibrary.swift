/// `optional.of`, `orValue` and their kin. The macros and the syntax of optionals are elsewhere.
enum OptionalsLibrary {
    private static let element = ValueType.parameter("V")
    private static let wrapped = ValueType.optional(.parameter("V"))

    static let definitions: [Definition] = [
        Definition("optional.of", [.global(element, returns: wrapped)]) { value, _ in .optional(OptionalValue(value)) },
        Definition("optional.ofNonZeroValue", [.global(element, returns: wrapped)]) { value, _ in
            .optional(OptionalValue(value.isZero ? nil : value))
        },
        Definition("optional.none", [.global(returns: wrapped)]) { (_: [Value], _: inout Frame) in .optional(.none) },
        Definition("hasValue", [.member(wrapped, returns: .bool)]) { value, frame in
            if case .optional(let optional) = value { .bool(optional.value != nil) } else { frame.failNoOverload(value) }
        },
        Definition("value", [.member(wrapped, returns: element)]) { value, frame in
            guard case .optional(let optional) = value else { return frame.failNoOverload(value) }
            return optional.value ?? frame.fail(.emptyOptional, "the optional has no value", hint: "`orValue(...)` gives a default")
        },
        Definition("or", [.member(wrapped, wrapped, returns: wrapped)]) { value, other, frame in
            guard case .optional(let optional) = value, case .optional = other else { return frame.failNoOverload(value, other) }
            return optional.value == nil ? other : value
        },
        Definition("orValue", [.member(wrapped, element, returns: element)]) { value, other, frame in
            guard case .optional(let optional) = value else { return frame.failNoOverload(value, other) }
            return optional.value ?? other
        },
        Definition("optional.unwrap", [.global(.list(wrapped), returns: .list(element))], unwrap),
        Definition("unwrapOpt", [.member(.list(wrapped), returns: .list(element))], unwrap),
    ]

    private static let unwrap: @Sendable (Value, inout Frame) -> Value? = { value, frame in
        guard case .list(let list) = value else { return frame.failNoOverload(value) }
        guard frame.spend(list.count >> 3) else { return nil }
        var result: [Value] = []
        for element in list.elements {
            guard case .optional(let optional) = element else { return frame.failNoOverload(value) }
            if let present = optional.value { result.append(present) }
        }
        return .list(result)
    }
}

extension Value {
    /// Whether this is what its type begins with: 0, an empty text, the year 1970.
    var isZero: Bool {
        switch self {
        case .null: true
        case .bool(let flag): !flag
        case .int(let number): number == 0
        case .uint(let number): number == 0
        case .double(let number): number == 0
        case .string(let text): text.isEmpty
        case .bytes(let bytes): bytes.count == 0
        case .list(let list): list.count == 0
        case .map(let map): map.count == 0
        case .timestamp(let moment): moment.seconds == 0 && moment.nanos == 0
        case .duration(let span): span.nanoseconds == 0
        case .optional(let optional): optional.value == nil
        case .type, .network: false
        }
    }
}
