import ArgumentParser
import Audit
import Foundation
import Policy
import Reports
import Residency

struct CheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "The same judgement for an engineer: a text answer, no store, no signature.",
        discussion: """
            EXAMPLES
              terraform show -json plan.out > plan.json && domicile check plan.json
              domicile check plan.json --policies policies/eu-hosting.yaml --tenants tenants.yaml
              domicile check plan.json --format json
            """)

    @Argument(help: ArgumentHelp("A Terraform plan or state, or any inventory that `audit` reads.", valueName: "plan"))
    var inputs: [String]

    @OptionGroup var rules: RuleOptions
    @OptionGroup var output: OutputOptions

    @Option(name: .long, help: "text (default) or any other report format; to standard output.")
    var format: String = "text"

    @Option(name: .long, help: ArgumentHelp("The least severity that fails.", valueName: "level"))
    var failOn: String = "low"

    func validate() throws {
        if ReportFormat(rawValue: format) == nil { throw ValidationError("there is no format `\(format)`") }
        if Severity(rawValue: failOn) == nil { throw ValidationError("`\(failOn)` is not a severity: info low medium high critical") }
    }

    func run() async throws {
        let now = try rules.time()
        let loaded = try rules.files.load(now: now)
        guard !loaded.rules.policies.isEmpty else { throw AuditError.other("no policy was given: name a file or folder with `--policies`") }
        let audit = AuditRun(
            inputs: inputs, rules: loaded.rules, now: now, jobs: ProcessInfo.processInfo.activeProcessorCount, toolVersion: Domicile.version)
        let run = try await audit.run()
        let options = ReportOptions(color: Terminal.color(output.color, stream: STDOUT_FILENO), width: Terminal.width)
        Terminal.result(try Reports.render(run, as: ReportFormat(rawValue: format) ?? .text, options: options))
        let exit = AuditCommand.exit(run, failOn: failOn, comparison: nil)
        if exit != .proven { throw ExitCode(exit.rawValue) }
    }
}
