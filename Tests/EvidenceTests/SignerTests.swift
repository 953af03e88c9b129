import Evidence
import EvidenceTestSupport
import EvidenceVerify
import Foundation
import Testing

@Suite struct SignerTests {
    @Test(arguments: [false, true]) func `a command signs, and what it answers is verified`(digest: Bool) throws {
        let scratch = try Scratch()
        var random = SeededRandom(41)
        let key = try KeySet.generateStatementKey(using: &random)
        try scratch.write(
            "k.pem",
            Array(
                try #require(
                    try KeySet(statement: key, log: KeySet.generate(origin: "a.b/c", using: &random).log).files(using: &random).first
                ).text.utf8))
        let sign = digest ? "openssl pkeyutl -sign -inkey k.pem" : "openssl dgst -sha256 -sign k.pem"
        let signer = try ExternalSigner(
            command: ["/bin/sh", "-c", "cd \(scratch.path) && \(sign)"], publicKeyPEM: key.publicKeyPEM, digest: digest)
        #expect(signer.keyID == key.keyID)
        let envelope = try Envelope.sign(
            Statement(run: SampleRun.make(), subjects: [("SHA256SUMS", SHA256Digest(of: []).hex)]), with: [signer])
        _ = try EnvelopeVerifier.verify(envelope.file, keys: [try #require(PublicKey(pem: key.publicKeyPEM))])
    }

    @Test(arguments: ["exit 3", "cat", "true", "echo broken >&2; exit 1", "kill -9 $$", "exec sleep 5"])
    func `a command that fails, or answers something else, signs nothing`(script: String) throws {
        var random = SeededRandom(42)
        let pem = try KeySet.generateStatementKey(using: &random).publicKeyPEM
        let signer = try ExternalSigner(command: ["/bin/sh", "-c", script], publicKeyPEM: pem, timeout: 0.3)
        #expect(throws: EvidenceError.self) { try signer.sign([1, 2, 3]) }
        #expect(throws: EvidenceError.self) { try ExternalSigner(command: ["/no/such/program"], publicKeyPEM: pem).sign([1]) }
    }

    @Test(
        .enabled(
            if: SignerTests.softHSM != nil && Checkers.has("pkcs11-tool") && Checkers.folder != nil, "SoftHSM2 and OpenSC are not installed"
        ))
    func `an HSM signs a bundle through its PKCS 11 tool`() throws {
        let scratch = try Scratch()
        let module = try #require(Self.softHSM)
        let setup = """
            mkdir t && printf 'directories.tokendir = %s/t\\n' "$PWD" > hsm.conf && export SOFTHSM2_CONF=$PWD/hsm.conf \
            && softhsm2-util --init-token --free --label ev --pin 1234 --so-pin 1234 \
            && pkcs11-tool --module \(module) --token-label ev --login --pin 1234 --keypairgen --key-type EC:prime256v1 --id 01 \
            && pkcs11-tool --module \(module) --token-label ev --read-object --type pubkey --id 01 -o pub.der \
            && openssl pkey -pubin -inform DER -in pub.der -out pub.pem
            """
        let made = try Checkers.shell(setup, in: scratch.path)
        #expect(made.code == 0, "\(made.output)")
        let environment = "SOFTHSM2_CONF=\(scratch.path)/hsm.conf P11_MODULE=\(module) P11_TOKEN=ev P11_PIN=1234 P11_ID=01 P11_ALG=p256"
        let pem = String(decoding: try scratch.read("pub.pem"), as: UTF8.self)
        let signer = try ExternalSigner(
            command: ["/bin/sh", "-c", "\(environment) \(Checkers.folder ?? "")/bin/pkcs11_sign.sh"], publicKeyPEM: pem)
        try BundleWriter(signers: [signer]).write(SampleRun.make(), files: [], to: "\(scratch.path)/bundle")
        let report = try BundleVerifier.verify(bundle: "\(scratch.path)/bundle", trust: Trust(path: "\(scratch.path)/pub.pem"))
        #expect(report.holds, "\(report.text)")
    }

    static let softHSM = ["/usr/lib/softhsm/libsofthsm2.so", "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so"].first {
        FileManager.default.fileExists(atPath: $0)
    }
}
