/// A type as a value, such as `type(1)` gives.
public struct TypeValue: Sendable, Hashable {
    private final class Box: Sendable {
        let name: String
        init(_ name: String) { self.name = name }
    }
    private let box: Box

    /// The type with the name, as the language spells it.
    public init(_ name: String) { box = Box(name) }

    /// The type's name, such as `int` or `google.protobuf.Timestamp`.
    public var name: String { box.name }

    public static func == (a: TypeValue, b: TypeValue) -> Bool { sameText(a.name, b.name) }
    public func hash(into hasher: inout Hasher) { hasher.combine(textHash(name)) }

    static let null = TypeValue("null_type")
    static let bool = TypeValue("bool")
    static let int = TypeValue("int")
    static let uint = TypeValue("uint")
    static let double = TypeValue("double")
    static let string = TypeValue("string")
    static let bytes = TypeValue("bytes")
    static let list = TypeValue("list")
    static let map = TypeValue("map")
    static let timestamp = TypeValue("google.protobuf.Timestamp")
    static let duration = TypeValue("google.protobuf.Duration")
    static let type = TypeValue("type")
    static let optional = TypeValue("optional_type")
    static let ip = TypeValue("net.IP")
    static let cidr = TypeValue("net.CIDR")

    /// The types that can be named in an expression.
    static let denotations: [String: TypeValue] = {
        let all: [TypeValue] = [
            .null, .bool, .int, .uint, .double, .string, .bytes, .list, .map, .timestamp, .duration, .type, .optional, .ip, .cidr,
        ]
        return Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })
    }()
}
