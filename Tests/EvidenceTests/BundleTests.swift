import Evidence
import EvidenceTestSupport
import EvidenceVerify
import Foundation
import Residency
import Testing

@Suite struct BundleTests {
    @Test func `openssl and sha256sum alone verify a bundle`() throws {
        let bundle = try SampleBundle()
        let command = """
            openssl dgst -sha256 -verify ../keys/p256.pub.pem -signature evidence.sig evidence.pae \
            && grep -q "$(sha256sum < SHA256SUMS | cut -c1-64)" evidence.pae && sha256sum --strict --quiet -c SHA256SUMS
            """
        let result = try Checkers.shell(command, in: bundle.path)
        #expect(result.code == 0 && result.output == "Verified OK\n", "\(result.output)")
    }

    @Test(.enabled(if: Checkers.python != nil, Checkers.skipped)) func `third parties verify a bundle`() throws {
        let bundle = try SampleBundle()
        let checkers = try #require(Checkers.folder)
        let result = try Checkers.shell("\(checkers)/bin/verify_bundle.sh bundle keys", in: bundle.scratch.path)
        #expect(result.code == 0 && result.output.hasSuffix("BUNDLE VERIFIED\n"), "\(result.output)")
        let lines = try Checkers.shell(
            "\(Checkers.python ?? "") \(checkers)/bin/check_jcs.py bundle/findings.jsonl", in: bundle.scratch.path)
        #expect(lines.output == "OK 37 lines\n")
    }

    @Test func `the envelope names every file, and our verifier accepts it with the right key only`() throws {
        let bundle = try SampleBundle()
        let key = try #require(PublicKey(pem: bundle.keys.statement.publicKeyPEM))
        let statement = try EnvelopeVerifier.verify(try bundle.scratch.read("bundle/evidence.dsse.json"), keys: [key])
        #expect(statement.isExact)
        #expect(statement.subjects.map(\.name).first == "SHA256SUMS")
        #expect(statement.predicate["verdict"]?.text == "violated")
        let sigstore = try EnvelopeVerifier.verify(try bundle.scratch.read("bundle/evidence.sigstore.json"), keys: [key])
        #expect(sigstore.payload == statement.payload)
        var random = SeededRandom(99)
        let stranger = try #require(PublicKey(pem: try KeySet.generateStatementKey(using: &random).publicKeyPEM))
        #expect(throws: VerificationError.self) {
            try EnvelopeVerifier.verify(try bundle.scratch.read("bundle/evidence.dsse.json"), keys: [stranger])
        }
    }

    @Test(.enabled(if: Checkers.python != nil, Checkers.skipped)) func `the predicate is one that its schema describes`() throws {
        let bundle = try SampleBundle()
        let script = """
            import json, sys, jsonschema
            schema = json.load(open(sys.argv[1])); jsonschema.Draft202012Validator.check_schema(schema)
            text = open(sys.argv[2], "rb").read(); statement = json.loads(text[text.index(b"{"):])
            jsonschema.validate(statement["predicate"], schema); assert statement["predicateType"] == schema["$id"]; print("valid")
            """
        try bundle.scratch.write("check.py", Array(script.utf8))
        let schema = "\(Checkers.repository)/reports/schemas/residency-evaluation-v1.schema.json"
        let result = try Checkers.shell("\(Checkers.python ?? "") check.py \(schema) bundle/evidence.pae", in: bundle.scratch.path)
        #expect(result.output == "valid\n", "\(result.output)")
    }

    @Test func `what is proven is told as a simple verification result, and nothing else is`() throws {
        let bundle = try SampleBundle()
        #expect(!FileManager.default.fileExists(atPath: "\(bundle.path)/attestations/svr.dsse.json"))
        var run = SampleRun.make(findings: 37)
        run.findings = run.findings.filter { $0.verdict == .satisfied }
        run.summary = Run.Summary(satisfied: run.findings.count)
        try BundleWriter(signers: [bundle.keys.statement]).write(run, files: [], to: bundle.path)
        let key = try #require(PublicKey(pem: bundle.keys.statement.publicKeyPEM))
        let statement = try EnvelopeVerifier.verify(try bundle.scratch.read("bundle/attestations/svr.dsse.json"), keys: [key])
        #expect(statement.predicateType == "https://in-toto.io/attestation/svr/v0.2")
        #expect(statement.predicate["properties"] == ["DOMICILE_RESIDENCY_PROVEN", "DOMICILE_eu-hosting.copied", "DOMICILE_eu-hosting.stored"])
        #expect(statement.predicate["verifier"]?["policies"]?.elements?.first?["name"] == "eu-hosting" && statement.predicate["timeCreated"]?.text == run.now)
        #expect(statement.subjects.map(\.name) == ["findings.jsonl", "inputs/manifest.json", "evidence.dsse.json"])
        let report = try BundleVerifier.verify(bundle: bundle.path, trust: Trust(path: "\(bundle.scratch.path)/keys"))
        #expect(report.holds, "\(report.text)")
    }

    @Test(arguments: ["../escape", "/abs", "a//b", "", "log/x", "README.txt", "evidence.sig", "a\nb", "trust/p256.pub.pem"])
    func `a file of this name is refused, and nothing is left`(name: String) throws {
        let scratch = try Scratch()
        #expect(throws: EvidenceError.self) {
            try BundleWriter(signers: []).write(SampleRun.make(), files: [.init(name: name, content: [1])], to: "\(scratch.path)/bundle")
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path).isEmpty)
    }

    @Test func `without a key the bundle says loudly that it is unsigned`() throws {
        let scratch = try Scratch()
        let written = try BundleWriter(signers: []).write(SampleRun.make(), files: [], to: "\(scratch.path)/bundle")
        #expect(written.envelope == nil)
        #expect(String(decoding: try scratch.read("bundle/README.txt"), as: UTF8.self).contains("NOT SIGNED"))
        #expect(!FileManager.default.fileExists(atPath: "\(scratch.path)/bundle/evidence.dsse.json"))
    }
}

/// A signed bundle in a folder of its own, with its keys beside it.
struct SampleBundle {
    let scratch: Scratch
    let keys: KeySet
    var path: String { "\(scratch.path)/bundle" }

    init(findings: Int = 37) throws {
        scratch = try Scratch()
        var random = SeededRandom(7)
        keys = try KeySet.generate(origin: "acme.example/residency-log", using: &random)
        try KeyFile.write(try keys.files(using: &random), to: "\(scratch.path)/keys")
        let files = [
            BundleWriter.File(name: "policy/eu.yaml", content: Array("policy: eu-hosting\n".utf8)),
            BundleWriter.File(name: "report.html", content: Array("<p>report</p>".utf8)),
        ]
        try BundleWriter(signers: [keys.statement]).write(SampleRun.make(findings: findings), files: files, to: "\(scratch.path)/bundle")
    }
}
