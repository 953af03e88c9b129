import Foundation
import Ingest
import Testing

/// The inventories among the public sample data: how many files each format has there, and their records beside the manifest's count.
@Suite(.enabled(if: corpus != nil, "the public sample data is not beside the repository")) struct InventoryCorpusTests {
    static let kinds: [(kind: String, formats: [String: Int])] = [
        ("04-gcp", ["gcp-asset": 119, "gcp-resources": 241]), ("05-azure", ["azure-resources": 222]), ("07-kubernetes", ["kubernetes": 19]),
    ]

    @Test(arguments: kinds.indices) func `counts are the manifest's, or the difference is explained`(_ index: Int) throws {
        let folder = try #require(corpus)
        let (kind, formats) = Self.kinds[index]
        let manifest = try String(contentsOfFile: folder + "/MANIFEST.tsv", encoding: .utf8).split(separator: "\n").dropFirst()
        let rows = try String(contentsOfFile: repository + "/Tests/IngestTests/inventory-differences.tsv", encoding: .utf8).split(separator: "\n")
        var known: [String: (records: Int, malformed: Int)] = [:]
        for row in rows where row.hasPrefix(kind) {
            let fields = row.split(separator: "\t").map(String.init)
            try #require(fields.count == 4, "\(row)")
            known[fields[0]] = (try #require(Int(fields[1])), try #require(Int(fields[2])))
        }
        let reader = InputReader()
        var found: [String: Int] = [:]
        for line in manifest where line.hasPrefix(kind) {
            let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            let outcome = try read(path: folder + "/" + fields[0], with: reader, keeping: false).outcome
            guard formats[outcome.format] != nil else { continue }
            found[outcome.format, default: 0] += 1
            let expected = known.removeValue(forKey: fields[0]) ?? (Int(fields[3]) ?? 0, 0)
            #expect(outcome.records == expected.records && outcome.malformed == expected.malformed, "\(fields[0]): \(outcome.records) and \(outcome.malformed) malformed")
        }
        #expect(found == formats)
        #expect(known.isEmpty, "no longer read: \(known.keys.sorted())")
    }
}
