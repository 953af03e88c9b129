#if canImport(Glibc)
    import Glibc
#endif

/// Where lines end.
enum Lines {
    /// The first newline at or after a position.
    static func newline(_ bytes: UnsafeBufferPointer<UInt8>, from: Int) -> Int? {
        guard from < bytes.count, let base = bytes.baseAddress, let found = memchr(base + from, 0x0a, bytes.count - from) else {
            return nil
        }
        return UnsafeRawPointer(found) - UnsafeRawPointer(base)
    }
}
