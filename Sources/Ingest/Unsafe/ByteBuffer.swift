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
        base = Self.take(nil, self.capacity)
    }

    deinit { free(base) }

    /// A large block is grown where it lies, or by moving its pages: nothing is copied, and it is never there twice.
    private static func take(_ old: UnsafeMutablePointer<UInt8>?, _ capacity: Int) -> UnsafeMutablePointer<UInt8> {
        guard let made = realloc(old, capacity) else { fatalError("out of memory: \(capacity) bytes are needed") }
        return made.assumingMemoryBound(to: UInt8.self)
    }

    /// Makes room for `wanted` bytes, keeping the first `kept`.
    func reserve(_ wanted: Int, keeping kept: Int = 0) {
        guard wanted > capacity else { return }
        let grown = max(wanted, min(capacity * 2, capacity + (64 << 20)))
        if kept == 0 {
            free(base)
            base = Self.take(nil, grown)
        } else {
            base = Self.take(base, grown)
        }
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
        free(base)
        capacity = most
        base = Self.take(nil, most)
    }
}
