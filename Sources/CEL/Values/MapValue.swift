/// A map value: keys of the kinds bool, int, uint and string, in the order they were put in.
///
/// A key carries its hash. Up to four entries are scanned, more are found through a table.
public struct MapValue: Sendable {
    let storage: MapStorage

    /// The empty map.
    public static let empty = MapValue(builder: MapBuilder())

    init(storage: MapStorage) { self.storage = storage }

    init(builder: consuming MapBuilder) { storage = MapStorage(builder) }

    /// A map with string keys; of two members with one name the last wins, in the place of the first.
    public init(members: [(String, Value)]) {
        var builder = MapBuilder(capacity: members.count)
        for (name, value) in members { builder.set(.string(name), to: value) }
        storage = MapStorage(builder)
    }

    /// A map with keys of any kind, or nil where a key can't be one or comes twice.
    public init?(entries: [(Value, Value)]) {
        var builder = MapBuilder(capacity: entries.count)
        for (key, value) in entries {
            guard key.isMapKey, builder.insert(key, value) else { return nil }
        }
        storage = MapStorage(builder)
    }

    /// The map with these members added, or put in the place of those that have their name.
    public func with(_ members: [(String, Value)]) -> MapValue {
        MapValue(storage: MapStorage(storage, with: members))
    }

    /// Calls the body with every value, in the order of their keys.
    public func forEachValue(_ body: (Value) -> Void) {
        for position in 0..<storage.count { body(storage.entries[position].value) }
    }

    /// Calls the body with every key and its value, in the order of the keys.
    public func forEach(_ body: (_ key: Value, _ value: Value) -> Void) {
        for position in 0..<storage.count { body(storage.entries[position].key, storage.entries[position].value) }
    }

    /// The number of entries.
    public var count: Int { storage.count }

    /// The keys in order.
    public var keys: [Value] { (0..<storage.count).map { storage.entries[$0].key } }

    /// The values in the order of their keys.
    public var values: [Value] { (0..<storage.count).map { storage.entries[$0].value } }

    /// The keys with their values, in order.
    public var entries: [(key: Value, value: Value)] {
        (0..<storage.count).map { (storage.entries[$0].key, storage.entries[$0].value) }
    }

    /// The value under a string key.
    public subscript(_ name: String) -> Value? {
        storage.find(name, hash: textHash(name))?.pointee
    }

    /// The value under a key; a number finds the key that is equal to it, whatever its kind.
    public subscript(_ key: Value) -> Value? { storage.find(key)?.pointee }
}

extension MapValue: Hashable {
    public static func == (a: MapValue, b: MapValue) -> Bool {
        if a.storage === b.storage { return true }
        guard a.count == b.count else { return false }
        for position in 0..<a.count {
            let entry = a.storage.entries[position]
            guard let other = b.storage.index(of: entry.key, hash: a.storage.hashes[position]) else { return false }
            let match = b.storage.entries[other]
            guard match.key == entry.key, match.value == entry.value else { return false }
        }
        return true
    }

    public func hash(into hasher: inout Hasher) {
        var sum: UInt32 = 0
        for position in 0..<count { sum &+= storage.hashes[position] }
        hasher.combine(count)
        hasher.combine(sum)
    }
}

extension Value {
    /// Whether this can be the key of a map.
    var isMapKey: Bool {
        switch self {
        case .bool, .int, .uint, .string: true
        default: false
        }
    }

    /// The hash of a map key: equal keys have equal hashes, whatever their kinds. Nil for what can't equal a key.
    var keyHash: UInt32? {
        switch self {
        case .string(let text): textHash(text)
        case .int(let number): Self.numberHash(number)
        case .uint(let number): Self.numberHash(Int64(bitPattern: number))
        case .double(let number):
            if let whole = Int64(exactly: number) {
                Self.numberHash(whole)
            } else if let whole = UInt64(exactly: number) {
                Self.numberHash(Int64(bitPattern: whole))
            } else {
                nil
            }
        case .bool(let flag): flag ? 0x7F4A_7C15 : 0x1CE4_E5B9
        default: nil
        }
    }

    private static func numberHash(_ number: Int64) -> UInt32 {
        let mixed = (UInt64(bitPattern: number) ^ hashSeed) &* 0x9FB2_1C65_1E98_DF25
        return UInt32(truncatingIfNeeded: mixed >> 32)
    }
}
