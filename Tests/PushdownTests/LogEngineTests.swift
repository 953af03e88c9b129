import Audit
import Engine
import Foundation
import Ingest
import Policy
import Reports
import Residency
import Synchronization
import Testing

/// An engine counts, or this process does: every byte of the findings is the same. The checks are those of every engine, with
/// one or many of the cases in one run, since some take their time to start.
struct LogEngineChecks {
    static let example = EngineCommand.root.appending(path: "policies/examples/northwind").path
    static let now: Int64 = 1_795_154_400

    let make: @Sendable (@escaping @Sendable (String) -> Void) throws -> any LogEngine

    /// An engine that remembers what it was left with.
    final class Watched: LogEngine {
        let inner: any LogEngine
        var format: String { inner.format }
        let counted = Mutex(0)
        let notes: Notes
        final class Notes: Sendable { let all = Mutex<[String]>([]) }

        init(_ make: (@escaping @Sendable (String) -> Void) throws -> any LogEngine) throws {
            let notes = Notes()
            self.notes = notes
            inner = try make { note in notes.all.withLock { $0.append(note) } }
        }

        func count(_ files: [(input: Int, path: String)], _ rules: RuleBook) throws(AuditError) -> LogCount {
            let count = try inner.count(files, rules)
            counted.withLock { $0 += count.events.count }
            return count
        }
    }

    static func rules() throws -> RuleBook { try RuleFiles(policies: [example], tenants: nil, waivers: [], catalogue: nil).load(now: now).rules }

    /// The findings of both, and how many files the engine counted.
    func both(_ inputs: [String], _ rules: RuleBook) async throws -> (local: [UInt8], pushed: [UInt8], run: Run, counted: Int, notes: [String]) {
        var audit = AuditRun(inputs: inputs, rules: rules, now: Self.now, jobs: 2, toolVersion: "test")
        let local = try await audit.run()
        let engine = try Watched(make)
        audit.engine = engine
        let pushed = try await audit.run()
        return (
            try Reports.render(local, as: .json), try Reports.render(pushed, as: .json), local, engine.counted.withLock { $0 },
            engine.notes.all.withLock { $0 }
        )
    }

    func sampleCompany() async throws {
        let both = try await both(["\(Self.example)/inputs", "\(Self.example)/register.yaml"], try Self.rules())
        #expect(both.local == both.pushed)
        #expect(both.run.summary.violated > 0)
        let logs = both.run.inputs.filter { $0.format == "aws-cloudtrail" }
        #expect(both.counted == logs.count { $0.malformed == 0 }, "what is whole is counted by the engine: \(both.notes)")
        #expect(both.counted > 30)
    }

    func generated(seeds: [UInt64]) async throws {
        let rules = try Self.rules()
        let scratch = try Scratch()
        for seed in seeds {
            var generator = EventGenerator(seed: seed, rules.catalogue)
            try #require(!generator.isEmpty)
            for file in 0..<4 {
                let events = (0..<400).map { _ in generator.event() }
                // Some events come twice.
                try scratch.write("{\"Records\":[\((events + events.prefix(20)).joined(separator: ","))]}", to: "AWSLogs/\(seed)-\(file).json")
            }
        }
        let both = try await both([scratch.path + "/AWSLogs"], rules)
        #expect(both.counted == 4 * seeds.count, "\(both.notes)")
        #expect(both.run.summary.events == 1680 * seeds.count)
        #expect(both.run.findings.count > 100)
        #expect(String(decoding: both.local, as: UTF8.self).contains("aws.call.words"))
        let kept = try scratch.keep(both.local, both.pushed)
        #expect(both.local == both.pushed, "kept in \(kept)")
    }

    static let event = #"{"eventVersion":"1.08","eventSource":"s3.amazonaws.com","eventName":"GetObject","eventTime":"2026-11-19T01:00:00Z","awsRegion":"eu-west-1","recipientAccountId":"111122223333","sourceIPAddress":"203.0.113.9","userIdentity":{"type":"IAMUser"},"requestParameters":{"bucketName":"acme"}}"#

