/// A value that may be absent, as `optional.of` and `.?` make them.
public struct OptionalValue: Sendable, Hashable {
    private final class Box: Sendable {
        let value: Value
        init(_ value: Value) { self.value = value }
    }
    private let box: Box?

    /// The absent value.
    public static let none = OptionalValue(nil)

    /// A present value, or the absent one for nil.
    public init(_ value: Value?) { box = value.map(Box.init) }

    /// The value, if present.
    public var value: Value? { box?.value }

    public static func == (a: OptionalValue, b: OptionalValue) -> Bool { a.value == b.value }
    public func hash(into hasher: inout Hasher) { hasher.combine(value) }
}
