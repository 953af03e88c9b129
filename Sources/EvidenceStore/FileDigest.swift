internal import Crypto
internal import Evidence
internal import Foundation

/// The SHA-256 of a file of lines, made line by line.
struct FileDigest {
    private var hasher = SHA256()

    /// Adds a line, which is given without its newline.
    mutating func append(_ line: Data) {
        hasher.update(data: line)
        hasher.update(data: [0x0A])
    }

    var hex: String { SHA256Digest(bytes: hasher.finalize())?.hex ?? "" }
}
