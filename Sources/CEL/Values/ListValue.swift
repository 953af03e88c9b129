/// A list value.
public struct ListValue: Sendable, Hashable {
  /// The elements in order.
  public let elements: [Value]

  /// A list of the elements.
  public init(_ elements: [Value]) { self.elements = elements }

  /// The number of elements.
  public var count: Int { elements.count }
}

extension ListValue: RandomAccessCollection {
  public var startIndex: Int { 0 }
  public var endIndex: Int { elements.count }
  public subscript(position: Int) -> Value { elements[position] }
}
