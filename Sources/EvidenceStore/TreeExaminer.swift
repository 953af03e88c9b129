internal import Crypto
internal import Evidence
internal import Foundation
internal import GRDB

/// Examines the stored nodes of the log's tree: each against its children, computed from the leaves.
struct TreeExaminer {
    let db: Database
    /// 32 bytes an entry.
    let leaves: [UInt8]

    func nodes(_ audit: inout LogAudit) throws {
        var level = 0
        var hashes = leaves
        while hashes.count >= 64 {
            level += 1
            var parents: [UInt8] = []
            parents.reserveCapacity(hashes.count / 2)
            for start in stride(from: 0, to: hashes.count - 63, by: 64) { MerkleLeaf.appendNode(hashes[start..<(start + 64)], to: &parents) }
            let rows = try Row.fetchCursor(db, sql: "SELECT idx, hash FROM node WHERE level = ? ORDER BY idx", arguments: [level])
            var position = 0
            while let row = try rows.next() {
                let place = position * 32
                let fits = try row.withUnsafeData(atIndex: 1) { data in
                    place < parents.count && row[0] as Int == position && MerkleLeaf.isEqual(data, parents[place..<(place + 32)])
                }
                if !fits { audit.problem("node \(position) of level \(level) is not what its children give") }
                position += 1
            }
            if position != parents.count / 32 { audit.problem("level \(level) has \(position) nodes, and \(parents.count / 32) are due") }
            hashes = parents
        }
        let levels = try Int.fetchOne(db, sql: "SELECT COALESCE(MAX(level), 0) FROM node") ?? 0
        if levels > level { audit.problem("level \(levels) has nodes, and none are due") }
    }
}

/// Hashes of the tree, appended to the bytes of others: a million of them need no array each.
enum MerkleLeaf {
    /// H(0x00 || record).
    static func append(_ record: Data, to hashes: inout [UInt8]) { record.withUnsafeBytes { append(0, $0, to: &hashes) } }

    /// H(0x01 || left || right).
    static func appendNode(_ children: ArraySlice<UInt8>, to hashes: inout [UInt8]) { children.withUnsafeBytes { append(1, $0, to: &hashes) } }

    /// Puts the node over the last two hashes in their place.
    static func join(_ hashes: inout [UInt8]) {
        var node: [UInt8] = []
        node.reserveCapacity(32)
        appendNode(hashes.suffix(64), to: &node)
        hashes.removeLast(64)
        hashes += node
    }

    /// Whether a column holds these bytes.
    static func isEqual(_ column: Data?, _ bytes: ArraySlice<UInt8>) -> Bool {
        guard let column, column.count == bytes.count else { return false }
        return column.withUnsafeBytes { left in bytes.withUnsafeBytes { right in left.elementsEqual(right) } }
    }

    private static func append(_ prefix: UInt8, _ content: UnsafeRawBufferPointer, to hashes: inout [UInt8]) {
        var hasher = SHA256()
        withUnsafeBytes(of: prefix) { hasher.update(bufferPointer: $0) }
        hasher.update(bufferPointer: content)
        hasher.finalize().withUnsafeBytes { hashes.append(contentsOf: $0) }
    }
}
