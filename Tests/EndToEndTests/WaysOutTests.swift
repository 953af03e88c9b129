import Foundation
import Testing

/// Records as the clouds write them, each with a way that data leaves or with none, and what the built-in catalogue makes of them. The
/// forms differ from those of the catalogue's own cases: other spellings, ARNs instead of names, one thing instead of a list, other
/// partitions, optional members left out.
struct WaysOutTests {
    struct Way: Sendable, CustomTestStringConvertible {
        var name: String
        var files: [(name: String, text: String)]
        /// A place that is empty may be any.
        var expect: [(requirement: String, verdict: String, place: String)]
        var options: [String]
        var testDescription: String { name }

        init(_ object: [String: Any]) throws {
            name = object["way"] as? String ?? ""
            files = try (object["files"] as? [[String: Any]] ?? []).map { file in
                let text = try file["text"] as? String ?? String(decoding: JSONSerialization.data(withJSONObject: file["json"] ?? [:], options: .sortedKeys), as: UTF8.self)
                return (file["name"] as? String ?? "", text)
            }
            expect = (object["expect"] as? [[String: String]] ?? []).map { ($0["requirement"] ?? "", $0["verdict"] ?? "", $0["place"] ?? "") }
            options = object["options"] as? [String] ?? []
        }
    }

    private static let policy = """
        policy: eu
        title: Data stays in the EU
        basis: [contract]
        require:
          stored: {in: eu}
          processed: {in: eu}
          copied: {in: eu}
          backed-up: {in: eu}
          key-held: {in: eu}
          transferred: {in: eu}
          accessed: {in: eu}
          logged: {in: eu}
        """

    static let ways: [Way] = {
        do {
            let data = try Data(contentsOf: Binary.root.appending(path: "Tests/EndToEndTests/ways.json"))
            return try (JSONSerialization.jsonObject(with: data) as? [[String: Any]] ?? []).map(Way.init)
        } catch {
            Issue.record("ways.json: \(error)")
            return []
        }
    }()

    @Test func `there are ways`() { #expect(Self.ways.count > 80) }

    @Test(arguments: ways)
    func `a way out is seen, and nothing else`(_ way: Way) throws {
        let folder = try Scratch()
        let policy = try folder.write(Self.policy, to: "policy.yaml")
        for file in way.files { _ = try folder.write(file.text, to: "in/" + file.name) }
        let out = folder.path + "/out"
        let result = try Binary.run(
            ["audit", folder.path + "/in", "--policies", policy, "--out", out, "--no-store", "--now", "2026-11-30T00:00:00Z", "--quiet", "--format", "json"]
                + way.options)
        let data = try #require(FileManager.default.contents(atPath: out + "/findings.json"), "\(result.errors)")
        let findings = (try JSONSerialization.jsonObject(with: data) as? [String: Any])?["findings"] as? [[String: Any]] ?? []
        let seen = findings.flatMap { finding in
            (finding["observations"] as? [[String: Any]] ?? []).map {
                [finding["requirement"] as? String ?? "", finding["verdict"] as? String ?? "", $0["place"] as? String ?? ""]
            }
        }
        for row in way.expect {
            #expect(
                seen.contains { $0[0] == row.requirement && $0[1] == row.verdict && (row.place.isEmpty || $0[2] == row.place) }, "\(row) is not in \(seen)")
        }
        if !way.expect.contains(where: { $0.verdict == "violated" }) { #expect(!seen.contains { $0[1] == "violated" }, "\(seen)") }
    }
}
