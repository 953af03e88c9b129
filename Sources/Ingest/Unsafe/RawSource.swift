#if canImport(Glibc)
    import Glibc
#endif

/// The bytes of one file as they lie on disk, in order.
///
/// Read with `read`, never mapped: a mapped file that another process shortens ends this one with SIGBUS.
struct RawSource: ~Copyable {
    private let descriptor: Int32
    private let owned: Bool
    private let before: stat
    /// How many bytes are still to come; more than that is not read, so that a log that grows has an end.
    private var left: Int
    private(set) var bytesRead = 0
    let isRegular: Bool

    init(_ file: InputFile) throws(ReadError) {
        if file.path == "-" {
            descriptor = STDIN_FILENO
            owned = false
        } else {
            descriptor = open(file.path, O_RDONLY | O_CLOEXEC | O_NOCTTY)
            owned = true
        }
        guard descriptor >= 0 else {
            throw ReadError(.cannotOpen, path: file.name, message: "cannot be opened: \(Self.reason(errno))")
        }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            let message = "cannot be read: \(Self.reason(errno))"
            if owned { close(descriptor) }
            throw ReadError(.cannotRead, path: file.name, message: message)
        }
        let kind = status.st_mode & S_IFMT
        guard kind != S_IFDIR else {
            if owned { close(descriptor) }
            throw ReadError(.notAFile, path: file.name, message: "is a folder")
        }
        before = status
        isRegular = kind == S_IFREG
        // Files below /proc say 0 and have bytes all the same.
        left = isRegular && status.st_size > 0 ? Int(status.st_size) : .max
    }

    deinit { if owned { close(descriptor) } }

    /// The size that the file had when it was opened, if it has one.
    var size: Int? { isRegular && before.st_size > 0 ? Int(before.st_size) : nil }

    /// Reads up to `count` bytes; 0 at the end, -1 if it failed (`errno` says why).
    mutating func read(into buffer: UnsafeMutablePointer<UInt8>, count: Int) -> Int {
        let wanted = min(count, left)
        var total = 0
        while total < wanted {
            let got = Glibc.read(descriptor, buffer + total, wanted - total)
            if got < 0 && errno == EINTR { continue }
            if got < 0 { return total > 0 ? total : -1 }
            if got == 0 {
                left = total
                break
            }
            total += got
        }
        left -= total
        bytesRead += total
        return total
    }

    /// Whether the file is not what it was when it was opened.
    func hasChanged() -> Bool {
        guard isRegular else { return false }
        var now = stat()
        guard fstat(descriptor, &now) == 0 else { return true }
        return now.st_size != before.st_size || now.st_mtim.tv_sec != before.st_mtim.tv_sec
            || now.st_mtim.tv_nsec != before.st_mtim.tv_nsec
    }

    /// The system's words for an error, without a capital.
    static func reason(_ code: Int32) -> String {
        guard let text = strerror(code) else { return "error \(code)" }
        let words = String(cString: text)
        return words.prefix(1).lowercased() + words.dropFirst()
    }
}
