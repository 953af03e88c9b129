import Foundation
import Testing

/// Files beside the tests that hold what a report has to be, byte for byte. `UPDATE_GOLDEN=1` rewrites them; the review is
/// `git diff`.
enum Golden {
    static func expect(_ bytes: [UInt8], equals name: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
        let file = folder.appendingPathComponent(name)
        if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1" {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            try Data(bytes).write(to: file)
        }
        let expected = try [UInt8](Data(contentsOf: file))
        guard bytes != expected else { return }
        let line = zip(
            bytes.split(separator: 10, omittingEmptySubsequences: false), expected.split(separator: 10, omittingEmptySubsequences: false)
        )
        .enumerated().first { $1.0 != $1.1 }
        Issue.record(
            """
            \(name) differs\(line.map { " in line \($0.offset + 1)" } ?? " in length"): \
            \(line.map { String(decoding: $0.element.0, as: UTF8.self) } ?? ""); UPDATE_GOLDEN=1 rewrites it
            """, sourceLocation: sourceLocation)
    }

    static let folder = testsFolder.appendingPathComponent("Golden")
    /// With links resolved: a package elsewhere may link to these files.
    static let testsFolder = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
    static let repository = testsFolder.deletingLastPathComponent().deletingLastPathComponent()
}

/// Programs that others wrote and that judge our output. Where they are not installed the tests that need them are skipped.
enum Checkers {
    static let folder = Golden.repository.deletingLastPathComponent().appendingPathComponent("shared/verify")
    static let environments = ProcessInfo.processInfo.environment["VERIFY_HOME"].map { URL(fileURLWithPath: $0) } ?? folder

    static var python: String? { executable(environments.appendingPathComponent("venv/bin/python").path) }
    static var trestlePython: String? { executable(environments.appendingPathComponent("venv-trestle/bin/python").path) }
    static var junit: String? { python == nil ? nil : executable(folder.appendingPathComponent("bin/check_junit.sh").path) }
    static var xmllint: String? { executable("/usr/bin/xmllint") }

    static func script(_ name: String) -> String { folder.appendingPathComponent("bin/\(name)").path }

    private static func executable(_ path: String) -> String? { FileManager.default.isExecutableFile(atPath: path) ? path : nil }

    /// Writes the bytes to a temporary file, runs the program on it (`{}` stands for the file) and fails the test unless it exits 0.
    static func run(_ arguments: [String], on bytes: [UInt8], named name: String, sourceLocation: SourceLocation = #_sourceLocation) throws
    {
        let (status, output) = try result(of: arguments, on: bytes, named: name)
        if status != 0 { Issue.record("\(arguments.first ?? "") exits \(status): \(output)", sourceLocation: sourceLocation) }
    }

    static func result(of arguments: [String], on bytes: [UInt8], named name: String) throws -> (status: Int32, output: String) {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("reports-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appendingPathComponent(name)
        try Data(bytes).write(to: file)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["VERIFY_HOME=\(environments.path)"] + arguments.map { $0 == "{}" ? file.path : $0 }
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: output, as: UTF8.self))
    }
}
