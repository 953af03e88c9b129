import ArgumentParser
import Audit
import Foundation
import Residency

struct LookCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "look",
        abstract: "No policy needed: what is this, from when, and where are things?",
        discussion: """
            EXAMPLES
              domicile look .
              domicile look AWSLogs/ config-snapshot.json.gz terraform.tfstate
              zcat trail.json.gz | domicile look -
            """)

    @Argument(help: ArgumentHelp("Files, folders or globs; `-` is standard input.", valueName: "input"))
    var inputs: [String]

    @OptionGroup var rules: RuleOptions
    @OptionGroup var reading: InputOptions
    @OptionGroup var output: OutputOptions

    @Option(name: .long, help: ArgumentHelp("How many rows of each table.", valueName: "n"))
    var top: Int = 15

    func run() async throws {
        let now = try rules.time()
        let book = try RuleFiles(policies: rules.policies, catalogue: rules.catalogue).load(now: now).rules
        let progress = ProgressLine(output)
        var audit = AuditRun(inputs: inputs, rules: book, now: now, jobs: ProcessInfo.processInfo.activeProcessorCount, toolVersion: Domicile.version)
        audit.stated = reading.stated
        audit.limits = try reading.limits()
        let show: @Sendable (AuditRun.Progress) -> Void = { if isatty(STDERR_FILENO) == 1 { progress.show($0) } }
        let survey = try await audit.survey(progress: show)
        progress.finish()
        Terminal.result(text(survey))
        for diagnostic in survey.diagnostics.prefix(output.verbose ? .max : 10) {
            Terminal.say(diagnostic.headline)
            if let hint = diagnostic.hint { Terminal.say("  hint: \(hint)") }
        }
        if survey.diagnostics.count > 10, !output.verbose { Terminal.say("... and \(survey.diagnostics.count - 10) more (`--verbose`)") }
    }

    private func text(_ survey: Survey) -> String {
        var lines: [String] = []
        var byFormat: [String: (files: Int, records: Int, malformed: Int, bytes: Int)] = [:]
        for input in survey.inputs {
            var row = byFormat[input.format] ?? (0, 0, 0, 0)
            row = (row.files + 1, row.records + input.records, row.malformed + input.malformed, row.bytes + input.bytes)
            byFormat[input.format] = row
        }
        lines += Self.table(
            ["format", "files", "records", "malformed", "bytes"],
            byFormat.sorted { $0.key < $1.key }.map { [$0.key, "\($0.value.files)", "\($0.value.records)", "\($0.value.malformed)", "\($0.value.bytes)"] })
        lines.append("")
        lines.append("\(survey.resources) resources, \(survey.events) events" + (survey.from.map { ", from \($0) to \(survey.to ?? "?")" } ?? ""))
        lines.append("accounts: \(survey.accounts.isEmpty ? "none named" : survey.accounts.joined(separator: ", "))")
        lines.append("")
        lines += Self.table(
            ["place", "countries", "resources", "minutes with events"],
            survey.places.map { row in
                let countries = row.place.location.codes.isEmpty ? "unknown" : row.place.location.codes.prefix(8).joined(separator: " ")
                return [row.place.name, countries, "\(row.resources)", "\(row.activeMinutes)"]
            })
        for (title, rows) in [("type", survey.types), ("action", survey.actions)] where !rows.isEmpty {
            lines.append("")
            lines += Self.table([title, "number"], rows.prefix(top).map { [$0.name, "\($0.count)"] })
            if rows.count > top { lines.append("... and \(rows.count - top) more") }
        }
        return lines.joined(separator: "\n")
    }

    /// Columns as wide as their widest cell.
    static func table(_ header: [String], _ rows: [[String]]) -> [String] {
        let all = [header] + rows
        let widths = header.indices.map { column in all.map { $0[column].count }.max() ?? 0 }
        return all.map { row in
            row.enumerated().map { $1 + String(repeating: " ", count: $0 == row.count - 1 ? 0 : widths[$0] - $1.count) }.joined(separator: "  ")
        }
    }
}
