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

    private func judged(_ texts: [String], copies: [String]? = nil, _ sweeps: String = Self.sweeps) throws -> Judged {
        var scene = try Scene(extra: [sweeps])
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

    /// Of a word that shows what is done at a place, and is no hint.
    static let proof = """
        vectors:
          - id: any.word.mirror
            says: its record names a mirror at {place}
            activity: copied
            words: ":mirror:"
            place: placeOf(item)
            confidence: low
            reference: a test
            since: 2026-11
            cases: [{name: a, resource: {x: "arn:aws:mirror:us-east-1:1:m"}, expect: [{place: "region:aws/us-east-1"}]}, {name: b, resource: {x: none}, expect: []}]
        """

    @Test(arguments: [
        ("arn:aws:mirror:us-east-1:1:m", [String](), Verdict.violated, 1, "outside"),
        ("arn:aws:mirror:eu-west-1:1:m", [], .satisfied, 1, "where the resource is: that it is there explains no copy"),
        ("arn:aws:mirror:us-east-1:1:m", ["arn:aws:s3:us-east-1:1:x"], .violated, 1, "a vector showed the same, which counts once"),
        ("arn:aws:mirror:us-east-1:1:m", ["arn:aws:s3:eu-west-1:1:x"], .violated, 1, "beside a copy inside"),
    ])
    func `a word that is no hint shows what it says`(_ word: String, _ copies: [String], _ verdict: Verdict, _ count: Int, _ why: String) throws {
        let finding = try #require(try judged([word], copies: copies, Self.proof).findings.first { $0.requirement == "copied" })
        #expect(finding.verdict == verdict, "\(why): \(finding.message)")
        #expect(finding.occurrences == count, "\(why)")
    }

    @Test func `a hint says so`() throws {
        let finding = try #require(try judged(["us-east-1"]).findings.first { $0.requirement == "stored" })
        #expect(finding.message == "`b`: its record names aws:us-east-1 (US), outside `eu`; a hint, not a proof")
    }
}
