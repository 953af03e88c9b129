import Evidence
import Foundation

/// Writes files so that nobody ever sees half of one.
public enum OutputFolder {
    /// Makes a folder, with those above it.
    public static func make(_ path: String) throws(AuditError) {
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        } catch {
            throw .unwritable(path, (error as NSError).localizedDescription)
        }
    }

    /// Writes a file, the folder included.
    public static func write(_ bytes: [UInt8], to path: String) throws(AuditError) {
        try write(to: path) { sink in try sink(bytes) }
    }

    /// Writes a file piece by piece.
    static func write(to path: String, _ body: (_ sink: ([UInt8]) throws -> Void) throws -> Void) throws(AuditError) {
        let folder = (path as NSString).deletingLastPathComponent
        if !folder.isEmpty { try make(folder) }
        do {
            let file = try OutputFile(path)
            try body { try file.append($0) }
            try file.close()
        } catch {
            throw .unwritable(path, "\(error)")
        }
    }
}
