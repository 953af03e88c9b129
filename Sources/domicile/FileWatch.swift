import Foundation

/// Tells when files change, by looking at their times and sizes: it works on every file system, network ones included.
struct FileWatch {
    private let paths: [String]
    private var seen: [String: Stamp]

    private struct Stamp: Hashable {
        var seconds: Int
        var nanoseconds: Int
        var size: Int
        var inode: UInt64
    }

    /// - Parameter paths: files, and folders with everything below them.
    init(_ paths: [String]) {
        self.paths = paths
        seen = Self.stamps(paths)
    }

    /// Returns when something is not what it was. A file that an editor replaces is waited for.
    mutating func wait() async throws {
        while true {
            try await Task.sleep(for: .milliseconds(200))
            let now = Self.stamps(paths)
            guard now != seen else { continue }
            // What is still being written is not read half.
            try await Task.sleep(for: .milliseconds(50))
            seen = Self.stamps(paths)
            return
        }
    }

    private static func stamps(_ paths: [String]) -> [String: Stamp] {
        var stamps: [String: Stamp] = [:]
        for path in paths {
            stamps[path] = stamp(path)
            guard let below = FileManager.default.subpaths(atPath: path) else { continue }
            for name in below { stamps[path + "/" + name] = stamp(path + "/" + name) }
        }
        return stamps
    }

    private static func stamp(_ path: String) -> Stamp? {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        return Stamp(seconds: status.st_mtim.tv_sec, nanoseconds: status.st_mtim.tv_nsec, size: Int(status.st_size), inode: UInt64(status.st_ino))
    }
}
