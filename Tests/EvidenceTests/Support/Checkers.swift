internal import Foundation
package import Testing

/// Programs that others wrote, run by the tests on what we write.
package enum Checkers {
    package struct Outcome {
        package var code: Int32
        package var output: String
    }

    /// The repository that this file is in.
    package static let repository: String = {
        var path = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
        for _ in 0..<4 { path.deleteLastPathComponent() }
        return path.path
    }()

    /// The folder of third-party checkers beside the repository, if it is there.
    package static let folder: String? = {
        let beside = URL(fileURLWithPath: repository).deletingLastPathComponent().appending(path: "shared/verify").path
        let path = ProcessInfo.processInfo.environment["DOMICILE_CHECKERS"] ?? beside
        return FileManager.default.fileExists(atPath: "\(path)/bin/verify_bundle.sh") ? path : nil
    }()

    /// The checkers' own Python, which `setup.sh` makes below `VERIFY_HOME`.
    package static let python: String? = {
        guard let folder else { return nil }
        let home = ProcessInfo.processInfo.environment["VERIFY_HOME"] ?? folder
        let path = "\(home)/venv/bin/python"
        return FileManager.default.isExecutableFile(atPath: path) ? path : nil
    }()

    package static func has(_ program: String) -> Bool {
        (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").contains {
            FileManager.default.isExecutableFile(atPath: "\($0)/\(program)")
        }
    }

    package static let skipped: Comment = "the third-party checkers are not beside the repository, or setup.sh did not run (VERIFY_HOME)"

    /// Runs a command in a shell and returns its exit code and everything it said.
    package static func shell(_ command: String, in folder: String? = nil) throws -> Outcome {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/bash")
        process.arguments = ["-c", command]
        if let folder { process.currentDirectoryURL = URL(fileURLWithPath: folder) }
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let data = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return Outcome(code: process.terminationStatus, output: String(decoding: data, as: UTF8.self))
    }
}

/// A folder that is removed with the test.
package final class Scratch {
    package let path: String

    package init() throws {
        path = FileManager.default.temporaryDirectory.appending(path: "domicile-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    package func write(_ name: String, _ content: [UInt8]) throws {
        let url = URL(fileURLWithPath: "\(path)/\(name)")
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(content).write(to: url)
    }

    package func read(_ name: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(fileURLWithPath: "\(path)/\(name)"))) }
}
