import ArgumentParser
import Audit
import Foundation

/// Who counts the events of the logs. Places, verdicts and reports are made here whoever does.
struct EngineOptions: ParsableArguments {
    @Option(name: .long, help: ArgumentHelp("Who reads the logs: local, duckdb, spark-sql, or spark://HOST:PORT.", valueName: "name"))
    var engine: String = "local"

    @Option(name: .long, help: ArgumentHelp("The engine's command (default: its name on the search path).", valueName: "path"))
    var engineCommand: String?

    @Option(name: .long, help: ArgumentHelp("KEY=VALUE for Spark; repeatable.", valueName: "key=value"))
    var engineConf: [String] = []

    private var isSpark: Bool { engine.hasPrefix("spark://") || engine == "yarn" || engine.hasPrefix("k8s://") || engine.hasPrefix("local[") }

    func validate() throws {
        guard ["local", "duckdb", "spark-sql"].contains(engine) || isSpark else {
            throw ValidationError("there is no engine `\(engine)`; there are: local, duckdb, spark-sql, spark://HOST:PORT, and Spark's masters `yarn` and `k8s://...`")
        }
        if !engineConf.isEmpty, !isSpark, engine != "spark-sql" { throw ValidationError("`--engine-conf` is for Spark") }
        if engine == "local", engineCommand != nil { throw ValidationError("`--engine-command` needs `--engine`") }
    }

    /// The cluster that reads the inputs, if one does.
    func cluster(_ rules: RuleFiles) throws -> (SparkCluster, RuleFiles)? {
        guard isSpark else { return nil }
        return (try SparkCluster(master: engine, command: engineCommand, settings: engineConf), rules)
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
