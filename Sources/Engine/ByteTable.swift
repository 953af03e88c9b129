import CPrefetch

/// A hash table from byte strings to small numbers, for the log path: no allocation for a key that is known, one memory
/// block for all keys, exact comparison.
struct ByteTable: Sendable {
    private struct Slot: Sendable {
        /// The lower half of the key's hash: it tells where the slot belongs, and nearly every other key from this one.
        var hash: UInt32
        var offset: UInt32
        var length: UInt32
        /// -1 marks an empty slot.
        var value: Int32
    }

    private var slots: [Slot]
    private var keys: [UInt8] = []
    private var mask: Int
    private(set) var count = 0

    init(capacity: Int = 64) {
        var size = 64
        while size < capacity * 2 { size *= 2 }
        slots = Array(repeating: Slot(hash: 0, offset: 0, length: 0, value: -1), count: size)
        mask = size - 1
    }

    /// The bytes that all keys take.
    var keyBytes: Int { keys.count }

    /// The number kept for a key, `nil` if it is new.
    @inline(__always)
    func value(_ key: UnsafeBufferPointer<UInt8>, hash: UInt64) -> Int32? {
        let hash = UInt32(truncatingIfNeeded: hash)
        var index = Int(hash) & mask
        return slots.withUnsafeBufferPointer { slots in
            keys.withUnsafeBufferPointer { keys in
                while true {
                    let slot = slots[index]
                    if slot.value < 0 { return nil }
                    if slot.hash == hash, Int(slot.length) == key.count,
                        key.isEmpty || equal(keys.baseAddress! + Int(slot.offset), key.baseAddress!, key.count)
                    {
                        return slot.value
                    }
                    index = (index + 1) & mask
                }
            }
        }
    }

    /// The number kept for a key of two parts, as `insert(_:_:hash:value:)` took them.
    @inline(__always)
    func value(_ first: UnsafeBufferPointer<UInt8>, _ second: UnsafeBufferPointer<UInt8>, hash: UInt64) -> Int32? {
        let hash = UInt32(truncatingIfNeeded: hash)
        var index = Int(hash) & mask
        let count = first.count + second.count
        return slots.withUnsafeBufferPointer { slots in
            keys.withUnsafeBufferPointer { keys in
                while true {
                    let slot = slots[index]
                    if slot.value < 0 { return nil }
                    if slot.hash == hash, Int(slot.length) == count, let key = keys.baseAddress.map({ $0 + Int(slot.offset) }),
                        first.isEmpty || equal(key, first.baseAddress!, first.count),
                        second.isEmpty || equal(key + first.count, second.baseAddress!, second.count)
                    {
                        return slot.value
                    }
                    index = (index + 1) & mask
                }
            }
        }
    }

    /// Keeps a number for a new key of two parts. Where the first ends is told by the hash alone, so it has to be of both.
    mutating func insert(_ first: UnsafeBufferPointer<UInt8>, _ second: UnsafeBufferPointer<UInt8>, hash: UInt64, value: Int32) {
        if count * 2 >= slots.count { grow() }
        let offset = keys.count
        keys.append(contentsOf: first)
        keys.append(contentsOf: second)
        place(
            Slot(hash: UInt32(truncatingIfNeeded: hash), offset: UInt32(offset), length: UInt32(first.count + second.count), value: value))
        count += 1
    }

    /// Asks for the memory at which a look-up of the key begins.
    @inline(__always)
    func expect(hash: UInt64) {
        slots.withUnsafeBufferPointer { cprefetch($0.baseAddress! + Int(UInt32(truncatingIfNeeded: hash)) & mask) }
    }

    /// Asks for the key with which the look-up will compare: for some time after `expect(hash:)`.
    ///
    /// - Returns: the number that is kept there, most likely the one that will be found; negative if there is none.
    @inline(__always)
    func expectKey(hash: UInt64) -> Int32 {
        let slot = slots.withUnsafeBufferPointer { $0[Int(UInt32(truncatingIfNeeded: hash)) & mask] }
        if slot.value >= 0, slot.length > 0 { keys.withUnsafeBufferPointer { cprefetch($0.baseAddress! + Int(slot.offset)) } }
        return slot.value
    }

    /// The bytes of all keys, in the order in which they came.
    func withKeys<Result>(_ body: (UnsafeBufferPointer<UInt8>) throws -> Result) rethrows -> Result {
        try keys.withUnsafeBufferPointer { try body($0) }
    }

    /// Keeps a number (not negative) for a new key.
    mutating func insert(_ key: UnsafeBufferPointer<UInt8>, hash: UInt64, value: Int32) {
        if count * 2 >= slots.count { grow() }
        let offset = keys.count
        keys.append(contentsOf: key)
        place(Slot(hash: UInt32(truncatingIfNeeded: hash), offset: UInt32(offset), length: UInt32(key.count), value: value))
        count += 1
    }

    /// Forgets every key and keeps the memory.
    mutating func removeAll() {
        for index in slots.indices { slots[index].value = -1 }
        keys.removeAll(keepingCapacity: true)
        count = 0
    }

    private mutating func place(_ slot: Slot) {
        var index = Int(slot.hash) & mask
        while slots[index].value >= 0 { index = (index + 1) & mask }
        slots[index] = slot
    }

    private mutating func grow() {
        let old = slots
        slots = Array(repeating: Slot(hash: 0, offset: 0, length: 0, value: -1), count: old.count * 2)
        mask = slots.count - 1
        for slot in old where slot.value >= 0 { place(slot) }
    }
}

/// Whether the same bytes stand at both.
@inline(__always)
func equal(_ left: UnsafePointer<UInt8>, _ right: UnsafePointer<UInt8>, _ count: Int) -> Bool {
    var index = 0
    while index &+ 8 <= count {
        if UnsafeRawPointer(left + index).loadUnaligned(as: UInt64.self) != UnsafeRawPointer(right + index).loadUnaligned(as: UInt64.self) {
            return false
        }
        index &+= 8
    }
    while index < count {
        if left[index] != right[index] { return false }
        index &+= 1
    }
    return true
}

/// A fast hash of bytes, 8 a step. It only spreads keys over slots; equality is decided by the bytes.
@inline(__always)
func hashBytes(_ bytes: UnsafeBufferPointer<UInt8>, seed: UInt64 = 0x9E37_79B9_7F4A_7C15) -> UInt64 {
    var hash = seed ^ UInt64(truncatingIfNeeded: bytes.count)
    var index = 0
    if let base = bytes.baseAddress {
        while index &+ 8 <= bytes.count {
            hash = mix(hash ^ UnsafeRawPointer(base + index).loadUnaligned(as: UInt64.self))
            index &+= 8
        }
        var tail: UInt64 = 0
        while index < bytes.count {
            tail = tail << 8 | UInt64(base[index])
            index &+= 1
        }
        hash = mix(hash ^ tail)
    }
    return hash
}

@inline(__always)
func mix(_ value: UInt64) -> UInt64 {
    let product = value.multipliedFullWidth(by: 0xD6E8_FEB8_6659_FD93)
    return product.high ^ product.low
}
