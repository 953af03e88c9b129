import Foundation
import Testing

/// The sample company: everything that its readme says is planted is found, and nothing else is violated.
struct SampleCompanyTests {
    struct Planted: Sendable, CustomTestStringConvertible {
        var policy: String, requirement: String, subject: String, verdict: String
        var testDescription: String { "\(policy) \(requirement) \(subject) \(verdict)" }
    }

    static func planted(_ policy: String, _ requirement: String, _ subject: String, _ verdict: String = "violated") -> Planted {
        Planted(policy: policy, requirement: requirement, subject: subject, verdict: verdict)
    }

    static let all: [Planted] = [
        planted("eu-workspaces", "stored", "nd-eu-acme-import"),
        planted("eu-workspaces", "copied", "nd-eu-attachments"),
        planted("eu-workspaces", "copied", "file-system/fs-"),
        planted("au-workspaces", "copied", "table/nd-au-conversations"),
        planted("eu-workspaces", "backed-up", "backup-plan"),
        planted("au-workspaces", "backed-up", "nd-au-core"),
        planted("eu-workspaces", "key-held", "key/mrk-"),
        planted("eu-workspaces", "processed", "instance/i-"),
        planted("eu-workspaces", "logged", "trail/nd-eu-audit", "waived"),
        planted("eu-workspaces", "transferred", "sms"),
        planted("eu-workspaces", "transferred", "billing", "satisfied"),
        planted("eu-workspaces", "backed-up", "nd-eu-core-before-16-5", "satisfied"),
        planted("eu-workspaces", "stored", "migration-scratch-0611", "unresolved"),
        planted("eu-workspaces", "coverage", "object-types/contact", "unresolved"),
        planted("eu-workspaces", "processed", "distribution/", "unresolved"),
        planted("eu-workspaces", "transferred", "nd-eu-messages", "unresolved"),
        planted("au-workspaces", "accessed", "nd-au-attachments", "unresolved"),
    ]

    /// What no inventory shows: it was gone by the morning, or leaves no trace in one.
    static let inLogsOnly: [Planted] = [
        planted("eu-workspaces", "copied", "nd-eu-exports"),
        planted("eu-workspaces", "transferred", "table/nd-eu-conversations"),
        planted("eu-workspaces", "processed", "nd-eu-summarise"),
        planted("eu-workspaces", "processed", "inference-profile/global."),
        planted("eu-workspaces", "stored", "nd-eu-debug-dump-4471"),
        planted("eu-workspaces", "backed-up", "nd-eu-core-before-16-4"),
        planted("eu-workspaces", "logged", "log-group:/nd-eu/app"),
        planted("eu-workspaces", "accessed", "nd-eu-attachments"),
        planted("eu-workspaces", "copied", "db:nd-eu-core"),
        planted("eu-workspaces", "stored", "nd-eu-core-drill"),
        planted("eu-workspaces", "transferred", "snapshot:nd-eu-core-nightly"),
        planted("eu-workspaces", "copied", "secret:nd-eu-db"),
        planted("eu-workspaces", "accessed", "secret:nd-eu-db"),
        planted("eu-workspaces", "copied", "table/nd-eu-conversations"),
        planted("eu-workspaces", "accessed", "table/nd-eu-conversations"),
        planted("eu-workspaces", "stored", "nd-eu-dedupe-4471"),
        planted("eu-workspaces", "copied", "nd-eu-access-logs"),
        planted("eu-workspaces", "backed-up", "recovery-point:nd-eu-daily"),
        planted("eu-workspaces", "transferred", "nd-eu-conversation-closed"),
        planted("eu-workspaces", "transferred", "nd-eu-mentions"),
        planted("eu-workspaces", "transferred", "nd-eu-weekly-digest"),
        planted("eu-workspaces", "transferred", "nd-eu-call-0031"),
        planted("eu-workspaces", "transferred", "nd-eu-analysis"),
        planted("eu-workspaces", "logged", "/nd-eu/load-test"),
        planted("eu-workspaces", "stored", "nd-eu-replay"),
        planted("eu-workspaces", "processed", "nd-eu-churn"),
        planted("eu-workspaces", "processed", "nd-eu-reply-ranking"),
    ]

