internal import Crypto
internal import CryptoExtras
internal import Foundation

/// A public key that statements may be signed with: P-256 or Ed25519.
public struct PublicKey: Sendable {
    private enum Form: Sendable {
        case p256(P256.Signing.PublicKey)
        case ed25519(Curve25519.Signing.PublicKey)
    }

    private let form: Form
    /// Lower-case hexadecimal SHA-256 of the SubjectPublicKeyInfo.
    public let id: String

    /// Reads SubjectPublicKeyInfo PEM; `nil` for any other kind of key.
    public init?(pem: String) {
        if let key = try? P256.Signing.PublicKey(pemRepresentation: pem) {
            form = .p256(key)
            id = Encodings.hex(Encodings.sha256(key.derRepresentation))
        } else if let key = try? Curve25519.Signing.PublicKey(pemRepresentation: pem) {
            form = .ed25519(key)
            let prefix: [UInt8] = [0x30, 0x2A, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x03, 0x21, 0x00]
            id = Encodings.hex(Encodings.sha256(prefix + Array(key.rawRepresentation)))
        } else {
            return nil
        }
    }

    /// `ecdsa-sha2-nistp256` or `ed25519`.
    public var algorithm: String {
        switch form {
        case .p256: "ecdsa-sha2-nistp256"
        case .ed25519: "ed25519"
        }
    }

    /// Whether this key made the signature (ECDSA: DER) over the message.
    public func accepts(_ signature: [UInt8], over message: [UInt8]) -> Bool {
        switch form {
        case .p256(let key):
            guard let signature = try? P256.Signing.ECDSASignature(derRepresentation: signature) else { return false }
            return key.isValidSignature(signature, for: message)
        case .ed25519(let key): return key.isValidSignature(signature, for: message)
        }
    }
}
