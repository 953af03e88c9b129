#if canImport(Glibc)
    import Glibc
#endif
import Crypto

/// The digest of a whole file, apart from reading it.
enum FileDigest {
    /// The digest of a file as it lies on disk; `nil` if it cannot be read, or is no file that can be read twice.
    static func digest(of path: String) -> String? {
        let file = open(path, O_RDONLY)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        var hasher = SHA256()
        return withUnsafeTemporaryAllocation(byteCount: 256 << 10, alignment: 16) { buffer in
            while true {
                let got = read(file, buffer.baseAddress, buffer.count)
                if got < 0 { return nil }
                if got == 0 { return Digest.hexadecimal(hasher.finalize()) }
                hasher.update(bufferPointer: UnsafeRawBufferPointer(rebasing: buffer[..<got]))
            }
        }
    }
}
