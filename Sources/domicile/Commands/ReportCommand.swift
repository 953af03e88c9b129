import ArgumentParser
import Audit
import EvidenceStore
import Foundation
import Reports
import Residency

struct ReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Reports from the history of runs.",
        discussion: """
            EXAMPLES
              domicile report --store history.sqlite --format html=report.html
              domicile report --store history.sqlite --tenant acme --from 2026-10-01 --to 2026-10-31 --format html=acme.html
              domicile report --store history.sqlite --run 20261120T060000Z-3f2a9c1d2e4b --format text
            """)

    @Option(name: .long, help: ArgumentHelp("The history of runs.", valueName: "file"))
    var store: String

    @Option(name: .customLong("run"), help: ArgumentHelp("A run's id (default: the latest).", valueName: "id"))
    var runID: String?

    @Option(name: .long, help: ArgumentHelp("Only what concerns this tenant.", valueName: "name"))
    var tenant: String?

    @Option(name: .long, help: ArgumentHelp("From this day or time on.", valueName: "time"))
    var from: String?

    @Option(name: .long, help: ArgumentHelp("Up to this day or time.", valueName: "time"))
    var to: String?

    @Option(name: .long, help: ArgumentHelp("NAME or NAME=PATH; without a path to standard output; repeatable.", valueName: "name[=path]"))
    var format: [String] = ["text"]

    @OptionGroup var look: LookOptions

    func validate() throws {
        for text in format where ReportRequest(text) == nil { throw ValidationError("there is no format `\(text)`") }
    }

    func run() throws {
        let runs = try RunStore.existing(path: store)
        guard let id = try runID ?? runs.latest()?.id, var shown = try runs.run(id: id) else {
            throw AuditError.other(runID.map { "there is no run `\($0)` in `\(store)`" } ?? "`\(store)` holds no run")
        }
        var options = ReportOptions(width: Terminal.width, language: look.language, paper: look.paper)
        if tenant != nil || from != nil || to != nil {
            shown = shown.restricted(toTenant: tenant, from: from, to: to)
            options.scope = ReportScope(tenant: tenant, from: from, to: to)
        }
        for request in format.compactMap(ReportRequest.init) {
            let bytes = try Reports.render(shown, as: request.format, options: options)
            if let path = request.path, path != "-" { try OutputFolder.write(bytes, to: path) } else { Terminal.result(bytes) }
        }
    }
}
