/// A value of the expression language.
///
/// Lists, maps and the rarer kinds are boxed, so that a value takes 24 bytes and copying one is a reference count at
/// most. `==` is structural (an int is never a double, a string compares by its code points, a NaN equals itself),
/// which makes values usable as keys; the language's own equality is ``celEquals(_:)``.
public enum Value: Sendable {
    case null
    case bool(Bool)
    case int(Int64)
    case uint(UInt64)
    case double(Double)
    case string(String)
    case bytes(Bytes)
    case list(ListValue)
    case map(MapValue)
    case timestamp(Timestamp)
    case duration(Duration_)
    case type(TypeValue)
    case optional(OptionalValue)
    case network(NetworkValue)
}

extension Value {
    /// A list of the elements.
    public static func list(_ elements: [Value]) -> Value { .list(ListValue(elements)) }

    /// A list of the elements.
    public static func array(_ elements: [Value]) -> Value { .list(ListValue(elements)) }

    /// A map with string keys, in the order given; of two members with one name the last wins.
    public static func object(_ members: [(String, Value)]) -> Value { .map(MapValue(members: members)) }

    /// A map with string keys, in the order given; of two members with one name the last wins.
    public static func map(_ members: [(String, Value)]) -> Value { .map(MapValue(members: members)) }

    /// A byte string.
    public static func bytes(_ bytes: [UInt8]) -> Value { .bytes(Bytes(bytes)) }

    /// The string, if this is one.
    public var stringValue: String? { if case .string(let text) = self { text } else { nil } }

    /// The int, if this is one; a uint that fits counts.
    public var intValue: Int64? {
        switch self {
        case .int(let number): number
        case .uint(let number): Int64(exactly: number)
        default: nil
        }
    }

    /// The number as a double, if this is a number.
    public var doubleValue: Double? {
        switch self {
        case .int(let number): Double(number)
        case .uint(let number): Double(number)
        case .double(let number): number
        default: nil
        }
    }

    /// The boolean, if this is one.
    public var boolValue: Bool? { if case .bool(let flag) = self { flag } else { nil } }

    /// Whether this is null.
    public var isNull: Bool { if case .null = self { true } else { false } }

    /// The elements, if this is a list.
    public var elements: [Value]? { if case .list(let list) = self { list.elements } else { nil } }

    /// The value under a string key, if this is a map that has it.
    public func member(_ name: String) -> Value? { if case .map(let map) = self { map[name] } else { nil } }

    /// The keys in order, if this is a map.
    public var keys: [Value]? { if case .map(let map) = self { map.keys } else { nil } }

    /// The type of this value, as `type()` gives it.
    public var typeValue: TypeValue {
        switch self {
        case .null: .null
        case .bool: .bool
        case .int: .int
        case .uint: .uint
        case .double: .double
        case .string: .string
        case .bytes: .bytes
        case .list: .list
        case .map: .map
        case .timestamp: .timestamp
        case .duration: .duration
        case .type: .type
        case .optional: .optional
        case .network(let network): network.isNetwork ? .cidr : .ip
        }
    }
}

extension Value: ExpressibleByStringLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByFloatLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    public init(stringLiteral value: String) { self = .string(value) }
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    public init(integerLiteral value: Int64) { self = .int(value) }
    public init(floatLiteral value: Double) { self = .double(value) }
    public init(arrayLiteral elements: Value...) { self = .list(ListValue(elements)) }
    public init(dictionaryLiteral elements: (String, Value)...) { self = .map(MapValue(members: elements)) }
}

extension Value: CustomStringConvertible {
    /// The value as an expression would write it, such as `["eu", 5u, timestamp("2026-01-31T00:00:00Z")]`.
    public var description: String {
        switch self {
        case .null: "null"
        case .bool(let flag): flag ? "true" : "false"
        case .int(let number): String(number)
        case .uint(let number): "\(number)u"
        case .double(let number): Self.literal(number)
        case .string(let text): StringsLibrary.quoted(text)
        case .bytes(let bytes): "b" + StringsLibrary.quoted(bytes.storage)
        case .list(let list): "[" + list.elements.map(\.description).joined(separator: ", ") + "]"
        case .map(let map): "{" + map.entries.map { "\($0.key): \($0.value)" }.joined(separator: ", ") + "}"
        case .timestamp(let moment): "timestamp(\"\(moment)\")"
        case .duration(let span): "duration(\"\(span)\")"
        case .type(let type): type.name
        case .optional(let optional): optional.value.map { "optional.of(\($0))" } ?? "optional.none()"
        case .network(let network): "\(network.isNetwork ? "cidr" : "ip")(\"\(network)\")"
        }
    }

    private static func literal(_ number: Double) -> String {
        let text = NumberText.general(number)
        if !number.isFinite { return "double(\"\(text)\")" }
        return text.utf8.contains { $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "e") } ? text : text + ".0"
    }
}
