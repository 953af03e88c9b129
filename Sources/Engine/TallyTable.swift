/// An observation by the numbers of its names.
struct ObservationKey: Equatable, Sendable {
    var vector: Int32
    var subject: Int32
    var place: Int32
    var attempted: Bool

    fileprivate var hash: UInt64 {
        let low = UInt64(UInt32(bitPattern: vector)) << 32 | UInt64(UInt32(bitPattern: subject))
        let high = UInt64(UInt32(bitPattern: place)) << 1 | (attempted ? 1 : 0)
        return mix(low ^ mix(high ^ 0x9E37_79B9_7F4A_7C15))
    }
}

/// Observations and how often each was made, in the order of their first.
struct TallyTable: Sendable {
    struct Entry: Sendable {
        var key: ObservationKey
        var tally: Tally
    }

    private(set) var entries: ContiguousArray<Entry> = []
    /// Indexes into `entries`; -1 marks an empty slot.
    private var slots: ContiguousArray<Int32> = ContiguousArray(repeating: -1, count: 64)
    private var mask = 63

    var isEmpty: Bool { entries.isEmpty }
    var count: Int { entries.count }

    mutating func add(_ key: ObservationKey, _ tally: Tally) {
        var index = Int(truncatingIfNeeded: key.hash) & mask
        while true {
            let entry = Int(slots[index])
            if entry < 0 { break }
            if entries[entry].key == key {
                entries[entry].tally.merge(tally)
                return
            }
            index = (index + 1) & mask
        }
        slots[index] = Int32(entries.count)
        entries.append(Entry(key: key, tally: tally))
        if entries.count * 2 > slots.count { grow() }
    }

    /// Makes room for so many more, if there is nothing yet: growing step by step moves everything again and again.
    mutating func reserve(_ count: Int) {
        guard entries.isEmpty else { return }
        entries.reserveCapacity(count)
        while slots.count < count * 2 { grow() }
    }

    /// Forgets everything and keeps the memory.
    mutating func removeAll() {
        entries.removeAll(keepingCapacity: true)
        for index in slots.indices { slots[index] = -1 }
    }

    private mutating func grow() {
        mask = slots.count * 2 - 1
        slots = ContiguousArray(repeating: -1, count: mask + 1)
        for (number, entry) in entries.enumerated() {
            var index = Int(truncatingIfNeeded: entry.key.hash) & mask
            while slots[index] >= 0 { index = (index + 1) & mask }
            slots[index] = Int32(number)
        }
    }
}
