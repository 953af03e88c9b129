import Evidence
import EvidenceStore
import EvidenceTestSupport
import EvidenceVerify
import Foundation
import GRDB
import Testing

@Suite struct AppendCostTests {
    /// What SQLite does for each statement: `SEARCH entry USING INTEGER PRIMARY KEY`, or `SCAN entry` if it reads all of a table.
    private static func scans(_ statements: [String], in path: String) throws -> [String] {
        try DatabaseQueue(path: path).read { db in
            try Set(statements).sorted().flatMap { sql -> [String] in
                guard ["SELECT", "INSERT", "UPDATE"].contains(where: sql.hasPrefix) else { return [] }
                let plan = try Row.fetchAll(db, sql: "EXPLAIN QUERY PLAN \(sql.replacing("?", with: "NULL"))").map { $0["detail"] as String }
                return plan.filter { detail in ["entry", "node", "checkpoint", "run", "finding", "statement"].contains { detail == "SCAN \($0)" } }.map { "\(sql): \($0)" }
            }
        }
    }

    @Test func `an append looks at no whole table, and a hundred times the nights cost it a few steps of the tree`() throws {
        let bundle = try StoredBundle(nights: 10, findings: 2)
        let few = try bundle.store.statements { try bundle.run(10, findings: 2) }
        for night in 11..<1000 { try bundle.run(night, findings: 2) }
        let many = try bundle.store.statements { try bundle.run(1000, findings: 2) }
        #expect(few.count > 20)
        // A hundred times the entries are seven levels more; each is asked for by the proofs, by the roots that are compared and by the new
        // node.
        #expect(many.count - few.count <= 7 * 7, "\(few.count), \(many.count)")
        let scans = try Self.scans(many, in: bundle.storePath)
        #expect(scans.isEmpty, "\(scans)")
        // The check finds a scan where there is one.
        #expect(try !Self.scans(["SELECT idx FROM entry WHERE kind = 'run'"], in: bundle.storePath).isEmpty)
        #expect(try bundle.store.verify(log: [Trusted(try #require(bundle.logKey))]).entries == 1002)
    }
}
