import ArgumentParser
import Audit
import Foundation
import Reports
import Residency

struct DiffCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "What changed between two runs: new, persisting, fixed.",
        discussion: """
            EXAMPLES
              domicile diff reports/monday reports/tuesday
              domicile diff monday/findings.json tuesday/findings.json --format json
              domicile diff 20261119T060000Z 20261120T060000Z --store history.sqlite --verbose

            Findings are the same if policy, clause and subject are; one that was unresolved and is violated now is new. \
            Exit codes: 0 nothing new is open, 1 something new is violated, 2 nothing new is violated and something new is \
            unresolved, 3 not completed.
            """)

    @Argument(help: ArgumentHelp("The earlier run: its folder, its findings.json, or its id in the store.", valueName: "run"))
    var before: String

    @Argument(help: ArgumentHelp("The later run.", valueName: "run"))
    var now: String

    @Option(name: .long, help: ArgumentHelp("The history of runs.", valueName: "file"))
    var store: String?

    @Option(name: .long, help: ArgumentHelp("text or json.", valueName: "name"))
    var format: DiffFormat = .text

    @OptionGroup var output: OutputOptions

    enum DiffFormat: String, ExpressibleByArgument, CaseIterable { case text, json }

    func run() throws {
        let report = ChangeReport(
            before: before, earlier: try Baseline.findings(of: before, store: store), now: now, later: try Baseline.findings(of: now, store: store))
        switch format {
        case .json: Terminal.result(report.json())
        case .text:
            let options = ReportOptions(color: Terminal.color(output.color, stream: STDOUT_FILENO), width: Terminal.width)
            Terminal.result(report.text(options: options, listPersisting: output.verbose))
        }
        let open = report.newlyOpen
        if open.contains(where: { $0.verdict == .violated }) { throw ExitCode(Exit.violated.rawValue) }
        if !open.isEmpty { throw ExitCode(Exit.notProven.rawValue) }
    }
}
