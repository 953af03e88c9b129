import Engine
import Foundation
import Ingest
public import Policy
import Pushdown
import Residency

/// Spark's SQL: a small job reads the logs on the executors, leaves alone what SQL would not judge as a reader of files does,
/// and counts the events of the rest by a compiled statement. All machines have to see the inputs under the same paths.
public struct SparkSQL: LogEngine {
    private let submit: SparkSubmit
    private let threads: Int
    /// Is told what was not left to the engine.
    private let say: @Sendable (String) -> Void

    public var format: String { StatementRun.layout.format }

    /// - Parameters:
    ///   - command: `spark-submit`; `nil` looks in `SPARK_HOME` and on the search path.
    ///   - settings: `key=value`, handed on as `--conf`; `spark.master` names a cluster, else it is this machine.
    /// - Throws: if there is no such command.
    public init(command: String?, settings: [String], threads: Int, say: @escaping @Sendable (String) -> Void = { _ in }) throws(AuditError) {
        submit = try SparkSubmit(command: command, settings: settings)
        self.threads = threads
        self.say = say
    }

    public func count(_ files: [(input: Int, path: String)], _ rules: RuleBook) throws(AuditError) -> LogCount {
        // A name of this run alone: another's table or cache is never read.
        let table = "domicile_" + UUID().uuidString.replacing("-", with: "").lowercased()
        return try StatementRun(engine: "spark-sql", dialect: .sparkSQL, table: table, say: say).count(files, rules) { (statement, paths) throws(AuditError) in
            try run(statement, table, paths)
        }
    }

    /// The rows that a statement over a table of the engine answers, in the order of their bytes.
    func answer(_ statement: Statement, _ table: String) throws(AuditError) -> [UInt8] {
        let folder = try Subprocess.scratch()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let order = SparkSQLJob.Order(table: table, inputs: nil, texts: [], textsOrNone: [], error: [], time: [], values: [], kinds: [])
        let lines = try submit(order, statement, folder).split(separator: UInt8(ascii: "\n"))
        return lines.sorted { $0.lexicographicallyPrecedes($1) }.reduce(into: []) { $0 += $1 + [UInt8(ascii: "\n")] }
    }

    /// Runs a job in a folder; what it answered.
    private func submit(_ order: SparkSQLJob.Order, _ statement: Statement, _ folder: String) throws(AuditError) -> [UInt8] {
        do {
            try JSONEncoder().encode(order).write(to: URL(filePath: folder + "/job.json"))
        } catch { throw .other("the job for spark could not be written: \(error.localizedDescription)") }
        try Subprocess.write(statement.sql, to: folder + "/statement.sql")
        try Subprocess.write(SparkSQLJob.python, to: folder + "/job.py")
        // To plan a statement of so many cases takes more than Spark's 1 GB.
        try submit.run(folder, master: "local[\(threads)]", defaults: ["spark.driver.memory=2g"])
        guard let data = FileManager.default.contents(atPath: folder + "/answer") else { throw .other("spark wrote no answer") }
        return [UInt8](data)
    }

    private func run(_ statement: Statement, _ table: String, _ paths: [String]) throws(AuditError) -> StatementRun.Outcome {
        guard let events = EventLayouts.of(format) else { throw .other("there is no layout of \(format)") }
        let folder = try Subprocess.scratch()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let here = FileManager.default.currentDirectoryPath
        let job = SparkSQLJob.Order(
            table: table, inputs: paths.map { $0.hasPrefix("/") ? $0 : here + "/" + $0 }, texts: [events.service, events.action],
            textsOrNone: [events.account, events.region], error: events.error, time: events.time,
            values: statement.values, kinds: statement.kinds)
        let answer = try submit(job, statement, folder)
        guard let said = FileManager.default.contents(atPath: folder + "/read"),
            let read = try? JSONDecoder().decode([SparkSQLJob.Read].self, from: said)
        else { throw .other("spark wrote no answer") }
        guard read.map(\.input).sorted() == Array(paths.indices) else {
            throw .other("spark read \(read.count) inputs, and there are \(paths.count)")
        }
        var (left, records): ([Int: String], [Int: Int]) = ([:], [:])
        for one in read {
            if let odd = one.odd { left[one.input] = odd } else { records[one.input] = one.records }
        }
        do { return .answered(try Answer(lines: answer), left: left, records: records) } catch { throw .other(error.message) }
    }
}
