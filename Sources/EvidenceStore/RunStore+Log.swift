public import Evidence
public import EvidenceVerify
internal import Foundation
internal import GRDB
public import Residency

extension RunStore {
    /// Where the last signed checkpoint is kept outside the database: a restored backup is seen by it.
    public var checkpointPath: String { path + ".checkpoint" }

    /// Appends a run, its statement and the log's entry for it, and signs the new checkpoint, all in one transaction. A new
    /// log begins with an entry that names it and the key.
    ///
    /// Refuses (`EvidenceError.forked`) to sign if the log does not extend the last checkpoint signed, the one kept beside the
    /// database and those in `kept` (from an archive).
    public func append(
        _ run: Run, files: [(name: String, content: [UInt8])] = [], envelope: Envelope, timestamp: [UInt8]? = nil,
        disclosure: TreeHead? = nil, signer: LogSigner, kept: [String] = [], at time: Int
    ) throws -> LogEvidence {
        try enter(envelope, timestamp: timestamp, disclosure: disclosure, signer: signer, kept: kept, at: time) { db in
            try insert(run, files: files, db)
        }
    }

    /// Enters another statement about a run that is in the store. Refuses one over other findings than were written: they were
    /// changed since, or erased.
    public func enter(
        _ envelope: Envelope, about id: String, timestamp: [UInt8]? = nil, disclosure: TreeHead? = nil, signer: LogSigner, at time: Int
    ) throws -> LogEvidence {
        try enter(envelope, timestamp: timestamp, disclosure: disclosure, signer: signer, kept: [], at: time) { db in
            let sequence = try sequence(of: id, db)
            let subjects = (try? StrictJSON.parse(envelope.payload))?["subject"]?.elements ?? []
            let signed = subjects.first { $0["name"]?.text == "findings.jsonl" }?["digest"]?["sha256"]?.text
            guard try String.fetchOne(db, sql: "SELECT findings_sha256 FROM run WHERE seq = ?", arguments: [sequence]) == signed else {
                throw EvidenceError(
                    .conflict, "the findings of run `\(id)` in `\(path)` are not those that were written: nothing was signed into the log",
                    hint: "`evidence log verify` says whether they were erased or changed")
            }
            return sequence
        }
    }

    /// Enters a statement about the run whose number the body gives.
    private func enter(
        _ envelope: Envelope, timestamp: [UInt8]?, disclosure: TreeHead?, signer: LogSigner, kept: [String], at time: Int,
        _ run: (Database) throws -> Int
    ) throws -> LogEvidence {
        try signing(signer, keyID: envelope.signatures.first?.keyID, kept: kept, at: time) { db, log, kept in
            let sequence = try run(db)
            let statement = SHA256Digest(of: envelope.preAuthentication).hex
            if let index = try Int.fetchOne(db, sql: "SELECT entry FROM statement WHERE pae_sha256 = ?", arguments: [statement]) {
                return try log.evidence(of: index, note: try log.checkpoint(signer, kept: kept, at: time))
            }
            var fields = try runFields(sequence, db)
            fields["pae_sha256"] = .string(statement)
            fields["tsr_sha256"] = timestamp.map { .string(SHA256Digest(of: $0).hex) }
            let index = try log.append("run", fields, at: time)
            try insert(envelope, run: sequence, entry: index, db)
            if let disclosure {
                // An entry of its own: whoever is shown it learns no unsalted digest of the run. It follows the statement's: so it
                // is found again.
                try log.append(
                    "disclosure", ["root": .string(disclosure.root.hex), "run": fields["run"] ?? .null, "size": .int(disclosure.size)], at: time)
            }
            return try log.evidence(of: index, note: try log.checkpoint(signer, kept: kept, at: time))
        }
    }

    /// The newest signed checkpoint: what to archive outside. `nil` if the log has none yet.
    public func checkpoint() throws -> String? {
        try read { db in
            let log = EvidenceLog(db: db)
            return try log.latest().map { try log.cosigned($0.note, size: $0.checkpoint.head.size) }
        }
    }

    /// Adds a witness's signature line to the newest checkpoint; it is in every proof made from now on. Refuses a line that
    /// does not fit.
    public func add(cosignature line: String, by witness: LogKey, log keys: [LogKey]) throws {
        try transaction { db in
            guard let newest = try EvidenceLog(db: db).latest() else { throw EvidenceError(.missing, "the log has no checkpoint yet") }
            let checkpoint: VerifiedCheckpoint
            do {
                checkpoint = try VerifiedCheckpoint(note: newest.note + line, log: keys, witnesses: [witness])
            } catch {
                throw EvidenceError(.failed, "the cosignature can't be used: \(error)")
            }
            guard checkpoint.witnesses[witness] != nil else {
                throw EvidenceError(
                    .failed, "the cosignature is not one by `\(witness.name)` on the newest checkpoint", hint: "was there a run since?")
            }
            try db.execute(
                sql: "INSERT OR IGNORE INTO cosignature(size, witness, line) VALUES(?, ?, ?)",
                arguments: [newest.checkpoint.head.size, witness.name, line])
        }
    }

