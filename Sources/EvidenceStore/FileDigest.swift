internal import Crypto
internal import Evidence
internal import Foundation

/// The SHA-256 of a file of lines, made line by line.
struct FileDigest {
    private var hasher = SHA256()

    /// Adds a line, which is given without its newline.
    mutating func append(_ line: Data) {
        line.withUnsafeBytes { hasher.update(bufferPointer: $0) }
        withUnsafeBytes(of: 0x0A as UInt8) { hasher.update(bufferPointer: $0) }
    }

    var hex: String { SHA256Digest(bytes: hasher.finalize())?.hex ?? "" }
}
