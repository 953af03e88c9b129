internal import Foundation

/// Adds a time stamp to a bundle that was made without one.
public enum BundleStamp {
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
