import Audit
import EvidenceStore
import Foundation
import Reports
import Residency

/// Finds the earlier run that a new one is compared with.
enum Baseline {
    /// - Parameter reference: see `findings(of:store:)`.
    static func compare(_ run: Run, with reference: String, store: String?) throws -> BaselineComparison {
        BaselineComparison(baseline: reference, before: try findings(of: reference, store: store), now: run.findings)
    }

    /// - Parameter reference: a findings.json, a folder that holds one, or the id of a run in the store or its beginning.
    static func findings(of reference: String, store: String?) throws -> [Finding] {
        var isFolder: ObjCBool = false
        if FileManager.default.fileExists(atPath: reference, isDirectory: &isFolder) {
            return try FindingsFile.read(path: isFolder.boolValue ? reference + "/findings.json" : reference)
        }
        guard let store else {
            throw AuditError.other("there is no file or folder `\(reference)`; if it is a run, say in which history: `--store FILE`")
        }
        let runs = try RunStore.existing(path: store)
        if let run = try runs.run(id: reference) { return run.findings }
        let alike = try runs.runs().map(\.id).filter { $0.hasPrefix(reference) }
        guard let id = alike.first, let run = try runs.run(id: id) else { throw AuditError.other("there is no run `\(reference)` in `\(store)`") }
        guard alike.count == 1 else { throw AuditError.other("`\(reference)` is the beginning of \(alike.count) runs: \(alike.joined(separator: ", "))") }
        return run.findings
    }
}

extension BaselineComparison {
    /// Whether a finding was not open in the earlier run.
    func isNew(_ finding: Finding) -> Bool { new.contains(finding.id) }
}
