public import CEL
public import Residency

/// Which part of an event an expression may see, and where the projection has it.
struct EventShape {
    /// The fields, in the order of their paths.
    let fields: [(path: [String], slot: Int)]
    /// The slots of the members on the way to them: where the way ends early, the expression must see how.
    let ways: [Int]
    private let members: [Member]

    /// A member of the tree that expressions see: a field, or one on the way to some.
    private struct Member {
        var name: String
        var slot: Int
        var members: [Member]
    }

    init(_ paths: [[String]], _ projection: Projection) {
        fields = paths.compactMap { path in projection.existingSlot(path).map { (path, $0) } }
        members = Self.members([], fields[...], projection)
        func ways(_ members: [Member]) -> [Int] { members.flatMap { $0.members.isEmpty ? [] : [$0.slot] + ways($0.members) } }
        self.ways = ways(members).sorted()
    }

    private static func members(_ way: [String], _ fields: ArraySlice<(path: [String], slot: Int)>, _ projection: Projection) -> [Member] {
        var members: [Member] = []
        var rest = fields
        while let field = rest.first {
            let inner = way + [field.path[way.count]]
            let own = rest.prefix { $0.path[way.count] == inner[way.count] }
            rest = rest.dropFirst(own.count)
            if field.path.count == inner.count {
                members.append(Member(name: inner[way.count], slot: field.slot, members: []))
            } else if let slot = projection.existingSlot(inner) {
                members.append(Member(name: inner[way.count], slot: slot, members: Self.members(inner, own, projection)))
            }
        }
        return members
    }

    /// The part of the event, as a tree of values: nothing but the fields is in it.
    func value(_ batch: EventBatch, _ row: Int) -> Value { Self.value(members, batch, row) }

    private static func value(_ members: [Member], _ batch: EventBatch, _ row: Int) -> Value {
        var values: [(String, Value)] = []
        values.reserveCapacity(members.count)
        for member in members {
            let bytes = batch.bytes(row, member.slot)
            if bytes.isEmpty { continue }
            let isOpen = !member.members.isEmpty && bytes.first == UInt8(ascii: "{")
            values.append((member.name, isOpen ? value(member.members, batch, row) : leaf(bytes, isJSON: batch.isJSON)))
        }
        return .object(values)
    }

    private static func leaf(_ bytes: UnsafeBufferPointer<UInt8>, isJSON: Bool) -> Value {
        if let plain = RawField.plainBytes(bytes, isJSON: isJSON) { return .string(String(decoding: plain, as: UTF8.self)) }
        // INVARIANT: the reader has checked that the record is well-formed; a field that is not shows as missing.
        return (try? JSON.parse(bytes)) ?? .null
    }
}

/// An event as far as it was projected, for explanations.
public enum EventTree {
    public static func build(_ projection: Projection, _ batch: EventBatch, _ row: Int) -> Value {
        let isWay: ([String]) -> Bool = { path in projection.paths.contains { $0.count > path.count && $0.starts(with: path) } }
        let paths = projection.paths.filter { !isWay($0) }.sorted { $0.lexicographicallyPrecedes($1) }
        return EventShape(paths, projection).value(batch, row)
    }
}
