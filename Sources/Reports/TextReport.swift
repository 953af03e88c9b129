import Residency

/// The summary for a terminal: the answer first, then what to act on, then what was not looked at, all of it bounded.
///
///     ✗ NOT KEPT  12 violated, 3 unresolved, 4 waived, 1,204 satisfied
enum TextReport {
    static func render(_ run: Run, options: ReportOptions) -> [UInt8] {
        var out = TerminalText(color: options.color, width: options.width)
        let overview = Overview(run)
        let guilty = overview.policies.count { $0.count(.violated) > 0 }
        // Ten of each policy, and fewer where many policies are violated: it has to stay a page or two.
        let limit = max(1, min(options.maxListed, 10, 40 / max(1, guilty)))
        headline(run, options: options, to: &out)
        for policy in overview.policies { violations(of: policy, run: run, options: options, limit: limit, to: &out) }
        unresolved(overview, run: run, limit: limit, to: &out)
        exceptions(run, overview: overview, limit: limit, to: &out)
        CoverageText.write(run, to: &out)
        comparison(options, to: &out)
        ending(run, options: options, to: &out)
        return Array(out.text.utf8)
    }

    private static func headline(_ run: Run, options: ReportOptions, to out: inout TerminalText) {
        let word =
            switch run.outcome {
            case .violated: out.paint("✗ NOT KEPT", .badHeadline)
            case .notProven: out.paint("? NOT PROVEN", .unsureHeadline)
            case .proven: out.paint("✓ KEPT", .goodHeadline)
            }
        let counts = run.summary
        out.raw(
            "\(word)  \(plain(counts.violated)) violated, \(plain(counts.unresolved)) unresolved, \(plain(counts.waived)) waived, "
                + "\(plain(counts.satisfied)) satisfied")
        let sentence =
            switch run.outcome {
            case .violated: "Some data is, or went, where a policy does not allow it."
            case .notProven: "Nothing was seen that breaks a policy, but not everything needed for a proof was seen."
            case .proven: "Everything that was looked at is where the policies promise."
            }
        out.paragraph(sentence, indent: 2)
        out.paragraph(
            "looked at \(count(counts.resources, "resource")) and \(count(counts.events, "event")) in "
                + "\(count(run.inputs.count, "input")), as of \(run.now)", indent: 2, tone: .quiet)
        if let scope = options.scope {
            let parts = [scope.tenant.map { "tenant \($0)" }, scope.from.map { "from \($0)" }, scope.to.map { "to \($0)" }]
            out.paragraph("only: " + parts.compactMap(\.self).joined(separator: ", "), indent: 2)
        }
    }

    private static func violations(
        of policy: PolicyOverview, run: Run, options: ReportOptions, limit: Int, to out: inout TerminalText
    ) {
        let violated = policy.worstFirst(.violated)
        guard !violated.isEmpty else { return }
        out.heading("✗ \(SafeText.visible(policy.id)): \(plain(violated.count)) violated")
        out.paragraph(policy.title, indent: 2, tone: .quiet)
        for index in violated.prefix(limit) {
            let finding = run.findings[index]
            let mark = options.comparison?.state(of: finding) == .new ? " (new)" : ""
            let severity = finding.severity.rawValue
            let pad = String(repeating: " ", count: max(0, 8 - severity.count))
            let lead = "  " + out.paint(severity, finding.severity >= .high ? .bad : .unsure) + pad + "  "
            out.paragraph(finding.message + mark, indent: 12, lead: lead)
            if let observation = finding.observations.first {
                var where_ = shortened(run.location(of: observation.record), to: options.width - 12)
                if finding.occurrences > 1 { where_ += " and \(plain(finding.occurrences - 1)) more" }
                if let last = finding.last { where_ += ", last \(last)" }
                out.paragraph(where_, indent: 12, tone: .quiet)
            }
            if !finding.remedy.isEmpty { out.paragraph("→ " + finding.remedy, indent: 12) }
        }
        if violated.count > limit {
            let rest = violated.dropFirst(limit)
            let bySeverity = Severity.allCases.reversed().compactMap { severity in
                let number = rest.count { run.findings[$0].severity == severity }
                return number > 0 ? "\(plain(number)) \(severity.rawValue)" : nil
            }
            out.paragraph("… and \(plain(rest.count)) more (\(bySeverity.joined(separator: ", ")))", indent: 2)
        }
    }

