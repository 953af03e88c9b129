import ArgumentParser
import Audit
import Foundation
import Pushdown

/// Who counts the events of the logs. Places, verdicts and reports are made here whoever does.
struct EngineOptions: ParsableArguments {
    @Option(name: .long, help: ArgumentHelp("Who reads the logs: local, duckdb, spark-sql, or spark://HOST:PORT.", valueName: "name"))
    var engine: String = "local"

    @Option(name: .long, help: ArgumentHelp("The engine's command (default: its name on the search path).", valueName: "path"))
    var engineCommand: String?

    @Option(name: .long, help: ArgumentHelp("KEY=VALUE for Spark; repeatable.", valueName: "key=value"))
    var engineConf: [String] = []

    @Option(name: .long, help: ArgumentHelp("A table of events that the engine spark-sql has, as SQL names it.", valueName: "name"))
    var table: String?

    @Option(name: .long, help: ArgumentHelp("With --table: how it holds them (default: athena-cloudtrail).", valueName: "layout"))
    var layout: String?

    private var isSpark: Bool { engine.hasPrefix("spark://") || engine == "yarn" || engine.hasPrefix("k8s://") || engine.hasPrefix("local[") }

    func validate() throws {
        guard ["local", "duckdb", "spark-sql"].contains(engine) || isSpark else {
            throw ValidationError("there is no engine `\(engine)`; there are: local, duckdb, spark-sql, spark://HOST:PORT, and Spark's masters `yarn` and `k8s://...`")
        }
        if !engineConf.isEmpty, !isSpark, engine != "spark-sql" { throw ValidationError("`--engine-conf` is for Spark") }
        if table != nil, engine != "spark-sql" { throw ValidationError("`--table` needs `--engine spark-sql`") }
        if let layout {
            if table == nil { throw ValidationError("`--layout` goes with `--table`") }
            let known = Layout.allCases.filter { $0 != .documents }.map(\.rawValue)
            guard known.contains(layout) else { throw ValidationError("there is no layout `\(layout)` of tables. There are: \(known.joined(separator: " "))") }
        }
        if engine == "local", engineCommand != nil { throw ValidationError("`--engine-command` needs `--engine`") }
    }

    /// The cluster that reads the inputs, if one does.
    func cluster(_ rules: RuleFiles) throws -> (SparkCluster, RuleFiles)? {
        guard isSpark else { return nil }
        return (try SparkCluster(master: engine, command: engineCommand, settings: engineConf), rules)
    }

    /// The table of events, if one is to be judged.
    func logTable(jobs: Int) throws -> LogTable? {
        guard let table else { return nil }
        let layout = layout.flatMap(Layout.init) ?? .athenaCloudTrail
        return LogTable(table, layout: layout, engine: try SparkSQL(command: engineCommand, settings: engineConf, threads: jobs))
    }

    func engine(jobs: Int, _ output: OutputOptions) throws -> (any LogEngine)? {
        let isQuiet = output.quiet
        let say: @Sendable (String) -> Void = { if !isQuiet { Terminal.say("note: " + $0) } }
        return switch engine {
        case "duckdb": try DuckDB(command: engineCommand ?? "duckdb", threads: jobs, say: say)
        case "spark-sql": try SparkSQL(command: engineCommand, settings: engineConf, threads: jobs, say: say)
        default: nil
        }
    }
}
