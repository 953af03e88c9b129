import Foundation
import Testing

/// The committed sample reports are what the tool makes today. `make samples` writes them anew; `git diff` is the review.
struct SampleReportTests {
    static let folder = Binary.root.path + "/reports/sample"
    static let formats = [
        ("json", "findings.json"), ("junit", "junit.xml"), ("sarif", "findings.sarif"), ("oscal", "oscal-ar.json"), ("ocsf", "ocsf.jsonl"), ("csv", "findings.csv"),
        ("html", "report.html"), ("text", "report.txt"), ("markdown", "summary.md"), ("github", "annotations.txt"),
    ]

    /// Digests of the catalogue, and what is derived from them, change with every vector: they are not what a sample shows.
    static func plain(_ text: String) -> String {
        text.replacing(/[0-9]{8}T[0-9]{6}Z-[0-9a-f]{12}/, with: "RUN").replacing(/[0-9a-f]{64}/, with: "DIGEST").replacing(/sha256-[A-Za-z0-9+\/=]{44}/, with: "DIGEST")
            .replacing(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/, with: "UUID")
            .replacing(/time="[0-9.]+"/, with: "time").replacing(/"vectors":[0-9]+/, with: "vectors").replacing(/\([0-9]+ vectors\)/, with: "(vectors)")
    }

    @Test func `the sample reports are what the tool makes`() throws {
        let scratch = try Scratch()
        // Relative paths, so that the reports name no machine's folders.
        let example = "policies/examples/northwind"
        let made = try Binary.run(
            ["audit", "\(example)/inputs", "\(example)/register.yaml", "--policies", example, "--now", Binary.now, "--out", scratch.path, "--store", scratch.path + "/history.sqlite", "--quiet"]
                + Self.formats.flatMap { ["--format", $0.0] }, in: Binary.root.path)
        #expect(made.code == 1, "\(made)")
        let readiness = try Binary.run(
            ["report", "--store", scratch.path + "/history.sqlite", "--policies", example, "--readiness", "eu", "--home", "us", "--format", "text=\(scratch.path)/readiness.txt", "--format", "html=\(scratch.path)/readiness.html"],
            in: Binary.root.path)
        #expect(readiness.code == 1, "\(readiness)")
        let names = Self.formats.map(\.1) + ["readiness.txt", "readiness.html"]
        if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1" {
            try FileManager.default.createDirectory(atPath: Self.folder, withIntermediateDirectories: true)
            for name in names { try Data(contentsOf: URL(filePath: scratch.path + "/" + name)).write(to: URL(filePath: Self.folder + "/" + name)) }
        }
        for name in names {
            let now = Self.plain(try String(contentsOfFile: scratch.path + "/" + name, encoding: .utf8))
            let sample = Self.plain((try? String(contentsOfFile: Self.folder + "/" + name, encoding: .utf8)) ?? "")
            guard now != sample else { continue }
            let (a, b) = (now.split(separator: "\n"), sample.split(separator: "\n"))
            let line = zip(a, b).enumerated().first { $0.element.0 != $0.element.1 }?.offset ?? min(a.count, b.count)
            Issue.record("reports/sample/\(name) is not what the tool makes, from line \(line + 1) on: \(a.indices.contains(line) ? a[line].prefix(200) : ""); `make samples` writes it anew")
        }
    }
}
