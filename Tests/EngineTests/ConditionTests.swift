import Policy
import Residency
import Testing

@testable import Engine

/// Clauses that let data be outside for a time, or under a condition.
struct ConditionTests {
    static func policy(_ clause: String) -> String { Scene.policy.replacing("processed: {in: eu}", with: "processed: \(clause)") }

    static func scene(stored clause: String, events: ClosedRange<Int64>?, inventory: Bool = false) throws -> Finding? {
        var scene = try Scene(policies: [Scene.policy.replacing("stored: {in: eu}", with: "stored: \(clause)")])
        scene.add(Scene.resource("b", region: inventory ? "us-east-1" : "eu-west-1"))
        if let events {
            let seen = Observed(vector: "aws.bucket.region", subject: "b", place: .region(provider: "aws", name: "us-east-1"), attempted: false)
            scene.partial.add(seen, Tally(count: 2, first: events.lowerBound, last: events.upperBound, record: RecordNumber(input: 0, ordinal: 1)))
        }
        return scene.judge().findings.first { $0.requirement == "stored" }
    }

    private static let start: Int64 = 1_795_000_000

    private static let rows: [(String, Int64?, Verdict, String)] = [
        ("{in: eu}", 3600, .violated, "no time is allowed"),
        ("{in: eu, within: 24h}", 3600, .unresolved, "an hour was seen, and nothing shows that it ended"),
        ("{in: eu, within: 24h}", 86_400, .unresolved, "a day exactly is allowed"),
        ("{in: eu, within: 24h}", 86_401, .violated, "a second more is not"),
        ("{in: eu, within: 24h}", 0, .unresolved, "seen once"),
        ("{in: eu, within: 24h}", nil, .unresolved, "an inventory has no time"),
        ("{in: [eu, us], within: 24h}", 172_800, .satisfied, "inside, for as long as one likes"),
        ("{in: eu, unless: it is encrypted}", 172_800, .unresolved, "a condition that no record shows"),
    ]

    @Test(arguments: rows)
    func `what is outside for a time is never a pass`(_ clause: String, _ lasting: Int64?, _ verdict: Verdict, _ why: String) throws {
        let finding = try Self.scene(stored: clause, events: lasting.map { Self.start...Self.start + $0 }, inventory: lasting == nil)
        #expect(finding?.verdict == verdict, "\(why): \(finding?.message ?? "no finding")")
    }

    @Test func `the message says since when, until when and what is allowed`() throws {
        let long = try Self.scene(stored: "{in: eu, within: 24h}", events: Self.start...Self.start + 100_000)
        #expect(long?.message.contains("from \(Clock.text(Self.start)) to \(Clock.text(Self.start + 100_000)), longer than the 24 h allowed") == true)
        let unless = try Self.scene(stored: "{in: eu, unless: it is encrypted}", events: Self.start...Self.start)
        #expect(unless?.message.contains("lawful only if it is encrypted, which no record shows") == true)
    }

    @Test(arguments: [("{in: eu, within: 24h}", true), ("{in: eu, unless: it is deleted there}", false), ("{in: eu}", false)])
    func `what is done again and again has no length`(_ clause: String, _ isWrong: Bool) {
        let file = SourceFile(path: "policy.yaml", bytes: Array(Self.policy(clause).utf8))
        let facts = SourceFile(path: "facts.yaml", bytes: Array(Scene.jurisdictions.utf8))
        let (_, found) = RuleBookLoader.load(builtin: [facts], files: [file], tenants: nil, waivers: [], now: 0, digest: { _ in "" })
        #expect(found.contains { $0.level == .error && $0.message.contains("`within` is for what rests") } == isWrong)
    }
}
