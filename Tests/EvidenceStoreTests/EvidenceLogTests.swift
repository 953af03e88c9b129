import Evidence
import EvidenceStore
import EvidenceTestSupport
import EvidenceVerify
import Foundation
import GRDB
import Residency
import Testing

@Suite struct EvidenceLogTests {
    @Test func `a log of 40 nights holds, and every night's proof verifies`() throws {
        let bundle = try StoredBundle(nights: 40, findings: 3)
        let key = try #require(bundle.logKey)
        let audit = try bundle.store.verify(log: [Trusted(key)])
        #expect(audit.holds && audit.entries == 41 && audit.checkpoints == 41 && audit.runs == 40, "\(audit)")
        for night in 0..<40 {
            let evidence = try #require(try bundle.store.proof(of: "run-\(night)"))
            let entry = try StrictJSON.parseCanonical(evidence.entry)
            let proof = try LogProof(
                entry: evidence.entry, inclusion: evidence.inclusion, previous: evidence.previous, consistency: evidence.consistency)
            let checkpoint = try proof.verify(statement: entry["pae_sha256"]?.text ?? "", timestamp: nil, log: [key])
            #expect(checkpoint.size == 41)
        }
    }

    @Test func `any change in the database is found and named`() throws {
        let changes: [(sql: String, names: String)] = [
            ("UPDATE entry SET record = CAST(replace(CAST(record AS TEXT), 'run-1', 'run-9') AS BLOB) WHERE idx = 2", "entry 2"),
            ("UPDATE entry SET created = created + 1 WHERE idx = 3", "entry 3"),
            ("DELETE FROM entry WHERE idx = 1", "entry 1 is missing"),
            ("DELETE FROM entry WHERE idx = 5", "holds"),
            ("UPDATE node SET hash = zeroblob(32) WHERE level = 1 AND idx = 1", "node 1 of level 1"),
            ("DELETE FROM node WHERE level = 2", "level 2"),
            ("UPDATE checkpoint SET note = replace(note, 'acme', 'evil') WHERE size = 3", "checkpoint 3"),
            ("UPDATE checkpoint SET root = zeroblob(32) WHERE size = 4", "checkpoint 4"),
            ("DELETE FROM checkpoint WHERE size = 6", "put back"),
            ("UPDATE finding SET line = CAST(replace(CAST(line AS TEXT), 'us', 'eu') AS BLOB) WHERE run = 2 AND idx = 1", "run run-1"),
            ("UPDATE finding SET verdict = 'waived' WHERE run = 3 AND idx = 0", "run run-2"),
            ("UPDATE finding SET line = NULL WHERE run = 1", "no entry of the log says so"),
            ("DELETE FROM finding WHERE run = 1 AND idx = 2", "run run-0"),
            ("UPDATE run SET header = CAST(replace(CAST(header AS TEXT), 'eu-west-1', 'eu-west-2') AS BLOB) WHERE seq = 2", "run run-1"),
            ("UPDATE run SET outcome = 'proven' WHERE seq = 1", "run run-0"),
            ("UPDATE file SET content = x'00'", "file"),
            ("UPDATE run_file SET name = 'policy/xx.yaml' WHERE run = 4", "run run-3"),
            ("DELETE FROM statement WHERE run = 2", "entry 2"),
            (
                "UPDATE statement SET envelope = CAST(replace(CAST(envelope AS TEXT), 'payloadType', 'payloadTypf') AS BLOB) WHERE run = 1",
                "run run-0"
            ),
        ]
        for change in changes {
            let bundle = try StoredBundle(nights: 5, findings: 3)
            try bundle.tamper(change.sql)
            let audit = try bundle.store.verify(log: [Trusted(try #require(bundle.logKey))])
            #expect(audit.problems.contains { $0.contains(change.names) }, "\(change.sql): \(audit.problems)")
        }
    }

    @Test func `no statement is entered about findings that were changed in the store`() throws {
        let bundle = try StoredBundle(nights: 1, findings: 9)
        func enter() throws {
            let run = try #require(try bundle.store.run(id: "run-0"))
            let writer = BundleWriter(signers: [bundle.keys.statement]) { _ in nil } log: { envelope, _ in
                try bundle.store.enter(envelope, about: run.id, signer: bundle.keys.log, at: StoredBundle.firstNight)
            }
            try writer.write(run, files: [.init(name: "report.html", content: [1])], to: "\(bundle.scratch.path)/again")
        }
        try enter()
        #expect(try bundle.store.verify(log: [Trusted(try #require(bundle.logKey))]).entries == 3)
        try bundle.tamper("UPDATE finding SET line = CAST(replace(CAST(line AS TEXT), 'move it', 'keep it') AS BLOB) WHERE idx = 4")
        try FileManager.default.removeItem(atPath: "\(bundle.scratch.path)/again")
        #expect(RunStoreTests.code { try enter() } == .conflict)
        #expect(!FileManager.default.fileExists(atPath: "\(bundle.scratch.path)/again"))
    }

    @Test(arguments: [
        ("DROP TRIGGER finding_hold", "database: the trigger `finding_hold` is gone"),
        ("CREATE TRIGGER sly AFTER INSERT ON finding BEGIN SELECT 1; END", "database: a trigger `sly` is there"),
        ("DROP TRIGGER entry_delete; CREATE TRIGGER entry_delete BEFORE DELETE ON entry BEGIN SELECT 1; END", "database: the trigger `entry_delete` was changed"),
    ])
    func `a trigger that was taken out, put in or changed is named`(sql: String, named: String) throws {
        let bundle = try StoredBundle(nights: 2, findings: 3)
        let key = try #require(bundle.logKey)
        #expect(try bundle.store.verify(log: [Trusted(key)]).holds)
        try DatabaseQueue(path: bundle.storePath).write { try $0.execute(sql: sql) }
        let problems = try bundle.store.verify(log: [Trusted(key)]).problems
        #expect(problems.count == 1 && problems[0].hasPrefix(named), "\(problems)")
    }

    @Test func `a hold or a witness's line that was changed behind the log's back is named`() throws {
        let changes: [(sql: String, names: String)] = [
            ("DELETE FROM legal_hold", "legal hold `H1`: it is in the log and not in the store"), ("UPDATE legal_hold SET released = 5 WHERE id = 'H1'", "legal hold `H1`"),
            ("UPDATE legal_hold SET last = '2026-01-02' WHERE id = 'H1'", "legal hold `H1`"), ("UPDATE legal_hold SET matter = 'x' WHERE id = 'H1'", "legal hold `H1`"),
            ("UPDATE legal_hold SET released = NULL WHERE id = 'H2'", "legal hold `H2`"),
            ("INSERT INTO legal_hold VALUES('H3', 'm', '2026-01-01', '2026-01-01', 'x', 1, NULL)", "legal hold `H3`"),
            ("UPDATE cosignature SET line = replace(line, 'A', 'B')", "the signature of witness `legal.example/witness`"),
        ]
        var random = SeededRandom(23)
        let files = try KeySet.witnessFiles(name: "legal.example/witness", using: &random)
        let witnessKey = try #require(LogKey(verifierKey: files[1].text))
        for change in changes {
            let bundle = try StoredBundle(nights: 2, findings: 3)
            let key = try #require(bundle.logKey)
            for id in ["H1", "H2"] {
                try bundle.store.place(.init(id: id, matter: "m", first: "2026-01-01", last: "2026-12-31", placedBy: "legal"), signer: bundle.keys.log, at: 7)
            }
            try bundle.store.release(hold: "H2", by: "legal", signer: bundle.keys.log, at: 8)
            let signer = try PrivateKeyFile.read(files[0].text).logSigner(verifierKey: files[1].text)
            let witness = Witness(signer: signer, log: [Trusted(key)], statePath: "\(bundle.scratch.path)/witness.state")
            try bundle.store.add(cosignature: witness.cosign(bundle.store.consistency(since: nil), at: 1000), by: witnessKey, log: [key])
            let good = try bundle.store.verify(log: [Trusted(key)], witnesses: [Trusted(witnessKey)])
            #expect(good.holds, "\(good)")
            try bundle.tamper(change.sql)
            let audit = try bundle.store.verify(log: [Trusted(key)], witnesses: [Trusted(witnessKey)])
            #expect(audit.problems.contains { $0.contains(change.names) }, "\(change.sql): \(audit.problems)")
        }
    }

    @Test func `the triggers refuse what would change the log`() throws {
        let bundle = try StoredBundle(nights: 2, findings: 3)
        let queue = try DatabaseQueue(path: bundle.storePath)
        for sql in [
            "DELETE FROM entry WHERE idx = 1", "UPDATE entry SET record = x'00' WHERE idx = 1", "UPDATE checkpoint SET note = 'x'",
            "INSERT INTO entry SELECT 9, kind, created, leaf_hash, record FROM entry WHERE idx = 1", "DELETE FROM finding",
            "UPDATE finding SET verdict = 'satisfied'", "UPDATE node SET idx = 7",
        ] {
            #expect(throws: DatabaseError.self, "\(sql)") { try queue.write { try $0.execute(sql: sql) } }
        }
    }

    @Test func `an old backup put back is refused, and nothing is signed`() throws {
        let bundle = try StoredBundle(nights: 2, findings: 3)
        try bundle.checkpointFiles()
        try FileManager.default.copyItem(atPath: bundle.storePath, toPath: "\(bundle.scratch.path)/backup")
        try bundle.run(2)
        for suffix in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: bundle.storePath + suffix) }
        try FileManager.default.copyItem(atPath: "\(bundle.scratch.path)/backup", toPath: bundle.storePath)
        let restored = try RunStore(path: bundle.storePath)
        let envelope = try Envelope.sign(
            Statement(run: SampleRun.make(id: "x"), subjects: [("SHA256SUMS", SHA256Digest(of: []).hex)]), with: [bundle.keys.statement])
        let size = try restored.checkpoint()
        #expect(
            RunStoreTests.code { _ = try restored.append(SampleRun.make(id: "x"), envelope: envelope, signer: bundle.keys.log, at: 9) }
                == .forked)
        #expect(try restored.checkpoint() == size)
        #expect(try restored.runs().count == 2)
        #expect(try !restored.verify(log: [Trusted(try #require(bundle.logKey))]).holds)
    }

