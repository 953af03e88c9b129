import Evidence
import EvidenceTestSupport
import EvidenceVerify
import Foundation
import Residency
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
            // A file that asks for more keys than it has can't be used.
            let report = try? BundleVerifier.verify(bundle: "\(scratch.path)/bundle", trust: Trust(path: "\(scratch.path)/trust.json"))
            #expect((report?.holds == true) == holds, "\(report?.text ?? "")")
        }
        let rotation = try KeyRotation(from: old, to: new, overlapUntil: "2026-12-22T00:00:00Z")
        #expect(try #require(PublicKey(pem: old.publicKeyPEM)).accepts(rotation.signature, over: Array(new.publicKeyPEM.utf8)))
    }

    @Test func `two of three keys must have signed, and one that was revoked is not counted`() throws {
        let scratch = try Scratch()
        var random = SeededRandom(97)
        let keys = try (0..<3).map { _ in try KeySet.generateStatementKey(using: &random) }
        let now = 1_795_312_800
        func report(_ signers: [Int], threshold: Int, revoked: Int? = nil) throws -> VerificationReport {
            try BundleWriter(signers: signers.map { keys[$0] }).write(SampleRun.make(), files: [], to: "\(scratch.path)/bundle")
            let listed = keys.enumerated().map { number, key in
                TrustFile.Key(.statement, key.publicKeyPEM, revokedAt: number == revoked ? UTCTime.text(now - 86400) : nil)
            }
            let trust = try Trust(trustFile: TrustFile(keys: listed, threshold: threshold).signed(by: [keys[2]]), source: "trust.json")
            return try BundleVerifier.verify(bundle: "\(scratch.path)/bundle", trust: trust, now: now)
        }
        #expect(try report([0, 1], threshold: 2).holds)
        #expect(try report([2, 0], threshold: 2).holds)
        #expect(try report([0, 1, 2], threshold: 2).holds)
        let one = try report([0], threshold: 2)
        #expect(!one.holds && one.text.contains("1 of the 2 keys that must sign did"), "\(one.text)")
        #expect(try !report([0, 0], threshold: 2).holds)
        let three = try report([0, 1, 2], threshold: 2, revoked: 1)
        #expect(three.holds && three.text.contains("not counted: the key"), "\(three.text)")
        let two = try report([0, 1], threshold: 2, revoked: 1)
        #expect(!two.holds && two.text.contains("revoked"), "\(two.text)")
    }

    @Test func `an attestation that too few keys signed is refused`() throws {
        let scratch = try Scratch()
        var random = SeededRandom(98)
        let keys = try (0..<2).map { _ in try KeySet.generateStatementKey(using: &random) }
        let trust = try Trust(
            trustFile: TrustFile(keys: keys.map { .init(.statement, $0.publicKeyPEM) }, threshold: 2).signed(by: [keys[0]]), source: "trust.json")
        for signers in [[keys[0]], keys] {
            try BundleWriter(signers: signers).write(SampleRun.make(), files: [], to: "\(scratch.path)/\(signers.count)")
        }
        #expect(try BundleVerifier.verify(bundle: "\(scratch.path)/2", trust: trust).holds)
        try scratch.write("2/attestations/test-result.dsse.json", try scratch.read("1/attestations/test-result.dsse.json"))
        #expect(try !BundleVerifier.verify(bundle: "\(scratch.path)/2", trust: trust).holds)
    }

    @Test func `a trust file must be signed by as many roots as the verifier asks for`() throws {
        let it = try Case()
        var random = SeededRandom(94)
        let roots = try (0..<3).map { _ in try KeySet.generateStatementKey(using: &random) }
        let given = try roots.map { try #require(PublicKey(pem: $0.publicKeyPEM)) }
        for (signers, asked, isGood) in [([0, 1], 2, true), ([2], 1, true), ([1], 2, false), ([1, 1], 2, false)] {
            let file = try TrustFile(keys: [it.key()]).signed(by: signers.map { roots[$0] })
            let trust = try? Trust(trustFile: file, roots: given, rootThreshold: asked, source: "x")
            #expect((trust != nil) == isGood, "\(signers)")
        }
    }

    @Test func `what a trust file says and this program does not know is no reason to go on`() throws {
        let it = try Case()
        let good: CanonicalValue = ["pem": .string(it.bundle.keys.statement.publicKeyPEM), "roles": ["statement"]]
        func file(_ key: CanonicalValue, _ more: [String: CanonicalValue] = [:]) throws -> [UInt8] {
            let members: [String: CanonicalValue] = ["_type": "https://domicile.dev/trust/v1", "keys": [key]]
            var envelope = Envelope(payloadType: TrustFile.payloadType, payload: CanonicalValue.object(members.merging(more) { $1 }).bytes)
            envelope.signatures = [.init(keyID: "", bytes: try it.bundle.keys.statement.sign(envelope.preAuthentication))]
            return envelope.file
        }
        func with(_ name: String, _ value: CanonicalValue) -> CanonicalValue { .object((good.members ?? [:]).merging([name: value]) { $1 }) }
        #expect(try Trust(trustFile: file(good), source: "x").statementKeys.count == 1)
        #expect(try Trust(trustFile: file(good, ["thresholds": ["statement": 1]]), source: "x").threshold == 1)
        for bad in [
            try file(good, ["threshold": 2]), try file(good, ["thresholds": ["seal": 1]]), try file(good, ["thresholds": ["statement": 2]]),
            try file(good, ["thresholds": ["witness": 1]]), try file(with("expires", "2026-01-01T00:00:00Z")), try file(with("notAfter", "tomorrow")),
            try file(with("notAfter", 5)), try file(with("revoked", ["reason": "x"])), try file(with("revoked", ["at": "2026-01-01T00:00:00Z", "since": 1])),
            try file(with("roles", ["seal"])),
        ] { #expect(throws: VerificationError.self) { try Trust(trustFile: bad, source: "x") } }
    }
}
