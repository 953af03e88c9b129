internal import Evidence
internal import EvidenceVerify
internal import Foundation
internal import GRDB
internal import Residency

/// Examines the log's entries: each is hashed from its record, and its columns must say what its record says.
struct EntryExaminer {
    private let db: Database
    /// The name that the log must have.
    private let origin: String?
    /// 32 bytes an entry.
    private(set) var leaves: [UInt8] = []
    private(set) var eras = LogEras()
    /// The numbers of the entries about runs.
    private(set) var runs: Set<Int> = []
    private(set) var prunedRuns: Set<String> = []
    private(set) var holds = HoldExaminer()
    /// The time of the entry before, which often has the same.
    private var last = (time: Int.min, text: "")
    /// The ids of the keys that may sign statements, as the log itself announced them.
    private var announced: Set<String> = []

    init(db: Database, origin: String?) {
        self.db = db
        self.origin = origin
    }

    mutating func examine(_ audit: inout LogAudit) throws {
        let rows = try Row.fetchCursor(db, sql: "SELECT idx, kind, created, leaf_hash, record FROM entry ORDER BY idx")
        while let row = try rows.next() {
            let index: Int = row[0]
            guard index == audit.entries else {
                audit.problem("entry \(audit.entries) is missing")
                return
            }
            let kind: String = row[1]
            let created: Int = row[2]
            let record = try row.withUnsafeData(atIndex: 4) { record in
                MerkleLeaf.append(record ?? Data(), to: &leaves)
                return Array(record ?? Data())
            }
            let fits = try row.withUnsafeData(atIndex: 3) { MerkleLeaf.isEqual($0, leaves.suffix(32)) }
            if !fits { audit.problem("entry \(index): the record is not the one that was hashed") }
            audit.entries += 1
            contents(record, index: index, kind: kind, created: created, &audit)
        }
    }

    private mutating func contents(_ record: [UInt8], index: Int, kind: String, created: Int, _ audit: inout LogAudit) {
        guard let value = try? StrictJSON.parseCanonical(record) else {
            audit.problem("entry \(index): the record is not canonical JSON")
            return
        }
        if value["type"]?.text != kind || value["n"]?.number != index || value["t"]?.text != text(created) {
            audit.problem("entry \(index): its columns say other than its record")
        }
        if let seconds = value["clockBackwardsBy"]?.number { audit.note("entry \(index): the clock went back by \(seconds) s") }
        do {
            switch kind {
            case "run": runs.insert(index)
            case "hold", "release": holds.read(kind, value, at: created)
            case "prune": prunedRuns.formUnion((value["runs"]?.elements ?? []).compactMap(\.text))
            case "key": announced.insert(try RotationVerifier.verify(value, announced: announced))
            case "log-key": try eras.rotate(value, index: index, at: created)
            case "log":
                if let id = value["keyid"]?.text { announced.insert(id) }
                try eras.begin(value, at: created)
                if let origin, value["origin"]?.text != origin {
                    audit.problem("entry \(index): the log names itself `\(value["origin"]?.text ?? "")`, not `\(origin)`")
                }
            default: break
            }
        } catch {
            audit.problem("entry \(index): \(error)")
        }
    }

    private mutating func text(_ time: Int) -> String {
        if last.time != time { last = (time, UTCTime.text(time)) }
        return last.text
    }
}
