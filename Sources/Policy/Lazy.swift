import Synchronization

/// A value that is made when it is first asked for: of what is built in a run needs little.
final class Lazy<Value: Sendable>: Sendable {
    private final class Box: Sendable {
        let value: Value
        init(_ value: Value) { self.value = value }
    }

    private let make: @Sendable () -> Value
    /// INVARIANT: 0, or the address of a box of which this holds one reference, which it gives up in `deinit` only.
    private let made = Atomic<UInt>(0)

    init(_ make: @escaping @Sendable () -> Value) { self.make = make }

    deinit { box?.release() }

    private var box: Unmanaged<Box>? {
        @inline(__always) get { UnsafeRawPointer(bitPattern: made.load(ordering: .acquiring)).map { Unmanaged.fromOpaque($0) } }
    }

    /// Two threads that ask at once may both make it; both get the same one.
    var value: Value {
        if let box { return box._withUnsafeGuaranteedRef { $0.value } }
        let mine = Unmanaged.passRetained(Box(make()))
        let (isFirst, _) = made.compareExchange(expected: 0, desired: UInt(bitPattern: mine.toOpaque()), ordering: .acquiringAndReleasing)
        if !isFirst { mine.release() }
        return (box ?? mine)._withUnsafeGuaranteedRef { $0.value }
    }
}
