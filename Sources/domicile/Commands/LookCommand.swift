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
        let shown = output.verbose ? survey.diagnostics : Self.worth(survey)
        var lastHint: String?
        for diagnostic in shown {
            Terminal.say(diagnostic.headline)
            if let hint = diagnostic.hint, hint != lastHint { Terminal.say("  hint: \(hint)") }
            lastHint = diagnostic.hint
        }
        let left = survey.diagnostics.count - shown.count
        if left > 0 { Terminal.say("... and \(left) more (`--verbose`)") }
    }

    /// What is worth a line: the first of what is wrong in files that are read. What is in no format that is read stands in a table,
    /// unless it is all there is.
    private static func worth(_ survey: Survey) -> [Diagnostic] {
        let unread = Set(survey.inputs.filter { $0.format == "unknown" }.map(\.path))
        let own = survey.diagnostics.filter { !unread.contains($0.path) }
        let others = survey.diagnostics.filter { unread.contains($0.path) }
        let ranked = [Diagnostic.Level.error, .warning, .note].flatMap { level in own.filter { $0.level == level } }
        return Array((ranked + (others.count <= 3 ? others : [])).prefix(10))
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
        if !survey.unread.isEmpty {
            lines.append("")
            lines += Self.table(
                ["nothing was read from what", "files", "the first"],
                survey.unread.prefix(top).map { [$0.what, "\($0.files)", $0.example] })
            if survey.unread.count > top { lines.append("... and \(survey.unread.count - top) more kinds") }
        }
        lines.append("")
        lines.append("\(survey.resources) resources, \(survey.events) events" + (survey.from.map { ", from \($0) to \(survey.to ?? "?")" } ?? ""))
        lines.append("accounts: \(accounts(survey.accounts))")
        lines.append("")
        lines += Self.table(
            ["place", "countries", "resources", "minutes with events", "why it is not known"],
            survey.places.map { row in
                let codes = row.place.location.codes
                let more = codes.count > 8 ? " and \(codes.count - 8) more" : ""
                let countries = codes.isEmpty ? "unknown" : codes.prefix(8).joined(separator: " ") + more
                return [row.place.name, countries, "\(row.resources)", "\(row.activeMinutes)", row.place.location.reason]
            })
        for (title, rows) in [("type", survey.types), ("action", survey.actions)] where !rows.isEmpty {
            lines.append("")
            lines += Self.table([title, "number"], rows.prefix(top).map { [$0.name, "\($0.count)"] })
            if rows.count > top { lines.append("... and \(rows.count - top) more") }
        }
        return lines.joined(separator: "\n")
    }

    private func accounts(_ accounts: [String]) -> String {
        if accounts.isEmpty { return "none named" }
        let shown = output.verbose ? accounts[...] : accounts.prefix(top)
        let more = accounts.count - shown.count
        return "\(accounts.count): " + shown.joined(separator: ", ") + (more > 0 ? ", and \(more) more (`--verbose`)" : "")
    }

    /// Columns as wide as their widest cell.
    static func table(_ header: [String], _ rows: [[String]]) -> [String] {
        let all = [header] + rows
        let widths = header.indices.map { column in all.map { $0[column].count }.max() ?? 0 }
        return all.map { row in
            let filled = row.lastIndex { !$0.isEmpty } ?? 0
            return row[...filled].enumerated().map { $1 + String(repeating: " ", count: $0 == filled ? 0 : widths[$0] - $1.count) }.joined(separator: "  ")
        }
    }
}