    @Test func `what is planted is found`() throws {
        let scratch = try Scratch()
        let result = try Binary.auditExample(to: scratch.path)
        #expect(result.code == 1, "\(result.errors)")
        let findings = try Findings(folder: scratch.path)
        for planted in Self.all + Self.inLogsOnly {
            let found = findings.findings.filter { $0.policy == planted.policy && $0.requirement == planted.requirement && $0.subject.id.contains(planted.subject) }
            #expect(found.contains { $0.verdict == planted.verdict }, "\(planted): \(found.map { "\($0.verdict): \($0.message)" })")
        }
        #expect(findings.coverage.malformed == 1)
        #expect(findings.summary.waived == 1)
        #expect(findings.findings.contains { $0.message.contains("attempt") })
    }

    @Test func `configuration alone does not show what only the logs do`() throws {
        let scratch = try Scratch()
        let (inputs, example) = ("\(Binary.example)/inputs", Binary.example)
        let result = try Binary.run(
            ["audit", "\(inputs)/config", "\(inputs)/terraform", "\(example)/register.yaml", "--policies", example, "--now", Binary.now, "--out", scratch.path, "--quiet"],
            in: Binary.root.path)
        #expect(result.code == 1, "\(result.errors)")
        #expect(Self.inLogsOnly.count >= 20)
        let findings = try Findings(folder: scratch.path)
        for planted in Self.inLogsOnly {
            let found = findings.findings.filter { $0.policy == planted.policy && $0.requirement == planted.requirement && $0.subject.id.contains(planted.subject) }
            #expect(!found.contains { $0.verdict == "violated" }, "\(planted): \(found.map(\.message))")
        }
    }

    @Test func `the clean twin has nothing to report`() throws {
        let scratch = try Scratch()
        let clean = Binary.example + "-clean"
        let result = try Binary.run(
            ["audit", "\(clean)/inputs", "\(clean)/register.yaml", "--policies", Binary.example, "--now", Binary.now, "--out", scratch.path, "--quiet"], in: Binary.root.path)
        let findings = try Findings(folder: scratch.path)
        #expect(result.code == 0, "\(result.errors) \(findings.findings.filter { $0.verdict != "satisfied" }.map(\.message)) \(result.output)")
        #expect(findings.summary.satisfied > 50)
        #expect(findings.findings.allSatisfy { $0.verdict == "satisfied" })
    }

    @Test func `the bytes do not depend on the threads`() throws {
        let (one, two) = (try Scratch(), try Scratch())
        _ = try Binary.auditExample(to: one.path, ["--jobs", "1", "--no-store", "--format", "sarif", "--format", "html"])
        _ = try Binary.auditExample(to: two.path, ["--jobs", "2", "--no-store", "--format", "sarif", "--format", "html"])
        for name in ["findings.json", "report.html"] {
            #expect(try Data(contentsOf: URL(filePath: "\(one.path)/\(name)")) == Data(contentsOf: URL(filePath: "\(two.path)/\(name)")), "\(name)")
        }
    }

    @Test func `a finding is explained from its record`() throws {
        let scratch = try Scratch()
        _ = try Binary.auditExample(to: scratch.path, ["--no-store"])
        let finding = try #require(try Findings(folder: scratch.path).findings.first { $0.requirement == "copied" && $0.subject.id.contains("nd-eu-exports") })
        let result = try Binary.run(
            ["explain", String(finding.id.prefix(12)), "--findings", scratch.path + "/findings.json", "--policies", Binary.example, "--now", Binary.now,
                "--inputs", "\(Binary.example)/inputs", "\(Binary.example)/register.yaml"], in: Binary.root.path)
        #expect(result.code == 0, "\(result.errors)")
        #expect(result.output.contains("eu.yaml:"))
        #expect(result.output.contains("=  \"region:aws/us-east-1\""), "\(result.output)")
    }

    @Test func `only what is new fails when asked so`() throws {
        let scratch = try Scratch()
        _ = try Binary.auditExample(to: scratch.path)
        let again = try Binary.auditExample(to: scratch.path + "/second", ["--baseline", scratch.path + "/findings.json", "--fail-on", "new"])
        // Nothing is new; the malformed record and the missing account are still there.
        #expect(again.code == 2, "\(again.errors)")
    }

    @Test func `a plan is checked before it is applied`() throws {
        let result = try Binary.run(
            ["check", "\(Binary.example)/change/europe-search.plan.json", "--policies", Binary.example, "--now", Binary.now], in: Binary.root.path)
        #expect(result.code == 1, "\(result.errors)")
        #expect(result.output.contains("violated"))
    }
}
