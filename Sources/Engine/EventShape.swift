public import CEL
public import Residency

/// Which part of an event an expression may see, and where the projection has it.
struct EventShape {
    /// The fields, in the order of their paths.
    let fields: [(path: [String], slot: Int)]
    /// The members on the way to them: where the way ends early, the expression must see how.
    let ways: [[String]: Int]

    init(_ paths: [[String]], _ projection: Projection) {
        fields = paths.compactMap { path in projection.existingSlot(path).map { (path, $0) } }
        var ways: [[String]: Int] = [:]
        for path in paths {
            for length in stride(from: 1, to: path.count, by: 1) {
                let way = Array(path.prefix(length))
                ways[way] = projection.existingSlot(way)
            }
        }
        self.ways = ways
    }

    /// The part of the event, as a tree of values: nothing but the fields is in it.
    func value(_ batch: EventBatch, _ row: Int) -> Value { value([], fields[...], batch, row) }

    private func value(_ way: [String], _ fields: ArraySlice<(path: [String], slot: Int)>, _ batch: EventBatch, _ row: Int) -> Value {
        var members: [(String, Value)] = []
        var index = fields.startIndex
        while index < fields.endIndex {
            let name = fields[index].path[way.count]
            var end = index
            while end < fields.endIndex, fields[end].path[way.count] == name { end += 1 }
            let inner = way + [name]
            if fields[index].path.count == inner.count {
                let bytes = batch.bytes(row, fields[index].slot)
                if !bytes.isEmpty { members.append((name, Self.leaf(bytes, isJSON: batch.isJSON))) }
            } else if let slot = ways[inner] {
                let bytes = batch.bytes(row, slot)
                if bytes.first == UInt8(ascii: "{") {
                    members.append((name, value(inner, fields[index..<end], batch, row)))
                } else if !bytes.isEmpty {
                    members.append((name, Self.leaf(bytes, isJSON: batch.isJSON)))
                }
            }
            index = end
        }
        return .object(members)
    }

    private static func leaf(_ bytes: UnsafeBufferPointer<UInt8>, isJSON: Bool) -> Value {
        guard isJSON else { return .string(String(decoding: bytes, as: UTF8.self)) }
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
