import CEL
import Foundation
import Testing

/// The cases of the language's own conformance suite, where they are at hand.
@Suite struct ConformanceTests {
    /// The folder named by `CEL_CONFORMANCE`, or the one beside the repository.
    static let folder: URL = {
        if let given = ProcessInfo.processInfo.environment["CEL_CONFORMANCE"] { return URL(fileURLWithPath: given) }
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        return root.deletingLastPathComponent().appendingPathComponent("shared/cel")
    }()

    static var files: [URL] {
        let all = (try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)) ?? []
        return all.filter { $0.pathExtension == "json" }.sorted { $0.path < $1.path }
    }

    static var isPresent: Bool {
        if files.isEmpty { print("conformance: skipped, no cases in \(folder.path); set CEL_CONFORMANCE") }
        return !files.isEmpty
    }

    /// The reasons of cases that are not supported, by `file/section/name` or `file`.
    static func skips() throws -> [String: String] {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("conformance-skips.txt")
        var skips: [String: String] = [:]
        for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n") where !line.hasPrefix("#") {
            let parts = line.split(separator: " ", maxSplits: 1)
            if parts.count == 2 { skips[String(parts[0])] = parts[1].trimmingCharacters(in: .whitespaces) }
        }
        return skips
    }

    static func cases(in file: URL) throws -> [ConformanceCase] {
        let json = try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any] ?? [:]
        let name = file.deletingPathExtension().lastPathComponent
        return (json["sections"] as? [[String: Any]] ?? []).flatMap { section in
            (section["tests"] as? [[String: Any]] ?? []).map { test in
                ConformanceCase(
                    file: name, section: section["name"] as? String ?? "", name: test["name"] as? String ?? "", fields: test)
            }
        }
    }

    @Test(.enabled(if: isPresent, "the conformance cases are not at hand"))
    func `every case passes or is skipped for a reason that holds`() throws {
        let skips = try Self.skips()
        var total = 0
        var totalPassed = 0
        for file in Self.files {
            let cases = try Self.cases(in: file)
            if let reason = skips[file.deletingPathExtension().lastPathComponent] {
                print("conformance: \(file.lastPathComponent) skipped (\(cases.count)): \(reason)")
                continue
            }
            var passed = 0
            for test in cases {
                let failure = test.failure()
                if failure == nil { passed += 1 }
                if skips[test.id] != nil {
                    if failure == nil { Issue.record("\(test.id) is skipped but passes") }
                } else if let failure {
                    Issue.record("\(test.id): `\(test.fields["expr"] ?? "")` \(failure)")
                }
            }
            total += cases.count
            totalPassed += passed
            print("conformance: \(file.lastPathComponent) \(passed)/\(cases.count)")
        }
        print("conformance: all \(totalPassed)/\(total)")
    }
}
