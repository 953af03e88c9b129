@testable import Evidence
import EvidenceTestSupport
import EvidenceVerify
import Foundation
import Residency
import Testing

@Suite struct DisclosureTests {
    private static func make() throws -> (scratch: Scratch, keys: KeySet, commitments: FindingCommitments, shown: Int) {
        let scratch = try Scratch()
        var random = SeededRandom(61)
        let keys = try KeySet.generate(origin: "acme.example/log", using: &random)
        try KeyFile.write(try keys.files(using: &random), to: "\(scratch.path)/keys")
        let commitments = FindingCommitments(SampleRun.make(findings: 40), key: DisclosureKey(using: &random))
        let shown = try DisclosureWriter(signers: [keys.statement]).write(commitments, tenant: "acme", to: "\(scratch.path)/given").shown
        return (scratch, keys, commitments, shown)
    }

    @Test func `a tenant verifies that its findings were signed, and that it was given all of them`() throws {
        let (scratch, _, _, shown) = try Self.make()
        let report = try DisclosureVerifier.verify(folder: "\(scratch.path)/given", trust: Trust(path: "\(scratch.path)/keys"))
        #expect(shown == 14 && report.holds, "\(report.text)")
    }

    @Test func `a key that was revoked or that counts no longer shows a tenant nothing`() throws {
        let (scratch, keys, _, _) = try Self.make()
        let now = 1_795_312_800
        func report(_ validity: TrustFile.Key) throws -> VerificationReport {
            let trust = try Trust(trustFile: TrustFile(keys: [validity]).signed(by: [keys.statement]), source: "trust.json")
            return try DisclosureVerifier.verify(folder: "\(scratch.path)/given", trust: trust, now: now)
        }
        let pem = keys.statement.publicKeyPEM
        #expect(try report(.init(.statement, pem, notAfter: UTCTime.text(now + 1))).holds)
        #expect(try !report(.init(.statement, pem, notAfter: UTCTime.text(now - 1))).holds)
        let revoked = try report(.init(.statement, pem, revokedAt: UTCTime.text(now + 1), revocation: "lost"))
        #expect(!revoked.holds && revoked.text.contains("revoked") && revoked.text.contains("lost"), "\(revoked.text)")
    }

    @Test func `a finding kept back, changed or another's is seen`() throws {
        let (scratch, keys, commitments, _) = try Self.make()
        let trust = try Trust(path: "\(scratch.path)/keys")
        func holds() throws -> Bool { try DisclosureVerifier.verify(folder: "\(scratch.path)/given", trust: trust).holds }
        // By anyone on the way: every byte of every file counts.
        var random = SeededRandom(62)
        for name in try FileManager.default.contentsOfDirectory(atPath: "\(scratch.path)/given").sorted() {
            let content = try scratch.read("given/\(name)")
            for _ in 0..<12 {
                var changed = content
                changed[Int.random(in: content.indices, using: &random)] ^= 1 << Int.random(in: 0..<8, using: &random)
                try scratch.write("given/\(name)", changed)
                #expect(try !holds(), "\(name)")
            }
            try scratch.write("given/\(name)", content)
        }
        #expect(try holds())
        // By the auditor, who signs anew: a finding is left out, or another tenant's is shown.
        let tree = try commitments.tree()
        let own = try commitments.commit(showing: "acme") { _ in }.shown
        let foreign = try #require(commitments.commit(showing: "globex") { _ in }.shown.first)
        for shown in [Array(own.dropFirst()), own + [foreign]] {
            try scratch.write("given/disclosed.jsonl", Self.disclosed(shown, commitments, tree))
            try scratch.write("given/findings.jsonl", shown.flatMap { $0.line + [0x0A] })
            try Self.resign(scratch, commitments, tree.head, keys)
            let report = try DisclosureVerifier.verify(folder: "\(scratch.path)/given", trust: trust)
            #expect(!report.holds && report.claims.first?.outcome == .holds, "\(report.text)")
        }
        try scratch.write("given/disclosed.jsonl", Self.disclosed(own, commitments, tree))
        try scratch.write("given/findings.jsonl", own.flatMap { $0.line + [0x0A] })
        try Self.resign(scratch, commitments, tree.head, keys)
        #expect(try holds())
    }

    private static func disclosed(_ shown: [FindingCommitments.Shown], _ commitments: FindingCommitments, _ tree: MerkleLevels) throws -> [UInt8] {
        var lines: [UInt8] = []
        try commitments.disclosures(of: shown, in: tree) { lines += $0.bytes + [0x0A] }
        return lines
    }

