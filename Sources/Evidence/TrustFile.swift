internal import Residency

/// A trust file: keys with what they may do and when, signed by an old key or an offline root.
///
///     {"_type":"https://domicile.dev/trust/v1","keys":[{"notBefore":"2026-01-01T00:00:00Z",
///      "pem":"-----BEGIN…","roles":["statement"]},{"roles":["log"],"vkey":"acme.example/log+89fd8da2+ATt1…"}],
///      "thresholds":{"statement":1,"witness":0}}
public struct TrustFile: Sendable, Hashable {
    /// The payload type of the envelope around it.
    public static let payloadType = "application/vnd.domicile.trust+json"

    /// One key.
    public struct Key: Sendable, Hashable {
        public enum Role: String, Sendable, Hashable { case statement, root, log, witness, tsa }

        public var role: Role
        /// PEM of a statement or root key, of a time-stamping authority's root certificate; the verifier key of a log or
        /// witness.
        public var text: String
        /// RFC 3339.
        public var notBefore: String?
        public var notAfter: String?
        public var revokedAt: String?
        public var revocation: String?

        public init(
            _ role: Role, _ text: String, notBefore: String? = nil, notAfter: String? = nil, revokedAt: String? = nil,
            revocation: String? = nil
        ) {
            self.role = role
            self.text = text
            self.notBefore = notBefore
            self.notAfter = notAfter
            self.revokedAt = revokedAt
            self.revocation = revocation
        }
    }

    public var keys: [Key]
    /// How many statement keys must have signed.
    public var threshold: Int
    /// How many witnesses must have signed the log's checkpoint.
    public var witnessThreshold: Int

    public init(keys: [Key], threshold: Int = 1, witnessThreshold: Int = 0) {
        self.keys = keys
        self.threshold = threshold
        self.witnessThreshold = witnessThreshold
    }

    /// The envelope's text, signed by each of these.
    public func signed(by signers: [any EvidenceSigner]) throws -> [UInt8] {
        let payload: CanonicalValue = [
            "_type": "https://domicile.dev/trust/v1", "keys": .array(try keys.map(Self.canonical)),
            "thresholds": ["statement": .int(threshold), "witness": .int(witnessThreshold)],
        ]
        var envelope = Envelope(payloadType: Self.payloadType, payload: payload.bytes)
        let message = envelope.preAuthentication
        envelope.signatures = try signers.map { .init(keyID: $0.keyID, bytes: try $0.sign(message)) }
        return envelope.file
    }

    private static func canonical(_ key: Key) throws -> CanonicalValue {
        for time in [key.notBefore, key.notAfter, key.revokedAt] {
            if let time, UTCTime.seconds(time) == nil {
                throw EvidenceError(.badContent, "`\(time)` is not a time", hint: "such as 2026-11-22T00:00:00Z")
            }
        }
        var members: [String: CanonicalValue] = ["roles": [.string(key.role.rawValue)]]
        members[[.log, .witness].contains(key.role) ? "vkey" : "pem"] = .string(key.text)
        members["notBefore"] = key.notBefore.map(CanonicalValue.string)
        members["notAfter"] = key.notAfter.map(CanonicalValue.string)
        if let at = key.revokedAt { members["revoked"] = ["at": .string(at), "reason": .string(key.revocation ?? "")] }
        return .object(members)
    }
}
