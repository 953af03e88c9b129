import Engine
import Foundation
import Ingest
public import Policy
import Pushdown
import Residency

/// DuckDB, run as a command: `duckdb` counts the events of the logs by a compiled statement.
public struct DuckDB: LogEngine {
    private let command: String
    private let threads: Int
    /// Is told what was not left to the engine.
    private let say: @Sendable (String) -> Void

    private static let layout = Layout.documents
    public var format: String { Self.layout.format }

    /// After so many files that the engine could not read, the rest is read here.
    private static let maxAttempts = 8

    /// - Parameter command: a name on the search path, or a path.
    /// - Throws: if there is no such command.
    public init(command: String = "duckdb", threads: Int, say: @escaping @Sendable (String) -> Void = { _ in }) throws(AuditError) {
        guard let found = Subprocess.find(command) else {
            throw .other("the engine's command `\(command)` was not found\nhint: `pip install duckdb-cli` provides `duckdb`; name another place with --engine-command")
        }
        self.command = found
        self.threads = threads
        self.say = say
    }

    public func count(_ files: [(input: Int, path: String)], _ rules: RuleBook) throws(AuditError) -> LogCount {
        guard let layout = EventLayouts.of(format) else { return LogCount() }
        let statement = Statement(rules.catalogue, events: layout, dialect: .duckdb, layout: Self.layout)
        var files = files.filter { Self.canRead($0.path) }
        for _ in 0..<Self.maxAttempts where !files.isEmpty {
            switch try run(statement, files.map(\.path)) {
            case .refused(let path, let why):
                say("duckdb could not read `\(path)`, which is read here: \(why)")
                files.removeAll { $0.path == path }
            case .answered(let lines):
                do {
                    let answer = try Answer(lines: lines)
                    let odd = answer.oddInputs.union(Set(files.indices).subtracting(answer.events.keys))
                    if !odd.isEmpty {
                        say("\(odd.count) file\(odd.count == 1 ? " has" : "s have") records that only a reader of files can judge, and \(odd.count == 1 ? "is" : "are") read here")
                        files = files.indices.filter { !odd.contains($0) }.map { files[$0] }
                        continue
                    }
                    var count = LogCount()
                    let inputs = files.map(\.input)
                    count.partial = try answer.partial(statement, rules, events: layout) { inputs.indices.contains($0) ? inputs[$0] : 0 }
                    for (index, events) in answer.events {
                        count.events[inputs[index]] = events
                        count.spans[inputs[index]] = answer.span(index)
                    }
                    return count
                } catch { throw .other(error.message) }
            }
        }
        if !files.isEmpty { say("duckdb could not read \(Self.maxAttempts) files, so that the rest is read here as well") }
        return LogCount()
    }

    private enum Outcome {
        case answered([UInt8])
        case refused(path: String, why: String)
    }

    private func run(_ statement: Statement, _ paths: [String]) throws(AuditError) -> Outcome {
        let scratch = try Subprocess.scratch()
        defer { try? FileManager.default.removeItem(atPath: scratch) }
        let answer = scratch + "/answer.json"
        let list = paths.map { Dialect.duckdb.literal($0) }.joined(separator: ", ")
        let script = """
            SET threads = \(threads);
            SET temp_directory = \(Dialect.duckdb.literal(scratch + "/spill"));
            SET VARIABLE inputs = [\(list)];
            COPY (
            \(statement.sql)
            ) TO \(Dialect.duckdb.literal(answer)) (FORMAT json);
            """
        let file = scratch + "/statement.sql"
        try Subprocess.write(script, to: file)
        let outcome = try Subprocess.run(command, ["-bail", "-no-init", "-f", file, ":memory:"], scratch: scratch)
        guard outcome.code == 0 else {
            // The engine names the file that it could not read; every other complaint ends the run.
            if let path = paths.first(where: { outcome.errors.contains("\"\($0)\"") }) { return .refused(path: path, why: outcome.firstError) }
            throw .other("duckdb did not complete (exit code \(outcome.code)): \(outcome.firstError)")
        }
        guard let data = FileManager.default.contents(atPath: answer) else { throw .other("duckdb wrote no answer") }
        return .answered([UInt8](data))
    }

    /// Whether the engine takes the name for a name and the bytes for what they are.
    private static func canRead(_ path: String) -> Bool {
        guard !path.contains(where: { "*?[]{}\n\"".contains($0) }), let handle = FileHandle(forReadingAtPath: path) else { return false }
        defer { try? handle.close() }
        let magic = [UInt8]((try? handle.read(upToCount: 4)) ?? Data())
        let isGzip = magic.starts(with: [0x1f, 0x8b])
        if isGzip || path.hasSuffix(".gz") { return isGzip && path.hasSuffix(".gz") }
        return magic.first == UInt8(ascii: "{") && !path.hasSuffix(".zst")
    }
}
