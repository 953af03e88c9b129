import Foundation
import Testing

/// Every region that the clouds' own tables name is a place that we know.
@Suite(.enabled(if: Shared.has("corpus/10-ip-regions"), "the corpus is not beside this checkout"))
struct RegionTests {
    private static func json(_ name: String) throws -> Any {
        try JSONSerialization.jsonObject(with: Data(contentsOf: URL(filePath: Shared.root + "/corpus/10-ip-regions/" + name)))
    }

    private static func unknown(_ places: [String]) throws -> [String] {
        let result = try Binary.run(["where"] + places.sorted() + ["--now", Binary.now], in: Binary.root.path)
        return result.output.split(separator: "\n").filter { $0.hasSuffix(": unknown") }.map(String.init)
    }

    @Test func `of Amazon, in all partitions`() throws {
        var names: Set<String> = []
        for file in ["partitions", "endpoints"] {
            let document = try #require(try Self.json("boto+botocore/data/\(file).json") as? [String: Any])
            for partition in try #require(document["partitions"] as? [[String: Any]]) {
                names.formUnion(try #require(partition["regions"] as? [String: Any]).keys.map { "aws:" + $0 })
            }
        }
        #expect(names.count > 40)
        #expect(try Self.unknown(Array(names)).isEmpty)
    }

    @Test func `of Google`() throws {
        let names = try #require(try Self.json("cloud-custodian+cloud-custodian/tools/c7n_gcp/c7n_gcp/regions.json") as? [String])
        #expect(names.count > 30)
        #expect(try Self.unknown(names.map { "gcp:" + $0 } + names.map { "gcp:" + $0 + "-b" }).isEmpty)
    }

    @Test func `of Microsoft`() throws {
        let names = try #require(try Self.json("BernieWhite+PSRule.Rules.Azure/data/locations.json") as? [String: Any])
        #expect(names.count > 30)
        #expect(try Self.unknown(names.keys.map { "azure:" + $0 }).isEmpty)
    }
}
