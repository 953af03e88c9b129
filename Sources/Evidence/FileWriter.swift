internal import Foundation
internal import Synchronization

/// Writes whole files: to a temporary name beside the target, to the disk, then renamed.
public enum FileWriter {
    /// Writes the bytes; on failure nothing of them is left.
    public static func write(_ bytes: [UInt8], to path: String, mode: UInt16 = 0o644) throws {
        let output = try OutputFile(path, mode: mode)
        try output.append(bytes)
        try output.close()
    }
}

/// A file that is written piece by piece and stands under its name only when it is whole.
public final class OutputFile {
    private static let drafts = Atomic(0)

    private let path: String
    private let temporary: String
    private var descriptor: Int32

    public init(_ path: String, mode: UInt16 = 0o644) throws {
        self.path = path
        // Two writers of one file, in one process or in two, must not take each other's draft.
        let number = Self.drafts.wrappingAdd(1, ordering: .relaxed).newValue
        temporary = "\(path).\(getpid()).\(number).part"
        // Never through a link that someone put there, nor into a file that others may read.
        _ = unlink(temporary)
        descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode_t(mode))
        guard descriptor >= 0 else { throw Self.failure(path) }
    }

    deinit {
        guard descriptor >= 0 else { return }
        _ = Foundation.close(descriptor)
        _ = unlink(temporary)
    }

    /// Appends the bytes.
    public func append(_ bytes: [UInt8]) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let written = rest.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
            if written < 0, errno == EINTR { continue }
            guard written > 0 else { throw Self.failure(path) }
            rest = rest.dropFirst(written)
        }
    }

    /// Brings the bytes to the disk and gives the file its name.
    ///
    /// - Parameter toDisk: whether the bytes outlive the machine's next fall.
    public func close(toDisk: Bool = true) throws {
        guard !toDisk || fsync(descriptor) == 0 else { throw Self.failure(path) }
        let closed = Foundation.close(descriptor)
        descriptor = -1
        guard closed == 0, rename(temporary, path) == 0 else {
            let failure = Self.failure(path)
            _ = unlink(temporary)
            throw failure
        }
    }

    private static func failure(_ path: String) -> EvidenceError {
        EvidenceError(.notWritten, "can't write `\(path)`: \(String(cString: strerror(errno)))")
    }
}
