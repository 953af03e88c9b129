import Evidence
import EvidenceStore
import EvidenceTestSupport
import EvidenceVerify
import Foundation
import GRDB
import Residency
import Testing

/// The log's key is replaced by another.
@Suite struct LogKeyTests {
    /// Two nights by the old key, the rotation, and what is trusted.
    private struct Rotated {
        let bundle: StoredBundle
        let old: LogSigner
        let new: LogSigner
        let oldKey: LogKey
        let newKey: LogKey
        let time: Int
        let until: Int

        init() throws {
            bundle = try StoredBundle(nights: 2, findings: 3)
            old = bundle.keys.log
            var random = SeededRandom(41)
            time = StoredBundle.firstNight + 2 * 86400
            until = time + 2 * 86400
            let next = try KeySet.generateLogKey(origin: old.origin, using: &random)
            new = try next.following(old, until: until)
            oldKey = try #require(LogKey(verifierKey: old.verifierKey))
            newKey = try #require(LogKey(verifierKey: next.verifierKey))
            try bundle.store.enterLogKey(LogKeyRotation(from: old, to: next, overlapUntil: until), old: old, new: new, at: time - 3600)
        }

        func night(_ night: Int, _ signer: LogSigner) throws { try bundle.run(night, findings: 3, log: signer) }

        func audit(_ keys: [Trusted<LogKey>]) throws -> LogAudit { try bundle.store.verify(log: keys) }

        /// The newest bundle by a trust file with these keys of the log.
        func report(_ keys: [TrustFile.Key], now: Int) throws -> VerificationReport {
            let file = TrustFile(keys: [.init(.statement, bundle.keys.statement.publicKeyPEM)] + keys)
            let trust = try Trust(trustFile: file.signed(by: [bundle.keys.statement]), source: "trust.json")
            return try BundleVerifier.verify(bundle: bundle.path, trust: trust, now: now)
        }

        var oldUntil: TrustFile.Key { .init(.log, old.verifierKey, notAfter: UTCTime.text(until)) }
        var newFrom: TrustFile.Key { .init(.log, new.verifierKey, notBefore: UTCTime.text(time - 3600)) }
    }

