public import Crypto
internal import CryptoExtras
internal import Foundation

/// The two keys of an installation: one signs statements, one signs the log's checkpoints.
public struct KeySet: Sendable {
    public let statement: P256Signer
    public let log: LogSigner

    public init(statement: P256Signer, log: LogSigner) {
        self.statement = statement
        self.log = log
    }

    /// Draws new keys. `origin` names the log in every checkpoint and can't be changed later.
    public static func generate(origin: String, using random: inout some RandomNumberGenerator) throws -> KeySet {
        let log = try generateLogKey(origin: origin, using: &random)
        return KeySet(statement: try generateStatementKey(using: &random), log: log)
    }

    /// Draws a new key for statements alone: what a rotation needs.
    public static func generateStatementKey(using random: inout some RandomNumberGenerator) throws -> P256Signer {
        // One draw in 2^32 is no valid scalar; three in a row mean that the source is broken.
        for _ in 0..<3 {
            if let key = try? P256.Signing.PrivateKey(rawRepresentation: bytes(32, using: &random)) { return P256Signer(key) }
        }
        throw EvidenceError(.badKey, "the source of randomness gives no usable key")
    }

    /// The files of a key folder: `p256.pem`, `p256.pub.pem`, `log.pem`, `log.vkey`. With a passphrase the secret ones are
    /// encrypted PKCS#8.
    public func files(passphrase: [UInt8]? = nil, using random: inout some RandomNumberGenerator) throws -> [KeyFile] {
        try Self.statementFiles(statement, passphrase: passphrase, using: &random) + Self.logFiles(log, passphrase: passphrase, using: &random)
    }

    /// Draws a new key for the log of this name alone: what its rotation needs.
    public static func generateLogKey(origin: String, using random: inout some RandomNumberGenerator) throws -> LogSigner {
        try LogSigner(origin: origin, key: Curve25519.Signing.PrivateKey(rawRepresentation: bytes(32, using: &random)))
    }

    /// The files of a log's key alone: `log.pem`, `log.vkey`.
    public static func logFiles(
        _ log: LogSigner, passphrase: [UInt8]? = nil, using random: inout some RandomNumberGenerator
    ) throws -> [KeyFile] {
        [
            KeyFile(name: "log.pem", text: try pem(log.key.pkcs8, passphrase, using: &random), isSecret: true),
            KeyFile(name: "log.vkey", text: log.verifierKey + "\n", isSecret: false),
        ]
    }

    /// Draws an Ed25519 key for a second signature: `ed25519.pem` and `ed25519.pub.pem`.
    public static func secondFiles(passphrase: [UInt8]? = nil, using random: inout some RandomNumberGenerator) throws -> [KeyFile] {
        let key = try Curve25519.Signing.PrivateKey(rawRepresentation: bytes(32, using: &random))
        return [
            KeyFile(name: "ed25519.pem", text: try pem(key.pkcs8, passphrase, using: &random), isSecret: true),
            KeyFile(name: "ed25519.pub.pem", text: Ed25519Signer(key).publicKeyPEM, isSecret: false),
        ]
    }

    /// The files of a new statement key alone: `p256.pem`, `p256.pub.pem`.
    public static func statementFiles(
        _ signer: P256Signer, passphrase: [UInt8]? = nil, using random: inout some RandomNumberGenerator
    ) throws -> [KeyFile] {
        [
            KeyFile(name: "p256.pem", text: try pem(Array(signer.key.pkcs8), passphrase, using: &random), isSecret: true),
            KeyFile(name: "p256.pub.pem", text: signer.publicKeyPEM, isSecret: false),
        ]
    }

    /// Draws a witness's key: `witness.pem` and `witness.vkey`.
    public static func witnessFiles(
        name: String, passphrase: [UInt8]? = nil, using random: inout some RandomNumberGenerator
    ) throws -> [KeyFile] {
        let witness = try generateLogKey(origin: name, using: &random)
        return [
            KeyFile(name: "witness.pem", text: try pem(witness.key.pkcs8, passphrase, using: &random), isSecret: true),
            KeyFile(name: "witness.vkey", text: witness.witnessVerifierKey + "\n", isSecret: false),
        ]
    }

    private static func pem(_ pkcs8: [UInt8], _ passphrase: [UInt8]?, using random: inout some RandomNumberGenerator) throws -> String {
        guard let passphrase else { return PEM.encode(pkcs8, label: "PRIVATE KEY") }
        let sealed = try EncryptedKey.seal(pkcs8, passphrase: passphrase, salt: bytes(16, using: &random), iv: bytes(16, using: &random))
        return PEM.encode(sealed, label: EncryptedKey.label)
    }

