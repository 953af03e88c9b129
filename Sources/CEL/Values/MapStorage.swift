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
    /// They begin the one block in which all of it lies.
    let entries: UnsafeMutablePointer<MapEntry>
    /// Open addressing over positions, -1 for a free place; absent for small maps.
    private let table: UnsafeMutablePointer<Int32>?
    private let mask: Int

    /// Up to so many entries the hashes are scanned.
    static let scanLimit = 4

    convenience init(_ builder: consuming MapBuilder) {
        let count = builder.count
        self.init(count: count) { entries, hashes in
            builder.entries.withUnsafeBufferPointer { if let base = $0.baseAddress { entries.initialize(from: base, count: count) } }
            builder.hashes.withUnsafeBufferPointer { if let base = $0.baseAddress { hashes.initialize(from: base, count: count) } }
        }
    }

    /// The entries of a map with others added, or put in the place of those that have their name; of two of one name the last wins.
    convenience init(_ map: MapStorage, with members: [(String, Value)]) {
        let hashes = members.map { textHash($0.0) }
        var replaced: [(position: Int, member: Int)] = []
        var added: [Int] = []
        replaced.reserveCapacity(members.count)
        added.reserveCapacity(members.count)
        for (number, (name, _)) in members.enumerated() {
            if let position = map.index(of: name, hash: hashes[number]) {
                replaced.append((position, number))
            } else if let earlier = added.firstIndex(where: { hashes[$0] == hashes[number] && members[$0].0 == name }) {
                replaced.append((map.count + earlier, number))
            } else {
                added.append(number)
            }
        }
        self.init(count: map.count + added.count) { entries, ownHashes in
            entries.initialize(from: map.entries, count: map.count)
            ownHashes.initialize(from: map.hashes, count: map.count)
            for (offset, number) in added.enumerated() {
                (entries + map.count + offset).initialize(to: MapEntry(key: .string(members[number].0), value: members[number].1))
                (ownHashes + map.count + offset).initialize(to: hashes[number])
            }
            for (position, number) in replaced { entries[position].value = members[number].1 }
        }
    }

    /// Takes the entries and their hashes over; what `entries` points at is uninitialized afterwards.
    convenience init(moving entries: UnsafeMutablePointer<MapEntry>, _ hashes: UnsafeMutablePointer<UInt32>, _ count: Int) {
        self.init(count: count) { own, ownHashes in
            own.moveInitialize(from: entries, count: count)
            ownHashes.moveInitialize(from: hashes, count: count)
        }
    }

    /// - Parameter fill: initializes `count` entries and hashes.
    private init(count: Int, _ fill: (UnsafeMutablePointer<MapEntry>, UnsafeMutablePointer<UInt32>) -> Void) {
        self.count = count
        var size = 0
        if count > Self.scanLimit {
            size = 16
            while size < count * 2 { size *= 2 }
        }
        let bytes = count * (MemoryLayout<MapEntry>.stride + MemoryLayout<UInt32>.stride) + size * MemoryLayout<Int32>.stride
        let block = UnsafeMutableRawPointer.allocate(byteCount: max(bytes, 1), alignment: MemoryLayout<MapEntry>.alignment)
        entries = block.bindMemory(to: MapEntry.self, capacity: count)
        let rest = block + count * MemoryLayout<MapEntry>.stride
        hashes = rest.bindMemory(to: UInt32.self, capacity: count)
        mask = size - 1
        fill(entries, hashes)
        if size == 0 {
            table = nil
            return
        }
        let table = (rest + count * MemoryLayout<UInt32>.stride).bindMemory(to: Int32.self, capacity: size)
        table.initialize(repeating: -1, count: size)
        for position in 0..<count {
            var place = Int(hashes[position]) & mask
            while table[place] >= 0 { place = (place &+ 1) & mask }
            table[place] = Int32(truncatingIfNeeded: position)
        }
        self.table = table
    }

    deinit {
        entries.deinitialize(count: count)
        UnsafeMutableRawPointer(entries).deallocate()
    }

    /// Whether two entries have one key.
    var hasDuplicates: Bool {
        for position in 0..<count {
            if let table {
                var place = Int(hashes[position]) & mask
                while Int(table[place]) != position {
                    if isRepeated(Int(table[place]), position) { return true }
                    place = (place &+ 1) & mask
                }
            } else {
                for other in 0..<position where isRepeated(other, position) { return true }
            }
        }
        return false
    }

    private func isRepeated(_ position: Int, _ other: Int) -> Bool {
        hashes[position] == hashes[other] && entries[position].key.celEquals(entries[other].key)
    }

    /// Of two entries with one key the last wins, in the place of the first.
    func withoutDuplicates() -> MapStorage {
        var builder = MapBuilder(capacity: count)
        for position in 0..<count { builder.set(entries[position].key, hash: hashes[position], to: entries[position].value) }
        return MapStorage(builder)
    }

    /// The position of a string key whose hash is known.
    private func index(of name: String, hash: UInt32) -> Int? {
        find(name, hash: hash).map { (UnsafeRawPointer($0) - UnsafeRawPointer(entries)) / MemoryLayout<MapEntry>.stride }
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
