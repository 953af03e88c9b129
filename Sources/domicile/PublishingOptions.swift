public import ArgumentParser
import Audit
import Evidence
import Foundation
import Policy
public import Reports
import Residency

/// What becomes of a run: reports, history, signature, exit code.
struct PublishingOptions: ParsableArguments {
    @Option(name: .long, help: ArgumentHelp("Where the reports go (default: reports/<run id>).", valueName: "dir"))
    var out: String?

    @OptionGroup var formats: FormatOptions

    @Option(name: .long, help: ArgumentHelp("The history of runs (default: <out>/evidence.sqlite).", valueName: "file"))
    var store: String?

    @Flag(name: .long, help: "Keep no history.")
    var noStore = false

    @OptionGroup var keys: KeyOptions

    @Option(name: .long, help: ArgumentHelp("Who collected the inputs and how; it goes into the statement.", valueName: "text"))
    var collectedBy: String?

    @Option(name: .long, help: ArgumentHelp("An earlier run: its id in the store, or its findings.json.", valueName: "run"))
    var baseline: String?

    @Option(name: .long, help: ArgumentHelp("The least severity that fails: info low medium high critical; or `new`.", valueName: "level"))
    var failOn: String = "low"

    @Flag(name: .long, help: "SARIF as GitHub's code scanning takes it: without what is waived, within its limits.")
    var codeScanning = false

    @OptionGroup var look: LookOptions

    func validate() throws {
        if failOn != "new", Severity(rawValue: failOn) == nil { throw ValidationError("`\(failOn)` is not a severity: info low medium high critical, or new") }
        if failOn == "new", baseline == nil { throw ValidationError("`--fail-on new` needs `--baseline`") }
    }

    /// Writes what was asked for, shows the answer, and leaves with the run's exit code.
    ///
    /// - Parameter entry: where the judgement is kept.
    func publish(
        _ run: Run, _ audit: AuditRun, rules: RuleOptions, output: OutputOptions, started: ContinuousClock.Instant, keys: SigningKeys?, now: Int64,
        entry: JudgementEntry? = nil
    ) throws {
        let folder = out ?? "reports/\(run.id)"
        let usual = folder + "/evidence.sqlite"
        let history = store ?? (FileManager.default.fileExists(atPath: usual) ? usual : nil)
        let comparison = try baseline.map { try Baseline.compare(run, with: $0, store: history) }
        var requests = try formats.requests()
        if requests.isEmpty { requests = [.init(format: .junit), .init(format: .html)] }
        let elapsed = started.duration(to: .now)
        var options = ReportOptions(
            color: Terminal.color(output.color, stream: STDOUT_FILENO), width: Terminal.width,
            elapsedSeconds: Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) / 1e18)
        options.comparison = comparison
        options.forCodeScanning = codeScanning
        options.language = look.language
        options.told = audit.rules.catalogue.told[look.language.rawValue] ?? [:]
        options.paper = look.paper
        if requests.contains(where: { $0.format == .sarif || $0.format == .github }) { options.positions = audit.positions(of: run) }
        var publication = Publication(
            folder: folder, requests: requests, store: noStore ? nil : store ?? usual, keys: keys,
            details: EvaluationDetails(toolSHA256: keys == nil ? nil : ThisProgram.sha256, collectedBy: collectedBy), time: now, options: options,
            policyFiles: try rules.files.policySources())
        publication.jobs = audit.jobs
        publication.entry = entry
        let outcome = try publication.publish(run)
        if outcome.standardOutput.isEmpty {
            options.files = outcome.files
            if keys == nil, !output.quiet { Terminal.say("warning: this run is unsigned; give a key with `--key`") }
            if output.quiet {
                Terminal.result("\(run.outcome.rawValue): \(run.summary.violated) violated, \(run.summary.unresolved) unresolved, \(run.summary.waived) waived, \(run.summary.satisfied) satisfied")
            } else {
                Terminal.result(try Reports.render(run, as: .text, options: options))
            }
        } else {
            for bytes in outcome.standardOutput { Terminal.result(bytes) }
        }
        let exit = Self.exitCode(run, failOn: failOn, comparison: comparison)
        // Taking a large run apart takes a while, and the process ends anyway.
        withExtendedLifetime((run, audit, outcome)) { Foundation.exit(exit.rawValue) }
    }

    /// The exit code that a run stands for.
    static func exitCode(_ run: Run, failOn: String, comparison: BaselineComparison?) -> Exit {
        if run.diagnostics.contains(where: \.meansUnread) { return .incomplete }
        let level = Severity(rawValue: failOn) ?? .info
        if failOn == "new", let comparison {
            if run.findings.contains(where: { $0.verdict == .violated && comparison.isNew($0) }) { return .violated }
            if run.findings.contains(where: { $0.verdict == .unresolved && comparison.isNew($0) }) { return .notProven }
        } else {
            if let worst = run.worstViolation, worst >= level { return .violated }
            if run.summary.unresolved > 0 { return .notProven }
        }
        if !run.coverage.shortfalls.isEmpty || run.coverage.malformed > 0 { return .notProven }
        return .proven
    }
}

/// How the reports that people read look.
struct LookOptions: ParsableArguments {
    @Option(name: .long, help: ArgumentHelp("Of the report's fixed texts: en, de, fr or pt.", valueName: "code"))
    var language: ReportLanguage = .english

    @Option(name: .long, help: ArgumentHelp("Of the PDF: a4 or letter.", valueName: "name"))
    var paper: ReportPaper = .a4
}

extension ReportLanguage: ExpressibleByArgument {}
extension ReportPaper: ExpressibleByArgument {}
