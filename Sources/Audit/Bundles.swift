public import Evidence
public import EvidenceStore
import Foundation
public import Reports
public import Residency

/// Writes the signed bundle of a run.
public enum Bundles {
    /// Writes the bundle of a run that is in the history, with reports in these formats.
    @discardableResult
    public static func write(
        _ run: Run, policies: [(name: String, content: [UInt8])], to folder: String, keys: SigningKeys, store: RunStore,
        formats: [ReportFormat] = [.junit, .sarif, .html], details: EvaluationDetails = EvaluationDetails(),
        stamp: @escaping ([UInt8]) throws -> [UInt8]? = { _ in nil }, at time: Int64
    ) throws -> BundleWriter.Written {
        let options = ReportOptions(evidence: EvidenceSummary(signed: true, keyID: keys.main.keyID))
        let reports = try formats.map { BundleWriter.File(name: name($0.defaultFileName), content: try Reports.render(run, as: $0, options: options)) }
        return try write(run, reports: reports, policies: policies, to: folder, keys: keys, store: store, details: details, stamp: stamp, at: time)
    }

    /// Signs the run with these reports. With a log signer and a store the statement enters the log, and the proofs are in the
    /// bundle; with a store alone the run and its statement are kept.
    static func write(
        _ run: Run, reports: [BundleWriter.File], policies: [(name: String, content: [UInt8])], to folder: String, keys: SigningKeys,
        store: RunStore?, details: EvaluationDetails, stamp: @escaping ([UInt8]) throws -> [UInt8]? = { _ in nil }, at time: Int64
    ) throws -> BundleWriter.Written {
        var details = details
        details.disclosureRoot = try keys.disclosure.map { try FindingCommitments(run, key: $0).tree().head }
        var writer = BundleWriter(signers: keys.signers, details: details, stamp: stamp)
        if let store {
            let root = details.disclosureRoot
            if let log = keys.log {
                writer.details.logOrigin = log.origin
                writer.log = { envelope, timestamp in
                    try store.append(run, files: policies, envelope: envelope, timestamp: timestamp, disclosure: root, signer: log, at: Int(time))
                }
            } else {
                writer.log = { envelope, _ in
                    try store.append(run, files: policies, envelope: envelope)
                    return nil
                }
            }
        }
        let files = policies.map { BundleWriter.File(name: "policy/" + Publication.flat($0.name), content: $0.content) } + reports
        return try writer.write(run, files: files, to: folder)
    }

    /// Where a report stands in a bundle: what people open is on top.
    static func name(_ file: String) -> String { file.hasSuffix(".html") || file.hasSuffix(".pdf") ? file : "results/" + file }
}
