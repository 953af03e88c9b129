/// A key and its value.
struct MapEntry {
    var key: Value
    var value: Value
}

/// The immutable storage of a map.
///
/// INVARIANT (Sendable): every pointer is set once in `init`, the memory behind it is never written afterwards and is
/// freed in `deinit` only, so that any number of threads may read it.
final class MapStorage: @unchecked Sendable {
    let count: Int
    /// The hash of each key.
    let hashes: UnsafeMutablePointer<UInt32>
    let entries: UnsafeMutablePointer<MapEntry>
    /// Open addressing over positions, -1 for a free place; absent for small maps.
    private let table: UnsafeMutablePointer<Int32>?
    private let mask: Int

    /// Up to so many entries the hashes are scanned.
    static let scanLimit = 4

    init(_ builder: consuming MapBuilder) {
        count = builder.entries.count
        hashes = .allocate(capacity: max(count, 1))
        entries = .allocate(capacity: max(count, 1))
        for position in 0..<count { (hashes + position).initialize(to: builder.hashes[position]) }
        for position in 0..<count { (entries + position).initialize(to: builder.entries[position]) }
        if count > Self.scanLimit {
            var size = 16
            while size < count * 2 { size *= 2 }
            let table = UnsafeMutablePointer<Int32>.allocate(capacity: size)
            table.initialize(repeating: -1, count: size)
            for position in 0..<count {
                var place = Int(hashes[position]) & (size - 1)
                while table[place] >= 0 { place = (place + 1) & (size - 1) }
                table[place] = Int32(truncatingIfNeeded: position)
            }
            self.table = table
            mask = size - 1
        } else {
            table = nil
            mask = 0
        }
    }

    deinit {
        entries.deinitialize(count: count)
        entries.deallocate()
        hashes.deallocate()
        table?.deallocate()
    }

    /// The value under a string key whose hash is known.
    @inline(__always)
    func find(_ name: String, hash: UInt32) -> UnsafePointer<Value>? {
        if let table { return findInTable(name, hash: hash, table: table) }
        var position = 0
        while position < count {
            if hashes[position] == hash, keyPointer(position).isText(name) { return valuePointer(position) }
            position &+= 1
        }
        return nil
    }

    private func findInTable(_ name: String, hash: UInt32, table: UnsafeMutablePointer<Int32>) -> UnsafePointer<Value>? {
        var place = Int(hash) & mask
        while true {
            let position = Int(table[place])
            if position < 0 { return nil }
            if hashes[position] == hash, keyPointer(position).isText(name) { return valuePointer(position) }
            place = (place &+ 1) & mask
        }
    }

    /// The value under a key of any kind.
    func find(_ key: Value) -> UnsafePointer<Value>? {
        guard let hash = key.keyHash, let position = index(of: key, hash: hash) else { return nil }
        return valuePointer(position)
    }

    /// The position of a key whose hash is known.
    func index(of key: Value, hash: UInt32) -> Int? {
        if let table {
            var place = Int(hash) & mask
            while true {
                let position = Int(table[place])
                if position < 0 { return nil }
                if hashes[position] == hash, entries[position].key.celEquals(key) { return position }
                place = (place &+ 1) & mask
            }
        }
        for position in 0..<count where hashes[position] == hash && entries[position].key.celEquals(key) { return position }
        return nil
    }

    @inline(__always)
    func valuePointer(_ position: Int) -> UnsafePointer<Value> {
        // The value lies one stride of `Value` after the key: both are the same type, so the layout is that of a pair.
        UnsafeRawPointer(entries + position).assumingMemoryBound(to: Value.self) + 1
    }

    @inline(__always)
    func keyPointer(_ position: Int) -> UnsafePointer<Value> {
        UnsafeRawPointer(entries + position).assumingMemoryBound(to: Value.self)
    }
}