    @Test func `a log that was rewritten and grew again is told from the one that was signed`() throws {
        let bundle = try StoredBundle(nights: 3, findings: 3)
        let archived = try #require(try bundle.store.checkpoint())
        let other = try StoredBundle(nights: 0)
        for night in 0..<3 { try other.run(night, findings: 4) }
        #expect(try !other.store.verify(log: [Trusted(try #require(other.logKey))], kept: [archived]).holds)
        let envelope = try Envelope.sign(
            Statement(run: SampleRun.make(id: "x"), subjects: [("SHA256SUMS", SHA256Digest(of: []).hex)]), with: [bundle.keys.statement])
        #expect(
            RunStoreTests.code {
                _ = try other.store.append(SampleRun.make(id: "x"), envelope: envelope, signer: other.keys.log, kept: [archived], at: 9)
            } == .forked)
    }

    @Test func `a witness signs what extends what it saw, and no rewritten log`() throws {
        let bundle = try StoredBundle(nights: 2, findings: 3)
        var random = SeededRandom(17)
        let files = try KeySet.witnessFiles(name: "legal.example/witness", using: &random)
        try KeyFile.write(files, to: bundle.keysPath)
        let signer = try PrivateKeyFile.read(files[0].text).logSigner(verifierKey: files[1].text)
        let key = try #require(bundle.logKey)
        let witnessKey = try #require(LogKey(verifierKey: files[1].text))
        let witness = Witness(signer: signer, log: [Trusted(key)], statePath: "\(bundle.scratch.path)/witness.state")
        try bundle.store.add(
            cosignature: try witness.cosign(bundle.store.consistency(since: witness.last), at: 1000), by: witnessKey, log: [key])
        try bundle.run(2, findings: 3)
        let request = try bundle.store.consistency(since: witness.last)
        let line = try witness.cosign(request, at: 2000)
        try bundle.store.add(cosignature: line, by: witnessKey, log: [key])
        #expect(throws: EvidenceError.self) {
            try bundle.store.add(cosignature: line.replacing("legal", with: "regal"), by: witnessKey, log: [key])
        }
        // A bundle made again has the witness's line in its proof; the checkpoint before has it too.
        try bundle.run(2, findings: 3)
        let evidence = try #require(try bundle.store.proof(of: "run-2"))
        try bundle.scratch.write("bundle/log/evidence.tlog-proof", Array(evidence.inclusion.utf8))
        let report = try bundle.verify()
        #expect(report.holds && report.provenTime == 2000, "\(report.text)")
        if Checkers.python != nil {
            let tool = "\(Checkers.python ?? "") \(Checkers.folder ?? "")/bin/verify_tlog.py"
            let result = try Checkers.shell(
                "\(tool) inclusion --vkey keys/log.vkey --witness keys/witness.vkey --entry bundle/log/evidence.entry bundle/log/evidence.tlog-proof",
                in: bundle.scratch.path)
            #expect(result.code == 0 && result.output.contains("1 witness"), "\(result.output)")
        }
        let other = try StoredBundle(nights: 0)
        for night in 0..<4 { try other.run(night, findings: 4) }
        #expect(throws: VerificationError.self) { try witness.cosign(other.store.consistency(since: witness.last), at: 3000) }
        #expect(throws: VerificationError.self) { try witness.cosign(other.store.consistency(since: nil), at: 3000) }
    }

    @Test func `a clock that goes back is entered, and loses nothing`() throws {
        let bundle = try StoredBundle(nights: 2, findings: 3)
        try bundle.run(2, findings: 3, at: StoredBundle.firstNight - 100)
        let audit = try bundle.store.verify(log: [Trusted(try #require(bundle.logKey))])
        #expect(audit.holds && audit.notes == ["entry 3: the clock went back by 86500 s"], "\(audit)")
        #expect(try bundle.verify().holds)
    }

    @Test(.enabled(if: Checkers.python != nil, Checkers.skipped)) func `the log exported as tiles and as leaves is verified by others`()
        throws
    {
        let bundle = try StoredBundle(nights: 20, findings: 1)
        try bundle.store.exportTiles(to: "\(bundle.scratch.path)/tiles")
        let tool = "\(Checkers.python ?? "") \(Checkers.folder ?? "")/bin/verify_tlog.py"
        let result = try Checkers.shell("\(tool) tiles --vkey keys/log.vkey --dir tiles", in: bundle.scratch.path)
        #expect(result.code == 0 && result.output.hasSuffix("VERIFIED\n"), "\(result.output)")
    }

    @Test func `findings are erased by a signed entry only, and a hold forbids it`() throws {
        let bundle = try StoredBundle(nights: 4, findings: 3)
        let key = try #require(bundle.logKey)
        let signer = bundle.keys.log
        let day = { (night: Int) in String(UTCTime.text(StoredBundle.firstNight + night * 86400).prefix(10)) }
        try bundle.store.place(
            .init(id: "H1", matter: "Smith v Example", first: day(1), last: day(1), placedBy: "legal"), signer: signer, at: 1)
        #expect(
            RunStoreTests.code { try bundle.store.prune(before: day(3), reason: "7 years", approver: "dpo", signer: signer, at: 2) }
                == .held)
        #expect(throws: DatabaseError.self) {
            try DatabaseQueue(path: bundle.storePath).write { try $0.execute(sql: "UPDATE finding SET line = NULL WHERE run = 2") }
        }
        #expect(try bundle.store.prune(before: day(1), reason: "7 years", approver: "dpo", signer: signer, at: 3) == ["run-0"])
        try bundle.store.release(hold: "H1", by: "legal", signer: signer, at: 4)
        #expect(
            try bundle.store.prune(before: day(4), reason: "7 years", approver: "dpo", signer: signer, at: 5) == [
                "run-1", "run-2", "run-3",
            ])
        let audit = try bundle.store.verify(log: [Trusted(key)])
        #expect(audit.holds && audit.pruned == 4, "\(audit)")
        #expect(try bundle.store.run(id: "run-0")?.findings.isEmpty == true)
        #expect(try bundle.verify().holds)
        for name in ["evidence.sqlite", "evidence.sqlite-wal"] {
            let file = Data(try bundle.scratch.read(name))
            #expect(file.range(of: Data("was promised".utf8)) == nil, "\(name) still holds what was erased")
        }
    }
}

