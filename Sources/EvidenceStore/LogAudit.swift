internal import Evidence
public import EvidenceVerify
internal import Foundation
internal import GRDB
internal import Residency

/// What an examination of a store found. It trusts nothing that is derived: every leaf is hashed from its record, every node
/// from its children, every root from the leaves.
public struct LogAudit: Sendable, Hashable {
    public var entries = 0
    public var checkpoints = 0
    public var runs = 0
    public var findings = 0
    /// Runs whose findings were erased, as an entry of the log says.
    public var pruned = 0
    /// What is wrong, a sentence each; the first hundred. Empty: all holds.
    public var problems: [String] = []
    /// What is not wrong and should be known, a sentence each; the first hundred: a clock that went backwards, lines by unknown keys.
    public var notes: [String] = []

    public var holds: Bool { problems.isEmpty }

    mutating func problem(_ text: String) {
        if problems.count < 100 { problems.append(SafeText.visible(text)) }
    }

    mutating func note(_ text: String) {
        if notes.count < 100 { notes.append(SafeText.visible(text)) }
    }
}

extension RunStore {
    /// Examines the whole store: the database, the log against keys of it that were got elsewhere, the checkpoints kept elsewhere
    /// (a file of the archive each), and every run against what the log's entries say of it.
    public func verify(log keys: [Trusted<LogKey>], witnesses: [Trusted<LogKey>] = [], kept: [String] = []) throws -> LogAudit {
        try read { db in
            var audit = LogAudit()
            let damage = try String.fetchAll(db, sql: "PRAGMA integrity_check(10)").filter { $0 != "ok" }
            let differences = try StoreSchema.differences(db)
            for text in damage + differences { audit.problem("database: \(text)") }
            // Rows of a damaged file or of other tables may hold anything where a number should be.
            guard damage.isEmpty, !differences.contains(where: { $0.contains("table `") }) else {
                audit.problem("database: nothing more was examined")
                return audit
            }
            var kept = kept.enumerated().map { (name: "checkpoint \($0.offset + 1) of the archive", note: $0.element) }
            if let data = FileManager.default.contents(atPath: checkpointPath) {
                kept.append((checkpointPath, String(decoding: data, as: UTF8.self)))
            }
            var entries = EntryExaminer(db: db, origin: keys.first?.key.name)
            try entries.examine(&audit)
            if audit.entries > 0, !entries.eras.leadToNow(from: keys) {
                audit.problem("the log's checkpoints are signed by `\(entries.eras.keys.last?.line ?? "nobody")`, which is not a key that was given and was not announced by one")
            }
            try TreeExaminer(db: db, leaves: entries.leaves).nodes(&audit)
            try CheckpointExaminer(db: db, leaves: entries.leaves, eras: entries.eras, keys: keys, witnesses: witnesses).checkpoints(kept: kept, &audit)
            try entries.holds.holds(db, &audit)
            try RunExaminer(db: db, entries: entries.runs, pruned: entries.prunedRuns).runs(&audit)
            return audit
        }
    }
}
