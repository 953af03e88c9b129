import Foundation
import Testing

/// The built binary, run as users run it.
enum Binary {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    static let example = root.appending(path: "policies/examples/northwind").path
    static let now = "2026-11-20T06:00:00Z"

    /// Beside the tests, where the package manager puts it.
    static let path = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent().appending(path: "domicile").path

    struct Result {
        var code: Int32
        var output: String
        var errors: String
    }

    @discardableResult
    static func run(_ arguments: [String], in folder: String? = nil, input: String? = nil) throws -> Result {
        try Self.execute(path, arguments, in: folder, input: input)
    }

    static func execute(_ program: String, _ arguments: [String], in folder: String? = nil, input: String? = nil) throws -> Result {
        let process = Process()
        process.executableURL = URL(filePath: program)
        process.arguments = arguments
        if let folder { process.currentDirectoryURL = URL(filePath: folder) }
        // Files, not pipes: a pipe that nobody empties stops the writer.
        let scratch = try Scratch()
        let (out, err) = (scratch.path + "/out", scratch.path + "/err")
        for file in [out, err] { try Data().write(to: URL(filePath: file)) }
        process.standardOutput = try FileHandle(forWritingTo: URL(filePath: out))
        process.standardError = try FileHandle(forWritingTo: URL(filePath: err))
        if let input {
            try input.write(toFile: scratch.path + "/in", atomically: true, encoding: .utf8)
            process.standardInput = try FileHandle(forReadingFrom: URL(filePath: scratch.path + "/in"))
        } else {
            process.standardInput = FileHandle.nullDevice
        }
        try process.run()
        process.waitUntilExit()
        return Result(
            code: process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus,
            output: String(decoding: try Data(contentsOf: URL(filePath: out)), as: UTF8.self),
            errors: String(decoding: try Data(contentsOf: URL(filePath: err)), as: UTF8.self))
    }

    /// Audits the sample company.
    static func auditExample(to folder: String, _ more: [String] = []) throws -> Result {
        try run(
            ["audit", "\(example)/inputs", "\(example)/register.yaml", "--policies", example, "--now", now, "--out", folder, "--quiet"] + more, in: root.path)
    }
}

/// A folder that goes when it is no longer used.
final class Scratch {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "domicile-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func write(_ text: String, to name: String) throws -> String {
        let file = path + "/" + name
        try FileManager.default.createDirectory(atPath: (file as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
        try text.write(toFile: file, atomically: true, encoding: .utf8)
        return file
    }
}

/// Things beside the checkout that a user's clone does not have.
enum Shared {
    static let root = Binary.root.deletingLastPathComponent().appending(path: "shared").path

    static func has(_ name: String) -> Bool { FileManager.default.fileExists(atPath: root + "/" + name) }
}

/// A findings.json, as far as tests look into it.
struct Findings: Decodable {
    struct Finding: Decodable {
        struct Subject: Decodable { var id: String }
        var id: String
        var policy: String
        var requirement: String
        var verdict: String
        var message: String
        var subject: Subject
        var occurrences: Int
    }
    struct Summary: Decodable { var violated: Int, unresolved: Int, waived: Int, satisfied: Int, resources: Int, events: Int }
    struct Coverage: Decodable { var malformed: Int }
    struct Run: Decodable {
        struct Input: Decodable { var path: String, format: String, records: Int, malformed: Int, sha256: String }
        var inputs: [Input]
    }
    var schemaVersion: Int
    var findings: [Finding]
    var summary: Summary
    var coverage: Coverage
    var run: Run

    init(folder: String) throws {
        self = try JSONDecoder().decode(Findings.self, from: Data(contentsOf: URL(filePath: folder + "/findings.json")))
    }
}
