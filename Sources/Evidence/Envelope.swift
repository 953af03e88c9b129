internal import Foundation
public import Residency

/// A DSSE v1.0.2 envelope: a payload, its type, and signatures over both.
public struct Envelope: Sendable, Hashable {
    /// One signature, with the hint of whose it is.
    public struct Signature: Sendable, Hashable {
        public var keyID: String
        /// ECDSA in DER, Ed25519 raw.
        public var bytes: [UInt8]

        public init(keyID: String, bytes: [UInt8]) {
            self.keyID = keyID
            self.bytes = bytes
        }
    }

    /// The media type of in-toto statements.
    public static let inTotoType = "application/vnd.in-toto+json"

    public var payloadType: String
    public var payload: [UInt8]
    public var signatures: [Signature]

    public init(payloadType: String = inTotoType, payload: [UInt8], signatures: [Signature] = []) {
        self.payloadType = payloadType
        self.payload = payload
        self.signatures = signatures
    }

    /// Signs a statement with every signer, in their order.
    public static func sign(_ statement: Statement, with signers: [any EvidenceSigner]) throws -> Envelope {
        var envelope = Envelope(payload: try statement.bytes())
        let message = envelope.preAuthentication
        envelope.signatures = try signers.map { Signature(keyID: $0.keyID, bytes: try $0.sign(message)) }
        return envelope
    }

    /// The exact bytes that are signed: `DSSEv1 LENGTH TYPE LENGTH PAYLOAD`.
    public var preAuthentication: [UInt8] {
        Array("DSSEv1 \(payloadType.utf8.count) \(payloadType) \(payload.count) ".utf8) + payload
    }

    /// The envelope as a value: base64 is the standard alphabet, which is the only one that cosign reads.
    public var canonical: CanonicalValue {
        let signatures = signatures.map { signature -> CanonicalValue in
            ["keyid": .string(signature.keyID), "sig": .string(Data(signature.bytes).base64EncodedString())]
        }
        return [
            "payload": .string(Data(payload).base64EncodedString()), "payloadType": .string(payloadType), "signatures": .array(signatures),
        ]
    }

    /// The text of an envelope file: canonical JSON and a newline.
    public var file: [UInt8] { canonical.bytes + [0x0A] }
}
