import Evidence
import EvidenceTestSupport
import EvidenceVerify
import Foundation
import Testing

@Suite struct TrustTests {
    private struct Case {
        let bundle: SampleBundle
        let day = 86400
        let now = 1_795_312_800

        init() throws { bundle = try SampleBundle() }

        func report(_ file: TrustFile, by signer: (any EvidenceSigner)? = nil, at time: Int? = 1_795_312_800) throws -> VerificationReport {
            try bundle.scratch.write("trust.json", try file.signed(by: [signer ?? bundle.keys.statement]))
            return try BundleVerifier.verify(bundle: bundle.path, trust: Trust(path: "\(bundle.scratch.path)/trust.json"), now: time)
        }

        func key(notBefore: String? = nil, notAfter: String? = nil, revokedAt: String? = nil) -> TrustFile.Key {
            .init(
                .statement, bundle.keys.statement.publicKeyPEM, notBefore: notBefore, notAfter: notAfter, revokedAt: revokedAt,
                revocation: "lost")
        }
    }

    @Test func `a key of a trust file counts within its validity only`() throws {
        let it = try Case()
        let log = TrustFile.Key(.log, it.bundle.keys.log.verifierKey)
        #expect(try it.report(TrustFile(keys: [it.key(), log])).holds)
        let before = UTCTime.text(it.now - it.day)
        let after = UTCTime.text(it.now + it.day)
        #expect(try it.report(TrustFile(keys: [it.key(notBefore: before, notAfter: after)])).holds)
        #expect(try !it.report(TrustFile(keys: [it.key(notBefore: after)])).holds)
        #expect(try !it.report(TrustFile(keys: [it.key(notAfter: before)])).holds)
        #expect(try !it.report(TrustFile(keys: [it.key(notAfter: after)]), at: nil).holds)
    }

    @Test func `after a revocation nothing counts whose time is not proven`() throws {
        let it = try Case()
        let report = try it.report(TrustFile(keys: [it.key(revokedAt: UTCTime.text(it.now + it.day))]))
        #expect(!report.holds && report.text.contains("revoked") && report.text.contains("lost"))
    }

    @Test func `a trust file that a stranger signed is refused, and so is a changed one`() throws {
        let it = try Case()
        var random = SeededRandom(95)
        let stranger = try KeySet.generateStatementKey(using: &random)
        #expect(throws: VerificationError.self) { try it.report(TrustFile(keys: [it.key()]), by: stranger) }
        let file = try TrustFile(keys: [it.key()]).signed(by: [it.bundle.keys.statement])
        for index in stride(from: 0, to: file.count, by: 7) {
            var changed = file
            changed[index] ^= 1
            let trust = try? Trust(trustFile: changed, source: "x")
            #expect(trust == nil || trust?.statementKeys.map(\.key.id) == [it.bundle.keys.statement.keyID])
        }
        // The root that the verifier holds decides, not the keys in the file.
        let root = try #require(PublicKey(pem: stranger.publicKeyPEM))
        #expect(throws: VerificationError.self) { try Trust(trustFile: file, roots: [root], source: "x") }
        let signed = try TrustFile(keys: [it.key()]).signed(by: [stranger])
        #expect(try Trust(trustFile: signed, roots: [root], source: "x").statementKeys.count == 1)
    }

    @Test func `during a rotation both keys sign and either is enough`() throws {
        let scratch = try Scratch()
        var random = SeededRandom(96)
        let old = try KeySet.generateStatementKey(using: &random)
        let new = try KeySet.generateStatementKey(using: &random)
        try BundleWriter(signers: [old, new]).write(SampleRun.make(), files: [], to: "\(scratch.path)/bundle")
        for (threshold, keys, holds) in [(1, [old, new], true), (2, [old, new], true), (2, [new], false)] {
            let file = TrustFile(keys: keys.map { .init(.statement, $0.publicKeyPEM) }, threshold: threshold)
            try scratch.write("trust.json", try file.signed(by: [old, new]))
            let report = try BundleVerifier.verify(bundle: "\(scratch.path)/bundle", trust: Trust(path: "\(scratch.path)/trust.json"))
            #expect(report.holds == holds, "\(report.text)")
        }
        let rotation = try KeyRotation(from: old, to: new, overlapUntil: "2026-12-22T00:00:00Z")
        #expect(try #require(PublicKey(pem: old.publicKeyPEM)).accepts(rotation.signature, over: Array(new.publicKeyPEM.utf8)))
    }
}
