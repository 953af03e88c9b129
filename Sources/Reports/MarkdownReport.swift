import Residency

/// A CI job's summary page: the answer, a table of policies, the worst findings, and what was not looked at.
enum MarkdownReport {
    static func render(_ run: Run, options: ReportOptions) -> [UInt8] {
        let overview = Overview(run)
        let limit = min(options.maxListed, 50)
        var out = "## \(headline(run))\n\n"
        out += "\(TextReport.count(run.summary.resources, "resource")) and \(TextReport.count(run.summary.events, "event")) in "
        out += "\(TextReport.count(run.inputs.count, "input")), as of \(escape(run.now)), run \(code(run.id))\n\n"
        out += "| policy | answer | violated | unresolved | waived | satisfied |\n| --- | --- | ---: | ---: | ---: | ---: |\n"
        for policy in overview.policies {
            let counts = [Verdict.violated, .unresolved, .waived, .satisfied].map { TextReport.plain(policy.count($0)) }
            out += "| \(escape(policy.title)) \(code(policy.id)) | \(word(policy.outcome)) | \(counts.joined(separator: " | ")) |\n"
        }
        if let comparison = options.comparison {
            out += "\nSince run \(code(comparison.baseline)): \(comparison.new.count) new, \(comparison.persisting.count) persisting, "
            out += "\(comparison.fixed.count) fixed.\n"
        }
        findings(overview, run: run, options: options, limit: limit, to: &out)
        unresolved(overview, limit: limit, to: &out)
        gaps(run, to: &out)
        return Array(out.utf8)
    }

    private static func findings(_ overview: Overview, run: Run, options: ReportOptions, limit: Int, to out: inout String) {
        for policy in overview.policies where policy.count(.violated) > 0 {
            let all = policy.worstFirst(.violated)
            out +=
                "\n### ❌ \(escape(policy.title)): \(TextReport.plain(all.count)) violated\n\n| severity | finding | seen in |\n| --- | --- | --- |\n"
            for index in all.prefix(limit) {
                let finding = run.findings[index]
                let new = options.comparison?.state(of: finding) == .new ? " **new**" : ""
                let seen = finding.observations.first.map { code(run.location(of: $0.record)) } ?? ""
                out += "| \(finding.severity.rawValue)\(new) | \(escape(finding.message)) | \(seen) |\n"
            }
            if all.count > limit { out += "\n… and \(TextReport.plain(all.count - limit)) more\n" }
        }
    }

    private static func unresolved(_ overview: Overview, limit: Int, to out: inout String) {
        guard !overview.unresolved.isEmpty else { return }
        out += "\n### ❔ Not proven\n\n| number | reason | what would resolve it |\n| ---: | --- | --- |\n"
        for group in overview.unresolved.prefix(limit) {
            out += "| \(TextReport.plain(group.findings.count)) | \(escape(group.reason)) | \(escape(group.remedy)) |\n"
        }
        if overview.unresolved.count > limit { out += "\n… and \(TextReport.plain(overview.unresolved.count - limit)) more reasons\n" }
    }

    private static func gaps(_ run: Run, to out: inout String) {
        let coverage = run.coverage
        var lines = coverage.shortfalls + coverage.blindSpots
        if coverage.malformed > 0 { lines.append("\(TextReport.count(coverage.malformed, "record")) could not be read") }
        if coverage.unclassified > 0 { lines.append("\(TextReport.count(coverage.unclassified, "resource")) without a data class") }
        if !coverage.unknownTypes.isEmpty {
            lines.append("\(TextReport.count(coverage.unknownTypes.count, "type")) of resource that no vector knows")
        }
        lines += coverage.gaps.map { "no logs from \($0.from) to \($0.to): \($0.scope)" }
        out += "\n### Not looked at, or not understood\n\n"
        out += lines.isEmpty ? "Nothing that is known of.\n" : lines.prefix(30).map { "- \(escape($0))\n" }.joined()
        if lines.count > 30 { out += "- … and \(lines.count - 30) more\n" }
    }

    private static func headline(_ run: Run) -> String {
        let counts = run.summary
        return "\(word(run.outcome)): \(TextReport.plain(counts.violated)) violated, \(TextReport.plain(counts.unresolved)) unresolved, "
            + "\(TextReport.plain(counts.waived)) waived, \(TextReport.plain(counts.satisfied)) satisfied"
    }

    private static func word(_ outcome: Run.Outcome) -> String {
        switch outcome {
        case .proven: "✅ Kept"
        case .violated: "❌ Not kept"
        case .notProven: "❔ Not proven"
        }
    }

    /// Text that no renderer takes for markup: every sign that could begin some becomes an entity.
    static func escape(_ text: String) -> String {
        var result = ""
        for scalar in SafeText.visible(SafeText.cut(text, to: 1000)).unicodeScalars {
            if scalar.isASCII && "\\`*_{}[]<>()#+!|~&@:".unicodeScalars.contains(scalar) {
                result += "&#\(scalar.value);"
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    /// A name in a code span, inside a table cell: no backtick ends it and no bar ends the cell.
    private static func code(_ text: String) -> String { "<code>" + escape(text) + "</code>" }
}
