internal import Evidence
public import EvidenceVerify
internal import Foundation
internal import GRDB
internal import Residency

/// What an examination of a store found. It trusts nothing that is derived: every leaf is hashed from its record, every node
/// from its children, every root from the leaves.
public struct LogAudit: Sendable, Hashable {
    public var entries = 0
    public var checkpoints = 0
    public var runs = 0
    public var findings = 0
    /// Runs whose findings were erased, as an entry of the log says.
    public var pruned = 0
    /// What is wrong, a sentence each; the first hundred. Empty: all holds.
    public var problems: [String] = []
    /// What is not wrong and should be known: a clock that went backwards, lines by unknown keys.
    public var notes: [String] = []

    public var holds: Bool { problems.isEmpty }

    mutating func problem(_ text: String) {
        if problems.count < 100 { problems.append(text) }
    }
}

extension RunStore {
    /// Examines the whole store: the database, the log against the log's public key, the checkpoints kept elsewhere (a file
    /// of the archive each), and every run against what the log's entries say of it.
    public func verify(log key: LogKey, witnesses: [LogKey] = [], kept: [String] = []) throws -> LogAudit {
        try read { db in
            var audit = LogAudit()
            for line in try String.fetchAll(db, sql: "PRAGMA integrity_check(10)") where line != "ok" { audit.problem("database: \(line)") }
            for difference in try StoreSchema.differences(db) { audit.problem("database: \(difference)") }
            var kept = kept.enumerated().map { (name: "checkpoint \($0.offset + 1) of the archive", note: $0.element) }
            if let data = FileManager.default.contents(atPath: checkpointPath) {
                kept.append((checkpointPath, String(decoding: data, as: UTF8.self)))
            }
            var examiner = LogExaminer(db: db, key: key, witnesses: witnesses)
            try examiner.entries(&audit)
            try examiner.nodes(&audit)
            try examiner.checkpoints(kept: kept, &audit)
            try examiner.holds.holds(db, &audit)
            try RunExaminer(db: db, records: examiner.runRecords, pruned: examiner.prunedRuns).runs(&audit)
            return audit
        }
    }
}

/// Examines the tree.
private struct LogExaminer {
    let db: Database
    let key: LogKey
    let witnesses: [LogKey]
    private var leaves: [UInt8] = []
    private(set) var runRecords: [Int: CanonicalValue] = [:]
    private(set) var prunedRuns: Set<String> = []
    private(set) var holds = HoldExaminer()
    /// The ids of the keys that may sign statements, as the log itself announced them.
    private var announced: Set<String> = []

    init(db: Database, key: LogKey, witnesses: [LogKey]) {
        self.db = db
        self.key = key
        self.witnesses = witnesses
    }

    /// Every record: its number, its own hash, and that its columns say what it says.
    mutating func entries(_ audit: inout LogAudit) throws {
        let rows = try Row.fetchCursor(db, sql: "SELECT idx, kind, created, leaf_hash, record FROM entry ORDER BY idx")
        while let row = try rows.next() {
            let index: Int = row[0]
            guard index == audit.entries else {
                audit.problem("entry \(audit.entries) is missing")
                return
            }
            let record: Data = row[4]
            let leaf = MerkleTree.leafHash(record)
            if try row.withUnsafeData(atIndex: 3, { $0 != Data(leaf.bytes) }) {
                audit.problem("entry \(index): the record is not the one that was hashed")
            }
            leaves.append(contentsOf: leaf.bytes)
            audit.entries += 1
            try contents(Array(record), index: index, kind: row[1], created: row[2], &audit)
        }
    }

    private mutating func contents(_ record: [UInt8], index: Int, kind: String, created: Int, _ audit: inout LogAudit) throws {
        guard let value = try? StrictJSON.parseCanonical(record) else {
            audit.problem("entry \(index): the record is not canonical JSON")
            return
        }
        if value["type"]?.text != kind || value["n"]?.number != index || value["t"]?.text != UTCTime.text(created) {
            audit.problem("entry \(index): its columns say other than its record")
        }
        if let seconds = value["clockBackwardsBy"]?.number { audit.notes.append("entry \(index): the clock went back by \(seconds) s") }
        switch kind {
        case "run": runRecords[index] = value
        case "hold", "release": holds.read(kind, value, at: created)
        case "prune": prunedRuns.formUnion((value["runs"]?.elements ?? []).compactMap(\.text))
        case "key":
            do {
                announced.insert(try RotationVerifier.verify(value, announced: announced))
            } catch {
                audit.problem("entry \(index): \(error)")
            }
        case "log":
            if let id = value["keyid"]?.text { announced.insert(id) }
            if value["origin"]?.text != key.name {
                audit.problem("entry \(index): the log names itself `\(value["origin"]?.text ?? "")`, not `\(key.name)`")
            }
        default: break
        }
    }

