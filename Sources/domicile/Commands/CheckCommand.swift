import ArgumentParser
import Audit
import Foundation
import Policy
import Reports
import Residency

struct CheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        // Its own parsing then looks for no call for completions, which would build another command.
        _superCommandName: "domicile",
        abstract: "The same judgement for an engineer: a text answer, no store, no signature.",
        discussion: """
            EXAMPLES
              terraform show -json plan.out > plan.json && domicile check plan.json
              domicile check plan.json --policies policies/eu-hosting.yaml --tenants tenants.yaml
              domicile check plan.json --watch
              domicile check plan.json --format json

            The answer has a block for each resource, the worst first, with what to change: an attribute, and a value with which \
            the policies were tried again and held.
            Exit codes: 0 proven, 1 violated, 2 not proven, 3 not completed.
            """)

    @Argument(help: ArgumentHelp("A Terraform plan or state, or any inventory that `audit` reads.", valueName: "plan"))
    var inputs: [String]

    @OptionGroup var rules: RuleOptions
    @OptionGroup var reading: InputOptions
    @OptionGroup var output: OutputOptions

    @OptionGroup var formats: FormatOptions

    @Option(name: .long, help: ArgumentHelp("The least severity that fails.", valueName: "level"))
    var failOn: String = "low"

    @Flag(name: .long, help: "Check again whenever a file changes, until interrupted.")
    var watch = false

    func validate() throws {
        if Severity(rawValue: failOn) == nil { throw ValidationError("`\(failOn)` is not a severity: info low medium high critical") }
        if watch, inputs.contains("-") { throw ValidationError("standard input cannot be watched") }
    }

    func run() async throws {
        guard watch else {
            _ = try await check()
            return
        }
        var files = FileWatch(inputs + rules.watched)
        while true {
            if isatty(STDOUT_FILENO) == 1 { Terminal.result(Array("\u{1B}[H\u{1B}[2J\u{1B}[3J".utf8)) }
            // A file that is wrong just now will be mended: it ends the check, not the watch.
            do { _ = try await check() } catch let error as AuditError { Terminal.error(error.text) }
            Terminal.say("watching \(inputs.joined(separator: ", "))")
            try await files.wait()
        }
    }

    private func check() async throws -> Exit {
        let now = try rules.time()
        let loaded = try rules.files.load(now: now)
        guard !loaded.rules.policies.isEmpty else { throw AuditError.other("no policy was given: name a file or folder with `--policies`") }
        var audit = AuditRun(
            inputs: inputs, rules: loaded.rules, now: now, jobs: ProcessInfo.processInfo.activeProcessorCount, toolVersion: Domicile.version)
        audit.ruleDigests = loaded.digests
        audit.stated = reading.stated
        audit.limits = try reading.limits()
        var options = ReportOptions(width: Terminal.width)
        var requests = try formats.requests()
        if requests.isEmpty { requests = [ReportRequest(format: .text)] }
        let checked = requests.contains { $0.format == .text } ? try await audit.check() : nil
        let run = if let checked { checked.run } else { try await audit.run() }
        if requests.contains(where: { $0.format == .sarif || $0.format == .github }) { options.positions = audit.positions(of: run) }
        for request in requests {
            options.color = request.path ?? "-" == "-" && Terminal.color(output.color, stream: STDOUT_FILENO)
            let bytes = request.format == .text ? CheckText.render(run, advice: checked?.advice ?? CheckAdvice(), options: options) : try Reports.render(run, as: request.format, options: options)
            try FormatOptions.put(bytes, of: request, folder: nil)
        }
        let exit = PublishingOptions.exitCode(run, failOn: failOn, comparison: nil)
        // Taking the rules apart would take a tenth of a small check, and the process ends anyway.
        if !watch { withExtendedLifetime((audit, loaded, checked)) { Foundation.exit(exit.rawValue) } }
        return exit
    }
}
