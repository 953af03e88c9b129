internal import Foundation
internal import Residency

/// The Sigstore bundle form (v0.3) of an envelope, for cosign: the same payload and the same signature, a key and no
/// certificate, no public log.
public enum SigstoreBundle {
    /// The text of `evidence.sigstore.json`. The format holds one signature: the envelope's first. `timestamp` is an RFC 3161
    /// response over that signature.
    public static func file(_ envelope: Envelope, timestamp: [UInt8]?) -> [UInt8] {
        guard let signature = envelope.signatures.first else { return [] }
        // The format's own key hint is base64; the envelope's hint in it must be equal.
        let hint = Hex.decode(signature.keyID).map { Data($0).base64EncodedString() } ?? signature.keyID
        var inner = envelope
        inner.signatures = [Envelope.Signature(keyID: hint, bytes: signature.bytes)]
        var material: [String: CanonicalValue] = ["publicKey": ["hint": .string(hint)], "tlogEntries": []]
        if let timestamp {
            let token: CanonicalValue = ["signedTimestamp": .string(Data(timestamp).base64EncodedString())]
            material["timestampVerificationData"] = ["rfc3161Timestamps": [token]]
        }
        let bundle: CanonicalValue = [
            "dsseEnvelope": inner.canonical, "mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json",
            "verificationMaterial": .object(material),
        ]
        return bundle.bytes + [0x0A]
    }
}
