import Foundation

/// `spark-submit`: hands a job of ours to a Spark that exists, and waits for its end.
struct SparkSubmit: Sendable {
    private let command: String
    /// `key=value`, handed on as `--conf`.
    private let settings: [String]

    /// - Parameter command: `nil` looks in `SPARK_HOME` and on the search path.
    /// - Throws: if there is no such command.
    init(command: String?, settings: [String]) throws(AuditError) {
        let home = ProcessInfo.processInfo.environment["SPARK_HOME"].map { $0 + "/bin/spark-submit" }
        guard let found = ([command].compactMap(\.self).first ?? home).flatMap({ Subprocess.find($0) }) ?? (command == nil ? Subprocess.find("spark-submit") : nil)
        else {
            throw .other("the engine's command `\(command ?? "spark-submit")` was not found\nhint: set SPARK_HOME, or name it with --engine-command")
        }
        self.command = found
        self.settings = settings
    }

    /// Runs `job.py` of a folder on it, which leaves `done` there when all is well.
    ///
    /// - Parameters:
    ///   - master: unless the settings name one.
    ///   - defaults: `key=value` that the settings may say otherwise.
    func run(_ folder: String, master: String, defaults: [String] = []) throws(AuditError) {
        let named = settings.last { $0.hasPrefix("spark.master=") }.map { String($0.dropFirst("spark.master=".count)) }
        var arguments = ["--master", named ?? master]
        for setting in ["spark.ui.enabled=false", "spark.driver.maxResultSize=0"] + defaults + settings { arguments += ["--conf", setting] }
        let outcome = try Subprocess.run(command, arguments + [folder + "/job.py", folder], scratch: folder)
        guard outcome.code == 0, FileManager.default.fileExists(atPath: folder + "/done") else {
            throw .other("spark at `\(named ?? master)` did not complete (exit code \(outcome.code)): \(Self.reason(outcome))")
        }
    }

    /// What of Spark's many lines tells why.
    private static func reason(_ outcome: Subprocess.Outcome) -> String {
        let lines = (outcome.errors + "\n" + outcome.output).split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
        if let line = lines.last(where: { $0.contains("DOMICILE ") }), let range = line.range(of: "DOMICILE ") { return String(line[range.upperBound...]) }
        let marks = ["All masters are unresponsive", "Failed to connect", "UnknownHostException", "No space left", "Caused by", "Exception", "ERROR"]
        for mark in marks { if let line = lines.first(where: { $0.contains(mark) }) { return line } }
        return outcome.firstError
    }
}
