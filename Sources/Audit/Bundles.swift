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
        // The tree of salted findings that the log has for the run is the one that its statements name.
        let entered = try store.disclosureTree(of: run.id)
        var details = details
        details.logOrigin = keys.log?.origin
        return try write(run, reports: reports, policies: policies, to: folder, keys: keys, entered: entered, details: details, stamp: stamp) { envelope, timestamp, tree in
            guard let log = keys.log else {
                try store.append(run, files: policies, envelope: envelope)
                return nil
            }
            return try store.enter(envelope, about: run.id, timestamp: timestamp, disclosure: entered == nil ? tree : nil, signer: log, at: Int(time))
        }
    }

    /// Signs a new run with these reports. With a log signer and a store the statement enters the log, and the proofs are in the
    /// bundle; with a store alone the run and its statement are kept.
    static func write(
        _ run: Run, reports: [BundleWriter.File], policies: [(name: String, content: [UInt8])], to folder: String, keys: SigningKeys,
        store: RunStore?, details: EvaluationDetails, at time: Int64
    ) throws -> BundleWriter.Written {
        var details = details
        if store != nil { details.logOrigin = keys.log?.origin }
        return try write(run, reports: reports, policies: policies, to: folder, keys: keys, entered: nil, details: details, stamp: { _ in nil }) { envelope, timestamp, tree in
            guard let store else { return nil }
            guard let log = keys.log else {
                try store.append(run, files: policies, envelope: envelope)
                return nil
            }
            return try store.append(run, files: policies, envelope: envelope, timestamp: timestamp, disclosure: tree, signer: log, at: Int(time))
        }
    }

    private static func write(
        _ run: Run, reports: [BundleWriter.File], policies: [(name: String, content: [UInt8])], to folder: String, keys: SigningKeys, entered: TreeHead?,
        details: EvaluationDetails, stamp: @escaping ([UInt8]) throws -> [UInt8]?,
        _ enter: @escaping (_ envelope: Envelope, _ timestamp: [UInt8]?, _ tree: TreeHead?) throws -> LogEvidence?
    ) throws -> BundleWriter.Written {
        var details = details
        let tree = try keys.disclosure.map { try entered ?? FindingCommitments(run, key: $0).tree().head }
        details.disclosureRoot = tree
        var writer = BundleWriter(signers: keys.signers, details: details, stamp: stamp)
        writer.log = { envelope, timestamp in try enter(envelope, timestamp, tree) }
        let files = policies.map { BundleWriter.File(name: "policy/" + Publication.flat($0.name), content: $0.content) } + reports
        return try writer.write(run, files: files, to: folder)
    }

    /// Where a report stands in a bundle: what people open is on top.
    static func name(_ file: String) -> String { file.hasSuffix(".html") || file.hasSuffix(".pdf") ? file : "results/" + file }
}