    /// Every stored node against its children, computed from the leaves.
    func nodes(_ audit: inout LogAudit) throws {
        var level = 0
        var hashes = leaves
        while hashes.count >= 64 {
            level += 1
            var parents: [UInt8] = []
            parents.reserveCapacity(hashes.count / 2)
            for start in stride(from: 0, to: hashes.count - 63, by: 64) {
                parents.append(contentsOf: SHA256Digest(of: [1] + hashes[start..<(start + 64)]).bytes)
            }
            let rows = try Row.fetchCursor(db, sql: "SELECT idx, hash FROM node WHERE level = ? ORDER BY idx", arguments: [level])
            var position = 0
            while let row = try rows.next() {
                let fits = try row.withUnsafeData(atIndex: 1) { data in
                    row[0] == position && position * 32 < parents.count && data == Data(parents[(position * 32)..<(position * 32 + 32)])
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

    /// The root and the signature of every stored checkpoint and of those kept elsewhere, in one pass over the leaves.
    func checkpoints(kept: [(name: String, note: String)], _ audit: inout LogAudit) throws {
        var due: [(size: Int, name: String, root: [UInt8])] = []
        let rows = try Row.fetchCursor(db, sql: "SELECT size, root, note FROM checkpoint ORDER BY size")
        while let row = try rows.next() {
            let size: Int = row[0]
            let root: Data = row[1]
            audit.checkpoints += 1
            guard let checkpoint = open(row[2], "checkpoint \(size)", &audit) else { continue }
            if checkpoint.size != size || checkpoint.root != Array(root) {
                audit.problem("checkpoint \(size): its columns say other than its note")
            }
            due.append((checkpoint.size, "checkpoint \(size)", checkpoint.root))
        }
        try cosignatures(&audit)
        let last = due.last?.size ?? 0
        for (name, note) in kept {
            guard let checkpoint = open(note, name, &audit) else { continue }
            if checkpoint.size > last {
                audit.problem("\(name) is of \(checkpoint.size) entries; the last checkpoint here is of \(last): the store was put back")
            }
            due.append((checkpoint.size, name, checkpoint.root))
        }
        if last < audit.entries { audit.problem("\(audit.entries - last) entries after the last checkpoint are not signed") }
        var tree = LeafRoot()
        var count = 0
        for checkpoint in due.sorted(by: { $0.size < $1.size }) {
            guard checkpoint.size * 32 <= leaves.count else {
                audit.problem("\(checkpoint.name) is of \(checkpoint.size) entries, and the log holds \(leaves.count / 32)")
                continue
            }
            while count < checkpoint.size {
                tree.append(leaves[(count * 32)..<(count * 32 + 32)])
                count += 1
            }
            if tree.root != checkpoint.root { audit.problem("\(checkpoint.name): its root is not that of the entries") }
        }
    }

    /// The lines of the witnesses whose keys were given; each must be one on its checkpoint.
    private func cosignatures(_ audit: inout LogAudit) throws {
        var others: Set<String> = []
        let rows = try Row.fetchAll(db, sql: "SELECT size, witness, line, note FROM cosignature JOIN checkpoint USING(size) ORDER BY size, witness")
        for row in rows {
            let name: String = row["witness"]
            guard let witness = witnesses.first(where: { $0.name == name }) else {
                others.insert(name)
                continue
            }
            let note = (row["note"] as String) + (row["line"] as String)
            let checkpoint = try? VerifiedCheckpoint(note: note, log: key, witnesses: [witness])
            if checkpoint?.witnesses[name] == nil || checkpoint?.isExact != true {
                audit.problem("checkpoint \(row["size"] as Int): the signature of witness `\(name)` is not one on it")
            }
        }
        for name in others.sorted() { audit.notes.append("signatures of witness `\(name)` were not checked: its key was not given") }
    }

    private func open(_ note: String, _ name: String, _ audit: inout LogAudit) -> VerifiedCheckpoint? {
        do {
            let checkpoint = try VerifiedCheckpoint(note: note, log: key, witnesses: witnesses)
            if !checkpoint.isExact { audit.notes.append("\(name) has signatures by keys that were not given") }
            return checkpoint
        } catch {
            audit.problem("\(name): \(error)")
            return nil
        }
    }
}

/// The root over leaf hashes that come one by one.
private struct LeafRoot {
    private var parts: [[UInt8]] = []
    private var count = 0

    mutating func append(_ leaf: some Sequence<UInt8>) {
        parts.append(Array(leaf))
        count += 1
        var width = count
        while width.isMultiple(of: 2) {
            let right = parts.removeLast()
            parts.append(SHA256Digest(of: [1] + parts.removeLast() + right).bytes)
            width >>= 1
        }
    }

    var root: [UInt8] {
        guard var hash = parts.last else { return SHA256Digest(of: []).bytes }
        for part in parts.dropLast().reversed() { hash = SHA256Digest(of: [1] + part + hash).bytes }
        return hash
    }
}
