/// Collects the entries of a map. Keys are unique under the language's equality.
struct MapBuilder {
    private(set) var entries: [MapEntry] = []
    private(set) var hashes: [UInt32] = []
    /// Open addressing over positions, -1 for a free place; kept once scanning gets slow.
    private var table: [Int32] = []

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
    @discardableResult
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
        if entries.count * 2 > table.count, entries.count > Self.scanLimit {
            makeTable()
        } else if !table.isEmpty {
            place(entries.count - 1)
        }
    }

    private mutating func makeTable() {
        var size = 64
        while size < entries.count * 4 { size *= 2 }
        table = Array(repeating: -1, count: size)
        for position in hashes.indices { place(position) }
    }

    private mutating func place(_ position: Int) {
        var place = Int(hashes[position]) & (table.count - 1)
        while table[place] >= 0 { place = (place + 1) & (table.count - 1) }
        table[place] = Int32(truncatingIfNeeded: position)
    }

    private func position(of key: Value, hash: UInt32) -> Int? {
        if table.isEmpty {
            for position in hashes.indices where hashes[position] == hash && entries[position].key.celEquals(key) { return position }
            return nil
        }
        var place = Int(hash) & (table.count - 1)
        while table[place] >= 0 {
            let position = Int(table[place])
            if hashes[position] == hash, entries[position].key.celEquals(key) { return position }
            place = (place + 1) & (table.count - 1)
        }
        return nil
    }
}
