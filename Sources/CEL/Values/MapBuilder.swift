/// Collects the entries of a map. Keys are unique under the language's equality.
struct MapBuilder {
    private(set) var entries: [MapEntry] = []
    private(set) var hashes: [UInt32] = []
    /// From the hash of a key to its positions, kept once scanning gets slow.
    private var positions: [UInt32: [Int]] = [:]

    private static let scanLimit = 16

    init(capacity: Int = 0) {
        entries.reserveCapacity(capacity)
        hashes.reserveCapacity(capacity)
    }

    var count: Int { entries.count }

    /// Adds an entry; false, and nothing done, where the key is there already.
    ///
    /// - Parameter key: a value for which `isMapKey` holds.
    mutating func insert(_ key: Value, _ value: Value) -> Bool {
        guard let hash = key.keyHash, position(of: key, hash: hash) == nil else { return false }
        append(key, value, hash: hash)
        return true
    }

    /// Adds an entry or replaces the value of the one there; true if it was there.
    @discardableResult
    mutating func set(_ key: Value, to value: Value) -> Bool {
        guard let hash = key.keyHash else { return false }
        return set(key, hash: hash, to: value)
    }

    /// As `set(_:to:)`, with the hash known.
    mutating func set(_ key: Value, hash: UInt32, to value: Value) -> Bool {
        if let position = position(of: key, hash: hash) {
            entries[position].value = value
            return true
        }
        append(key, value, hash: hash)
        return false
    }

    private mutating func append(_ key: Value, _ value: Value, hash: UInt32) {
        entries.append(MapEntry(key: key, value: value))
        hashes.append(hash)
        if !positions.isEmpty {
            positions[hash, default: []].append(entries.count - 1)
        } else if entries.count > Self.scanLimit {
            for (position, hash) in hashes.enumerated() { positions[hash, default: []].append(position) }
        }
    }

    private func position(of key: Value, hash: UInt32) -> Int? {
        if !positions.isEmpty {
            return positions[hash]?.first { entries[$0].key.celEquals(key) }
        }
        for position in hashes.indices where hashes[position] == hash && entries[position].key.celEquals(key) {
            return position
        }
        return nil
    }
}
