import Evidence
import EvidenceStore
import EvidenceTestSupport
import EvidenceVerify
import Foundation
import Testing

@Suite struct BundleVerifierTests {
    @Test func `a bundle with log proofs is verified, claim by claim`() throws {
        let bundle = try StoredBundle(nights: 3)
        let report = try bundle.verify()
        #expect(report.holds, "\(report.text)")
        #expect(report.run == "run-2" && report.verdict == "violated")
        #expect(report.claims.count >= 9)
    }

    @Test(.enabled(if: Checkers.python != nil, Checkers.skipped)) func `third parties verify a bundle with log proofs`() throws {
        for nights in [1, 2, 5] {
            let bundle = try StoredBundle(nights: nights)
            let result = try Checkers.shell("\(Checkers.folder ?? "")/bin/verify_bundle.sh bundle keys", in: bundle.scratch.path)
            #expect(result.code == 0 && result.output.hasSuffix("BUNDLE VERIFIED\n"), "\(result.output)")
        }
    }

    @Test func `after any change of one byte the bundle is refused`() throws {
        let bundle = try StoredBundle(nights: 2, findings: 5)
        var random = SeededRandom(31)
        let names = try #require(FileManager.default.subpathsOfDirectory(atPath: bundle.path) as [String]?).sorted().filter {
            !$0.isFolder(in: bundle.path)
        }
        #expect(names.count == 14)
        for name in names {
            let content = try bundle.scratch.read("bundle/\(name)")
            for _ in 0..<70 {
                var changed = content
                changed[Int.random(in: content.indices, using: &random)] ^= UInt8.random(in: 1...255, using: &random)
                try bundle.scratch.write("bundle/\(name)", changed)
                #expect(try !bundle.verify().holds, "\(name)")
            }
            try bundle.scratch.write("bundle/\(name)", Array(content.dropLast()))
            #expect(try !bundle.verify().holds, "\(name) cut")
            try FileManager.default.removeItem(atPath: "\(bundle.path)/\(name)")
            #expect(try !bundle.verify().holds, "\(name) removed")
            try bundle.scratch.write("bundle/\(name)", content)
        }
        #expect(try bundle.verify().holds)
    }

    @Test(arguments: ["extra.txt", "log/extra", "trust/p256.pub.pem", "attestations/x.txt", "policy/more.yaml"])
    func `a file that nothing covers is refused`(name: String) throws {
        let bundle = try StoredBundle()
        try bundle.scratch.write("bundle/\(name)", [1])
        #expect(try !bundle.verify().holds)
    }

    @Test func `a link is refused`() throws {
        let bundle = try StoredBundle()
        try FileManager.default.createSymbolicLink(atPath: "\(bundle.path)/link", withDestinationPath: "/etc/passwd")
        #expect(throws: VerificationError.self) { try bundle.verify() }
    }

    @Test func `keys inside the bundle prove nothing, and the report says so`() throws {
        let bundle = try StoredBundle()
        try FileManager.default.copyItem(atPath: bundle.keysPath, toPath: "\(bundle.path)/trust")
        let report = try BundleVerifier.verify(bundle: bundle.path, trust: Trust(path: "\(bundle.path)/trust"))
        #expect(!report.holds && report.text.contains("proves nothing"))
    }

    @Test func `the keys of another issuer do not verify it`() throws {
        let bundle = try StoredBundle()
        var random = SeededRandom(8)
        let others = try KeySet.generate(origin: "acme.example/residency-log", using: &random)
        try KeyFile.write(try others.files(using: &random), to: "\(bundle.scratch.path)/others")
        let report = try BundleVerifier.verify(bundle: bundle.path, trust: Trust(path: "\(bundle.scratch.path)/others"))
        #expect(!report.holds)
    }

    @Test func `log proofs without a log key are unchecked, which is no pass`() throws {
        let bundle = try StoredBundle()
        let report = try BundleVerifier.verify(bundle: bundle.path, trust: Trust(path: "\(bundle.keysPath)/p256.pub.pem"))
        #expect(!report.holds && report.claims.contains { $0.outcome == .unchecked })
    }

    @Test func `the same run gives the same bundle but for signatures and log`() throws {
        let bundle = try StoredBundle()
        let names = ["findings.jsonl", "inputs/manifest.json", "README.txt", "SHA256SUMS", "evidence.pae"]
        let first = try names.map { try bundle.scratch.read("bundle/\($0)") }
        try bundle.run(0)
        #expect(try names.map { try bundle.scratch.read("bundle/\($0)") } == first)
        #expect(try bundle.verify().holds)
    }
}

extension String {
    fileprivate func isFolder(in path: String) -> Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: "\(path)/\(self)", isDirectory: &isFolder) && isFolder.boolValue
    }
}
