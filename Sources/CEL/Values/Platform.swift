#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The few calls into the C library that the language needs; everything else is the standard library.
enum Platform {
    /// Formats a double as C does for `%.*f` and `%.*e`: exact decimal digits, ties to even.
    static func format(_ value: Double, conversion: Character, precision: Int) -> String {
        let pattern = "%.\(precision)\(conversion)"
        var buffer = [UInt8](repeating: 0, count: 512 + precision)
        let length = buffer.withUnsafeMutableBytes { raw in
            withVaList([value]) { arguments in
                vsnprintf(raw.baseAddress?.assumingMemoryBound(to: CChar.self), raw.count, pattern, arguments)
            }
        }
        return String(decoding: buffer.prefix(Int(length)), as: UTF8.self)
    }

    /// The contents of a small file, or nil where it can't be read.
    static func contents(ofFile path: String, limit: Int = 1 << 20) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 16384)
        while bytes.count < limit {
            let count = chunk.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
            if count < 0 { return nil }
            if count == 0 { return bytes }
            bytes.append(contentsOf: chunk.prefix(count))
        }
        return nil
    }
}

/// Whether two runs of `count` bytes are the same.
@inline(__always)
func sameBytes(_ a: UnsafePointer<UInt8>, _ b: UnsafePointer<UInt8>, _ count: Int) -> Bool {
    memcmp(a, b, count) == 0
}
