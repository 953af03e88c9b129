import Residency

/// Workflow commands for a GitHub job's log, which the server turns into annotations:
///
///     ::error file=main.tf.json,line=18,title=eu-hosting.stored::`orders` is stored at aws:us-east-1 (US), outside `eu`
///
/// The server shows ten errors and ten warnings a step; the worst come first, and the last line says how many there are.
enum GitHubAnnotations {
    static func render(_ run: Run, options: ReportOptions) -> [UInt8] {
        var out = ""
        let overview = Overview(run)
        let violated = overview.policies.flatMap { $0.worstFirst(.violated) }
            .sorted { (run.findings[$1].severity, $0) < (run.findings[$0].severity, $1) }
        for index in violated.prefix(limit) { out += line("error", run.findings[index], run: run, options: options) }
        let unresolved = overview.unresolved
        for group in unresolved.prefix(limit) {
            guard let first = group.findings.first else { continue }
            var finding = run.findings[first]
            if group.findings.count > 1 { finding.message += " (and \(group.findings.count - 1) more alike)" }
            out += line("warning", finding, run: run, options: options)
        }
        for sentence in run.coverage.shortfalls.prefix(limit) { out += "::warning title=coverage::\(escape(sentence))\n" }
        let counts = run.summary
        out += "::notice title=\(escape(property: run.toolName))::\(counts.violated) violated, \(counts.unresolved) unresolved, "
        out += "\(counts.waived) waived, \(counts.satisfied) satisfied"
        let left = max(0, violated.count - limit) + unresolved.dropFirst(limit).reduce(0) { $0 + $1.findings.count }
        if left > 0 { out += "; \(left) of them have no annotation: findings.json has all" }
        out += "\n"
        return Array(out.utf8)
    }

    private static func line(_ level: String, _ finding: Finding, run: Run, options: ReportOptions) -> String {
        var properties: [String] = []
        if let record = finding.observations.first?.record, run.inputs.indices.contains(record.input) {
            properties.append("file=\(escape(property: run.inputs[record.input].path))")
            if let position = options.positions[record] {
                properties += ["line=\(position.line)", "col=\(position.column)"]
            } else if let line = record.line {
                properties.append("line=\(line)")
            }
        }
        properties.append("title=\(escape(property: "\(finding.policy).\(finding.requirement)"))")
        return "::\(level) \(properties.joined(separator: ","))::\(escape(SafeText.cut(finding.message, to: 1000)))\n"
    }

    /// What the command's grammar needs; line breaks would begin a new command.
    private static func escape(_ text: String) -> String { SafeText.visible(text).replacing("%", with: "%25") }

    private static func escape(property text: String) -> String {
        escape(text).replacing(":", with: "%3A").replacing(",", with: "%2C")
    }

    private static let limit = 10
}

extension RecordReference {
    /// The line in a text, if that is how the record is found: `line:18`.
    var line: Int? {
        guard pointer.hasPrefix("line:"), let number = Int(pointer.dropFirst(5)), number > 0 else { return nil }
        return number
    }
}
