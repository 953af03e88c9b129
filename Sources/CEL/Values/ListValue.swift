import Synchronization

/// A list value.
public struct ListValue: Sendable, Hashable {
    let storage: ListStorage

    /// The elements in order.
    public var elements: [Value] { storage.elements }

    /// A list of the elements.
    public init(_ elements: [Value]) { storage = ListStorage(elements) }

    /// The number of elements.
    public var count: Int { storage.elements.count }

    public static func == (a: ListValue, b: ListValue) -> Bool {
        a.storage === b.storage || a.storage.elements == b.storage.elements
    }

    public func hash(into hasher: inout Hasher) { hasher.combine(storage.elements) }
}

extension ListValue: RandomAccessCollection {
    public var startIndex: Int { 0 }
    public var endIndex: Int { storage.elements.count }
    public subscript(position: Int) -> Value { storage.elements[position] }
}

/// The elements of a list; one of strings that is searched again and again gets a table.
final class ListStorage: Sendable {
    let elements: [Value]
    private let table = OnceReference<TextTable>()
    private let searches = Atomic<Int>(0)

    /// A shorter list is scanned.
    private static let tableLimit = 6
    /// The searches after which a table is worth its making.
    private static let searchLimit = 3

    init(_ elements: [Value]) { self.elements = elements }

    /// Whether the string that lies at a place is among the elements.
    @inline(__always)
    func contains(_ text: UnsafePointer<Value>) -> Bool {
        if let table = table.object { return table._withUnsafeGuaranteedRef { $0.contains(text) } }
        return scan(for: text)
    }

    @inline(never)
    private func scan(for text: UnsafePointer<Value>) -> Bool {
        if let table = makeTable() { return table._withUnsafeGuaranteedRef { $0.contains(text) } }
        guard case .string(let text) = text.pointee else { return false }
        return elements.withUnsafeBufferPointer { elements in
            guard let base = elements.baseAddress else { return false }
            for index in 0..<elements.count where (base + index).isText(text) { return true }
            return false
        }
    }

    private func makeTable() -> Unmanaged<TextTable>? {
        guard elements.count >= Self.tableLimit else { return nil }
        let count = searches.load(ordering: .relaxed)
        guard count <= Self.searchLimit else { return nil }
        searches.store(count + 1, ordering: .relaxed)
        guard count == Self.searchLimit else { return nil }
        return TextTable(elements).map { table.set($0) }
    }
}
