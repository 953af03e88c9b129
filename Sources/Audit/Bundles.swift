public import Evidence
public import EvidenceStore
import Foundation
import Reports
public import Residency

/// Writes the bundle of a run that is in the history.
public enum Bundles {
    /// Findings, policies and reports are written and signed; with a log signer the statement enters the log, and the proofs
    /// are in the bundle.
    public static func write(
        _ run: Run, policies: [(name: String, content: [UInt8])], to folder: String, signer: any EvidenceSigner, log: LogSigner?, store: RunStore?, at time: Int64
    ) throws {
        var files = policies.map { BundleWriter.File(name: "policy/" + Publication.flat($0.name), content: $0.content) }
        let options = ReportOptions(evidence: EvidenceSummary(signed: true, keyID: signer.keyID))
        for (format, name) in [(ReportFormat.junit, "results/junit.xml"), (.sarif, "results/findings.sarif"), (.html, "report.html")] {
            files.append(.init(name: name, content: try Reports.render(run, as: format, options: options)))
        }
        var writer = BundleWriter(signers: [signer])
        writer.details.logOrigin = log?.origin
        if let log, let store {
            writer.log = { envelope, timestamp in try store.append(run, files: policies, envelope: envelope, timestamp: timestamp, signer: log, at: Int(time)) }
        }
        _ = try writer.write(run, files: files, to: folder)
    }
}
