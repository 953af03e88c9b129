import Foundation

/// Writes files so that nobody ever sees half of one: under a temporary name, synced, then renamed.
public struct OutputFolder: Sendable {
    public let path: String

    public init(path: String) throws(AuditError) {
        self.path = path
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        } catch {
            throw .unwritable(path, Self.reason(error))
        }
    }

    /// Writes a file below the folder.
    @discardableResult
    public func write(_ bytes: [UInt8], to name: String) throws(AuditError) -> String {
        let target = path + "/" + name
        try Self.write(bytes, to: target)
        return target
    }

    /// Writes a file anywhere, folders included.
    public static func write(_ bytes: [UInt8], to target: String) throws(AuditError) {
        let folder = (target as NSString).deletingLastPathComponent
        let temporary = target + ".partial"
        do {
            if !folder.isEmpty { try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true) }
            guard FileManager.default.createFile(atPath: temporary, contents: nil) else { throw CocoaError(.fileWriteUnknown) }
            let handle = try FileHandle(forWritingTo: URL(filePath: temporary))
            try handle.write(contentsOf: Data(bytes))
            try handle.synchronize()
            try handle.close()
        } catch {
            try? FileManager.default.removeItem(atPath: temporary)
            throw .unwritable(target, reason(error))
        }
        guard rename(temporary, target) == 0 else {
            let why = String(cString: strerror(errno))
            try? FileManager.default.removeItem(atPath: temporary)
            throw .unwritable(target, why)
        }
    }

    private static func reason(_ error: any Error) -> String { (error as NSError).localizedDescription }
}