    /// The proofs about the newest statement of a run, under the newest checkpoint; `nil` if it was never entered.
    public func proof(of id: String) throws -> LogEvidence? {
        try read { db in
            let sequence = try sequence(of: id, db)
            let sql = "SELECT entry FROM statement WHERE run = ? AND entry IS NOT NULL ORDER BY entry DESC LIMIT 1"
            let log = EvidenceLog(db: db)
            guard let index = try Int.fetchOne(db, sql: sql, arguments: [sequence]), let newest = try log.latest() else { return nil }
            return try log.evidence(of: index, note: try log.cosigned(newest.note, size: newest.checkpoint.head.size))
        }
    }

    /// The proofs about the salted tree of a run, to be given out with a disclosure; `nil` if it was never entered.
    public func disclosureProof(of id: String) throws -> LogEvidence? {
        try read { db in
            let log = EvidenceLog(db: db)
            guard let (index, _) = try disclosure(of: id, db), let newest = try log.latest() else { return nil }
            return try log.evidence(of: index, note: try log.cosigned(newest.note, size: newest.checkpoint.head.size))
        }
    }

    /// The salted tree that was entered for a run, the newest; `nil` if none was.
    public func disclosureTree(of id: String) throws -> TreeHead? { try read { db in try disclosure(of: id, db)?.tree } }

    /// It stands after the entry of the statement that it was signed with.
    private func disclosure(of id: String, _ db: Database) throws -> (index: Int, tree: TreeHead)? {
        let sql = """
            SELECT idx, record FROM statement s JOIN entry e ON e.idx = s.entry + 1
            WHERE s.run = (SELECT seq FROM run WHERE id = ?) AND e.kind = 'disclosure' ORDER BY idx DESC LIMIT 1
            """
        guard let row = try Row.fetchOne(db, sql: sql, arguments: [id]), let record = try? StrictJSON.parse(Array(row["record"] as Data)),
            record["run"]?.text == id, let size = record["size"]?.number, let root = record["root"]?.text.flatMap(SHA256Digest.init(hex:))
        else { return nil }
        return (row["idx"], TreeHead(size: size, root: root))
    }

    /// The last checkpoint that a witness signed, by the witness's name; `nil` if it signed none.
    public func lastWitnessed(by name: String) throws -> String? {
        try read { db in
            let sql = "SELECT note FROM checkpoint JOIN cosignature USING(size) WHERE witness = ? ORDER BY size DESC LIMIT 1"
            return try String.fetchOne(db, sql: sql, arguments: [name])
        }
    }

    /// The proof that the log extends an older signed checkpoint, or with none that it extends nothing (a tlog-witness request
    /// body); the older one is not checked against its signature here.
    public func consistency(since note: String?) throws -> String {
        try read { db in
            let log = EvidenceLog(db: db)
            guard let newest = try log.latest() else { throw EvidenceError(.missing, "the log has no checkpoint yet") }
            guard let note else { return ProofText.consistency(old: 0, hashes: [], note: newest.note) }
            guard let old = EvidenceLog.parse(note) else { throw EvidenceError(.missing, "the older checkpoint can't be read") }
            guard old.head.size <= newest.checkpoint.head.size else {
                throw EvidenceError(.forked, "the older checkpoint is of \(old.head.size) entries, more than this log has")
            }
            let hashes = try MerkleTree.consistencyProof(from: old.head.size, to: newest.checkpoint.head.size, nodes: log.node)
            return ProofText.consistency(old: old.head.size, hashes: hashes, note: newest.note)
        }
    }

    /// Enters that another key signs statements from now on; the old key's signature over the new key's PEM is part of it.
    public func enterKey(_ rotation: KeyRotation, signer: LogSigner, kept: [String] = [], at time: Int) throws -> String {
        try signing(signer, keyID: rotation.oldKeyID, kept: kept, at: time) { _, log, kept in
            try log.append("key", rotation.fields, at: time)
            return try log.checkpoint(signer, kept: kept, at: time)
        }
    }

