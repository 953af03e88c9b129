internal import Foundation

/// Adds a time stamp to a bundle that was made without one.
public enum BundleStamp {
    /// The envelope in a bundle's folder, as it was written; its signatures are not checked here.
    public static func envelope(in folder: String) throws -> Envelope {
        guard let file = FileManager.default.contents(atPath: "\(folder)/evidence.dsse.json"),
            let form = try? JSONDecoder().decode(EnvelopeForm.self, from: file), let envelope = form.envelope, envelope.file == Array(file)
        else { throw EvidenceError(.badContent, "`\(folder)` is not a signed bundle", hint: "it has no evidence.dsse.json, or a changed one") }
        return envelope
    }

    private struct EnvelopeForm: Decodable {
        struct Signature: Decodable { var keyid: String, sig: String }
        var payload: String
        var payloadType: String
        var signatures: [Signature]

        var envelope: Envelope? {
            guard let payload = Data(base64Encoded: payload) else { return nil }
            let signatures = signatures.compactMap { entry in
                Data(base64Encoded: entry.sig).map { Envelope.Signature(keyID: entry.keyid, bytes: Array($0)) }
            }
            return Envelope(payloadType: payloadType, payload: Array(payload), signatures: signatures)
        }
    }

    /// Writes `evidence.tsr` and the Sigstore form that holds it. The envelope must be the bundle's own; what the response says
    /// is for the caller to verify first.
    public static func add(_ response: [UInt8], envelope: Envelope, to folder: String) throws {
        guard FileManager.default.contents(atPath: "\(folder)/evidence.dsse.json").map(Array.init) == envelope.file else {
            throw EvidenceError(.badContent, "`\(folder)` is not the bundle of this statement")
        }
        try FileWriter.write(response, to: "\(folder)/evidence.tsr")
        try FileWriter.write(SigstoreBundle.file(envelope, timestamp: response), to: "\(folder)/evidence.sigstore.json")
    }
}
