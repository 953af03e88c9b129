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

/// The log's old key says which one signs its checkpoints after it: a signed note (C2SP) that tools for such notes check.
///
///     acme.example/residency-log
///     next acme.example/residency-log+89fd8da2+ATt1…
///     overlap 2026-12-22T00:00:00Z
///
///     — acme.example/residency-log if2Nog78hA1/1qaRG7aa+vFP...
///
/// The log's name stays. A checkpoint can't be taken for it: there a number stands in the second line.
public struct LogKeyRotation: Sendable, Hashable {
    public var oldKey: String
    public var newKey: String
    public var note: String

    /// Signs the new key with the old one.
    public init(from old: LogSigner, to new: LogSigner, overlapUntil: Int) throws {
        var old = old
        old.former = nil
        oldKey = old.verifierKey
        newKey = new.verifierKey
        let text = "\(old.origin)\nnext \(newKey)\noverlap \(UTCTime.text(overlapUntil))\n"
        note = try SignedNote.sign(text, with: old, at: 0)
    }

    /// The members of the log's entry.
    public var fields: [String: CanonicalValue] { ["note": .string(note), "old_vkey": .string(oldKey), "vkey": .string(newKey)] }
}

/// `log.old.vkey`: the keys that a log's key followed, the newest first, each with the time until which it signs too:
///
///     acme.example/residency-log+89fd8da2+ATt1… until 2026-12-22T00:00:00Z
public struct FormerLogKeys: Sendable, Hashable {
    public static let fileName = "log.old.vkey"
    /// The private half of the newest.
    public static let secretName = "log.old.pem"

    /// One of them.
    public struct Key: Sendable, Hashable {
        public var verifierKey: String
        /// Seconds since 1970.
        public var until: Int
    }

    public var keys: [Key]
    public var newest: Key? { keys.first }

    /// Reads the file's text.
    public init(_ text: String) throws {
        keys = try text.split(whereSeparator: \.isNewline).map { line in
            let words = line.split(separator: " ").map(String.init)
            guard words.count == 3, words[1] == "until", let until = UTCTime.seconds(words[2]) else {
                throw EvidenceError(.badKey, "\(Self.fileName) can't be read", hint: "a line is `KEY until 2026-12-22T00:00:00Z`")
            }
            return Key(verifierKey: words[0], until: until)
        }
    }

    /// Adds the key that was replaced now.
    public mutating func add(_ verifierKey: String, until: Int) { keys.insert(Key(verifierKey: verifierKey, until: until), at: 0) }

    public var text: String { keys.map { "\($0.verifierKey) until \(UTCTime.text($0.until))\n" }.joined() }
}
