internal import Foundation
public import Residency

/// The old key says who signs after it: its signature over the new key's PEM.
public struct KeyRotation: Sendable, Hashable {
    public var oldKeyID: String
    public var newKeyID: String
    /// SubjectPublicKeyInfo, PEM.
    public var newKeyPEM: String
    /// The old key's signature over the bytes of `newKeyPEM`.
    public var signature: [UInt8]
    /// Until when both keys sign, RFC 3339.
    public var overlapUntil: String

    /// Signs the new key with the old one.
    public init(from old: any EvidenceSigner, to new: any EvidenceSigner, overlapUntil: String) throws {
        oldKeyID = old.keyID
        newKeyID = new.keyID
        newKeyPEM = new.publicKeyPEM
        signature = try old.sign(Array(new.publicKeyPEM.utf8))
        self.overlapUntil = overlapUntil
    }

    /// The members of the log's entry.
    public var fields: [String: CanonicalValue] {
        [
            "keyid": .string(newKeyID), "old_keyid": .string(oldKeyID), "overlapUntil": .string(overlapUntil), "pem": .string(newKeyPEM),
            "sig": .string(Data(signature).base64EncodedString()),
        ]
    }
}
