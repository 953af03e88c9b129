public import Crypto
internal import CryptoExtras
internal import Foundation

/// Something that signs: a key in a file, or a program that asks an HSM.
public protocol EvidenceSigner: Sendable {
    /// The lower-case hexadecimal SHA-256 of the public key's SubjectPublicKeyInfo (DER): what
    /// `openssl pkey -pubin -in KEY -outform DER | sha256sum` prints. A hint for verifiers, never a proof.
    var keyID: String { get }
    /// SubjectPublicKeyInfo, PEM.
    var publicKeyPEM: String { get }
    /// Signs the bytes. ECDSA signatures are DER, Ed25519 signatures are the 64 raw bytes.
    func sign(_ message: [UInt8]) throws -> [UInt8]
}

/// ECDSA on P-256 with SHA-256, the main signature: what every openssl, cosign, KMS and HSM can check.
public struct P256Signer: EvidenceSigner {
    let key: P256.Signing.PrivateKey

    public init(_ key: P256.Signing.PrivateKey) { self.key = key }

    public var keyID: String { SHA256Digest(of: key.publicKey.derRepresentation).hex }
    public var publicKeyPEM: String { key.publicKey.pemRepresentation + "\n" }
    public func sign(_ message: [UInt8]) throws -> [UInt8] { Array(try key.signature(for: message).derRepresentation) }
}

/// Ed25519, an optional second signature. Half of the tools that check the main one can't check this.
public struct Ed25519Signer: EvidenceSigner {
    let key: Curve25519.Signing.PrivateKey

    public init(_ key: Curve25519.Signing.PrivateKey) { self.key = key }

    public var keyID: String { SHA256Digest(of: Self.spki(key.publicKey)).hex }
    public var publicKeyPEM: String { key.publicKey.pemRepresentation + "\n" }
    public func sign(_ message: [UInt8]) throws -> [UInt8] { Array(try key.signature(for: message)) }

    /// RFC 8410: a fixed prefix (SEQUENCE, OID 1.3.101.112, BIT STRING) and the 32 bytes.
    static func spki(_ key: Curve25519.Signing.PublicKey) -> [UInt8] {
        [0x30, 0x2A, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x03, 0x21, 0x00] + Array(key.rawRepresentation)
    }
}

/// The key that signs checkpoints of one log: Ed25519, named by the log's origin (C2SP signed note).
public struct LogSigner: Sendable {
    /// The log's name: a schema-less URL, `acme.example/residency-log`.
    public let origin: String
    let key: Curve25519.Signing.PrivateKey
    /// The key that this one follows, while both sign.
    public internal(set) var former: FormerLogKey?

    /// Creates a signer; refuses an origin that can't stand in a signed note.
    public init(origin: String, key: Curve25519.Signing.PrivateKey) throws {
        guard SignedNote.isName(origin) else {
            throw EvidenceError(.badKey, "`\(origin)` can't name a log", hint: "no spaces, no `+`, for example acme.example/residency-log")
        }
        self.origin = origin
        self.key = key
    }

    /// The public half in the form of the Go checksum database: `name+hash+base64(type, key)`.
    public var verifierKey: String { verifierKey(type: SignedNote.ed25519) }

    /// The public half of a witness, whose signatures carry a time.
    public var witnessVerifierKey: String { verifierKey(type: SignedNote.cosignature) }

    private func verifierKey(type: UInt8) -> String {
        let typed = [type] + Array(key.publicKey.rawRepresentation)
        return "\(origin)+\(Hex.encode(SignedNote.keyHash(name: origin, typedKey: typed)))+\(Data(typed).base64EncodedString())"
    }
}

/// The key of a log that another one follows.
public struct FormerLogKey: Sendable {
    let key: Curve25519.Signing.PrivateKey
    /// Its public half.
    public let verifierKey: String
    /// Until when it signs too, seconds since 1970.
    public let until: Int
}

extension LogSigner {
    /// This signer, with the one that it follows signing too until that time.
    public func following(_ former: LogSigner, until: Int) throws -> LogSigner {
        guard former.origin == origin else { throw EvidenceError(.badKey, "the keys are of two logs, `\(former.origin)` and `\(origin)`") }
        var signer = self
        signer.former = FormerLogKey(key: former.key, verifierKey: former.verifierKey, until: until)
        return signer
    }
}
