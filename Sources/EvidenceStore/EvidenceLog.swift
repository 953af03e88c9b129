internal import Evidence
internal import EvidenceVerify
internal import Foundation
internal import GRDB
internal import Residency

/// The append-only log, as tables of a transaction in progress. Leaves are records (canonical JSON); interior nodes are
/// stored once, when their subtree is complete, so that an append and a proof cost O(log n).
struct EvidenceLog {
    let db: Database

    var size: Int {
        get throws { try Int.fetchOne(db, sql: "SELECT COALESCE(MAX(idx), -1) + 1 FROM entry") ?? 0 }
    }

    /// Appends a record; `fields` get its type, its number and its time. A clock that went backwards is no reason to lose a
    /// night: the entry says by how much.
    @discardableResult
    func append(_ kind: String, _ fields: [String: CanonicalValue], at time: Int) throws -> Int {
        let index = try size
        var fields = fields
        fields["type"] = .string(kind)
        fields["n"] = .int(index)
        fields["t"] = .string(UTCTime.text(time))
        if let last = try Int.fetchOne(db, sql: "SELECT created FROM entry WHERE idx = ?", arguments: [index - 1]), last > time {
            fields["clockBackwardsBy"] = .int(last - time)
        }
        let record = CanonicalValue.object(fields).bytes
        guard record.count < Self.recordLimit else { throw EvidenceError(.failed, "a log entry of \(record.count) bytes is too long") }
        var hash = MerkleTree.leafHash(record)
        try db.execute(
            sql: "INSERT INTO entry(idx, kind, created, leaf_hash, record) VALUES(?, ?, ?, ?, ?)",
            arguments: [index, kind, time, Data(hash.bytes), Data(record)])
        var level = 0
        var position = index
        while position & 1 == 1 {
            hash = MerkleTree.nodeHash(try node(level, position - 1), hash)
            level += 1
            position >>= 1
            try db.execute(sql: "INSERT INTO node(level, idx, hash) VALUES(?, ?, ?)", arguments: [level, position, Data(hash.bytes)])
        }
        return index
    }

    /// Signs the log as it is and stores the note, unless it is signed already. Refuses if the last signed checkpoint, or the
    /// one kept outside, is not of this log.
    func checkpoint(_ signer: LogSigner, kept: [Checkpoint], at time: Int) throws -> String {
        for checkpoint in kept + (try latest().map { [$0.checkpoint] } ?? []) { try requireExtends(checkpoint, signer) }
        let size = try size
        if let latest = try latest(), latest.checkpoint.head.size == size { return try cosigned(latest.note, size: size) }
        let head = TreeHead(size: size, root: try root(size))
        let note = try Checkpoint(origin: signer.origin, head: head).signed(by: signer, at: time)
        try db.execute(
            sql: "INSERT INTO checkpoint(size, root, created, note) VALUES(?, ?, ?, ?)",
            arguments: [size, Data(head.root.bytes), time, note])
        return note
    }

    /// Refuses if the log is not one that extends this checkpoint, which was signed already.
    func requireExtends(_ checkpoint: Checkpoint, _ signer: LogSigner) throws {
        let signed = checkpoint.head.size
        guard checkpoint.origin == signer.origin else {
            throw EvidenceError(.forked, "the log is `\(checkpoint.origin)`, and this key is for `\(signer.origin)`")
        }
        let size = try size
        guard signed <= size else {
            throw EvidenceError(
                .forked, "the log in the store has \(size) entries, and \(signed) were signed before: an old copy of the store was put back, or the end of it was lost",
                hint: Self.whatToDo(signed))
        }
        guard try root(signed) == checkpoint.head.root else {
            throw EvidenceError(
                .forked, "the first \(signed) entries of the store's log are not those that were signed before: it is another log, or it was changed",
                hint: "`evidence log verify` says where; \(Self.whatToDo(signed))")
        }
    }

    /// Refuses if the last checkpoint is by another key of the log: this one was replaced, or is not of this log.
    func requireSigns(_ signer: LogSigner) throws {
        guard let note = try latest()?.note, !SignedNote.isFirst(signer, on: note) else { return }
        throw EvidenceError(
            .badKey, "the log's last checkpoint is signed by another key than this log.pem",
            hint: "if the log's key was rotated, sign with the folder that `keys rotate --log` wrote")
    }

    /// What someone must do who would otherwise sign a second log under the name of the first.
    static func whatToDo(_ signed: Int) -> String {
        "nothing was signed or changed; put back the newest copy of the store (with -wal and -shm if they are there), which has \(signed) entries, and run again; if it is lost for good, begin a new log: another --store, and keys made with another --origin"
    }

    /// The proofs about entry `index` under the newest checkpoint, and that this checkpoint extends the one before the entry.
    func evidence(of index: Int, note: String) throws -> LogEvidence {
        guard let newest = Self.parse(note), newest.head.size > index,
            let record = try Data.fetchOne(db, sql: "SELECT record FROM entry WHERE idx = ?", arguments: [index]),
            let before = try Row.fetchOne(
                db, sql: "SELECT size, note FROM checkpoint WHERE size <= ? ORDER BY size DESC LIMIT 1", arguments: [index])
        else { throw EvidenceError(.missing, "no checkpoint before entry \(index) of the log") }
        let old: Int = before["size"]
        return LogEvidence(
            entry: Array(record),
            inclusion: ProofText.inclusion(
                index: index, hashes: try MerkleTree.inclusionProof(index: index, size: newest.head.size, nodes: node), note: note),
            previous: before["note"],
            consistency: ProofText.consistency(
                old: old, hashes: try MerkleTree.consistencyProof(from: old, to: newest.head.size, nodes: node), note: note))
    }

    /// The last signed checkpoint.
    func latest() throws -> (checkpoint: Checkpoint, note: String)? {
        guard let note = try String.fetchOne(db, sql: "SELECT note FROM checkpoint WHERE size = (SELECT MAX(size) FROM checkpoint)") else { return nil }
        guard let checkpoint = Self.parse(note) else { throw EvidenceError(.corrupt, "the store holds a checkpoint that can't be read") }
        return (checkpoint, note)
    }

    /// The note with the lines of the witnesses that signed it too.
    func cosigned(_ note: String, size: Int) throws -> String {
        try String.fetchAll(db, sql: "SELECT line FROM cosignature WHERE size = ? ORDER BY witness", arguments: [size]).reduce(note, +)
    }

    func root(_ size: Int) throws -> SHA256Digest { try MerkleTree.root(size: size, nodes: node) }

    func node(_ level: Int, _ index: Int) throws -> SHA256Digest {
        let data =
            level == 0
            ? try Data.fetchOne(db, sql: "SELECT leaf_hash FROM entry WHERE idx = ?", arguments: [index])
            : try Data.fetchOne(db, sql: "SELECT hash FROM node WHERE level = ? AND idx = ?", arguments: [level, index])
        guard let data, let digest = SHA256Digest(bytes: data) else {
            throw EvidenceError(.corrupt, "the log lacks node \(index) of level \(level)", hint: "`evidence log verify` says what else")
        }
        return digest
    }

    /// Reads the checkpoint of a note that this program wrote; its signature is not checked.
    static func parse(_ note: String) -> Checkpoint? {
        let lines = note.split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.count >= 4, let size = Int(lines[1]), let data = Data(base64Encoded: String(lines[2])),
            let root = SHA256Digest(bytes: data)
        else { return nil }
        return Checkpoint(origin: String(lines[0]), head: TreeHead(size: size, root: root))
    }

    /// Tiles carry an entry's length in 16 bits.
    private static let recordLimit = 1 << 16
}
