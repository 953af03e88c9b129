import Evidence
import EvidenceStore
import EvidenceTestSupport
import EvidenceVerify
import Foundation
import GRDB
import Residency
import Testing

@Suite struct RunStoreTests {
    @Test func `a run is read back as it was written`() throws {
        let scratch = try Scratch()
        let store = try RunStore(path: "\(scratch.path)/s.sqlite")
        let run = SampleRun.make(findings: 100)
        try store.append(run, files: [("policy/eu.yaml", Array("policy".utf8))])
        #expect(try store.run(id: run.id) == run)
        #expect(try store.latest()?.findings == 100)
        #expect(try store.files(of: run.id).map(\.name) == ["policy/eu.yaml"])
        #expect(try store.verdicts(of: run.id).values.count { $0 == .violated } == run.summary.violated)
        #expect(try RunStore.existing(path: store.path).runs().map(\.id) == [run.id])
    }

    @Test(arguments: ["substr(line, 1, 60)", "replace(line, '\"verdict\"', '\"judged\"')", "line || 'x'", "x''", "replace(line, '\"verdict\":\"', '\"verdict\":\"x')", "x'7b22'"])
    func `a finding's line that is damaged is an error with its number`(sql: String) throws {
        let bundle = try StoredBundle(nights: 1, findings: 20)
        try bundle.tamper("UPDATE finding SET line = CAST(\(sql.replacing("line", with: "CAST(line AS TEXT)")) AS BLOB) WHERE idx = 7")
        #expect { try bundle.store.run(id: "run-0") } throws: { "\($0)".contains("finding 7 at byte") }
    }

    @Test func `the same run is kept once, and the same id with other findings is an error`() throws {
        let scratch = try Scratch()
        let store = try RunStore(path: "\(scratch.path)/s.sqlite")
        try store.append(SampleRun.make(findings: 9))
        try store.append(SampleRun.make(findings: 9))
        #expect(try store.runs().count == 1)
        #expect(throws: EvidenceError.self) { try store.append(SampleRun.make(findings: 10)) }
        #expect(try store.run(id: "run-1")?.findings.count == 9)
    }

    @Test func `a store of a newer version, another database and a text are refused and left as they are`() throws {
        let scratch = try Scratch()
        let path = "\(scratch.path)/s.sqlite"
        try RunStore(path: path).append(SampleRun.make())
        try DatabaseQueue(path: path).write { try $0.execute(sql: "PRAGMA user_version = 99") }
        #expect(
            throws: EvidenceError(
                .newer, "the store `\(path)` was written by a newer version (format 99, this program knows 1)",
                hint: "use that version; nothing was changed")
        ) {
            try RunStore(path: path)
        }
        let other = "\(scratch.path)/other.sqlite"
        try DatabaseQueue(path: other).write { try $0.execute(sql: "CREATE TABLE t(x)") }
        #expect(Self.code { _ = try RunStore(path: other) } == .corrupt)
        try scratch.write("text", Array("this is no database, but a text of some length".utf8))
        #expect(Self.code { _ = try RunStore(path: "\(scratch.path)/text") } == .corrupt)
        #expect(Self.code { _ = try RunStore(path: "\(scratch.path)/no/such/folder/s.sqlite") } == .unreadable)
        #expect(Self.code { _ = try RunStore.existing(path: "\(scratch.path)/none") } == .unreadable)
    }

    @Test func `a full disk leaves the store as it was`() throws {
        let scratch = try Scratch()
        let store = try RunStore(path: "\(scratch.path)/s.sqlite")
        try store.append(SampleRun.make(id: "a", findings: 5))
        // SQLite reports a database at its page limit as it reports a full disk.
        try store.limitPages()
        #expect(Self.code { try store.append(SampleRun.make(id: "b", findings: 5000)) } == .full)
        #expect(try store.runs().map(\.id) == ["a"])
        #expect(try store.run(id: "a")?.findings.count == 5)
    }

    @Test func `a second writer waits, and gives up with a clear word`() throws {
        let scratch = try Scratch()
        let path = "\(scratch.path)/s.sqlite"
        let store = try RunStore(path: path, patience: 0.2)
        let other = try DatabaseQueue(path: path)
        try other.inDatabase { db in
            try db.execute(sql: "BEGIN IMMEDIATE")
            #expect(Self.code { try store.append(SampleRun.make()) } == .busy)
            try db.execute(sql: "COMMIT")
        }
        try store.append(SampleRun.make())
    }

    static func code(_ body: () throws -> Void) -> EvidenceError.Code? {
        do {
            try body()
            return nil
        } catch {
            return (error as? EvidenceError)?.code
        }
    }
}
