import CEL
import Policy
import Residency
import Testing

@testable import Engine

/// Words that name a place which no vector explains.
struct SweepTests {
    static let sweeps = """
        vectors:
          - id: any.word.region
            says: its record names {place}
            activity: stored
            words: "-"
            when: item.matches('^[a-z]+-[a-z]+-[0-9]$')
            place: "'region:aws/' + item"
            confidence: hint
            reference: a test
            since: 2026-11
            cases: [{name: a, resource: {x: us-east-1}, expect: [{place: "region:aws/us-east-1"}]}, {name: b, resource: {x: none}, expect: []}]
        """

    private func judged(_ texts: [String], copies: [String]? = nil) throws -> Judged {
        var scene = try Scene(extra: [Self.sweeps])
        var bucket = Scene.resource("b", copies: copies)
        bucket.attributes = .object([
            ("type", "Bucket"), ("id", "b"), ("region", "eu-west-1"), ("copies", .array((copies ?? []).map { .string($0) })),
            ("settings", .object([("list", .array(texts.map { .string($0) }))])),
        ])
        scene.add(bucket)
        return scene.judge()
    }

    @Test(arguments: [
        (["send it to us-east-1, please"], Verdict.unresolved, "outside: a hint is no proof"),
        (["eu-west-1"], .satisfied, "the resource is there itself"),
        (["eu-west-1 (eu-west-1)"], .satisfied, "a word is looked at once"),
        (["sa-nowhere-9"], .satisfied, "no table knows it"),
        (["orders-us-east-1-archive"], .satisfied, "a name is a name"),
        ([], .satisfied, "nothing is named"),
    ])
    func `a word that names a place is a hint`(_ texts: [String], _ verdict: Verdict, _ why: String) throws {
        let finding = try #require(try judged(texts).findings.first { $0.requirement == "stored" })
        #expect(finding.verdict == verdict, "\(why): \(finding.message)")
        #expect(finding.observations.contains(where: \.lowConfidence) == (verdict == .unresolved))
    }

    @Test func `what a vector explains is no hint`() throws {
        let text = "arn:aws:s3:us-east-1:1:x us-east-1"
        let findings = try judged([text], copies: ["arn:aws:s3:us-east-1:1:x"]).findings
        #expect(findings.first { $0.requirement == "copied" }?.verdict == .violated)
        #expect(findings.first { $0.requirement == "stored" }?.verdict == .satisfied)
    }

    @Test func `a hint says so`() throws {
        let finding = try #require(try judged(["us-east-1"]).findings.first { $0.requirement == "stored" })
        #expect(finding.message == "`b`: its record names aws:us-east-1 (US), outside `eu`; a hint, not a proof")
    }
}
