import Evidence
import EvidenceTestSupport
import EvidenceVerify
import Foundation
import Testing

@Suite struct KeyTests {
    @Test func `generated keys are files that openssl reads, with the fingerprint that it computes`() throws {
        let scratch = try Scratch()
        var random = SeededRandom(1)
        let keys = try KeySet.generate(origin: "acme.example/residency-log", using: &random)
        try KeyFile.write(try keys.files(using: &random), to: "\(scratch.path)/keys")
        let result = try Checkers.shell(
            """
            cd keys && openssl pkey -in p256.pem -pubout | cmp - p256.pub.pem && openssl pkey -in log.pem -noout && stat -c %a p256.pem log.pem \
            && openssl pkey -pubin -in p256.pub.pem -outform DER | sha256sum
            """, in: scratch.path)
        #expect(result.code == 0, "\(result.output)")
        #expect(result.output == "600\n600\n\(keys.statement.keyID)  -\n")
        #expect(PublicKey(pem: keys.statement.publicKeyPEM)?.id == keys.statement.keyID)
    }

    @Test func `keys are never overwritten`() throws {
        let scratch = try Scratch()
        var random = SeededRandom(2)
        let files = try KeySet.generate(origin: "acme.example/log", using: &random).files(using: &random)
        try KeyFile.write(files, to: scratch.path)
        #expect(throws: EvidenceError.self) { try KeyFile.write(files, to: scratch.path) }
    }

    @Test func `the log's key is read back with its name, and a verifier key of another is refused`() throws {
        var random = SeededRandom(3)
        let keys = try KeySet.generate(origin: "acme.example/log", using: &random)
        let other = try KeySet.generate(origin: "acme.example/log", using: &random)
        let files = try keys.files(using: &random)
        let pem = try #require(files.first { $0.name == "log.pem" }).text
        let signer = try PrivateKeyFile.read(pem).logSigner(verifierKey: keys.log.verifierKey + "\n")
        #expect(signer.verifierKey == keys.log.verifierKey)
        #expect(throws: EvidenceError.self) { try PrivateKeyFile.read(pem).logSigner(verifierKey: other.log.verifierKey) }
    }

    @Test(arguments: ["a b", "a+b", "", "a\nb"]) func `a name that can't stand in a note is refused`(origin: String) {
        var random = SeededRandom(4)
        #expect(throws: EvidenceError.self) { try KeySet.generate(origin: origin, using: &random) }
    }

    @Test func `an encrypted key opens with its passphrase only, here and in openssl`() throws {
        let scratch = try Scratch()
        var random = SeededRandom(5)
        let keys = try KeySet.generate(origin: "acme.example/log", using: &random)
        try KeyFile.write(try keys.files(passphrase: Array("correct horse".utf8), using: &random), to: scratch.path)
        let pem = String(decoding: try scratch.read("p256.pem"), as: UTF8.self)
        #expect(PrivateKeyFile.isEncrypted(pem))
        let read = try PrivateKeyFile.read(pem, passphrase: Array("correct horse".utf8))
        #expect(read.statementSigner().keyID == keys.statement.keyID)
        for wrong in [nil, Array("wrong".utf8)] as [[UInt8]?] {
            #expect(throws: EvidenceError.self) { try PrivateKeyFile.read(pem, passphrase: wrong) }
        }
        let command =
            "openssl pkey -in p256.pem -passin pass:'correct horse' -pubout | cmp - p256.pub.pem && ! openssl pkey -in p256.pem -passin pass:wrong"
        let result = try Checkers.shell(command, in: scratch.path)
        #expect(result.code == 0, "\(result.output)")
    }

    @Test(arguments: ["-scrypt", "-v2 aes-256-cbc -v2prf hmacWithSHA256 -iter 600000"])
    func `keys that openssl encrypted are read`(options: String) throws {
        let scratch = try Scratch()
        let command = """
            openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out k.pem && openssl pkcs8 -topk8 \(options) -passout pass:p -in k.pem -out e.pem
            """
        #expect(try Checkers.shell(command, in: scratch.path).code == 0)
        let plain = try PrivateKeyFile.read(String(decoding: try scratch.read("k.pem"), as: UTF8.self))
        let sealed = try PrivateKeyFile.read(String(decoding: try scratch.read("e.pem"), as: UTF8.self), passphrase: Array("p".utf8))
        #expect(plain.statementSigner().keyID == sealed.statementSigner().keyID)
    }
}