    static func bytes(_ count: Int, using random: inout some RandomNumberGenerator) -> [UInt8] {
        (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &random) }
    }
}

/// One file of a key folder.
public struct KeyFile: Sendable, Hashable {
    public var name: String
    public var text: String
    /// Readable by its owner alone (mode 0600).
    public var isSecret: Bool

    public init(name: String, text: String, isSecret: Bool) {
        self.name = name
        self.text = text
        self.isSecret = isSecret
    }

    /// Writes the files into a folder, which is made if need be. A file that is already there is never overwritten: a lost
    /// key can't be had back.
    public static func write(_ files: [KeyFile], to folder: String) throws {
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        } catch {
            throw EvidenceError(.notWritten, "can't make the folder `\(folder)`: \(error.localizedDescription)")
        }
        for file in files where FileManager.default.fileExists(atPath: "\(folder)/\(file.name)") {
            throw EvidenceError(
                .notWritten, "`\(folder)/\(file.name)` is there already", hint: "keys are never overwritten; choose another folder")
        }
        for file in files {
            try FileWriter.write(Array(file.text.utf8), to: "\(folder)/\(file.name)", mode: file.isSecret ? 0o600 : 0o644)
        }
    }
}

/// A private key read from a file: PKCS#8 PEM, plain or encrypted.
public enum PrivateKeyFile: Sendable {
    case p256(P256Signer)
    case ed25519(Curve25519.Signing.PrivateKey)

    /// Whether the text is an encrypted key, for which a passphrase must be asked.
    public static func isEncrypted(_ pem: String) -> Bool { pem.contains("-----BEGIN \(EncryptedKey.label)-----") }

    /// Reads a key. What openssl writes is read as well: `openssl genpkey`, `openssl ecparam -genkey`, `openssl pkcs8 -topk8`.
    public static func read(_ pem: String, passphrase: [UInt8]? = nil) throws -> PrivateKeyFile {
        if isEncrypted(pem) {
            guard let passphrase else {
                throw EvidenceError(.badPassphrase, "the key is encrypted", hint: "give its passphrase in a file or by a descriptor")
            }
            guard let sealed = PEM.decode(pem, label: EncryptedKey.label) else { throw notAKey }
            return try parse(PEM.encode(try EncryptedKey.open(sealed, passphrase: passphrase), label: "PRIVATE KEY"))
        }
        return try parse(pem)
    }

    private static func parse(_ pem: String) throws -> PrivateKeyFile {
        if let key = try? P256.Signing.PrivateKey(pemRepresentation: pem) { return .p256(P256Signer(key)) }
        if let key = try? Curve25519.Signing.PrivateKey(pemRepresentation: pem) { return .ed25519(key) }
        throw notAKey
    }

    /// The signer of statements.
    public func statementSigner() -> any EvidenceSigner {
        switch self {
        case .p256(let signer): signer
        case .ed25519(let key): Ed25519Signer(key)
        }
    }

    /// The signer of checkpoints: this Ed25519 key and the name in its `log.vkey`, which must fit it.
    public func logSigner(verifierKey: String) throws -> LogSigner {
        guard case .ed25519(let key) = self else {
            throw EvidenceError(.badKey, "the log's key must be Ed25519", hint: "`keys generate` writes it as log.pem")
        }
        let text = verifierKey.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
        let signer = try LogSigner(origin: String(text.prefix { $0 != "+" }), key: key)
        guard signer.verifierKey == text || signer.witnessVerifierKey == text else {
            throw EvidenceError(.badKey, "log.vkey is not the public half of log.pem")
        }
        return signer
    }

    private static var notAKey: EvidenceError {
        EvidenceError(.badKey, "not a private key that can sign here", hint: "PKCS#8 PEM, P-256 or Ed25519")
    }
}

extension P256.Signing.PrivateKey {
    /// The DER inside `pemRepresentation`, which is PKCS#8.
    var pkcs8: Data { derRepresentation }
}

extension Curve25519.Signing.PrivateKey {
    /// RFC 8410: version 0, the algorithm, the seed in two OCTET STRINGs. CryptoExtras writes version 0 with the same bytes,
    /// but only as PEM.
    var pkcs8: [UInt8] {
        [0x30, 0x2E, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20] + Array(rawRepresentation)
    }
}
