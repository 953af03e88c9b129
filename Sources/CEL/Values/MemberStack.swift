/// Members that were read and are in no map yet: those of an object inside another lie above those of the other. So a map is
/// made when its size is known, and nothing grows on the way.
///
/// INVARIANT: the first `count` places of both blocks are initialized, no others.
final class MemberStack {
    private(set) var count = 0
    private var capacity = 32
    private var entries: UnsafeMutablePointer<MapEntry>
    private var hashes: UnsafeMutablePointer<UInt32>

    init() {
        entries = .allocate(capacity: capacity)
        hashes = .allocate(capacity: capacity)
    }

    deinit {
        entries.deinitialize(count: count)
        entries.deallocate()
        hashes.deallocate()
    }

    func push(_ name: String, hash: UInt32, _ value: Value) {
        if count == capacity { grow() }
        (entries + count).initialize(to: MapEntry(key: .string(name), value: value))
        (hashes + count).initialize(to: hash)
        count += 1
    }

    /// Takes the members from `start` on off, as a map. Of two with one name the last wins, in the place of the first.
    func take(from start: Int) -> (map: MapValue, hasDuplicates: Bool) {
        let (own, ownHashes, count) = (entries + start, hashes + start, self.count - start)
        self.count = start
        let storage = MapStorage(moving: own, ownHashes, count)
        return storage.hasDuplicates ? (MapValue(storage: storage.withoutDuplicates()), true) : (MapValue(storage: storage), false)
    }

    private func grow() {
        let wanted = capacity * 2
        let (moreEntries, moreHashes) = (UnsafeMutablePointer<MapEntry>.allocate(capacity: wanted), UnsafeMutablePointer<UInt32>.allocate(capacity: wanted))
        moreEntries.moveInitialize(from: entries, count: count)
        moreHashes.moveInitialize(from: hashes, count: count)
        entries.deallocate()
        hashes.deallocate()
        (entries, hashes, capacity) = (moreEntries, moreHashes, wanted)
    }
}
