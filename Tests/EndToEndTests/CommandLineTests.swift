import Foundation
import Testing

/// The contract of commands and exit codes.
struct CommandLineTests {
    static let commands: [[String]] = [
        [], ["audit"], ["check"], ["look"], ["explain"], ["diff"], ["report"], ["where"], ["eval"], ["keys"], ["keys", "generate"], ["evidence"],
        ["evidence", "bundle"], ["evidence", "verify"], ["policy"], ["policy", "lint"], ["policy", "test"], ["policy", "show"], ["policy", "analyze"],
        ["catalogue"], ["catalogue", "list"], ["catalogue", "show"], ["catalogue", "test"], ["manual"],
    ]

    @Test(arguments: commands)
    func `help shows examples`(_ command: [String]) throws {
        let result = try Binary.run(command + ["--help"])
        #expect(result.code == 0)
        #expect(result.output.contains("EXAMPLES"), "\(result.output)")
    }

    @Test(arguments: [["audit"], ["nonsense"], ["audit", "x", "--format", "junitt"], ["audit", "x", "--fail-on", "new"], ["where"], ["audit", "x", "--jobs", "0"]])
    func `wrong usage is 64`(_ arguments: [String]) throws {
        #expect(try Binary.run(arguments).code == 64)
    }

    /// What is missing is asked for by the command that lacks it, and not by the whole program.
    @Test(arguments: [["explain", "3f2a"], ["check"], ["check", "x", "--fail-on", "new"], ["check", "x", "--watc"]])
    func `wrong usage shows how the command is used`(_ arguments: [String]) throws {
        let result = try Binary.run(arguments)
        #expect(result.code == 64 && result.errors.contains("Usage: domicile \(arguments[0]) "), "\(result.errors)")
    }

    @Test func `what a running command refuses is said without usage`() throws {
        let result = try Binary.run(["check", "x", "--policies", "policies/examples/northwind", "--limit", "tea=1"], in: Binary.root.path)
        #expect(result.code == 64 && result.errors == "error: there is no limit `tea`\n", "\(result)")
    }

    @Test func `where knows places, and says when it does not`() throws {
        let known = try Binary.run(["where", "eu-west-2", "gcp:EU", "francecentral"])
        #expect(known.code == 0)
        #expect(known.output.contains("GB") && known.output.contains("uk") && known.output.contains("aws-regions"))
        let unknown = try Binary.run(["where", "eu-wset-2"])
        #expect(unknown.code == 2)
        #expect(unknown.errors.contains("eu-west-2"))
    }

    @Test func `eval evaluates over bindings`() throws {
        let scratch = try Scratch()
        let bindings = try scratch.write(#"{"resource": {"replicas": [{"region": "eu-west-1"}, {"region": "us-east-1"}]}}"#, to: "b.json")
        let result = try Binary.run(["eval", "resource.replicas.all(r, r.region in ['eu-west-1'])", "--bindings", bindings])
        #expect(result.code == 0 && result.output == "false\n", "\(result)")
        let wrong = try Binary.run(["eval", "1 +"])
        #expect(wrong.code == 3 && wrong.errors.contains("^"), "\(wrong.errors)")
    }

    @Test func `standard output is the report that was asked for`() throws {
        let scratch = try Scratch()
        let result = try Binary.auditExample(to: scratch.path, ["--format", "json=-", "--no-store"])
        #expect(result.code == 1)
        #expect(result.output.hasPrefix("{\"coverage\""), "\(result.output.prefix(80))")
    }

    @Test func `a pipe feeds an audit`() throws {
        let scratch = try Scratch()
        let policy = try scratch.write(BadInputTests.policy, to: "eu.yaml")
        let result = try Binary.run(
            ["audit", "-", "--policies", policy, "--out", scratch.path + "/out", "--now", Binary.now], input: #"{"Records":[\#(BadInputTests.event)]}"#)
        #expect(result.code == 2, "\(result.errors)")
        #expect(try Findings(folder: scratch.path + "/out").summary.events == 1)
    }

    @Test func `look needs no policy`() throws {
        let result = try Binary.run(["look", Binary.example + "/inputs"])
        #expect(result.code == 0)
        for word in ["aws-cloudtrail", "aws-config", "terraform-state", "eu-west-1", "IE", "111122223333"] { #expect(result.output.contains(word), "\(word)") }
    }

    @Test func `every vector of the catalogue passes its cases`() throws {
        let result = try Binary.run(["catalogue", "test"])
        #expect(result.code == 0, "\(result.output)")
    }

    @Test(arguments: ["policies", "policies/examples/northwind"])
    func `every shipped policy passes its cases`(_ folder: String) throws {
        let result = try Binary.run(["policy", "test", "--policies", folder, "--now", Binary.now], in: Binary.root.path)
        #expect(result.code == 0, "\(result.output)\(result.errors)")
    }

    @Test(.enabled(if: Shared.has("corpus"), "the corpus is not here"))
    func `the corpus is audited without a crash`() throws {
        let scratch = try Scratch()
        let corpus = ["01-cloudtrail", "02-aws-inventory", "03-terraform"].map { Shared.root + "/corpus/" + $0 }
        let result = try Binary.run(
            ["audit"] + corpus + ["--policies", Binary.root.path + "/policies/eu-hosting.yaml", "--out", scratch.path, "--now", Binary.now, "--no-store", "--quiet"])
        #expect([1, 2].contains(result.code), "\(result.code) \(result.errors.suffix(500))")
        let findings = try Findings(folder: scratch.path)
        #expect(findings.summary.events > 3000 && findings.summary.resources > 1000, "\(findings.summary)")
    }
}
