/// A string as the two words it is stored in. Equal words are equal strings whatever the words mean; different words
/// say nothing.
@inline(__always)
func textWords(_ text: String) -> (UInt64, UInt64) { unsafeBitCast(text, to: (UInt64, UInt64).self) }

/// Whether two strings have the same code points. Swift's own `==` is canonical equivalence, which the language's isn't.
@inline(__always)
func sameText(_ a: String, _ b: String) -> Bool {
    let x = textWords(a)
    let y = textWords(b)
    if x == y { return true }
    return sameTextSlow(a, b)
}

@inline(never)
func sameTextSlow(_ a: String, _ b: String) -> Bool {
    let count = a.utf8.count
    guard count == b.utf8.count else { return false }
    let fast = a.utf8.withContiguousStorageIfAvailable { left in
        b.utf8.withContiguousStorageIfAvailable { right in
            guard let p = left.baseAddress, let q = right.baseAddress else { return true }
            return sameBytes(p, q, count)
        } ?? a.utf8.elementsEqual(b.utf8)
    }
    return fast ?? a.utf8.elementsEqual(b.utf8)
}

/// Orders two strings by code point, which for UTF-8 is byte order.
func textPrecedes(_ a: String, _ b: String) -> Bool { a.utf8.lexicographicallyPrecedes(b.utf8) }

/// Calls the body with the UTF-8 of a string.
@inline(__always)
func withBytes<R>(_ text: String, _ body: (UnsafeBufferPointer<UInt8>) -> R) -> R {
    var result: R? = text.utf8.withContiguousStorageIfAvailable(body)
    if result == nil {
        var copy = text
        result = copy.withUTF8(body)
    }
    guard let result else { preconditionFailure("withUTF8 always calls its body") }
    return result
}

/// Differs from process to process, so that nobody can choose keys that collide.
let hashSeed = UInt64.random(in: .min ... .max)

/// Hashes bytes, eight at a time.
@inline(__always)
func bytesHash(_ bytes: UnsafeBufferPointer<UInt8>, seed: UInt64) -> UInt32 {
    let multiplier: UInt64 = 0x9FB2_1C65_1E98_DF25
    var hash = seed ^ UInt64(truncatingIfNeeded: bytes.count) &* multiplier
    let raw = UnsafeRawBufferPointer(bytes)
    var offset = 0
    while offset &+ 8 <= raw.count {
        hash = (hash ^ raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self)) &* multiplier
        hash ^= hash >> 29
        offset &+= 8
    }
    var tail: UInt64 = 0
    while offset < raw.count {
        tail = tail << 8 | UInt64(raw[offset])
        offset &+= 1
    }
    hash = (hash ^ tail) &* multiplier
    hash ^= hash >> 32
    return UInt32(truncatingIfNeeded: hash)
}

/// The hash of a string's UTF-8.
func textHash(_ text: String) -> UInt32 {
    let seed = hashSeed
    return withBytes(text) { bytesHash($0, seed: seed) }
}

extension String {
    /// Whether every scalar is one byte, so that offsets in bytes and in code points are the same.
    var isASCII: Bool { withBytes(self) { $0.allSatisfy { $0 < 0x80 } } }

    /// The number of code points.
    var scalarCount: Int {
        withBytes(self) { bytes in
            var count = 0
            for byte in bytes where byte & 0xC0 != 0x80 { count &+= 1 }
            return count
        }
    }
}
