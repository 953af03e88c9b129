internal import Evidence
internal import Foundation
internal import GRDB

extension RunStore {
    /// Writes the log as plain files (c2sp.org/tlog-tiles), which monitors read and which need no database: `checkpoint`,
    /// `tile/entries/...`, `tile/LEVEL/...`, each tile 256 wide.
    public func exportTiles(to folder: String) throws {
        try read { db in
            guard let (checkpoint, note) = try EvidenceLog(db: db).latest() else {
                throw EvidenceError(.missing, "the log has no checkpoint yet", hint: "`audit --key` makes one")
            }
            let size = checkpoint.head.size
            try writeTiles(size: size, level: 0, folder: folder, kind: "entries") { first, last in
                let sql = "SELECT record FROM entry WHERE idx >= ? AND idx < ? ORDER BY idx"
                return try Data.fetchAll(db, sql: sql, arguments: [first, last]).flatMap { record in
                    [UInt8(record.count >> 8), UInt8(record.count & 255)] + Array(record)
                }
            }
            var level = 0
            while size >> (8 * level) > 0 {
                let sql =
                    level == 0
                    ? "SELECT leaf_hash FROM entry WHERE idx >= ? AND idx < ? ORDER BY idx"
                    : "SELECT hash FROM node WHERE level = \(8 * level) AND idx >= ? AND idx < ? ORDER BY idx"
                try writeTiles(size: size, level: level, folder: folder, kind: "\(level)") { first, last in
                    try Data.fetchAll(db, sql: sql, arguments: [first, last]).flatMap(Array.init)
                }
                level += 1
            }
            // The checkpoint comes last: whoever sees it finds the tiles that it needs.
            try FileWriter.write(Array(note.utf8), to: "\(folder)/checkpoint")
        }
    }

    private func writeTiles(size: Int, level: Int, folder: String, kind: String, _ content: (Int, Int) throws -> [UInt8]) throws {
        let width = size >> (8 * level)
        for first in stride(from: 0, to: width, by: 256) {
            let count = min(256, width - first)
            let path = "\(folder)/tile/\(kind)/\(Self.tileName(first / 256))\(count < 256 ? ".p/\(count)" : "")"
            try FileManager.default.createDirectory(
                at: URL(fileURLWithPath: path).deletingLastPathComponent(), withIntermediateDirectories: true)
            try FileWriter.write(try content(first, first + count), to: path)
        }
    }

    /// `1234067` is `x001/x234/067`.
    private static func tileName(_ index: Int) -> String {
        var groups: [String] = []
        var rest = index
        repeat {
            let digits = String(rest % 1000)
            groups.append(String(repeating: "0", count: 3 - digits.count) + digits)
            rest /= 1000
        } while rest > 0
        return groups.reversed().enumerated().map { $0.offset < groups.count - 1 ? "x\($0.element)" : $0.element }.joined(separator: "/")
    }
}
