public import CEL
public import Residency

/// The part of an event that an expression may see, as a tree of values.
enum EventValue {
    /// Builds the tree from the projected fields: nothing but the given paths is in it.
    static func build(_ paths: [(path: [String], slot: Int)], _ batch: EventBatch, _ row: Int) -> Value {
        let present = paths.filter { !batch.bytes(row, $0.slot).isEmpty }
        return build(present.map { ($0.path[...], $0.slot) }, batch, row)
    }

    private static func build(_ paths: [(path: ArraySlice<String>, slot: Int)], _ batch: EventBatch, _ row: Int) -> Value {
        if let whole = paths.first(where: { $0.path.isEmpty }) { return leaf(batch.bytes(row, whole.slot), isJSON: batch.isJSON) }
        var members: [(String, Value)] = []
        var index = 0
        while index < paths.count {
            guard let name = paths[index].path.first else { break }
            var end = index
            while end < paths.count, paths[end].path.first == name { end += 1 }
            members.append((name, build(paths[index..<end].map { ($0.path.dropFirst(), $0.slot) }, batch, row)))
            index = end
        }
        return .object(members)
    }

    private static func leaf(_ bytes: UnsafeBufferPointer<UInt8>, isJSON: Bool) -> Value {
        guard isJSON else { return .string(String(decoding: bytes, as: UTF8.self)) }
        // INVARIANT: the reader has checked that the record is well-formed; a field that is not shows as missing members.
        return (try? JSON.parse(bytes)) ?? .null
    }
}

/// An event as far as it was projected, for explanations.
public enum EventTree {
    public static func build(_ projection: Projection, _ batch: EventBatch, _ row: Int) -> Value {
        let paths = projection.paths.enumerated().map { (path: $0.element, slot: $0.offset) }.sorted { $0.path.lexicographicallyPrecedes($1.path) }
        return EventValue.build(paths, batch, row)
    }
}
