import ArgumentParser
import Audit
import Engine
import Policy
import Residency

struct PolicyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "policy",
        abstract: "Lint, test, show and analyze policies.",
        discussion: """
            EXAMPLES
              domicile policy lint --policies policies
              domicile policy test --policies policies/eu-hosting.yaml
              domicile policy show eu-hosting
              domicile policy analyze
            """,
        subcommands: [Lint.self, Test.self, Show.self, Analyze.self])

    /// Prints what cases came to; ends with exit code 1 if one failed.
    static func print(_ results: [CaseResult], also failures: Int = 0) throws {
        let failed = results.filter { !$0.passed }
        for result in failed {
            for complaint in result.complaints { Terminal.result("\(result.file):\(result.line): error: `\(result.of)`, \(result.name): \(complaint)") }
        }
        Terminal.result("\(results.count - failed.count) passed, \(failed.count + failures) failed")
        if !failed.isEmpty || failures > 0 { throw ExitCode(Exit.violated.rawValue) }
    }

    struct Lint: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "lint",
            abstract: "What is wrong or suspicious in policies, waivers and jurisdictions.", discussion: "EXAMPLES\n  domicile policy lint --policies policies")

        @OptionGroup var rules: RuleOptions

        @Option(name: .long, help: ArgumentHelp("A findings.json: say as well which waivers and allowances match none of its subjects.", valueName: "file"))
        var findings: String?

        func run() throws {
            let now = try rules.time()
            let loaded = try rules.files.load(now: now)
            let subjects = try self.findings.map { try FindingsFile.read(path: $0).map(\.subject) }
            let findings = loaded.warnings.filter { $0.level == .warning } + PolicyLint.check(loaded.rules, subjects: subjects, now: now)
            for finding in findings { Terminal.result(loaded.text(finding)) }
            Terminal.result("\(loaded.rules.policies.count) policies, \(findings.count) remark\(findings.count == 1 ? "" : "s")")
            if findings.contains(where: { $0.level == .error }) { throw ExitCode(Exit.violated.rawValue) }
        }
    }

    struct Test: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "test",
            abstract: "Run the cases that stand beside the policies.", discussion: "EXAMPLES\n  domicile policy test --policies policies/eu-hosting.yaml")

        @OptionGroup var rules: RuleOptions

        func run() throws {
            let now = try rules.time()
            let book = try rules.files.load(now: now).rules
            let untested = book.policies.filter { policy in !Cases.isTested(policy) }
            for policy in untested {
                Terminal.result("\(policy.file):\(policy.line): error: `\(policy.id)` needs a case that passes and one that fails")
            }
            try PolicyCommand.print(Cases.run(book, now: now), also: untested.count)
        }
    }

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "show",
            abstract: "A policy as prose for a lawyer.", discussion: "EXAMPLES\n  domicile policy show eu-hosting")

        @Argument(help: ArgumentHelp("The policy's id.", valueName: "id"))
        var id: String

        @OptionGroup var rules: RuleOptions

        func run() throws {
            let now = try rules.time()
            let book = try rules.files.load(now: now).rules
            guard let policy = book.policies.first(where: { $0.id == id }) else {
                let near = NearMatch.best(to: id, among: book.policies.map(\.id)).map { "; did you mean `\($0)`?" } ?? ""
                throw AuditError.other("there is no policy `\(id)`\(near)")
            }
            Terminal.result(PolicyProse(book.jurisdictions, on: Clock.day(now)).page(policy, waivers: book.waivers))
        }
    }

    struct Analyze: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "analyze",
            abstract: "Requirements that can never be violated or satisfied, are implied, or contradict one another.",
            discussion: "EXAMPLES\n  domicile policy analyze --policies policies")

        @OptionGroup var rules: RuleOptions

        func run() throws {
            let now = try rules.time()
            let book = try rules.files.load(now: now).rules
            let remarks = PolicyAnalysis.conclusions(book, now: now)
            for remark in remarks { Terminal.result(remark.rendered) }
            Terminal.result("\(book.policies.count) policies, \(remarks.count) remark\(remarks.count == 1 ? "" : "s")")
            if remarks.contains(where: { $0.kind == .contradiction || $0.kind == .neverSatisfied }) { throw ExitCode(Exit.violated.rawValue) }
        }
    }
}
