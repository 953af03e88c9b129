extension Value {
    /// Equality as the language has it: numbers compare by value across their kinds, NaN equals nothing, values of
    /// different kinds are unequal and never an error.
    public func celEquals(_ other: Value) -> Bool {
        switch (self, other) {
        case (.string(let a), .string(let b)): sameText(a, b)
        case (.int(let a), .int(let b)): a == b
        case (.bool(let a), .bool(let b)): a == b
        case (.null, .null): true
        case (.uint(let a), .uint(let b)): a == b
        case (.double(let a), .double(let b)): a == b
        case (.int, .uint), (.int, .double), (.uint, .int), (.uint, .double), (.double, .int), (.double, .uint):
            compare(other) == .equal
        case (.bytes(let a), .bytes(let b)): a == b
        case (.list(let a), .list(let b)): Self.listsEqual(a, b)
        case (.map(let a), .map(let b)): Self.mapsEqual(a, b)
        case (.timestamp(let a), .timestamp(let b)): a == b
        case (.duration(let a), .duration(let b)): a == b
        case (.type(let a), .type(let b)): a == b
        case (.optional(let a), .optional(let b)): Self.optionalsEqual(a, b)
        case (.network(let a), .network(let b)): a == b
        default: false
        }
    }

    private static func optionalsEqual(_ a: OptionalValue, _ b: OptionalValue) -> Bool {
        switch (a.value, b.value) {
        case (nil, nil): true
        case (let x?, let y?): x.celEquals(y)
        default: false
        }
    }

    private static func listsEqual(_ a: ListValue, _ b: ListValue) -> Bool {
        guard a.count == b.count else { return false }
        for (x, y) in zip(a.elements, b.elements) where !x.celEquals(y) { return false }
        return true
    }

    private static func mapsEqual(_ a: MapValue, _ b: MapValue) -> Bool {
        guard a.count == b.count else { return false }
        for position in 0..<a.count {
            let entry = a.storage.entries[position]
            guard let other = b.storage.index(of: entry.key, hash: a.storage.hashes[position]),
                entry.value.celEquals(b.storage.entries[other].value)
            else { return false }
        }
        return true
    }
}

/// How two values stand to each other.
enum Comparison: Sendable {
    case less, equal, greater
    /// One of the two is NaN.
    case unordered
    /// Values of these kinds have no order.
    case unsupported

    init<T: Comparable>(_ a: T, _ b: T) { self = a < b ? .less : (a == b ? .equal : .greater) }

    var reversed: Comparison {
        switch self {
        case .less: .greater
        case .greater: .less
        default: self
        }
    }
}

extension Value {
    /// The order of two values, as `<` and its kin see it.
    func compare(_ other: Value) -> Comparison {
        switch (self, other) {
        case (.int(let a), .int(let b)): Comparison(a, b)
        case (.uint(let a), .uint(let b)): Comparison(a, b)
        case (.double(let a), .double(let b)): a.isNaN || b.isNaN ? .unordered : Comparison(a, b)
        case (.int(let a), .uint(let b)): a < 0 ? .less : Comparison(UInt64(a), b)
        case (.uint(let a), .int(let b)): b < 0 ? .greater : Comparison(a, UInt64(b))
        case (.int(let a), .double(let b)): Self.compare(a, b)
        case (.double(let a), .int(let b)): Self.compare(b, a).reversed
        case (.uint(let a), .double(let b)): Self.compare(a, b)
        case (.double(let a), .uint(let b)): Self.compare(b, a).reversed
        case (.string(let a), .string(let b)): sameText(a, b) ? .equal : (textPrecedes(a, b) ? .less : .greater)
        case (.bytes(let a), .bytes(let b)):
            a == b ? .equal : (a.storage.lexicographicallyPrecedes(b.storage) ? .less : .greater)
        case (.bool(let a), .bool(let b)): a == b ? .equal : (b ? .less : .greater)
        case (.timestamp(let a), .timestamp(let b)): Comparison(a, b)
        case (.duration(let a), .duration(let b)): Comparison(a, b)
        default: .unsupported
        }
    }

    /// Compares without rounding the integer, except where the language rounds: at the ends of the range, a double that
    /// is the integer's nearest counts as equal.
    private static func compare<T: FixedWidthInteger>(_ a: T, _ b: Double) -> Comparison {
        if b.isNaN { return .unordered }
        if b < Double(T.min) { return .greater }
        if b > Double(T.max) { return .less }
        return Comparison(Double(a), b)
    }
}
