import Foundation
import Testing

/// Signed evidence of the sample company, checked by our own verifier and by others'.
struct EvidenceTests {
    static func make() throws -> (scratch: Scratch, bundle: String) {
        let vault = try Vault()
        try vault.makeBundle()
        return (vault.scratch, vault.bundle)
    }

    @Test func `a bundle verifies, and no longer after one byte has changed`() throws {
        let (scratch, bundle) = try Self.make()
        let good = try Binary.run(["evidence", "verify", bundle, "--trust", scratch.path + "/trust"])
        #expect(good.code == 0, "\(good.output)\(good.errors)")
        let files = FileManager.default.enumerator(atPath: bundle)?.compactMap { $0 as? String } ?? []
        var changed = 0
        for file in files.sorted() {
            let path = bundle + "/" + file
            guard var data = FileManager.default.contents(atPath: path), !data.isEmpty else { continue }
            let original = data
            let position = data.count / 2
            data[position] ^= 1
            try data.write(to: URL(filePath: path))
            let bad = try Binary.run(["evidence", "verify", bundle, "--trust", scratch.path + "/trust"])
            #expect(bad.code != 0, "a changed byte in \(file) went unseen")
            try original.write(to: URL(filePath: path))
            changed += 1
        }
        #expect(changed > 8)
    }

    @Test func `a bundle is one file as well, and its run is in the log`() throws {
        let (scratch, _) = try Self.make()
        let store = scratch.path + "/out/evidence.sqlite"
        let tar = scratch.path + "/bundle.tar"
        let made = try Binary.run(["evidence", "bundle", "--store", store, "--key", scratch.path + "/keys/p256.pem", "--out", tar, "--now", Binary.now])
        #expect(made.code == 0, "\(made.errors)")
        #expect(try Binary.run(["evidence", "verify", tar, "--trust", scratch.path + "/trust"]).code == 0)
        let log = try Binary.run(["evidence", "log", "verify", "--store", store, "--trust", scratch.path + "/trust/log.vkey"])
        #expect(log.code == 0 && log.output.contains("VERIFIED"), "\(log.output)\(log.errors)")
        let proof = try Binary.run(["evidence", "prove", "--store", store, "--out", scratch.path + "/proofs"])
        #expect(proof.code == 0, "\(proof.errors)")
        #expect(try Binary.run(["evidence", "checkpoint", "--store", store]).output.contains("domicile.local/log"))
    }

    @Test(.enabled(if: FileManager.default.fileExists(atPath: "/usr/bin/openssl"), "openssl is not installed"))
    func `a command signs where the key is out of reach`() throws {
        let scratch = try Scratch()
        _ = try Binary.run(["keys", "generate", "--out", scratch.path + "/keys"])
        let signed = try Binary.auditExample(
            to: scratch.path + "/out",
            ["--signer-command", "/usr/bin/openssl dgst -sha256 -sign \(scratch.path)/keys/p256.pem", "--signer-key", scratch.path + "/keys/p256.pub.pem"])
        #expect(signed.code == 1, "\(signed.errors)")
        let verified = try Binary.run(["evidence", "verify", scratch.path + "/out/evidence", "--trust", scratch.path + "/keys"])
        #expect(verified.code == 0, "\(verified.output)")
        let lying = try Binary.auditExample(
            to: scratch.path + "/lying", ["--signer-command", "/bin/echo no", "--signer-key", scratch.path + "/keys/p256.pub.pem"])
        #expect(lying.code == 3, "\(lying.errors)")
    }

    @Test func `the secret keys are nobody else's to read`() throws {
        let scratch = try Scratch()
        _ = try Binary.run(["keys", "generate", "--out", scratch.path])
        for name in ["p256.pem", "log.pem"] {
            let mode = try FileManager.default.attributesOfItem(atPath: "\(scratch.path)/\(name)")[.posixPermissions] as? NSNumber
            #expect(mode?.intValue == 0o600, "\(name)")
        }
        let again = try Binary.run(["keys", "generate", "--out", scratch.path])
        #expect(again.code == 3, "keys were overwritten")
    }

    @Test(.enabled(if: FileManager.default.fileExists(atPath: "/usr/bin/openssl"), "openssl is not installed"))
    func `openssl alone checks the signature`() throws {
        let (scratch, bundle) = try Self.make()
        let result = try Binary.execute(
            "/usr/bin/openssl",
            ["dgst", "-sha256", "-verify", scratch.path + "/trust/p256.pub.pem", "-signature", bundle + "/evidence.sig", bundle + "/evidence.pae"])
        #expect(result.output.contains("Verified OK"), "\(result.errors)")
        let sums = try Binary.execute("/usr/bin/sha256sum", ["--strict", "--quiet", "-c", "SHA256SUMS"], in: bundle)
        #expect(sums.code == 0, "\(sums.output)")
    }

    @Test(.enabled(if: Shared.has("verify/bin/verify_dsse_openssl.sh") && FileManager.default.fileExists(atPath: "/usr/bin/jq"), "the third-party checker of DSSE is not here"))
    func `a checker that is not ours accepts the envelope`() throws {
        let (scratch, bundle) = try Self.make()
        let result = try Binary.execute(
            "/bin/bash", [Shared.root + "/verify/bin/verify_dsse_openssl.sh", bundle + "/evidence.dsse.json", scratch.path + "/trust/p256.pub.pem"])
        #expect(result.code == 0, "\(result.output)\(result.errors)")
    }

    static let checkers = ProcessInfo.processInfo.environment["VERIFY_HOME"] ?? Shared.root + "/verify"

    @Test(.enabled(if: Shared.has("verify/bin/check_junit.sh") && FileManager.default.fileExists(atPath: checkers + "/venv/bin/python"), "the third-party checker of JUnit is not here"))
    func `a checker that is not ours accepts the JUnit file`() throws {
        let scratch = try Scratch()
        _ = try Binary.auditExample(to: scratch.path, ["--no-store", "--format", "junit"])
        // Besides what is unresolved, malformed records and the missing account are an error each.
        let summary = try Findings(folder: scratch.path).summary
        let result = try Binary.execute(
            "/bin/bash", [Shared.root + "/verify/bin/check_junit.sh", scratch.path + "/junit.xml", "--expect", "failures=\(summary.violated),errors=\(summary.unresolved + 2),skipped=\(summary.waived)"])
        #expect(result.code == 0, "\(result.output)\(result.errors)")
    }

    @Test(.enabled(if: Shared.has("verify/schemas/jenkins-junit-10.xsd") && FileManager.default.fileExists(atPath: "/usr/bin/xmllint"), "xmllint or the schema of JUnit is not here"))
    func `the JUnit file keeps to Jenkins' schema`() throws {
        let scratch = try Scratch()
        _ = try Binary.auditExample(to: scratch.path, ["--no-store", "--format", "junit"])
        let result = try Binary.execute("/usr/bin/xmllint", ["--nonet", "--noout", "--schema", Shared.root + "/verify/schemas/jenkins-junit-10.xsd", scratch.path + "/junit.xml"])
        #expect(result.code == 0, "\(result.errors)")
    }
}
