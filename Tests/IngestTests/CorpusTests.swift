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
        let reader = InputReader()
        var formats: [String: Int] = [:]
        for entry in try manifest() where entry.kind == "12-malformed" {
            let outcome = try read(path: folder + "/" + entry.path, with: reader, keeping: false).outcome
            formats[outcome.format, default: 0] += 1
            if outcome.format == "unknown" {
                #expect(!outcome.diagnostics.isEmpty, "\(entry.path)")
                #expect(outcome.records == 0)
            }
        }
        #expect((formats["unknown"] ?? 0) > 500)
    }
}