    /// Signs the folder's files as they are now.
    private static func resign(_ scratch: Scratch, _ commitments: FindingCommitments, _ head: TreeHead, _ keys: KeySet) throws {
        let names = ["README.txt", "committed.jsonl", "disclosed.jsonl", "findings.jsonl", "tenant.json"]
        let sums = try names.map { "\(SHA256Digest(of: try scratch.read("given/\($0)")).hex)  \($0)\n" }.joined()
        try scratch.write("given/SHA256SUMS", Array(sums.utf8))
        let subjects = try (["SHA256SUMS"] + names).map { Statement.Subject(name: $0, sha256: SHA256Digest(of: try scratch.read("given/\($0)")).hex) }
        let envelope = try Envelope.sign(commitments.statement(head, subjects: subjects), with: [keys.statement])
        try scratch.write("given/disclosure.dsse.json", envelope.file)
        try scratch.write("given/disclosure.pae", envelope.preAuthentication)
        try scratch.write("given/disclosure.sig", envelope.signatures[0].bytes)
    }

    @Test func `nothing given to one tenant names another`() throws {
        let (scratch, _, _, _) = try Self.make()
        let result = try Checkers.shell("grep -rlE 'globex|bucket-1[^0-9]' given; grep -c . given/committed.jsonl", in: scratch.path)
        #expect(result.output == "40\n")
    }

    @Test(.enabled(if: Checkers.python != nil, Checkers.skipped)) func `others verify a disclosed finding`() throws {
        let (scratch, keys, commitments, _) = try Self.make()
        let head = try commitments.tree().head
        try scratch.write("fourth.json", Array(scratch.read("given/disclosed.jsonl").split(separator: 0x0A)[3]))
        let command =
            "\(Checkers.python ?? "") \(Checkers.folder ?? "")/bin/redact.py verify fourth.json \(head.size) \(head.root.hex)"
        let result = try Checkers.shell(command, in: scratch.path)
        #expect(result.code == 0 && result.output.hasSuffix("VERIFIED\n"), "\(result.output)")
        let signed = try Checkers.shell(
            "openssl dgst -sha256 -verify ../keys/p256.pub.pem -signature disclosure.sig disclosure.pae && grep -q \"$(sha256sum < SHA256SUMS | cut -c1-64)\" disclosure.pae && sha256sum --strict --quiet -c SHA256SUMS",
            in: "\(scratch.path)/given")
        #expect(signed.output == "Verified OK\n" && signed.code == 0)
        _ = keys
    }

    @Test func `no salt is used twice, and every leaf is canonical`() throws {
        let (_, _, commitments, _) = try Self.make()
        let (tree, acme) = try commitments.commit(showing: "acme") { _ in }
        let findings = try acme + commitments.commit(showing: "globex") { _ in }.shown
        #expect(findings.count == 40)
        var salts: Set<String> = []
        var fields = 0
        try commitments.disclosures(of: findings, in: tree) { shown in
            _ = try StrictJSON.parseCanonical(Array((shown["leaf"]?.text ?? "").utf8))
            for entry in shown["disclosures"]?.elements ?? [] {
                let padded = (entry.text ?? "").replacing("-", with: "+").replacing("_", with: "/")
                let data = try #require(Data(base64Encoded: padded + String(repeating: "=", count: (4 - padded.count % 4) % 4)))
                let field = try StrictJSON.parseCanonical(Array(data))
                salts.insert(field.elements?[0].text ?? "")
                fields += 1
            }
        }
        #expect(salts.count == fields && fields > 500)
    }

    @Test func `the same key gives the same tree, another key another`() throws {
        var random = SeededRandom(63)
        let key = DisclosureKey(using: &random)
        let run = SampleRun.make(findings: 5)
        let again = try DisclosureKey(text: key.file.text)
        func leaves(_ key: DisclosureKey) throws -> [[UInt8]] {
            var leaves: [[UInt8]] = []
            _ = try FindingCommitments(run, key: key).commit { leaves.append($0) }
            return leaves
        }
        #expect(try leaves(key) == leaves(again) && Set(leaves(key)).count == 5)
        #expect(try leaves(DisclosureKey(using: &random)) != leaves(key))
        let sealed = try key.file(passphrase: Array("secret".utf8), using: &random)
        #expect(try leaves(DisclosureKey(text: sealed.text, passphrase: Array("secret".utf8))) == leaves(key))
        #expect(throws: EvidenceError.self) { try DisclosureKey(text: sealed.text, passphrase: Array("other".utf8)) }
        #expect(throws: EvidenceError.self) { try DisclosureKey(text: sealed.text) }
        #expect(throws: EvidenceError.self) { try DisclosureKey(text: "short") }
    }
}