    @Test func `while both keys sign, whoever has either verifies the log, and after that the chain leads on`() throws {
        let it = try Rotated()
        for night in 2..<6 { try it.night(night, it.new) }
        for keys in [[it.oldKey], [it.newKey], [it.newKey, it.oldKey]] {
            let audit = try it.audit(keys.map { Trusted($0) })
            #expect(audit.holds && audit.entries == 8 && audit.notes.isEmpty, "\(audit)")
        }
        // Night 4 is the last within the overlap.
        let lines = try (4...8).map { size in try it.bundle.signatures(size) }
        #expect(lines == [2, 2, 2, 2, 1])
        var random = SeededRandom(99)
        let stranger = try KeySet.generateLogKey(origin: it.old.origin, using: &random)
        let problems = try it.audit([Trusted(try #require(LogKey(verifierKey: stranger.verifierKey)))]).problems
        #expect(problems.count == 1 && problems[0].contains("was not announced by one"), "\(problems)")
    }

    @Test func `a bundle's checkpoints count by the key that was valid then, and not outside of it`() throws {
        let it = try Rotated()
        try it.night(2, it.new)
        #expect(try it.report([it.oldUntil, it.newFrom], now: it.time).holds)
        // In the overlap the old key is enough; after it only the new one counts.
        #expect(try it.report([it.oldUntil, .init(.log, it.new.verifierKey, notBefore: UTCTime.text(it.until + 1))], now: it.time).holds)
        let late = try it.report([it.oldUntil, .init(.log, it.new.verifierKey, notAfter: UTCTime.text(it.until))], now: it.until + 1)
        #expect(!late.holds && late.text.contains("is outside its validity (until \(UTCTime.text(it.until)))"), "\(late.text)")
        let early = try it.report([.init(.log, it.old.verifierKey, notBefore: UTCTime.text(it.until)), .init(.log, it.new.verifierKey, notBefore: UTCTime.text(it.until))], now: it.time)
        #expect(!early.holds && early.text.contains("(from \(UTCTime.text(it.until)))"), "\(early.text)")
        // With the old key alone there is a line that can't be checked, and with the new one alone a checkpoint that can't.
        for keys in [[it.oldUntil], [it.newFrom]] { #expect(try !it.report(keys, now: it.time).holds) }
        // A key that was revoked counts for nothing that is not proven to be older.
        let revoked = TrustFile.Key(.log, it.new.verifierKey, revokedAt: UTCTime.text(it.time + 5), revocation: "stolen")
        #expect(try it.report([it.oldUntil, revoked], now: it.time).holds)
        let gone = try it.report([.init(.log, it.old.verifierKey, notAfter: UTCTime.text(it.time - 1)), revoked], now: it.time)
        #expect(!gone.holds && gone.text.contains("revoked") && gone.text.contains("stolen"), "\(gone.text)")
    }

    @Test func `the key that was replaced signs no more, and nothing is written`() throws {
        let it = try Rotated()
        let before = try it.bundle.store.checkpoint()
        #expect(RunStoreTests.code { try it.night(2, it.old) } == .badKey)
        #expect(RunStoreTests.code { try it.bundle.store.place(.init(id: "H", matter: "m", first: "2026-01-01", last: "2026-01-02", placedBy: "x"), signer: it.old, at: it.time) } == .badKey)
        #expect(try it.bundle.store.checkpoint() == before)
        #expect(try it.bundle.store.runs().count == 2)
        try it.night(2, it.new)
        #expect(try it.audit([Trusted(it.newKey)]).holds)
    }

    @Test func `a checkpoint by the key that was replaced is refused, whoever is trusted`() throws {
        let it = try Rotated()
        try it.night(2, it.new)
        // Someone with the old key signs the newest head alone.
        let note = try #require(try it.bundle.store.checkpoint())
        let alone = try SignedNote.sign(try #require(SignedNote.text(of: note)), with: it.old, at: 0)
        #expect(try it.audit([Trusted(it.oldKey)]).holds)
        try it.bundle.tamper("UPDATE checkpoint SET note = '\(alone)' WHERE size = (SELECT MAX(size) FROM checkpoint)")
        let problems = try it.audit([Trusted(it.oldKey), Trusted(it.newKey)]).problems
        #expect(problems.contains { $0.contains("it is not signed by the key that signs since entry 3") }, "\(problems)")
    }

    @Test func `a key that the one before did not announce is named`() throws {
        let it = try Rotated()
        var random = SeededRandom(43)
        let stranger = try KeySet.generateLogKey(origin: it.old.origin, using: &random)
        var forged = try LogKeyRotation(from: stranger, to: stranger, overlapUntil: it.until)
        forged.oldKey = it.new.verifierKey
        try it.bundle.store.enterLogKey(forged, old: it.new, new: stranger, at: it.time)
        let problems = try it.audit([Trusted(it.newKey)]).problems
        #expect(problems.contains { $0.contains("entry 4: the log's next key was not signed by the key before it") }, "\(problems)")
        // A key that was revoked announces nobody.
        let trusted = Trusted(it.oldKey, Validity(revokedAt: it.time - 7200, revocation: "stolen"))
        let other = try Rotated()
        #expect(try !other.audit([trusted]).holds)
        #expect(try other.audit([trusted, Trusted(other.newKey)]).holds)
    }

    @Test func `a witness that was told of the new key goes on, and one that was not does not`() throws {
        let it = try Rotated()
        var random = SeededRandom(17)
        let signer = try KeySet.generateLogKey(origin: "legal.example/witness", using: &random)
        let key = try #require(LogKey(verifierKey: signer.witnessVerifierKey))
        let state = "\(it.bundle.scratch.path)/witness.state"
        let both = Witness(signer: signer, log: [Trusted(it.newKey), Trusted(it.oldKey, Validity(notAfter: it.until))], statePath: state)
        try it.bundle.store.add(cosignature: both.cosign(it.bundle.store.consistency(since: nil), at: it.time), by: key, log: [it.oldKey])
        for night in 2..<6 { try it.night(night, it.new) }
        let request = try it.bundle.store.consistency(since: both.last)
        #expect(throws: VerificationError.self) { try Witness(signer: signer, log: [Trusted(it.oldKey)], statePath: state).cosign(request, at: it.until + 1) }
        try it.bundle.store.add(cosignature: both.cosign(request, at: it.until + 86400), by: key, log: [it.newKey])
        #expect(try it.bundle.store.verify(log: [Trusted(it.newKey)], witnesses: [Trusted(key)]).holds)
    }

    @Test(.enabled(if: Checkers.python != nil, Checkers.skipped)) func `others check a checkpoint with two signatures by either key`() throws {
        let it = try Rotated()
        try it.night(2, it.new)
        let tool = "\(Checkers.python ?? "") \(Checkers.folder ?? "")/bin/verify_tlog.py"
        for key in [it.old.verifierKey, it.new.verifierKey] {
            try it.bundle.scratch.write("one.vkey", Array("\(key)\n".utf8))
            let result = try Checkers.shell("\(tool) inclusion --vkey one.vkey --entry bundle/log/evidence.entry bundle/log/evidence.tlog-proof", in: it.bundle.scratch.path)
            #expect(result.code == 0, "\(result.output)")
        }
    }
}

extension StoredBundle {
    /// How many signatures the checkpoint of this size has.
    fileprivate func signatures(_ size: Int) throws -> Int {
        let note = try DatabaseQueue(path: storePath).read { try String.fetchOne($0, sql: "SELECT note FROM checkpoint WHERE size = ?", arguments: [size]) }
        return (note ?? "").split(separator: "\n").count { $0.hasPrefix("\u{2014}") }
    }
}