struct RotationTests {
    @Test func `a key that the one before did not sign is named, and so is one that the log does not know`() throws {
        let bundle = try StoredBundle()
        let key = try #require(bundle.logKey)
        var random = SeededRandom(17)
        let until = "2026-12-22T00:00:00Z"
        let second = try KeySet.generateStatementKey(using: &random)
        _ = try bundle.store.enterKey(KeyRotation(from: bundle.keys.statement, to: second, overlapUntil: until), signer: bundle.keys.log, at: StoredBundle.firstNight)
        let third = try KeySet.generateStatementKey(using: &random)
        _ = try bundle.store.enterKey(KeyRotation(from: second, to: third, overlapUntil: until), signer: bundle.keys.log, at: StoredBundle.firstNight)
        #expect(try bundle.store.verify(log: [Trusted(key)]).holds)
        // Whoever has the log's key alone can't bring in a key for statements.
        let stranger = try KeySet.generateStatementKey(using: &random)
        _ = try bundle.store.enterKey(KeyRotation(from: stranger, to: third, overlapUntil: until), signer: bundle.keys.log, at: StoredBundle.firstNight)
        var forged = try KeyRotation(from: stranger, to: stranger, overlapUntil: until)
        (forged.oldKeyID, forged.oldKeyPEM) = (second.keyID, second.publicKeyPEM)
        _ = try bundle.store.enterKey(forged, signer: bundle.keys.log, at: StoredBundle.firstNight)
        forged.newKeyID = second.keyID
        _ = try bundle.store.enterKey(forged, signer: bundle.keys.log, at: StoredBundle.firstNight)
        let problems = try bundle.store.verify(log: [Trusted(key)]).problems
        #expect(problems.count == 3, "\(problems)")
        for (problem, text) in zip(problems, ["which the log does not know", "was not signed by the key before it", "other ids than theirs"]) {
            #expect(problem.contains(text), "\(problem)")
        }
    }
}

extension StoredBundle {
    /// Changes the database as an administrator could: triggers first.
    func tamper(_ sql: String) throws {
        var configuration = Configuration()
        configuration.foreignKeysEnabled = false
        try DatabaseQueue(path: storePath, configuration: configuration).write { db in
            for name in try String.fetchAll(db, sql: "SELECT name FROM sqlite_schema WHERE type = 'trigger'") {
                try db.execute(sql: "DROP TRIGGER \(name)")
            }
            try db.execute(sql: sql)
        }
    }

    /// Moves everything from the write-ahead log into the file.
    func checkpointFiles() throws {
        try DatabaseQueue(path: storePath).writeWithoutTransaction { _ = try $0.checkpoint(.truncate) }
    }
}
