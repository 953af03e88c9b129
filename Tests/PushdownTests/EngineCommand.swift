import Foundation

/// The engines' commands, where they are: named by the environment, on the search path, or where `Scripts/dependencies test` puts it.
enum EngineCommand {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    static let duckdb: String? = {
        let environment = ProcessInfo.processInfo.environment
        let onPath = (environment["PATH"] ?? "").split(separator: ":").map { "\($0)/duckdb" }
        let places = [environment["DOMICILE_DUCKDB"]].compactMap(\.self) + onPath + [root.appending(path: ".build/test-tools/bin/duckdb").path]
        return places.first { FileManager.default.isExecutableFile(atPath: $0) }
    }()

    /// `spark-submit`, where the environment names a Spark.
    static let spark: String? = {
        let environment = ProcessInfo.processInfo.environment
        let places = [environment["DOMICILE_SPARK"], environment["SPARK_HOME"]].compactMap { $0.map { $0 + "/bin/spark-submit" } }
        return places.first { FileManager.default.isExecutableFile(atPath: $0) }
    }()

    /// A Python that has sqlglot.
    static let sqlglot: String? = {
        let places = [ProcessInfo.processInfo.environment["DOMICILE_SQLGLOT_PYTHON"]].compactMap(\.self) + [root.appending(path: ".build/test-tools/bin/python3").path]
        return places.first { FileManager.default.isExecutableFile(atPath: $0) }
    }()

    static let missing = "not found; `Scripts/dependencies test` installs it where pip can"
}
