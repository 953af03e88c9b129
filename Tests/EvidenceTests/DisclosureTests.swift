import Evidence
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
        let shown = try DisclosureWriter(signer: keys.statement).write(commitments, tenant: "acme", to: "\(scratch.path)/given")
        return (scratch, keys, commitments, shown)
    }

    @Test func `a tenant verifies that its findings were signed, and that it was given all of them`() throws {
        let (scratch, _, _, shown) = try Self.make()
        let report = try DisclosureVerifier.verify(folder: "\(scratch.path)/given", trust: Trust(path: "\(scratch.path)/keys"))
        #expect(shown == 14 && report.holds, "\(report.text)")
    }

    @Test func `a finding kept back, changed or another's is seen`() throws {
        let (scratch, _, commitments, _) = try Self.make()
        let trust = try Trust(path: "\(scratch.path)/keys")
        let names = try FileManager.default.contentsOfDirectory(atPath: "\(scratch.path)/given/findings").sorted()
        let first = try #require(names.first)
        let content = try scratch.read("given/findings/\(first)")
        try FileManager.default.removeItem(atPath: "\(scratch.path)/given/findings/\(first)")
        #expect(try !DisclosureVerifier.verify(folder: "\(scratch.path)/given", trust: trust).holds)
        var random = SeededRandom(62)
        for _ in 0..<100 {
            var changed = content
            changed[Int.random(in: content.indices, using: &random)] ^= 1
            try scratch.write("given/findings/\(first)", changed)
            let report = try DisclosureVerifier.verify(folder: "\(scratch.path)/given", trust: trust)
            #expect(!report.holds, "\(report.text)")
        }
        try scratch.write("given/findings/\(first)", content)
        let foreign = try #require(commitments.indices(of: "globex").first)
        try scratch.write("given/findings/\(foreign).json", commitments.disclosure(of: foreign).bytes + [0x0A])
        #expect(try !DisclosureVerifier.verify(folder: "\(scratch.path)/given", trust: trust).holds)
    }

    @Test func `nothing given to one tenant names another`() throws {
        let (scratch, _, _, _) = try Self.make()
        let result = try Checkers.shell("grep -rlE 'globex|bucket-1[^0-9]' given; grep -c . given/committed.jsonl", in: scratch.path)
        #expect(result.output == "40\n")
    }

    @Test(.enabled(if: Checkers.python != nil, Checkers.skipped)) func `others verify a disclosed finding`() throws {
        let (scratch, keys, commitments, _) = try Self.make()
        let head = commitments.tree.head
        let index = commitments.indices(of: "acme")[3]
        let command =
            "\(Checkers.python ?? "") \(Checkers.folder ?? "")/bin/redact.py verify given/findings/\(index).json \(head.size) \(head.root.hex)"
        let result = try Checkers.shell(command, in: scratch.path)
        #expect(result.code == 0 && result.output.hasSuffix("VERIFIED\n"), "\(result.output)")
        let signed = try Checkers.shell(
            "openssl dgst -sha256 -verify ../keys/p256.pub.pem -signature disclosure.sig disclosure.pae && grep -q \"$(sha256sum < committed.jsonl | cut -c1-64)\" disclosure.pae",
            in: "\(scratch.path)/given")
        #expect(signed.output == "Verified OK\n" && signed.code == 0)
        _ = keys
    }

    @Test func `the same key gives the same tree, another key another`() throws {
        var random = SeededRandom(63)
        let key = DisclosureKey(using: &random)
        let run = SampleRun.make(findings: 5)
        let again = try DisclosureKey(text: key.file.text)
        #expect(FindingCommitments(run, key: key).leaves == FindingCommitments(run, key: again).leaves)
        #expect(FindingCommitments(run, key: DisclosureKey(using: &random)).leaves != FindingCommitments(run, key: key).leaves)
        #expect(throws: EvidenceError.self) { try DisclosureKey(text: "short") }
    }
}