    private static func unresolved(_ overview: Overview, run: Run, limit: Int, to out: inout TerminalText) {
        guard !overview.unresolved.isEmpty else { return }
        out.heading("? Not proven: \(plain(overview.unresolved.reduce(0) { $0 + $1.findings.count })) unresolved")
        for group in overview.unresolved.prefix(limit) {
            let number = plain(group.findings.count) + " ×"
            let lead = "  " + out.paint(number, .unsure) + String(repeating: " ", count: max(1, 10 - number.count))
            out.paragraph(group.reason, indent: 12, lead: lead)
            // One subject may be unresolved under several policies.
            let names = Set(group.findings.map { run.findings[$0].subject.id }).sorted()
            out.paragraph(names.prefix(3).joined(separator: ", ") + (names.count > 3 ? ", …" : ""), indent: 12, tone: .quiet)
            if !group.remedy.isEmpty { out.paragraph("→ " + group.remedy, indent: 12) }
        }
        if overview.unresolved.count > limit {
            let rest = overview.unresolved.dropFirst(limit)
            out.paragraph(
                "… and \(plain(rest.reduce(0) { $0 + $1.findings.count })) more for \(plain(rest.count)) other reasons", indent: 2)
        }
    }

    private static func exceptions(_ run: Run, overview: Overview, limit: Int, to out: inout TerminalText) {
        guard !run.exceptions.isEmpty else { return }
        out.heading("Lawful transfers and waivers")
        for exception in run.exceptions.sorted(by: Exceptions.mostUrgentFirst).prefix(limit * 2) {
            let tone: TerminalText.Tone =
                switch exception.state {
                case .expired: .bad
                case .expiring: .unsure
                case .used: .good
                case .unused: .quiet
                }
            let word = exception.state.rawValue
            let lead = "  " + out.paint(word, tone) + String(repeating: " ", count: max(1, 10 - word.count))
            var line = "\(exception.kind.rawValue) for \(exception.covers) (\(exception.policy)): \(exception.reason)"
            if !exception.owner.isEmpty { line += "; owner \(exception.owner)" }
            if let until = exception.until { line += "; until \(until)" }
            line += "; \(count(exception.findings, "finding"))"
            out.paragraph(line, indent: 12, lead: lead)
        }
        let more = run.exceptions.count - limit * 2
        if more > 0 { out.paragraph("… and \(plain(more)) more", indent: 2) }
    }

    private static func comparison(_ options: ReportOptions, to out: inout TerminalText) {
        guard let comparison = options.comparison else { return }
        out.heading("Since run \(SafeText.visible(comparison.baseline))")
        out.paragraph(
            "\(plain(comparison.new.count)) new, \(plain(comparison.persisting.count)) persisting, \(plain(comparison.fixed.count)) fixed",
            indent: 2)
    }

    private static func ending(_ run: Run, options: ReportOptions, to out: inout TerminalText) {
        out.blank()
        switch options.evidence {
        case .some(let evidence) where evidence.signed:
            out.paragraph("signed with key \(evidence.keyID ?? "unknown")", indent: 0)
        case .some, .none:
            out.paragraph("UNSIGNED: this run proves nothing to a third party; give --key FILE to sign it", indent: 0, tone: .unsure)
        }
        for file in options.files {
            let pad = String(repeating: " ", count: max(1, 10 - file.title.count))
            out.raw("\(SafeText.visible(file.title))\(pad)\(SafeText.visible(file.path))")
        }
    }

    /// A long path without its folders: `…/trail.json.gz /Records/17`.
    private static func shortened(_ location: String, to width: Int) -> String {
        let path = location.prefix { $0 != " " }
        guard location.count > width, let slash = path.lastIndex(of: "/") else { return location }
        return "…" + location[slash...]
    }

    static func plain(_ number: Int) -> String { Numerals.grouped(number, separator: ",") }

    static func count(_ number: Int, _ noun: String) -> String { "\(plain(number)) \(noun)\(number == 1 ? "" : "s")" }
}
