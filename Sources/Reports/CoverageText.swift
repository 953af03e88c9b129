import Residency

/// What was looked at and what was not, for the terminal: as long as the verdict needs, no small print.
enum CoverageText {
    static func write(_ run: Run, to out: inout TerminalText) {
        let coverage = run.coverage
        out.heading("Looked at")
        row("accounts", coverage.accounts.isEmpty ? "none named" : listed(coverage.accounts), to: &out)
        row("regions", coverage.regions.isEmpty ? "none named" : listed(coverage.regions), to: &out)
        row("types", "\(TextReport.plain(coverage.knownTypes.count)) known\(examples(coverage.knownTypes))", to: &out)
        if run.summary.events > 0 || coverage.logsFrom != nil {
            row("logs", "\(coverage.logsFrom ?? "?") to \(coverage.logsTo ?? "?")", to: &out)
            row("actions", "\(TextReport.plain(coverage.knownActions.count)) known\(examples(coverage.knownActions))", to: &out)
        } else {
            row("logs", "none: what happened was not looked at, only what exists", tone: .unsure, to: &out)
        }
        out.heading("Not looked at, or not understood")
        var nothing = true
        func gap(_ name: String, _ text: String, _ condition: Bool) {
            guard condition else { return }
            nothing = false
            row(name, text, tone: .unsure, to: &out)
        }
        gap(
            "types", "\(TextReport.plain(coverage.unknownTypes.count)) unknown\(examples(coverage.unknownTypes))",
            !coverage.unknownTypes.isEmpty)
        gap(
            "no class",
            "\(TextReport.count(coverage.unclassified, "resource")) without a data class: \(listed(coverage.unclassifiedSample))",
            coverage.unclassified > 0)
        gap("malformed", "\(TextReport.count(coverage.malformed, "record")) could not be read", coverage.malformed > 0)
        for diagnostic in run.diagnostics.prefix(5) { gap("", diagnostic.headline, true) }
        gap("", "… and \(TextReport.plain(run.diagnostics.count - 5)) more remarks on the inputs", run.diagnostics.count > 5)
        for hole in coverage.gaps.prefix(5) { gap("gap", "no logs \(hole.from) to \(hole.to): \(hole.scope)", true) }
        gap("", "… and \(TextReport.plain(coverage.gaps.count - 5)) more gaps", coverage.gaps.count > 5)
        for sentence in coverage.shortfalls.prefix(5) { gap("missing", sentence, true) }
        gap("", "… and \(TextReport.plain(coverage.shortfalls.count - 5)) more", coverage.shortfalls.count > 5)
        for sentence in coverage.blindSpots.prefix(5) { gap("blind", sentence, true) }
        gap("", "… and \(TextReport.plain(coverage.blindSpots.count - 5)) more", coverage.blindSpots.count > 5)
        gap(
            "actions",
            "\(TextReport.plain(coverage.unknownActions.count)) of the logs' actions are judged by no vector\(examples(coverage.unknownActions))",
            !coverage.unknownActions.isEmpty)
        if nothing { out.paragraph("nothing that is known of", indent: 2) }
    }

    private static func row(_ name: String, _ text: String, tone: TerminalText.Tone? = nil, to out: inout TerminalText) {
        let lead = "  " + (tone.map { out.paint(name, $0) } ?? name) + String(repeating: " ", count: max(1, 10 - name.count))
        out.paragraph(text, indent: 12, lead: lead)
    }

    private static func listed(_ names: [String]) -> String {
        names.prefix(8).joined(separator: ", ") + (names.count > 8 ? ", … (\(TextReport.plain(names.count)))" : "")
    }

    /// The commonest, with their numbers.
    private static func examples(_ table: [String: Int]) -> String {
        guard !table.isEmpty else { return "" }
        let shown = Tally.commonestFirst(table).prefix(4).map { "\($0.key) ×\(TextReport.plain($0.value))" }
        return ": " + shown.joined(separator: ", ") + (table.count > 4 ? ", …" : "")
    }
}
