import Crypto
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
    public var keys: SigningKeys?
    /// What the statement says beyond the run itself.
    public var details: EvaluationDetails
    /// The time of the log's entry, seconds since 1970.
    public var time: Int64
    public var options: ReportOptions
    /// The policy files, kept with the run in the store.
    public var policyFiles: [SourceFile]
    /// How many threads make the reports.
    public var jobs = 1
    /// Where the judgement is kept for the next run.
    public var entry: JudgementEntry?

    public init(
        folder: String, requests: [ReportRequest], store: String?, keys: SigningKeys?, details: EvaluationDetails = EvaluationDetails(),
        time: Int64, options: ReportOptions, policyFiles: [SourceFile] = []
    ) {
        self.folder = folder
        self.requests = requests
        self.store = store
        self.keys = keys
        self.details = details
        self.time = time
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
        var bundled: [BundleWriter.File] = []
        var options = options
        options.evidence = keys.map { keys in
            EvidenceSummary(
                signed: true, keyID: keys.main.keyID,
                facts: [.init("run", run.id), .init("catalogue", run.catalogueDigest), .init("jurisdictions", run.jurisdictionsDigest)],
                commands: ["domicile evidence verify \(folder)/evidence --trust KEYS"])
        } ?? EvidenceSummary(signed: false)
        var all = requests
        // First, so that its digest can stand in the others.
        all.removeAll { $0.format == .json && $0.path == nil }
        all.insert(ReportRequest(format: .json), at: 0)
        func path(_ request: ReportRequest) -> String { request.path ?? folder + "/" + request.format.defaultFileName }
        let isStreamed = all.map { $0.format == .json && path($0) != "-" }
        for request in zip(all, isStreamed).filter(\.1).map(\.0) {
            options.findingsDigest = try write(run, to: path(request), isDigested: all.count > 1)
        }
        let others = all.indices.filter { !isStreamed[$0] }
        let rendered = Workers.threads(jobs).map(others.count) { [all, options] number in
            Result { try Reports.render(run, as: all[others[number]].format, options: options) }
        }
        var reports: [Int: [UInt8]] = [:]
        for (number, result) in zip(others, rendered) {
            do { reports[number] = try result.get() } catch { throw .other("\(error)") }
        }
        for (number, request) in all.enumerated() {
            let path = path(request)
            if let bytes = reports[number] {
                if path == "-" {
                    outcome.standardOutput.append(bytes)
                    continue
                }
                try OutputFolder.write(bytes, to: path)
                if request.path == nil, keys != nil { bundled.append(.init(name: Bundles.name(request.format.defaultFileName), content: bytes)) }
            }
            outcome.files.append(ReportFile(title: request.format.rawValue, path: path))
        }
        try keep(run, bundled, &outcome)
        return outcome
    }

    /// Writes findings.json piece by piece, and the judgement where it is kept.
    ///
    /// - Returns: its SHA-256, if that is wanted.
    private func write(_ run: Run, to path: String, isDigested: Bool) throws(AuditError) -> String? {
        var hash = isDigested ? SHA256() : nil
        let draft = run.written == nil ? entry?.draft() : nil
        try OutputFolder.write(to: path) { sink in
            try Reports.writeJSON(run, workers: .threads(jobs), findings: { draft?.append($0) }) { piece in
                hash?.update(data: piece)
                try sink(piece)
            }
        }
        draft?.keep(run)
        return hash.map { Digest.hexadecimal($0.finalize()) }
    }

    private func keep(_ run: Run, _ reports: [BundleWriter.File], _ outcome: inout Outcome) throws(AuditError) {
        let files = policyFiles.map { (name: $0.path, content: $0.bytes) }
        var history: RunStore?
        if let store {
            do { history = try RunStore(path: store) } catch { throw .unwritable(store, "\(error)") }
        }
        if let keys {
            let bundle = folder + "/evidence"
            do {
                _ = try Bundles.write(run, reports: reports, policies: files, to: bundle, keys: keys, store: history, details: details, at: time)
            } catch let error as EvidenceError {
                // It names what could not be written.
                throw .other("\(error)")
            } catch {
                throw .unwritable(bundle, "\(error)")
            }
            outcome.files.append(ReportFile(title: "evidence", path: bundle))
        } else if let history {
            do { try history.append(run, files: files) } catch { throw .unwritable(history.path, "\(error)") }
        }
    }
}

extension Publication {
    /// SHA-256 of the findings.json of a run, as `findingsDigest` of a report's options has it.
    public static func digest(of run: Run) throws(AuditError) -> String {
        var hash = SHA256()
        do { try Reports.writeJSON(run) { hash.update(data: $0) } } catch { throw .other("\(error)") }
        return Digest.hexadecimal(hash.finalize())
    }

    /// A path as one name, so that two folders with a file of the same name do not collide.
    static func flat(_ path: String) -> String {
        path.split(separator: "/").filter { $0 != "." && $0 != ".." }.joined(separator: "-")
    }
}
