import Residency
import Testing

@testable import Engine

struct ExceptionTests {
    static func waiver(expires: String, subject: String = "b*") -> String {
        """
        waivers:
          - {policy: eu-hosting, requirement: stored, subject: "\(subject)", reason: moving, owner: ops@example.com, approver: dpo@example.com, ticket: OPS-1, expires: \(expires)}
        """
    }

    @Test func `a waiver excuses until the end of its day`() throws {
        var scene = try Scene(waivers: Self.waiver(expires: "2026-11-20"))
        scene.add(Scene.resource("b1", region: "us-east-1"))
        let finding = try #require(scene.judge().findings.first)
        #expect(finding.verdict == .waived)
        #expect(finding.waiver?.owner == "ops@example.com")
        #expect(scene.judge().summary.waived == 1)
        scene.now = try #require(Clock.seconds("2026-11-21T00:00:00Z"))
        #expect(scene.verdict("stored") == .violated)
        #expect(scene.judge().exceptions.map(\.state) == [.expired])
    }

    @Test func `a waiver that matches nothing is told`() throws {
        var scene = try Scene(waivers: Self.waiver(expires: "2027-06-30", subject: "zzz"))
        scene.add(Scene.resource("b1", region: "us-east-1"))
        #expect(scene.verdict("stored") == .violated)
        #expect(scene.judge().exceptions.map(\.state) == [.unused])
    }

    @Test func `a waiver does not excuse what is unresolved`() throws {
        var scene = try Scene(waivers: Self.waiver(expires: "2027-06-30"))
        scene.add(Scene.resource("b1", region: "us-east-1", tags: [:]))
        #expect(scene.verdict("stored") == .unresolved)
    }

    @Test func `a lawful transfer is satisfied and listed, and violated when its time is over`() throws {
        let policy = Scene.policy + """

            allow:
              - {resource: "b*", activity: stored, to: us, basis: SCC 2021/914, until: 2026-12-31}
            """
        var scene = try Scene(policies: [policy])
        scene.add(Scene.resource("b1", region: "us-east-1"))
        let finding = try #require(scene.judge().findings.first)
        #expect(finding.verdict == .satisfied)
        #expect(finding.allowance?.basis == "SCC 2021/914")
        #expect(scene.judge().exceptions.map(\.findings) == [1])
        scene.now = try #require(Clock.seconds("2027-01-01T00:00:00Z"))
        #expect(scene.verdict("stored") == .violated)
        #expect(scene.judge().findings.first?.message.contains("ended on 2026-12-31") == true)
    }
}
