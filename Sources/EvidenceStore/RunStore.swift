internal import Crypto
public import Evidence
internal import Foundation
internal import GRDB
public import Residency
internal import Synchronization

/// The history of runs in one SQLite file (WAL). A run is there whole or not at all; writers take turns.
///
/// Open a file once in a process: SQLite's locks do the rest between processes.
public final class RunStore: Sendable {
    /// What a list of runs shows of one.
    public struct Entry: Sendable, Hashable {
        public var id: String
        public var now: String
        public var outcome: String
        public var findings: Int
        /// The SHA-256 of the run's findings.jsonl.
        public var findingsSHA256: String
        /// How many signed statements there are about it; 0: the run is unsigned.
        public var statements: Int
    }

    /// Where the file is.
    public let path: String
    let queue: DatabaseQueue

    /// Opens a store and makes it if it is not there. A writer that finds another at work waits for it up to `patience`
    /// seconds.
    public init(path: String, patience: Double = 30) throws {
        self.path = path
        var configuration = Configuration()
        configuration.journalMode = .wal
        configuration.busyMode = .timeout(patience)
        // A finding is over 1 KB, and on pages of 4 KB each would take a page of its own. A file that is there keeps its pages.
        configuration.prepareDatabase { db in try db.execute(sql: "PRAGMA page_size = 16384; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON; PRAGMA trusted_schema = OFF") }
        queue = try EvidenceError.translating(path) {
            let queue = try DatabaseQueue(path: path, configuration: configuration)
            if try queue.read({ db in try !StoreSchema.isCurrent(db) }) {
                try queue.write { db in try StoreSchema.prepare(db, path: path) }
            }
            return queue
        }
    }

    /// Opens a store that must be there: a mistyped name makes no empty file.
    public static func existing(path: String) throws -> RunStore {
        guard FileManager.default.fileExists(atPath: path) else {
            throw EvidenceError(.unreadable, "there is no store `\(path)`", hint: "`domicile audit --store` makes it")
        }
        return try RunStore(path: path)
    }

    /// Appends a run with its findings, the files it was judged by, and its signed statement, in one transaction.
    ///
    /// A run that is there already, with the same findings, is not kept twice; another statement about it is added. The same
    /// id with other findings is an error: the same audit must have the same outcome.
    public func append(_ run: Run, files: [(name: String, content: [UInt8])] = [], envelope: Envelope? = nil) throws {
        try transaction { db in
            let sequence = try self.insert(run, files: files, db)
            if let envelope { try self.insert(envelope, run: sequence, entry: nil, db) }
        }
    }

    /// The runs, the oldest first.
    public func runs() throws -> [Entry] { try entries("ORDER BY seq") }

    /// The run that was appended last.
    public func latest() throws -> Entry? { try entries("ORDER BY seq DESC LIMIT 1").first }

    /// The run with this id, or without an id the one that was appended last; it must be there.
    public func entry(id: String?) throws -> Entry {
        guard let id else {
            guard let latest = try latest() else { throw EvidenceError(.missing, "there is no run in `\(path)`") }
            return latest
        }
        guard let entry = try entries("WHERE id = ?", [id]).first else {
            throw EvidenceError(.missing, "no run `\(id)` in `\(path)`", hint: "`domicile evidence log` lists them")
        }
        return entry
    }

    /// The whole run; `nil` if there is none with this id. Findings that were erased are left out.
    public func run(id: String) throws -> Run? {
        try read { db in
            guard let row = try Row.fetchOne(db, sql: "SELECT seq, header FROM run WHERE id = ?", arguments: [id]) else { return nil }
            var run = try RunDecoder.run(header: Array(row["header"] as Data), path: self.path)
            let lines = try Row.fetchCursor(
                db, sql: "SELECT line FROM finding WHERE run = ? AND line IS NOT NULL ORDER BY idx", arguments: [row["seq"] as Int])
            var reader = FindingReader()
            while let line = try lines.next() {
                do {
                    run.findings.append(try line.withUnsafeData(atIndex: 0) { try reader.finding($0 ?? Data()) })
                } catch let error as FindingReader.Malformed {
                    throw EvidenceError(
                        .corrupt, "the store `\(self.path)` holds a run that can't be read: finding \(run.findings.count) at byte \(error.byte)",
                        hint: "`evidence log verify` says what else")
                }
            }
            return run
        }
    }

    /// The lines of the run's findings.jsonl, one after another, without their newlines.
    public func forEachFinding(of id: String, _ body: (_ line: [UInt8]) throws -> Void) throws {
        try read { db in
            let sequence = try self.sequence(of: id, db)
            let rows = try Row.fetchCursor(
                db, sql: "SELECT line FROM finding WHERE run = ? AND line IS NOT NULL ORDER BY idx", arguments: [sequence])
            while let row = try rows.next() { try row.withUnsafeData(atIndex: 0) { try body(Array($0 ?? Data())) } }
        }
    }

    /// Every finding's id and verdict: what a comparison with an earlier run needs.
    public func verdicts(of id: String) throws -> [String: Verdict] {
        try read { db in
            let sequence = try self.sequence(of: id, db)
            let rows = try Row.fetchCursor(db, sql: "SELECT id, verdict FROM finding WHERE run = ?", arguments: [sequence])
            var verdicts: [String: Verdict] = [:]
            while let row = try rows.next() { verdicts[row["id"]] = Verdict(rawValue: row["verdict"]) }
            return verdicts
        }
    }

