import Evidence
import EvidenceTestSupport
import EvidenceVerify
import Foundation
import Testing

@Suite struct TimestampTests {
    /// An authority made with openssl.
    private struct Authority {
        let scratch: Scratch
        var root: String { get throws { String(decoding: try scratch.read("tsa/root.pem"), as: UTF8.self) } }
        /// The command that answers a request on standard input.
        var command: [String] {
            [
                "/bin/sh", "-c",
                "cd \(scratch.path)/tsa && cat > q && openssl ts -reply -config tsa.cnf -section t -queryfile q -out r 2>/dev/null && cat r",
            ]
        }

        init() throws {
            scratch = try Scratch()
            let made = try Checkers.shell("\(Checkers.folder ?? "")/bin/make_tsa.sh tsa", in: scratch.path)
            #expect(made.code == 0, "\(made.output)")
        }
    }

    @Test(.enabled(if: Checkers.folder != nil, Checkers.skipped)) func `a stamped bundle is verified by us and by others`() throws {
        let authority = try Authority()
        let scratch = authority.scratch
        var random = SeededRandom(51)
        let keys = try KeySet.generate(origin: "acme.example/log", using: &random)
        try KeyFile.write(try keys.files(using: &random), to: "\(scratch.path)/keys")
        try scratch.write("keys/tsa-root.pem", Array(try authority.root.utf8))
        let writer = BundleWriter(
            signers: [keys.statement],
            stamp: { try TimestampRequest(message: $0, nonce: [1, 2, 3, 4, 5, 6, 7]).send(through: authority.command) })
        let written = try writer.write(SampleRun.make(), files: [], to: "\(scratch.path)/bundle")
        let report = try BundleVerifier.verify(bundle: "\(scratch.path)/bundle", trust: Trust(path: "\(scratch.path)/keys"))
        #expect(report.holds && abs((report.provenTime ?? 0) - Int(Date().timeIntervalSince1970)) < 60, "\(report.text)")
        let unknown = try BundleVerifier.verify(bundle: "\(scratch.path)/bundle", trust: Trust(path: "\(scratch.path)/keys/p256.pub.pem"))
        #expect(!unknown.holds && unknown.claims.contains { $0.outcome == .unchecked })
        if Checkers.python != nil {
            let result = try Checkers.shell("\(Checkers.folder ?? "")/bin/verify_bundle.sh bundle keys", in: scratch.path)
            #expect(result.output.hasSuffix("BUNDLE VERIFIED\n"), "\(result.output)")
        }

        let token = try #require(written.timestamp)
        let signature = try scratch.read("bundle/evidence.sig")
        let root = try authority.root
        #expect(throws: VerificationError.self) { try TimestampVerifier.verify(token, over: signature + [0], roots: root) }
        let other = try Authority().root
        #expect(throws: VerificationError.self) { try TimestampVerifier.verify(token, over: signature, roots: other) }
        var refused = 0
        for index in stride(from: 0, to: token.count, by: 5) {
            var changed = token
            changed[index] ^= 0x10
            if (try? TimestampVerifier.verify(changed, over: signature, roots: root)) == nil { refused += 1 }
            try scratch.write("bundle/evidence.tsr", changed)
            let report = try BundleVerifier.verify(bundle: "\(scratch.path)/bundle", trust: Trust(path: "\(scratch.path)/keys"))
            #expect(!report.holds, "byte \(index)")
        }
        // What a token's signature does not cover (its status, its list of certificates) the bundle's copy of it does.
        #expect(refused > token.count / 5 * 8 / 10)
    }

    @Test(.enabled(if: Checkers.folder != nil, Checkers.skipped)) func `a stamp is added later`() throws {
        let authority = try Authority()
        let scratch = authority.scratch
        var random = SeededRandom(52)
        let keys = try KeySet.generate(origin: "acme.example/log", using: &random)
        try KeyFile.write(try keys.files(using: &random), to: "\(scratch.path)/keys")
        try scratch.write("keys/tsa-root.pem", Array(try authority.root.utf8))
        let written = try BundleWriter(signers: [keys.statement]).write(SampleRun.make(), files: [], to: "\(scratch.path)/bundle")
        let envelope = try #require(written.envelope)
        let request = try TimestampRequest(message: envelope.signatures[0].bytes, nonce: [9])
        try BundleStamp.add(try request.send(through: authority.command), envelope: envelope, to: "\(scratch.path)/bundle")
        #expect(try BundleVerifier.verify(bundle: "\(scratch.path)/bundle", trust: Trust(path: "\(scratch.path)/keys")).holds)
    }

    @Test func `a refusal is told from a stamp`() throws {
        let request = try TimestampRequest(message: [1], nonce: [])
        for answer in ["printf '\\060\\005\\060\\003\\002\\001\\002'", "echo no", "true"] {
            #expect(throws: EvidenceError.self) { try request.send(through: ["/bin/sh", "-c", answer]) }
        }
    }
}
