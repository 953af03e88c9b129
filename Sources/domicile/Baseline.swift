import Audit
import EvidenceStore
import Foundation
import Reports
import Residency

/// Finds the earlier run that a new one is compared with.
enum Baseline {
    /// - Parameter reference: the id of a run in the store, or the path of a findings.json.
    static func compare(_ run: Run, with reference: String, store: String) throws -> BaselineComparison {
        let before = FileManager.default.fileExists(atPath: reference) ? try FindingsFile.read(path: reference) : try findings(ofRun: reference, store: store)
        return BaselineComparison(baseline: reference, before: before, now: run.findings)
    }

    private static func findings(ofRun id: String, store: String) throws -> [Finding] {
        guard let run = try RunStore.existing(path: store).run(id: id) else { throw AuditError.other("there is no run `\(id)` in `\(store)`") }
        return run.findings
    }
}

extension BaselineComparison {
    /// Whether a finding was not open in the earlier run.
    func isNew(_ finding: Finding) -> Bool { new.contains(finding.id) }
}
