import Residency

/// One line for each finding, for spreadsheets (RFC 4180, UTF-8 with a byte order mark, as Excel wants it).
///
/// A cell that a spreadsheet would run as a formula begins with an apostrophe, which spreadsheets take as "this is text".
enum CSVReport {
    static func render(_ run: Run, options: ReportOptions) -> [UInt8] {
        var text = "\u{FEFF}"
        line(header, to: &text)
        for finding in run.findings { line(cells(finding, run: run, options: options), to: &text) }
        return Array(text.utf8)
    }

    private static let header = [
        "id", "policy", "requirement", "verdict", "severity", "message", "remedy", "basis", "subject", "type", "provider", "account",
        "data",
        "tenant", "system", "places", "countries", "occurrences", "first", "last", "record", "waiver_reason", "waiver_owner",
        "waiver_expires", "allowance_basis", "allowance_until", "change",
    ]

    private static func cells(_ finding: Finding, run: Run, options: ReportOptions) -> [String] {
        let subject = finding.subject
        let places = Set(finding.observations.map(\.place.name)).sorted()
        let countries = Set(finding.observations.flatMap(\.place.location.codes)).sorted()
        return [
            finding.id, finding.policy, finding.requirement, finding.verdict.rawValue, finding.severity.rawValue, finding.message,
            finding.remedy, finding.basis.joined(separator: "; "), subject.id, subject.type, subject.provider, subject.account,
            subject.data ?? "", subject.tenant ?? "", subject.system ?? "", places.joined(separator: " "),
            countries.joined(separator: " "), String(finding.occurrences), finding.first ?? "", finding.last ?? "",
            finding.observations.first.map { run.location(of: $0.record) } ?? "", finding.waiver?.reason ?? "",
            finding.waiver?.owner ?? "", finding.waiver?.expires ?? "", finding.allowance?.basis ?? "", finding.allowance?.until ?? "",
            options.comparison?.state(of: finding)?.rawValue ?? "",
        ]
    }

    private static func line(_ cells: [String], to text: inout String) {
        for (index, cell) in cells.enumerated() {
            if index > 0 { text += "," }
            text += quoted(cell)
        }
        text += "\r\n"
    }

    static func quoted(_ cell: String) -> String {
        let safe = startsFormula(cell) ? "'" + cell : cell
        guard safe.utf8.contains(where: { needsQuotes.contains($0) }) else { return safe }
        return "\"" + safe.replacing("\"", with: "\"\"") + "\""
    }

    /// Spreadsheets look past white space, and take full-width signs for ASCII ones.
    private static func startsFormula(_ cell: String) -> Bool {
        guard let first = cell.unicodeScalars.first else { return false }
        if first == "\t" || first == "\r" || first == "\n" { return true }
        guard let start = cell.unicodeScalars.first(where: { !$0.properties.isWhitespace }) else { return false }
        return "=+-@＝＋－＠".unicodeScalars.contains(start)
    }

    private static let needsQuotes: Set<UInt8> = Set("\",\r\n;\t'".utf8)
}
