public import Residency

/// What changed between two runs, for a terminal or for scripts.
public struct ChangeReport: Sendable {
    public var comparison: BaselineComparison
    /// The later run's name and findings.
    public var now: String
    public var findings: [Finding]

    public init(before: String, earlier: [Finding], now: String, later: [Finding]) {
        comparison = BaselineComparison(baseline: before, before: earlier, now: later)
        self.now = now
        findings = later
    }

    /// New and open: what `diff` fails for.
    public var newlyOpen: [Finding] { comparison.newlyOpen(in: findings) }

    private func now(_ state: BaselineComparison.State) -> [Finding] { findings.filter { comparison.state(of: $0) == state } }

    /// New, then fixed, one by one; what persists is counted, or listed too.
    public func text(options: ReportOptions, listPersisting: Bool) -> [UInt8] {
        var out = TerminalText(color: options.color, width: options.width)
        let (new, persisting) = (now(.new), now(.persisting))
        out.paragraph("\(comparison.baseline) → \(now)", indent: 0, tone: .quiet)
        out.raw(
            "\(out.paint("\(new.count) new", new.contains(where: \.verdict.isOpen) ? .badHeadline : .strong)), \(persisting.count) persisting, "
                + "\(out.paint("\(comparison.fixed.count) fixed", comparison.fixed.isEmpty ? .strong : .goodHeadline))")
        list("+ new", new, options: options, to: &out)
        list("- fixed", comparison.fixed, options: options, to: &out)
        if listPersisting { list("= persisting", persisting, options: options, to: &out) }
        return Array(out.text.utf8)
    }

    private func list(_ title: String, _ findings: [Finding], options: ReportOptions, to out: inout TerminalText) {
        guard !findings.isEmpty else { return }
        out.heading(title)
        let sorted = findings.enumerated().sorted { left, right in
            let (a, b) = (left.element, right.element)
            return a.severity == b.severity ? left.offset < right.offset : a.severity > b.severity
        }.map(\.element)
        for finding in sorted.prefix(options.maxListed) {
            let word = finding.verdict == .violated ? finding.severity.rawValue : finding.verdict.rawValue
            let tone: TerminalText.Tone = finding.verdict == .violated && finding.severity >= .high ? .bad : .unsure
            let lead = "  " + out.paint(word, tone) + String(repeating: " ", count: max(1, 12 - word.count))
            out.paragraph("\(finding.policy), \(finding.requirement): \(finding.message)", indent: 14, lead: lead)
            out.paragraph(finding.id, indent: 14, tone: .quiet)
        }
        if findings.count > options.maxListed { out.paragraph("… and \(TextReport.plain(findings.count - options.maxListed)) more", indent: 2) }
    }

    /// `{"before", "now", "new": [finding], "persisting": [finding], "fixed": [finding]}`, canonical; findings as in findings.json.
    public func json() -> [UInt8] {
        var writer = CanonicalWriter(capacity: 4096)
        writer.beginObject()
        writer.key("before")
        writer.write(.string(comparison.baseline))
        for (key, findings) in [("fixed", comparison.fixed), ("new", now(.new))] {
            writer.key(key)
            writer.beginArray()
            for finding in findings { writer.write(finding) }
            writer.endArray()
        }
        writer.key("now")
        writer.write(.string(now))
        writer.key("persisting")
        writer.beginArray()
        for finding in now(.persisting) { writer.write(finding) }
        writer.endArray()
        writer.endObject()
        return writer.bytes + [10]
    }
}
