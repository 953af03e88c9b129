internal import Crypto
internal import Foundation
public import Residency

/// The old key says who signs after it: its signature over the new key's PEM.
public struct KeyRotation: Sendable, Hashable {
    public var oldKeyID: String
    /// SubjectPublicKeyInfo, PEM: with it the log alone tells whether the old key signed the new one.
    public var oldKeyPEM: String
    public var newKeyID: String
    /// SubjectPublicKeyInfo, PEM.
    public var newKeyPEM: String
    /// The old key's signature over the bytes of `newKeyPEM`.
    public var signature: [UInt8]
    /// Until when both keys sign, RFC 3339.
    public var overlapUntil: String

    /// Signs the new key with the old one.
    public init(from old: any EvidenceSigner, to new: any EvidenceSigner, overlapUntil: String) throws {
        try self.init(from: old, newKeyID: new.keyID, newKeyPEM: new.publicKeyPEM, overlapUntil: overlapUntil)
    }

    /// Signs a new key whose private half is elsewhere (in an HSM), by its PEM.
    public init(from old: any EvidenceSigner, toPublic pem: String, overlapUntil: String) throws {
        guard let key = try? P256.Signing.PublicKey(pemRepresentation: pem) else {
            throw EvidenceError(.badKey, "the new key can't be read", hint: "a public key, PEM, P-256")
        }
        try self.init(
            from: old, newKeyID: SHA256Digest(of: key.derRepresentation).hex, newKeyPEM: key.pemRepresentation + "\n",
            overlapUntil: overlapUntil)
    }

    private init(from old: any EvidenceSigner, newKeyID: String, newKeyPEM: String, overlapUntil: String) throws {
        guard UTCTime.seconds(overlapUntil) != nil else {
            throw EvidenceError(.badContent, "`\(overlapUntil)` is not a time", hint: "such as 2026-11-22T00:00:00Z")
        }
        oldKeyID = old.keyID
        oldKeyPEM = old.publicKeyPEM
        self.newKeyID = newKeyID
        self.newKeyPEM = newKeyPEM
        signature = try old.sign(Array(newKeyPEM.utf8))
        self.overlapUntil = overlapUntil
    }

    /// The members of the log's entry.
    public var fields: [String: CanonicalValue] {
        [
            "keyid": .string(newKeyID), "old_keyid": .string(oldKeyID), "old_pem": .string(oldKeyPEM), "overlapUntil": .string(overlapUntil), "pem": .string(newKeyPEM),
            "sig": .string(Data(signature).base64EncodedString()),
        ]
    }
}
