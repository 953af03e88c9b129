import Synchronization

/// A value that is made when it is first asked for: of what is built in a run needs little.
final class Lazy<Value: Sendable>: Sendable {
    private final class Box: Sendable {
        let value: Value
        init(_ value: Value) { self.value = value }
    }

    private let make: @Sendable () -> Value
    private let made = AtomicLazyReference<Box>()

    init(_ make: @escaping @Sendable () -> Value) { self.make = make }

    /// Two threads that ask at once may both make it; both get the same one.
    var value: Value { (made.load() ?? made.storeIfNil(Box(make()))).value }
}
