public import Evidence
internal import Foundation
internal import GRDB
internal import Residency

extension RunStore {
    /// A matter for which findings must be kept whatever their age.
    public struct Hold: Sendable, Hashable {
        public var id: String
        public var matter: String
        /// The days of the runs it covers, `2026-11-22`, both included.
        public var first: String
        public var last: String
        public var placedBy: String
        public var isReleased: Bool

        public init(id: String, matter: String, first: String, last: String, placedBy: String, isReleased: Bool = false) {
            self.id = id
            self.matter = matter
            self.first = first
            self.last = last
            self.placedBy = placedBy
            self.isReleased = isReleased
        }
    }

    /// The legal holds, in order of their ids.
    public func holds() throws -> [Hold] {
        try read { db in
            try Row.fetchAll(db, sql: "SELECT * FROM legal_hold ORDER BY id").map { row in
                Hold(
                    id: row["id"], matter: row["matter"], first: row["first"], last: row["last"], placedBy: row["placed_by"],
                    isReleased: row["released"] as Int? != nil)
            }
        }
    }

    /// Places a hold on the runs judged on these days, and enters it in the log.
    public func place(_ hold: Hold, signer: LogSigner, kept: [String] = [], at time: Int) throws {
        guard Self.isDay(hold.first), Self.isDay(hold.last), hold.first <= hold.last else {
            throw EvidenceError(.failed, "a hold needs two days such as `2026-11-22`, the first not after the last")
        }
        try signing(signer, kept: kept, at: time) { db, log, _ in
            guard try Int.fetchOne(db, sql: "SELECT COUNT(*) FROM legal_hold WHERE id = ?", arguments: [hold.id]) == 0 else {
                throw EvidenceError(.conflict, "there is a hold `\(hold.id)` already")
            }
            try db.execute(
                sql: "INSERT INTO legal_hold(id, matter, first, last, placed_by, placed) VALUES(?, ?, ?, ?, ?, ?)",
                arguments: [hold.id, hold.matter, hold.first, hold.last, hold.placedBy, time])
            try log.append(
                "hold",
                [
                    "first": .string(hold.first), "hold": .string(hold.id), "last": .string(hold.last),
                    "matter_sha256": .string(SHA256Digest(of: Array(hold.matter.utf8)).hex), "placedBy": .string(hold.placedBy),
                ], at: time)
        }
    }

    /// Releases a hold, and enters it in the log.
    public func release(hold id: String, by person: String, signer: LogSigner, kept: [String] = [], at time: Int) throws {
        try signing(signer, kept: kept, at: time) { db, log, _ in
            try db.execute(sql: "UPDATE legal_hold SET released = ? WHERE id = ? AND released IS NULL", arguments: [time, id])
            guard db.changesCount == 1 else { throw EvidenceError(.missing, "there is no hold `\(id)` to release") }
            try log.append("release", ["hold": .string(id), "releasedBy": .string(person)], at: time)
        }
    }

    /// Whether findings of a run were erased.
    public func isPruned(_ id: String) throws -> Bool {
        try read { db in
            let sequence = try sequence(of: id, db)
            return try Bool.fetchOne(db, sql: "SELECT EXISTS(SELECT 1 FROM finding WHERE run = ? AND line IS NULL)", arguments: [sequence]) ?? false
        }
    }

    /// Erases the findings of the runs judged before this day; digests, counts, statements and the log stay, so that every
    /// proof stays good. A run under a hold stops the whole of it. Returns the ids of the runs.
    @discardableResult
    public func prune(before day: String, reason: String, approver: String, signer: LogSigner, kept: [String] = [], at time: Int) throws
        -> [String]
    {
        guard Self.isDay(day) else { throw EvidenceError(.failed, "`\(day)` is not a day such as `2026-11-22`") }
        guard !reason.isEmpty, !approver.isEmpty else { throw EvidenceError(.failed, "erasing needs a reason and an approver") }
        let runs = try signing(signer, kept: kept, at: time) { db, log, _ in
            let held = """
                SELECT h.id FROM run r JOIN legal_hold h ON substr(r.now, 1, 10) BETWEEN h.first AND h.last
                WHERE substr(r.now, 1, 10) < ? AND h.released IS NULL LIMIT 1
                """
            if let hold = try String.fetchOne(db, sql: held, arguments: [day]) {
                throw EvidenceError(.held, "the legal hold `\(hold)` covers runs before \(day)", hint: "nothing was erased")
            }
            let sql = """
                SELECT id FROM run r WHERE substr(now, 1, 10) < ?
                AND EXISTS(SELECT 1 FROM finding WHERE run = r.seq AND line IS NOT NULL) ORDER BY seq
                """
            let runs = try String.fetchAll(db, sql: sql, arguments: [day])
            for id in runs {
                try db.execute(sql: "UPDATE finding SET line = NULL WHERE run = (SELECT seq FROM run WHERE id = ?)", arguments: [id])
            }
            for start in stride(from: 0, to: runs.count, by: Self.runsPerEntry) {
                let part = Array(runs[start..<min(start + Self.runsPerEntry, runs.count)])
                try log.append(
                    "prune", ["approver": .string(approver), "before": .string(day), "reason": .string(reason), "runs": .strings(part)],
                    at: time)
            }
            return runs
        }
        // The old pages are still in the write-ahead log; nothing of what was erased may stay on the disk.
        try EvidenceError.translating(path) { try queue.writeWithoutTransaction { db in _ = try db.checkpoint(.truncate) } }
        return runs
    }

    private static func isDay(_ text: String) -> Bool { UTCTime.seconds(text + "T00:00:00Z") != nil }

    private static let runsPerEntry = 500
}
