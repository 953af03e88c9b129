import Audit
import Engine
import Foundation
import Ingest
import Policy
import Reports
import Residency
import Synchronization
import Testing

/// DuckDB counts, or this process does: every byte of the findings is the same.
@Suite(.enabled(if: EngineCommand.duckdb != nil, "duckdb \(EngineCommand.missing)"))
struct DuckDBTests {
    static let example = EngineCommand.root.appending(path: "policies/examples/northwind").path
    static let now: Int64 = 1_795_154_400

    /// An engine that remembers what it was left with.
    final class Watched: LogEngine {
        let inner: DuckDB
        var format: String { inner.format }
        let counted = Mutex(0)
        let notes: Notes
        final class Notes: Sendable { let all = Mutex<[String]>([]) }

        init() throws {
            let notes = Notes()
            self.notes = notes
            inner = try DuckDB(command: EngineCommand.duckdb ?? "duckdb", threads: 2) { note in notes.all.withLock { $0.append(note) } }
        }

        func count(_ files: [(input: Int, path: String)], _ rules: RuleBook) throws(AuditError) -> LogCount {
            let count = try inner.count(files, rules)
            counted.withLock { $0 += count.events.count }
            return count
        }
    }

    static func rules() throws -> RuleBook { try RuleFiles(policies: [example], tenants: nil, waivers: [], catalogue: nil).load(now: now).rules }

    /// The findings of both, and how many files the engine counted.
    static func both(_ inputs: [String], _ rules: RuleBook) async throws -> (local: [UInt8], pushed: [UInt8], run: Run, counted: Int, notes: [String]) {
        var audit = AuditRun(inputs: inputs, rules: rules, now: now, jobs: 2, toolVersion: "test")
        let local = try await audit.run()
        let engine = try Watched()
        audit.engine = engine
        let pushed = try await audit.run()
        return (
            try Reports.render(local, as: .json), try Reports.render(pushed, as: .json), local, engine.counted.withLock { $0 },
            engine.notes.all.withLock { $0 }
        )
    }

    @Test func `the sample company's findings are the same`() async throws {
        let both = try await Self.both(["\(Self.example)/inputs", "\(Self.example)/register.yaml"], try Self.rules())
        #expect(both.local == both.pushed)
        #expect(both.run.summary.violated > 0)
        let logs = both.run.inputs.filter { $0.format == "aws-cloudtrail" }
        #expect(both.counted == logs.count { $0.malformed == 0 }, "what is whole is counted by the engine: \(both.notes)")
        #expect(both.counted > 30)
    }

    @Test(arguments: [1, 2, 3, 4] as [UInt64])
    func `generated events are judged the same`(seed: UInt64) async throws {
        let rules = try Self.rules()
        var generator = EventGenerator(seed: seed, rules.catalogue)
        try #require(!generator.isEmpty)
        let scratch = try Scratch()
        for file in 0..<4 {
            let events = (0..<400).map { _ in generator.event() }
            // Some events come twice.
            try scratch.write("{\"Records\":[\((events + events.prefix(20)).joined(separator: ","))]}", to: "AWSLogs/\(file).json")
        }
        let both = try await Self.both([scratch.path + "/AWSLogs"], rules)
        #expect(both.counted == 4, "\(both.notes)")
        #expect(both.run.summary.events == 1680)
        #expect(both.run.findings.count > 100)
        let kept = try scratch.keep(both.local, both.pushed)
        #expect(both.local == both.pushed, "kept in \(kept)")
    }

    static let event = #"{"eventVersion":"1.08","eventSource":"s3.amazonaws.com","eventName":"GetObject","eventTime":"2026-11-19T01:00:00Z","awsRegion":"eu-west-1","recipientAccountId":"111122223333","sourceIPAddress":"203.0.113.9","userIdentity":{"type":"IAMUser"},"requestParameters":{"bucketName":"acme"}}"#

