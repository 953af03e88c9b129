#if canImport(Glibc)
    import Glibc
#endif

/// Memory that grows and is used again from input to input.
///
/// INVARIANT: `base` has room for `capacity` bytes as long as the buffer lives and is not grown.
final class ByteBuffer {
    private(set) var base: UnsafeMutablePointer<UInt8>
    private(set) var capacity: Int

    init(capacity: Int) {
        self.capacity = max(capacity, 64)
        base = .allocate(capacity: self.capacity)
    }

    deinit { base.deallocate() }

    /// Makes room for `wanted` bytes, keeping the first `kept`.
    func reserve(_ wanted: Int, keeping kept: Int = 0) {
        guard wanted > capacity else { return }
        let grown = max(wanted, min(capacity * 2, capacity + (64 << 20)))
        let new = UnsafeMutablePointer<UInt8>.allocate(capacity: grown)
        if kept > 0 { new.update(from: base, count: kept) }
        base.deallocate()
        base = new
        capacity = grown
    }

    /// Moves bytes to the front.
    func moveToFront(from start: Int, count: Int) {
        guard start > 0, count > 0 else { return }
        memmove(base, base + start, count)
    }

    /// Gives memory back that one large input needed.
    func shrink(to most: Int) {
        guard capacity > most else { return }
        base.deallocate()
        capacity = most
        base = .allocate(capacity: most)
    }
}
