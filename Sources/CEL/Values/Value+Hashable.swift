extension Value: Hashable {
    /// Structural equality: same kind, same content. A NaN equals itself, so that values can be keys.
    public static func == (a: Value, b: Value) -> Bool {
        switch (a, b) {
        case (.null, .null): true
        case (.bool(let x), .bool(let y)): x == y
        case (.int(let x), .int(let y)): x == y
        case (.uint(let x), .uint(let y)): x == y
        case (.double(let x), .double(let y)): x == y || (x.isNaN && y.isNaN)
        case (.string(let x), .string(let y)): sameText(x, y)
        case (.bytes(let x), .bytes(let y)): x == y
        case (.list(let x), .list(let y)): x == y
        case (.map(let x), .map(let y)): x == y
        case (.timestamp(let x), .timestamp(let y)): x == y
        case (.duration(let x), .duration(let y)): x == y
        case (.type(let x), .type(let y)): x == y
        case (.optional(let x), .optional(let y)): x == y
        case (.network(let x), .network(let y)): x == y
        default: false
        }
    }

    public func hash(into hasher: inout Hasher) {
        switch self {
        case .null: hasher.combine(0)
        case .bool(let x): hasher.combine(x)
        case .int(let x): hasher.combine(x)
        case .uint(let x): hasher.combine(x)
        case .double(let x): hasher.combine(x.isNaN ? Double.nan.bitPattern : (x == 0 ? 0 : x.bitPattern))
        case .string(let x): hasher.combine(textHash(x))
        case .bytes(let x): hasher.combine(x)
        case .list(let x): hasher.combine(x)
        case .map(let x): hasher.combine(x)
        case .timestamp(let x): hasher.combine(x)
        case .duration(let x): hasher.combine(x)
        case .type(let x): hasher.combine(x)
        case .optional(let x): hasher.combine(x)
        case .network(let x): hasher.combine(x)
        }
    }
}
