import Synchronization

/// A reference that is set once, by whichever thread comes first, and then read without being counted.
///
/// INVARIANT: the address is 0, or that of an object of which this holds one reference, which it gives up in `deinit` only.
struct OnceReference<Object: AnyObject & Sendable>: ~Copyable {
    private let address = Atomic<UInt>(0)

    @inline(__always)
    var object: Unmanaged<Object>? {
        UnsafeRawPointer(bitPattern: address.load(ordering: .acquiring)).map { Unmanaged<Object>.fromOpaque($0) }
    }

    /// Sets the reference if nobody has; gives the one that counts.
    func set(_ made: Object) -> Unmanaged<Object> {
        let mine = Unmanaged.passRetained(made)
        let (isMine, _) = address.compareExchange(
            expected: 0, desired: UInt(bitPattern: mine.toOpaque()), ordering: .acquiringAndReleasing)
        if isMine { return mine }
        mine.release()
        return object ?? .passUnretained(made)
    }

    deinit { object?.release() }
}
