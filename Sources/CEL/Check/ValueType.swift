/// The static type of an expression or a variable.
public indirect enum ValueType: Sendable, Hashable {
    /// Checked when it is evaluated.
    case dyn
    case null
    case bool
    case int
    case uint
    case double
    case string
    case bytes
    case timestamp
    case duration
    case type
    case list(ValueType)
    case map(ValueType, ValueType)
    case optional(ValueType)
    /// A map with string keys whose names are declared.
    case record(RecordType)
    /// A type of the host, with its parameters.
    case opaque(String, [ValueType])
    case ip
    case cidr
    /// A type parameter of a function's overload.
    case parameter(String)
}

/// The fields of a record: an object of JSON whose shape is known.
public struct RecordType: Sendable, Hashable {
    /// What messages call the record, such as `Resource`.
    public var name: String
    /// The declared fields.
    public var fields: [String: ValueType]
    /// Whether fields that are not declared may be read, as `dyn`.
    public var isOpen: Bool

    /// A record of the fields.
    public init(_ name: String, _ fields: [String: ValueType], isOpen: Bool = false) {
        self.name = name
        self.fields = fields
        self.isOpen = isOpen
    }
}

extension ValueType: CustomStringConvertible {
    /// The type as messages spell it, such as `map(string, int)`.
    public var description: String {
        switch self {
        case .dyn: "dyn"
        case .null: "null_type"
        case .bool: "bool"
        case .int: "int"
        case .uint: "uint"
        case .double: "double"
        case .string: "string"
        case .bytes: "bytes"
        case .timestamp: "timestamp"
        case .duration: "duration"
        case .type: "type"
        case .list(let element): "list(\(element))"
        case .map(let key, let value): "map(\(key), \(value))"
        case .optional(let wrapped): "optional_type(\(wrapped))"
        case .record(let record): record.name
        case .opaque(let name, let parameters):
            parameters.isEmpty ? name : "\(name)(\(parameters.map(\.description).joined(separator: ", ")))"
        case .ip: "net.IP"
        case .cidr: "net.CIDR"
        case .parameter(let name): name
        }
    }
}