    /// What only a reader of files can judge: the engine leaves such a file to ours, and counts the rest.
    static let odd: [(name: String, text: String)] = [
        ("a name twice", event.replacing("{\"bucketName\"", with: "{\"bucketName\":\"other\",\"bucketName\"")),
        ("a name of the event twice", event.replacing("{\"eventVersion\"", with: "{\"awsRegion\":\"us-east-1\",\"eventVersion\"")),
        ("no action", event.replacing("\"eventName\":\"GetObject\",", with: "")),
        ("an action that is null", event.replacing("\"GetObject\"", with: "null")),
        ("an account that is a number", event.replacing("\"111122223333\"", with: "111122223333")),
        ("a time with a fraction", event.replacing("01:00:00Z", with: "01:00:00.250Z")),
        ("a time in another zone", event.replacing("01:00:00Z", with: "01:00:00+02:00")),
        ("a day that there is not", event.replacing("2026-11-19", with: "2026-02-31")),
        ("a record that is no object", event + ",17"),
        ("an insight", event + #",{"eventVersion":"1.08","insightDetails":{"state":"Start"},"eventCategory":"Insight"}"#),
        ("an envelope", "{\"detail\":\(event)}"),
        ("half a surrogate pair", event.replacing("\"acme\"", with: "\"ac\\ud800me\"")),
        ("a comma too many", event + ","),
        ("not a number", event.replacing("\"IAMUser\"", with: "NaN")),
        ("many brackets", event.replacing("\"IAMUser\"", with: String(repeating: "[", count: 600) + String(repeating: "]", count: 600))),
    ]

    @Test(arguments: odd.indices)
    func `what is odd is read here`(index: Int) async throws {
        let scratch = try Scratch()
        try scratch.write("{\"Records\":[\(Self.event),\(Self.odd[index].text)]}", to: "logs/a.json")
        try scratch.write("{\"Records\":[\(Self.event)]}", to: "logs/b.json")
        let both = try await Self.both([scratch.path + "/logs"], try Self.rules())
        #expect(both.local == both.pushed, "\(Self.odd[index].name)")
        #expect(both.counted == 1, "\(Self.odd[index].name): \(both.notes)")
    }

    @Test(arguments: [
        ("cut", "{\"Records\":[\(event),{\"eventVersion\""), ("two documents", "{\"Records\":[\(event)]}\n{\"Records\":[\(event)]}"),
        ("one a line", "\(event)\n\(event)\n"), ("a list", "[\(event),\(event)]"), ("more members", "{\"Records\":[\(event)],\"more\":1}"),
        ("in events", "{\"Events\":[\(event)]}"), ("marked", "\u{FEFF}{\"Records\":[\(event)]}"),
    ])
    func `files of another form are read here`(name: String, text: String) async throws {
        let scratch = try Scratch()
        try scratch.write(text, to: "logs/a.json")
        try scratch.write("{\"Records\":[\(Self.event)]}", to: "logs/b.json")
        let both = try await Self.both([scratch.path + "/logs"], try Self.rules())
        #expect(both.local == both.pushed, "\(name)")
        #expect(both.counted == 1, "\(name): \(both.notes)")
    }

    @Test func `a file without records, and one with none`() async throws {
        let scratch = try Scratch()
        try scratch.write("{\"Records\":[]}", to: "logs/a.json")
        try scratch.write("", to: "logs/b.json")
        let both = try await Self.both([scratch.path + "/logs"], try Self.rules())
        #expect(both.local == both.pushed)
        #expect(both.counted == 1)
    }

    static let corpus = EngineCommand.root.deletingLastPathComponent().appending(path: "shared/corpus/01-cloudtrail").path

    @Test(.enabled(if: FileManager.default.fileExists(atPath: corpus), "the corpus is not here"))
    func `real logs are judged the same`() async throws {
        let both = try await Self.both([Self.corpus], try Self.rules())
        #expect(both.local == both.pushed)
        #expect(both.counted > 0)
    }

    @Test func `an engine that is not there is an error that says so`() {
        let error = #expect(throws: AuditError.self) { _ = try DuckDB(command: "/nowhere/duckdb", threads: 1) }
        #expect(error?.text.contains("/nowhere/duckdb") == true)
    }

    @Test func `an engine that fails is an error`() async throws {
        var audit = AuditRun(inputs: ["\(Self.example)/inputs"], rules: try Self.rules(), now: Self.now, jobs: 1, toolVersion: "test")
        audit.engine = try DuckDB(command: "/bin/false", threads: 1)
        await #expect(throws: AuditError.self) { _ = try await audit.run() }
    }
}

/// A folder that goes when it is no longer used.
final class Scratch {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "domicile-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func write(_ text: String, to name: String) throws {
        let file = URL(filePath: path + "/" + name)
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
    }

    /// Keeps both findings for whoever looks why they differ.
    func keep(_ local: [UInt8], _ pushed: [UInt8]) throws -> String {
        let folder = NSTemporaryDirectory() + "domicile-differs-\(UUID().uuidString)"
        guard local != pushed else { return folder }
        try FileManager.default.copyItem(atPath: path, toPath: folder)
        try Data(local).write(to: URL(filePath: folder + "/local.json"))
        try Data(pushed).write(to: URL(filePath: folder + "/pushed.json"))
        return folder
    }
}
