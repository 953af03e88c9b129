internal import Evidence
internal import EvidenceVerify
internal import Foundation
internal import GRDB

/// Examines the checkpoints of a store and those kept elsewhere: each one's signatures, by the key of the log that signed then, and
/// its root, computed from the leaves.
struct CheckpointExaminer {
    let db: Database
    /// 32 bytes an entry.
    let leaves: [UInt8]
    let eras: LogEras
    let keys: [Trusted<LogKey>]
    let witnesses: [Trusted<LogKey>]

    /// A checkpoint whose signature is good.
    private struct Due {
        var name: String
        var checkpoint: VerifiedCheckpoint
        /// When the log says that it was signed; unknown of one that was kept elsewhere.
        var created: Int?
    }

    func checkpoints(kept: [(name: String, note: String)], _ audit: inout LogAudit) throws {
        var due: [Due] = []
        let rows = try Row.fetchCursor(db, sql: "SELECT size, root, created, note FROM checkpoint ORDER BY size")
        while let row = try rows.next() {
            let size: Int = row[0]
            audit.checkpoints += 1
            guard let checkpoint = open(row[3], "checkpoint \(size)", at: row[2], &audit) else { continue }
            if checkpoint.size != size || checkpoint.root != Array(row[1] as Data) {
                audit.problem("checkpoint \(size): its columns say other than its note")
            }
            due.append(Due(name: "checkpoint \(size)", checkpoint: checkpoint, created: row[2]))
        }
        try cosignatures(&audit)
        if let newest = due.last { validity(of: newest, &audit) }
        let last = due.last?.checkpoint.size ?? 0
        for (name, note) in kept {
            guard let checkpoint = open(note, name, at: nil, &audit) else { continue }
            if checkpoint.size > last {
                audit.problem("\(name) is of \(checkpoint.size) entries; the last checkpoint here is of \(last): the store was put back")
            }
            due.append(Due(name: name, checkpoint: checkpoint))
        }
        if last < audit.entries { audit.problem("\(audit.entries - last) entries after the last checkpoint are not signed") }
        due.sort { $0.checkpoint.size < $1.checkpoint.size }
        roots(due, &audit)
    }

    /// The root of each, in one pass over the leaves.
    private func roots(_ due: [Due], _ audit: inout LogAudit) {
        var tree = LeafRoot()
        var count = 0
        for checkpoint in due {
            let size = checkpoint.checkpoint.size
            guard size <= leaves.count / 32 else {
                audit.problem("\(checkpoint.name) is of \(size) entries, and the log holds \(leaves.count / 32)")
                continue
            }
            while count < size {
                tree.append(leaves[(count * 32)..<(count * 32 + 32)])
                count += 1
            }
            if tree.root != checkpoint.checkpoint.root { audit.problem("\(checkpoint.name): its root is not that of the entries") }
        }
    }

    /// The key that signed the newest, at its time. It covers those before it, whose roots are computed: they are good though their
    /// keys count no longer.
    private func validity(of newest: Due, _ audit: inout LogAudit) {
        guard let key = eras.key(size: newest.checkpoint.size), let given = keys.first(where: { $0.key == key }) else { return }
        let witnessed = witnesses.compactMap { witness in
            newest.checkpoint.witnesses[witness.key].flatMap { witness.validity.refusal(at: $0, isProven: false) == nil ? $0 : nil }
        }
        if let refusal = given.validity.refusal(at: witnessed.min() ?? newest.created, isProven: !witnessed.isEmpty) {
            audit.problem("\(newest.name): the key that signed it does not count: \(refusal)")
        }
    }

    /// The lines of the witnesses whose keys were given; each must be one on its checkpoint.
    private func cosignatures(_ audit: inout LogAudit) throws {
        var others: Set<String> = []
        let rows = try Row.fetchAll(db, sql: "SELECT size, witness, line, note FROM cosignature JOIN checkpoint USING(size) ORDER BY size, witness")
        for row in rows {
            let name: String = row["witness"]
            guard let witness = witnesses.first(where: { $0.key.name == name }) else {
                others.insert(name)
                continue
            }
            let note = (row["note"] as String) + (row["line"] as String)
            let checkpoint = try? VerifiedCheckpoint(note: note, log: eras.keys, witnesses: [witness.key])
            if checkpoint?.witnesses[witness.key] == nil || checkpoint?.isExact != true {
                audit.problem("checkpoint \(row["size"] as Int): the signature of witness `\(name)` is not one on it")
            }
        }
        for name in others.sorted() { audit.note("signatures of witness `\(name)` were not checked: its key was not given") }
    }

    private func open(_ note: String, _ name: String, at time: Int?, _ audit: inout LogAudit) -> VerifiedCheckpoint? {
        do {
            let checkpoint = try VerifiedCheckpoint(note: note, log: eras.eras.isEmpty ? keys.map(\.key) : eras.keys, witnesses: witnesses.map(\.key))
            if !checkpoint.isExact { audit.note("\(name) has signatures by keys that were not given") }
            if let refusal = eras.refusal(size: checkpoint.size, signers: checkpoint.signers) {
                audit.problem("\(name): \(refusal)")
                return nil
            }
            if let time, eras.isLate(size: checkpoint.size, signers: checkpoint.signers, at: time) {
                audit.note("\(name): the key that was replaced signed it too, after the overlap")
            }
            return checkpoint
        } catch {
            audit.problem("\(name): \(error)")
            return nil
        }
    }
}

/// The root over leaf hashes that come one by one.
private struct LeafRoot {
    /// Complete subtrees, the largest first, 32 bytes each.
    private var parts: [UInt8] = []
    private var count = 0

    mutating func append(_ leaf: ArraySlice<UInt8>) {
        parts += leaf
        count += 1
        var width = count
        while width.isMultiple(of: 2) {
            MerkleLeaf.join(&parts)
            width >>= 1
        }
    }

    var root: [UInt8] {
        guard count > 0 else { return SHA256Digest(of: []).bytes }
        var rest = parts
        while rest.count > 32 { MerkleLeaf.join(&rest) }
        return rest
    }
}