    /// The signed statements about a run, as the files that were written, the oldest first.
    public func envelopes(of id: String) throws -> [[UInt8]] {
        try read { db in
            let sequence = try self.sequence(of: id, db)
            return try Data.fetchAll(db, sql: "SELECT envelope FROM statement WHERE run = ? ORDER BY rowid", arguments: [sequence])
                .map(Array.init)
        }
    }

    /// The files that were kept with a run (its policies), by name.
    public func files(of id: String) throws -> [(name: String, content: [UInt8])] {
        try read { db in
            let sequence = try self.sequence(of: id, db)
            let sql = "SELECT name, content FROM run_file JOIN file USING(sha256) WHERE run = ? ORDER BY name"
            return try Row.fetchAll(db, sql: sql, arguments: [sequence]).map { ($0["name"], Array($0["content"] as Data)) }
        }
    }

    private func entries(_ which: String, _ arguments: StatementArguments = []) throws -> [Entry] {
        try read { db in
            let sql = "SELECT *, COALESCE(signed, 0) AS statements FROM run LEFT JOIN (SELECT run, COUNT(*) AS signed FROM statement GROUP BY run) ON run = seq \(which)"
            return try Row.fetchAll(db, sql: sql, arguments: arguments).map { row in
                Entry(
                    id: row["id"], now: row["now"], outcome: row["outcome"], findings: row["findings"],
                    findingsSHA256: row["findings_sha256"], statements: row["statements"])
            }
        }
    }

    func sequence(of id: String, _ db: Database) throws -> Int {
        guard let sequence = try Int.fetchOne(db, sql: "SELECT seq FROM run WHERE id = ?", arguments: [id]) else {
            throw EvidenceError(.missing, "no run `\(id)` in `\(path)`", hint: "`domicile evidence log` lists them")
        }
        return sequence
    }

    func read<Value>(_ body: (Database) throws -> Value) throws -> Value {
        try EvidenceError.translating(path) { try queue.read(body) }
    }

    /// One transaction (BEGIN IMMEDIATE): a second writer waits before it reads.
    func transaction<Value>(_ body: (Database) throws -> Value) throws -> Value {
        try EvidenceError.translating(path) { try queue.write(body) }
    }

    /// Inserts the run if it is not there, and returns its number.
    func insert(_ run: Run, files: [(name: String, content: [UInt8])], _ db: Database) throws -> Int {
        let known = try Row.fetchOne(db, sql: "SELECT seq, findings_sha256 FROM run WHERE id = ?", arguments: [run.id])
        let sequence = try known?["seq"] as Int? ?? (Int.fetchOne(db, sql: "SELECT COALESCE(MAX(seq), 0) + 1 FROM run") ?? 1)
        if known == nil {
            try db.execute(
                sql: "INSERT INTO run(seq, id, now, outcome, findings, findings_sha256, header) VALUES(?, ?, ?, ?, ?, '', ?)",
                arguments: [sequence, run.id, run.now, run.outcome.rawValue, run.findings.count, Data(run.header.bytes)])
        }
        var hasher = SHA256()
        var writer = CanonicalWriter(capacity: 4096)
        let statement = try db.makeStatement(sql: "INSERT INTO finding(run, idx, id, verdict, line) VALUES(?, ?, ?, ?, ?)")
        for (index, finding) in run.findings.enumerated() {
            writer.removeAll()
            writer.write(finding)
            writer.newline()
            hasher.update(data: writer.bytes)
            guard known == nil else { continue }
            try statement.execute(arguments: [sequence, index, finding.id, finding.verdict.rawValue, Data(writer.bytes.dropLast())])
        }
        let digest = SHA256Digest(bytes: hasher.finalize())?.hex ?? ""
        if let known {
            guard known["findings_sha256"] == digest else {
                throw EvidenceError(
                    .conflict, "the run `\(run.id)` is in `\(path)` already, with other findings", hint: "the same audit must give the same"
                )
            }
        } else {
            try db.execute(sql: "UPDATE run SET findings_sha256 = ? WHERE seq = ?", arguments: [digest, sequence])
        }
        // What is entered in the log commits to the files; they are not changed afterwards.
        for file in files where known == nil {
            let sha256 = SHA256Digest(of: file.content).hex
            try db.execute(sql: "INSERT OR IGNORE INTO file(sha256, content) VALUES(?, ?)", arguments: [sha256, Data(file.content)])
            try db.execute(sql: "INSERT INTO run_file(run, name, sha256) VALUES(?, ?, ?)", arguments: [sequence, file.name, sha256])
        }
        return sequence
    }

    func insert(_ envelope: Envelope, run sequence: Int, entry: Int?, _ db: Database) throws {
        try db.execute(
            sql: "INSERT OR IGNORE INTO statement(pae_sha256, run, envelope, entry) VALUES(?, ?, ?, ?)",
            arguments: [SHA256Digest(of: envelope.preAuthentication).hex, sequence, Data(envelope.file), entry])
    }
}

extension RunStore {
    /// Lets the file grow no further than it is: how tests fill a disk.
    package func limitPages() throws {
        try queue.writeWithoutTransaction { db in
            let pages = try Int.fetchOne(db, sql: "PRAGMA page_count") ?? 1
            try db.execute(sql: "PRAGMA max_page_count = \(pages + 2)")
        }
    }

    /// The statements that the body runs on the store: how tests see what an append costs.
    package func statements(of body: () throws -> Void) throws -> [String] {
        let seen = Mutex<[String]>([])
        queue.writeWithoutTransaction { db in db.trace { event in seen.withLock { $0.append("\(event)") } } }
        try body()
        queue.writeWithoutTransaction { db in db.trace(options: []) }
        return seen.withLock { $0 }
    }
}