    /// What only a reader of files can judge: the engine leaves such a file to ours, and counts the rest.
    static let oddEvents: [(name: String, text: String)] = [
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

    static let otherForms = [
        ("cut", "{\"Records\":[\(event),{\"eventVersion\""), ("two documents", "{\"Records\":[\(event)]}\n{\"Records\":[\(event)]}"),
        ("one a line", "\(event)\n\(event)\n"), ("a list", "[\(event),\(event)]"), ("more members", "{\"Records\":[\(event)],\"more\":1}"),
        ("in events", "{\"Events\":[\(event)]}"), ("marked", "\u{FEFF}{\"Records\":[\(event)]}"), ("empty", ""),
    ]

    /// Documents that only a reader of files can judge; the engine leaves them to ours, and counts the rest.
    static let oddDocuments: [(name: String, text: String)] = oddEvents.map { ($0.name, "{\"Records\":[\(event),\($0.text)]}") } + otherForms

    func leaves(_ odd: [(name: String, text: String)]) async throws {
        let names = odd.map(\.name).joined(separator: ", ")
        let scratch = try Scratch()
        for (index, one) in odd.enumerated() { try scratch.write(one.text, to: "logs/a\(index).json") }
        try scratch.write("{\"Records\":[\(Self.event)]}", to: "logs/b.json")
        try scratch.write("{\"Records\":[]}", to: "logs/c.json")
        let both = try await both([scratch.path + "/logs"], try Self.rules())
        let kept = try scratch.keep(both.local, both.pushed)
        #expect(both.local == both.pushed, "\(names): kept in \(kept)")
        #expect(both.counted == 2, "\(names): \(both.notes)")
    }

    static let corpus = EngineCommand.root.deletingLastPathComponent().appending(path: "shared/corpus/01-cloudtrail").path

    func realLogs() async throws {
        let both = try await both([Self.corpus], try Self.rules())
        #expect(both.local == both.pushed)
        #expect(both.counted > 0)
    }

    func failing() async throws {
        var audit = AuditRun(inputs: ["\(Self.example)/inputs"], rules: try Self.rules(), now: Self.now, jobs: 1, toolVersion: "test")
        audit.engine = try make { _ in }
        let error = await #expect(throws: AuditError.self) { _ = try await audit.run() }
        #expect(error?.text.contains("did not complete") == true)
    }
}

@Suite(.enabled(if: EngineCommand.duckdb != nil, "duckdb \(EngineCommand.missing)"))
struct DuckDBTests {
    static let checks = LogEngineChecks { try DuckDB(command: EngineCommand.duckdb ?? "duckdb", threads: 2, say: $0) }

    @Test func `the sample company's findings are the same`() async throws { try await Self.checks.sampleCompany() }

    @Test(arguments: [1, 2, 3, 4] as [UInt64])
    func `generated events are judged the same`(seed: UInt64) async throws { try await Self.checks.generated(seeds: [seed]) }

    @Test(arguments: LogEngineChecks.oddDocuments.indices)
    func `what is odd is read here`(index: Int) async throws { try await Self.checks.leaves([LogEngineChecks.oddDocuments[index]]) }

    @Test(.enabled(if: FileManager.default.fileExists(atPath: LogEngineChecks.corpus), "the corpus is not here"))
    func `real logs are judged the same`() async throws { try await Self.checks.realLogs() }

    @Test func `an engine that is not there is an error that says so`() {
        let error = #expect(throws: AuditError.self) { _ = try DuckDB(command: "/nowhere/duckdb", threads: 1) }
        #expect(error?.text.contains("/nowhere/duckdb") == true)
    }

    @Test func `an engine that fails is an error`() async throws {
        try await LogEngineChecks { try DuckDB(command: "/bin/false", threads: 1, say: $0) }.failing()
    }
}

struct SparkSQLTests {
    static let checks = LogEngineChecks { try SparkSQL(command: EngineCommand.spark, settings: [], threads: 2, say: $0) }

    @Test func `an engine that is not there is an error that says so`() {
        let error = #expect(throws: AuditError.self) { _ = try SparkSQL(command: "/nowhere/spark-submit", settings: [], threads: 1) }
        #expect(error?.text.contains("/nowhere/spark-submit") == true)
    }

    @Test func `an engine that fails is an error`() async throws {
        try await LogEngineChecks { try SparkSQL(command: "/bin/false", settings: [], threads: 1, say: $0) }.failing()
    }

    @Suite(.serialized, .enabled(if: EngineCommand.spark != nil, "spark-submit not found; SPARK_HOME or DOMICILE_SPARK names a Spark 4"))
    struct OnSpark {
        @Test func `the sample company's findings are the same`() async throws { try await checks.sampleCompany() }

        @Test func `generated events are judged the same`() async throws { try await checks.generated(seeds: [1, 2, 3, 4, 5, 6, 7, 8]) }

        @Test func `what is odd is read here`() async throws {
            let unmarked = LogEngineChecks.event.replacing("\"IAMUser\"", with: "{\"mfa\":0.50,\"since\":1e3,\"count\":9223372036854775808}")
            try await checks.leaves(
                LogEngineChecks.oddDocuments + [
                    ("numbers that VARIANT writes otherwise", "{\"Records\":[\(unmarked.replacing("\"acme\"", with: "1.50"))]}"),
                    ("an error that is an object", "{\"Records\":[\(LogEngineChecks.event.replacing("{\"eventVersion\"", with: "{\"errorCode\":{},\"eventVersion\""))]}"),
                ])
        }

        @Test(.enabled(if: FileManager.default.fileExists(atPath: LogEngineChecks.corpus), "the corpus is not here"))
        func `real logs are judged the same`() async throws { try await checks.realLogs() }

        @Test func `a statement that Spark refuses is an error that says why`() async throws {
            let scratch = try Scratch()
            try scratch.write("#!/bin/sh\nfor folder; do :; done\necho 'AND NOT SQL' >> \"$folder/statement.sql\"\nexec '\(EngineCommand.spark ?? "")' \"$@\"\n", to: "submit")
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: scratch.path + "/submit")
            var audit = AuditRun(inputs: ["\(LogEngineChecks.example)/inputs"], rules: try LogEngineChecks.rules(), now: LogEngineChecks.now, jobs: 1, toolVersion: "test")
            audit.engine = try SparkSQL(command: scratch.path + "/submit", settings: [], threads: 2)
            let error = await #expect(throws: AuditError.self) { _ = try await audit.run() }
            #expect(error?.text.contains("PARSE_SYNTAX_ERROR") == true, "\(error?.text ?? "")")
        }
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
