internal import Evidence
internal import EvidenceVerify
internal import Foundation
internal import GRDB
internal import Residency

/// Examines the legal holds of a store against the log: a hold that vanished from its table, or was released there alone, would
/// let findings be erased that must be kept.
struct HoldExaminer {
    /// A hold as the log's entries tell it.
    private struct Told: Equatable {
        var first: String?
        var last: String?
        var matter: String?
        var placedBy: String?
        var placed: Int
        var released: Int?
    }

    private var told: [String: Told] = [:]

    /// Takes an entry of the log; those about other things do nothing.
    mutating func read(_ kind: String, _ entry: CanonicalValue, at time: Int) {
        guard let id = entry["hold"]?.text else { return }
        if kind == "hold" {
            told[id] = Told(
                first: entry["first"]?.text, last: entry["last"]?.text, matter: entry["matter_sha256"]?.text, placedBy: entry["placedBy"]?.text, placed: time)
        } else if kind == "release" {
            told[id]?.released = time
        }
    }

    func holds(_ db: Database, _ audit: inout LogAudit) throws {
        var rest = told
        for row in try Row.fetchAll(db, sql: "SELECT * FROM legal_hold ORDER BY id") {
            let id: String = row["id"]
            let stored = Told(
                first: row["first"], last: row["last"], matter: SHA256Digest(of: Array((row["matter"] as String).utf8)).hex, placedBy: row["placed_by"],
                placed: row["placed"], released: row["released"])
            if rest.removeValue(forKey: id) != stored { audit.problem("legal hold `\(id)`: the store says other than the log") }
        }
        for id in rest.keys.sorted() { audit.problem("legal hold `\(id)`: it is in the log and not in the store") }
    }
}
