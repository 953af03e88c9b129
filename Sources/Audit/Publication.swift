public import Evidence
import EvidenceStore
import Foundation
public import Policy
public import Reports
public import Residency

/// Writes what a run leaves behind: reports, the signed statement, the entry in the store.
public struct Publication: Sendable {
    public var folder: String
    public var requests: [ReportRequest]
    /// `nil`: no store.
    public var store: String?
    /// `nil`: the run is unsigned, and says so.
    public var signer: (any EvidenceSigner)?
    public var options: ReportOptions
    /// The policy files, kept with the run in the store.
    public var policyFiles: [SourceFile]

    public init(
        folder: String, requests: [ReportRequest], store: String?, signer: (any EvidenceSigner)?, options: ReportOptions, policyFiles: [SourceFile] = []
    ) {
        self.folder = folder
        self.requests = requests
        self.store = store
        self.signer = signer
        self.options = options
        self.policyFiles = policyFiles
    }

    /// What was written, and what goes to standard output.
    public struct Outcome: Sendable {
        public var files: [ReportFile] = []
        public var standardOutput: [[UInt8]] = []
    }

    /// Writes everything. The signature covers the reports, so they are made first; the run enters the store last, whole or
    /// not at all.
    public func publish(_ run: Run) throws(AuditError) -> Outcome {
        try OutputFolder.make(folder)
        var outcome = Outcome()
        var bundled = policyFiles.map { BundleWriter.File(name: "policy/" + Self.flat($0.path), content: $0.bytes) }
        var options = options
        options.evidence = signer.map { signer in
            EvidenceSummary(
                signed: true, keyID: signer.keyID,
                facts: [.init("run", run.id), .init("catalogue", run.catalogueDigest), .init("jurisdictions", run.jurisdictionsDigest)],
                commands: ["domicile evidence verify \(folder)/evidence --trust KEYS"])
        } ?? EvidenceSummary(signed: false)
        var all = requests
        if !all.contains(where: { $0.format == .json && $0.path == nil }) { all.insert(ReportRequest(format: .json), at: 0) }
        for request in all {
            let name = request.path ?? request.format.defaultFileName
            let path = name.contains("/") ? name : folder + "/" + name
            if request.format == .json, name != "-" {
                try OutputFolder.write(to: path) { sink in try Reports.write(run, as: .json, options: options, to: sink) }
                outcome.files.append(ReportFile(title: request.format.rawValue, path: path))
                continue
            }
            let bytes: [UInt8]
            do { bytes = try Reports.render(run, as: request.format, options: options) } catch { throw .other("\(error)") }
            if name == "-" {
                outcome.standardOutput.append(bytes)
                continue
            }
            try OutputFolder.write(bytes, to: path)
            outcome.files.append(ReportFile(title: request.format.rawValue, path: path))
            if !name.contains("/"), signer != nil {
                bundled.append(.init(name: name.hasSuffix(".html") || name.hasSuffix(".pdf") ? name : "results/" + name, content: bytes))
            }
        }
        var envelope: Envelope?
        if let signer {
            do {
                let written = try BundleWriter(signers: [signer]).write(run, files: bundled, to: folder + "/evidence")
                envelope = written.envelope
            } catch {
                throw .unwritable(folder + "/evidence", "\(error)")
            }
            outcome.files.append(ReportFile(title: "evidence", path: folder + "/evidence"))
        }
        if let store {
            do {
                let kept = try RunStore(path: store)
                try kept.append(run, files: policyFiles.map { (name: $0.path, content: $0.bytes) }, envelope: envelope)
            } catch {
                throw .unwritable(store, "\(error)")
            }
        }
        return outcome
    }
}

extension Publication {
    /// A path as one name, so that two folders with a file of the same name do not collide.
    static func flat(_ path: String) -> String {
        path.split(separator: "/").filter { $0 != "." && $0 != ".." }.joined(separator: "-")
    }
}
