import Engine
import Foundation
public import Policy
import Pushdown
import Residency

/// DuckDB, run as a command: `duckdb` counts the events of the logs by a compiled statement.
public struct DuckDB: LogEngine {
    private let command: String
    private let threads: Int
    /// Is told what was not left to the engine.
    private let say: @Sendable (String) -> Void

    public var format: String { StatementRun.layout.format }

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
        try StatementRun(engine: "duckdb", dialect: .duckdb, say: say).count(files, rules, run)
    }

    private func run(_ statement: Statement, _ paths: [String]) throws(AuditError) -> StatementRun.Outcome {
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
        do { return .answered(try Answer(lines: [UInt8](data))) } catch { throw .other(error.message) }
    }
}
