import Foundation

/// Commands of others, run and waited for.
enum Subprocess {
    struct Outcome {
        var code: Int32
        var output: String
        var errors: String

        /// The first line that tells what went wrong.
        var firstError: String {
            let lines = errors.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
            return lines.first { $0.contains("Error") || $0.contains("rror:") } ?? lines.first ?? "it said nothing"
        }
    }

    /// The path of a command: as it is, or on the search path.
    static func find(_ command: String) -> String? {
        if command.contains("/") { return FileManager.default.isExecutableFile(atPath: command) ? command : nil }
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        return folders.map { "\($0)/\(command)" }.first { FileManager.default.isExecutableFile(atPath: $0) }
    }

    /// A new folder that only this user may look into.
    static func scratch() throws(AuditError) -> String {
        let path = NSTemporaryDirectory() + "domicile-\(UUID().uuidString)"
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch { throw .unwritable(path, error.localizedDescription) }
        return path
    }

    static func write(_ text: String, to path: String) throws(AuditError) {
        do { try Data(text.utf8).write(to: URL(filePath: path)) } catch { throw .unwritable(path, error.localizedDescription) }
    }

    /// Runs a command to its end. What it says goes through files: a pipe that nobody empties would stop it.
    static func run(_ command: String, _ arguments: [String], environment: [String: String] = [:], scratch: String) throws(AuditError) -> Outcome {
        let process = Process()
        process.executableURL = URL(filePath: command)
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        let (out, err) = (scratch + "/out", scratch + "/err")
        do {
            for file in [out, err] { try Data().write(to: URL(filePath: file)) }
            process.standardOutput = try FileHandle(forWritingTo: URL(filePath: out))
            process.standardError = try FileHandle(forWritingTo: URL(filePath: err))
            process.standardInput = FileHandle.nullDevice
            try process.run()
        } catch { throw .other("`\(command)` could not be started: \(error.localizedDescription)") }
        process.waitUntilExit()
        let text = { (path: String) in String(decoding: FileManager.default.contents(atPath: path) ?? Data(), as: UTF8.self) }
        return Outcome(code: process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus, output: text(out), errors: text(err))
    }
}
