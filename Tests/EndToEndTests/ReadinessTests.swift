import Foundation
import Testing

/// What holds the opening of a jurisdiction back.
struct ReadinessTests {
    struct Readiness: Decodable {
        struct System: Decodable {
            struct Cell: Decodable { var violated: Int, unresolved: Int, waived: Int, satisfied: Int }
            struct Item: Decodable { var severity: String, note: String, message: String }
            var name: String
            var state: String
            var requirements: [String: Cell]
            var blockers: [Item], unknown: [Item], waived: [Item]
            var lacking: [String]
        }
        var state: String
        var systems: [System]
        var policies: [String]
    }

    static func table(_ name: String, system: String?, home: String, region: String, more: String = "") -> String {
        let tags = (system.map { #""system": "\#($0)", "# } ?? "") + #""data-class": "customer", "residency": "\#(home)""#
        return """
            {"address": "aws_dynamodb_table.\(name)", "mode": "managed", "type": "aws_dynamodb_table", "name": "\(name)",
             "provider_name": "registry.terraform.io/hashicorp/aws", "values": {"tags": {\(tags)}, "name": "\(name)", "region": "\(region)"\(more)}}
            """
    }

    static func policy(_ home: String, severity: String = "high") -> String {
        """
        policy: \(home)
        title: Data of \(home)
        basis: [contract]
        severity: \(severity)
        applies_to: {data: [customer], tenants: {home: \(home)}}
        require: {stored: {in: \(home)}, copied: {in: \(home)}}
        """
    }

    /// Audits tables and asks for readiness.
    static func readiness(_ resources: [String], _ more: [String] = [], waivers: String? = nil) throws -> (Binary.Result, Scratch) {
        let scratch = try Scratch()
        let plan = try scratch.write(CheckTests.plan(resources), to: "plan.json")
        for home in ["eu", "us"] { _ = try scratch.write(policy(home), to: "policies/\(home).yaml") }
        var arguments = ["audit", plan, "--policies", scratch.path + "/policies", "--out", scratch.path + "/out", "--store", scratch.path + "/h.sqlite", "--now", Binary.now, "--quiet"]
        if let waivers { arguments += ["--waivers", try scratch.write(waivers, to: "waivers.yaml")] }
        _ = try Binary.run(arguments)
        let result = try Binary.run(["report", "--store", scratch.path + "/h.sqlite", "--policies", scratch.path + "/policies", "--readiness", "eu"] + more)
        return (result, scratch)
    }

    static func decode(_ resources: [String], waivers: String? = nil) throws -> (Int32, Readiness) {
        let (result, scratch) = try readiness(resources, ["--home", "us", "--format", "json"], waivers: waivers)
        defer { withExtendedLifetime(scratch) {} }
        return (result.code, try JSONDecoder().decode(Readiness.self, from: Data(result.output.utf8)))
    }

    @Test func `systems by requirements, the worst first`() throws {
        let (code, readiness) = try Self.decode([
            Self.table("a", system: "search", home: "eu", region: "eu-west-1"),
            Self.table("b", system: "inbox", home: "eu", region: "us-east-1"),
            Self.table("c", system: "billing", home: "us", region: "us-east-1"),
            Self.table("d", system: "reports", home: "eu", region: "mars-north-1"),
            Self.table("e", system: "search", home: "us", region: "us-east-1"),
        ])
        #expect(code == 1 && readiness.state == "blocked" && readiness.policies == ["eu"])
        #expect(readiness.systems.map { "\($0.name) \($0.state)" } == ["inbox blocked", "reports unknown", "billing absent", "search ready"])
        #expect(readiness.systems[0].requirements["stored"]?.violated == 1 && readiness.systems[0].blockers.first?.severity == "high")
        #expect(readiness.systems.map(\.lacking) == [["aws_dynamodb_table"], [], ["aws_dynamodb_table"], []])
    }

    @Test func `readiness without policies asks for them`() throws {
        let (_, scratch) = try Self.readiness([Self.table("a", system: "search", home: "eu", region: "eu-west-1")])
        let result = try Binary.run(["report", "--store", "../h.sqlite", "--readiness", "eu"], in: scratch.path + "/out")
        #expect(result.code == 3 && result.errors.contains("no policy was given"), "\(result)")
    }

    @Test func `what is absent does not hold a launch back`() throws {
        let (code, readiness) = try Self.decode([
            Self.table("a", system: "search", home: "eu", region: "eu-west-1"), Self.table("c", system: "billing", home: "us", region: "us-east-1"),
        ])
        #expect(code == 0 && readiness.state == "ready", "\(readiness)")
    }

    @Test func `what is unknown is no readiness`() throws {
        let (code, readiness) = try Self.decode([Self.table("a", system: nil, home: "eu", region: "mars-north-1")])
        #expect(code == 2 && readiness.state == "unknown" && readiness.systems.first?.name == "", "\(readiness)")
    }

    @Test func `what is waived says until when`() throws {
        let waivers = """
            waivers:
              - {policy: eu, subject: "*", reason: moves in spring, owner: a@example.com, expires: 2027-03-01}
            """
        let (code, readiness) = try Self.decode([Self.table("a", system: "search", home: "eu", region: "us-east-1")], waivers: waivers)
        #expect(code == 0 && readiness.state == "waived", "\(readiness)")
        #expect(readiness.systems.first?.waived.first?.note.contains("2027-03-01") == true)
    }

    @Test func `as text and as a page`() throws {
        let resources = [Self.table("b", system: "inbox<script>", home: "eu", region: "us-east-1")]
        let (text, _) = try Self.readiness(resources)
        #expect(text.code == 1 && text.output.contains("✗ BLOCKED") && text.output.contains("✗1"), "\(text.output)")
        let (page, _) = try Self.readiness(resources, ["--format", "html"])
        #expect(page.output.contains("inbox&lt;script&gt;") && !page.output.contains("<script") && page.output.contains("Content-Security-Policy"))
    }

    @Test(arguments: [["--home", "narnia"], ["--readiness", "jp"], ["--format", "junit"]])
    func `what cannot be answered is told`(_ more: [String]) throws {
        let (result, _) = try Self.readiness([Self.table("a", system: nil, home: "eu", region: "eu-west-1")], more)
        #expect(result.code == (more.contains("junit") ? 64 : 3), "\(result)")
    }
}
