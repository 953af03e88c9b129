import Foundation
import Ingest
import Residency
import Testing

/// The public sample data, where it lies beside the repository: every file decided, its records counted.
@Suite(.enabled(if: corpus != nil, "the public sample data is not beside the repository")) struct CorpusTests {
    private struct Entry {
        var path: String
        var kind: String
        var records: Int
    }

    private func manifest() throws -> [Entry] {
        let folder = try #require(corpus)
        let text = try String(contentsOfFile: folder + "/MANIFEST.tsv", encoding: .utf8)
        return text.split(separator: "\n").dropFirst().map { line in
            let fields = line.split(separator: "\t", omittingEmptySubsequences: false)
            return Entry(path: String(fields[0]), kind: String(fields[1]), records: Int(fields[3]) ?? 0)
        }
    }

    /// What differs and why: `path <tab> records <tab> malformed <tab> reason`; a path that ends in `*` stands for all that begin so.
    private func explained() throws -> [(path: String, records: Int?, malformed: Int?, reason: String)] {
        let text = try String(contentsOfFile: repository + "/Tests/IngestTests/corpus-differences.tsv", encoding: .utf8)
        return text.split(separator: "\n").filter { !$0.hasPrefix("#") }.map { line in
            let fields = line.split(separator: "\t").map(String.init)
            return (fields[0], Int(fields[1]), Int(fields[2]), fields[3])
        }
    }

    @Test(arguments: [
        "01-cloudtrail", "02-aws-inventory", "03-terraform", "04-gcp/GoogleCloudPlatform+professional-services",
        "04-gcp/GoogleCloudPlatform+security-analytics", "04-gcp/cloud-custodian+cloud-custodian/events", "04-gcp/log2timeline",
        "05-azure/Permiso", "05-azure/log2timeline", "06-access-logs", "07-kubernetes/liggitt", "08-otlp", "09-findings/prowler",
    ])
    func `counts are the manifest's, or the difference is explained`(_ kind: String) throws {
        let folder = try #require(corpus)
        let differences = try explained()
        let reader = InputReader()
        var used: Set<String> = []
        for entry in try manifest() where entry.path.hasPrefix(kind) {
            let outcome = try read(path: folder + "/" + entry.path, with: reader, keeping: false).outcome
            let known = differences.last { $0.path.hasSuffix("*") ? entry.path.hasPrefix($0.path.dropLast()) : entry.path == $0.path }
            if outcome.records == entry.records, outcome.malformed == 0 { continue }
            if let known { used.insert(known.path) }
            #expect(known != nil, "\(entry.path): \(outcome.records) and \(outcome.malformed) malformed, not \(entry.records)")
            if let records = known?.records { #expect(outcome.records == records, "\(entry.path)") }
            if let malformed = known?.malformed { #expect(outcome.malformed == malformed, "\(entry.path)") }
        }
        for difference in differences where difference.path.hasPrefix(kind) {
            #expect(used.contains(difference.path), "\(difference.path) no longer differs")
        }
    }

    @Test func `every damaged file is decided`() throws {
        let folder = try #require(corpus)
        let table = try String(contentsOfFile: repository + "/Tests/IngestTests/damaged-answers.tsv", encoding: .utf8)
        var answers: [String: [String]] = [:]
        for row in table.split(separator: "\n") where !row.hasPrefix("#") {
            let fields = row.split(separator: "\t").map(String.init)
            answers[fields[0]] = Array(fields.dropFirst())
        }
        let reader = InputReader()
        var refused = 0
        for entry in try manifest() where entry.kind == "12-malformed" {
            let outcome = try read(path: folder + "/" + entry.path, with: reader, keeping: false).outcome
            let said = outcome.diagnostics.first?.message.replacingOccurrences(of: "; nothing was read from it", with: "") ?? "-"
            if let answer = answers.removeValue(forKey: entry.path) {
                #expect([outcome.format, "\(outcome.records)", "\(outcome.malformed)", said] == answer, "\(entry.path)")
                continue
            }
            // The suites of JSON's and YAML's grammar: none of their texts is an input, so each is refused with a reason.
            refused += 1
            #expect(outcome.format == "unknown" && outcome.records == 0 && said != "-", "\(entry.path)")
            let name = entry.path.split(separator: "/").last ?? ""
            if name.hasPrefix("y_") { #expect(!said.contains("not JSON"), "\(entry.path): \(said)") }
            // What is wrong at its first byte is no JSON to begin with; `[][]` are two documents, as logs have them.
            let isBegun = said.contains("JSON of a kind") && name != "n_structure_double_array.json"
            if name.hasPrefix("n_") { #expect(!isBegun, "\(entry.path): \(said)") }
            if said.hasPrefix("is not JSON") { #expect(outcome.diagnostics.first?.byte != nil, "\(entry.path)") }
        }
        #expect(answers.isEmpty, "no longer there: \(answers.keys.sorted())")
        #expect(refused > 600)
    }

    @Test func `a file that grows while it is read is read as far as it went, and that is told`() throws {
        let scratch = Scratch()
        let line = Array((event("A") + "\n").utf8)
        let path = try scratch.write("growing", Array(repeatElement(line, count: 20_000).joined()))
        let appended = try #require(FileHandle(forWritingAtPath: path))
        try appended.seekToEnd()
        var hasGrown = false
        var events = 0
        let outcome = try InputReader().read(
            InputFile(path: path, name: "input"), plan: plan(), hash: { _ in }, resources: { _ in },
            events: { _, _, batch in
                events += batch.count
                guard !hasGrown else { return }
                hasGrown = true
                appended.write(Data(line))
            })
        #expect(hasGrown && events == 20_000 && outcome.malformed == 0 && outcome.changedWhileRead)
        #expect(outcome.diagnostics.map(\.message) == ["changed while it was read"])
    }
}