    /// Enters that another key signs the log's checkpoints from now on; the first that it signs is that of this entry, with the
    /// old one beside it while they overlap.
    public func enterLogKey(_ rotation: LogKeyRotation, old: LogSigner, new: LogSigner, kept: [String] = [], at time: Int) throws {
        try signing(old, closing: new, kept: kept, at: time) { _, log, _ in
            _ = try log.append("log-key", rotation.fields, at: time)
        }
    }

    /// One transaction that ends in a signed checkpoint, which is kept outside once it is committed. A new log begins with an
    /// entry that names it and the key that signs statements. `closing` signs that checkpoint, if it is another.
    func signing<Value>(
        _ signer: LogSigner, closing: LogSigner? = nil, keyID: String? = nil, kept notes: [String], at time: Int,
        _ body: (Database, EvidenceLog, [Checkpoint]) throws -> Value
    ) throws -> Value {
        let (value, note) = try transaction { db in
            // Read inside the transaction: another writer may have moved it on while this one waited.
            let kept = try keptCheckpoints(notes, signer)
            let log = EvidenceLog(db: db)
            try begin(log, signer, keyID, kept: kept, at: time)
            // Before anything is appended, so that it is told how much is missing.
            for checkpoint in kept { try log.requireExtends(checkpoint, signer) }
            try log.requireSigns(signer)
            let value = try body(db, log, kept)
            return (value, try log.checkpoint(closing ?? signer, kept: kept, at: time))
        }
        try keep(note)
        return value
    }

    private func keptCheckpoints(_ notes: [String], _ signer: LogSigner) throws -> [Checkpoint] {
        var notes = notes
        if let data = FileManager.default.contents(atPath: checkpointPath) { notes.append(String(decoding: data, as: UTF8.self)) }
        let keys = ([signer.verifierKey] + (signer.former.map { [$0.verifierKey] } ?? [])).compactMap(LogKey.init(verifierKey:))
        return try notes.map { note in
            do {
                _ = try VerifiedCheckpoint(note: note, log: keys)
            } catch {
                throw EvidenceError(
                    .forked, "a checkpoint that was kept is not one of this log: \(error)",
                    hint: "is `\(checkpointPath)` of another store, or is log.pem a key that `keys rotate --log` replaced?")
            }
            guard let checkpoint = EvidenceLog.parse(note) else { throw EvidenceError(.forked, "a checkpoint that was kept can't be read") }
            return checkpoint
        }
    }

    /// INVARIANT: a checkpoint is outside only after it is committed; if the program dies in between, the older one outside is
    /// still one that the log extends.
    private func keep(_ note: String) throws {
        if let data = FileManager.default.contents(atPath: checkpointPath),
            let there = EvidenceLog.parse(String(decoding: data, as: UTF8.self)),
            let new = EvidenceLog.parse(note), there.head.size >= new.head.size
        {
            return
        }
        try FileWriter.write(Array(note.utf8), to: checkpointPath)
    }

    /// The first entry of a log names it; with a checkpoint of its own, so that the first run has one to be consistent with.
    private func begin(_ log: EvidenceLog, _ signer: LogSigner, _ keyID: String?, kept: [Checkpoint], at time: Int) throws {
        guard try log.size == 0 else { return }
        if let first = kept.first(where: { $0.head.size > 0 }) {
            throw EvidenceError(
                .forked, "the store's log is empty, and \(first.head.size) entries were signed before: the store was lost or replaced",
                hint: EvidenceLog.whatToDo(first.head.size))
        }
        let fields: [String: CanonicalValue] = [
            "keyid": .optional(keyID), "origin": .string(signer.origin), "vkey": .string(signer.verifierKey),
        ]
        try log.append("log", fields, at: time)
        _ = try log.checkpoint(signer, kept: [], at: time)
    }

    /// What a run's entry commits to: everything that the store keeps of the run, by digest.
    func runFields(_ sequence: Int, _ db: Database) throws -> [String: CanonicalValue] {
        guard
            let row = try Row.fetchOne(
                db, sql: "SELECT id, header, findings, findings_sha256 FROM run WHERE seq = ?", arguments: [sequence])
        else {
            throw EvidenceError(.corrupt, "the store lacks run \(sequence)")
        }
        let files = try Row.fetchAll(db, sql: "SELECT name, sha256 FROM run_file WHERE run = ? ORDER BY name", arguments: [sequence])
        let sums = files.map { "\($0["sha256"] as String)  \($0["name"] as String)\n" }.joined()
        return [
            "files_sha256": .string(SHA256Digest(of: Array(sums.utf8)).hex), "findings": .int(row["findings"]),
            "findings_sha256": .string(row["findings_sha256"]), "header_sha256": .string(SHA256Digest(of: row["header"] as Data).hex),
            "run": .string(row["id"]),
        ]
    }
}
