public import Residency

/// What an engineer needs beside a run to act on it.
public struct CheckAdvice: Sendable, Hashable {
    /// What the records are called in the text that is edited: `module.a.aws_s3_bucket.b`.
    public var addresses: [RecordReference: String]
    public var positions: [RecordReference: TextPosition]
    /// By the ids of findings; what no single edit settles is not there.
    public var changes: [String: [ProposedChange]]

    public init(
        addresses: [RecordReference: String] = [:], positions: [RecordReference: TextPosition] = [:], changes: [String: [ProposedChange]] = [:]
    ) {
        self.addresses = addresses
        self.positions = positions
        self.changes = changes
    }
}

/// The answer for the one who wrote the plan: a block for each resource, the worst first, and what to change in it.
///
///     ✗ aws_dynamodb_table.orders  plan.json:38:5
///       critical  eu-hosting, copied: is copied to aws:us-east-1 (US), outside `eu`
///       change    replica[0].region_name: "us-east-1" → "eu-west-1"
public enum CheckText {
    public static func render(_ run: Run, advice: CheckAdvice, options: ReportOptions) -> [UInt8] {
        var out = TerminalText(color: options.color, width: options.width)
        let blocks = Block.all(of: run, advice: advice)
        headline(run, to: &out)
        for block in blocks.prefix(maxBlocks) { write(block, run: run, advice: advice, options: options, to: &out) }
        if blocks.count > maxBlocks {
            out.blank()
            out.paragraph("… and \(TextReport.plain(blocks.count - maxBlocks)) more resources (`--format csv` lists all)", indent: 0)
        }
        coverage(run, to: &out)
        return Array(out.text.utf8)
    }

    private static let maxBlocks = 60
    private static let margin = 12

    private static func headline(_ run: Run, to out: inout TerminalText) {
        let word =
            switch run.outcome {
            case .violated: out.paint("✗ NOT KEPT", .badHeadline)
            case .notProven: out.paint("? NOT PROVEN", .unsureHeadline)
            case .proven: out.paint("✓ KEPT", .goodHeadline)
            }
        let counts = run.summary
        var text = "\(counts.violated) violated, \(counts.unresolved) unresolved"
        if counts.waived > 0 { text += ", \(counts.waived) waived" }
        text += ", \(counts.satisfied) satisfied, in \(TextReport.count(counts.resources, "resource"))"
        if counts.events > 0 { text += " and \(TextReport.count(counts.events, "event"))" }
        out.raw("\(word)  \(text)")
    }

    private static func write(_ block: Block, run: Run, advice: CheckAdvice, options: ReportOptions, to out: inout TerminalText) {
        out.blank()
        let sign = block.isViolated ? out.paint("✗", .bad) : out.paint("?", .unsure)
        var place = run.inputs.indices.contains(block.record?.input ?? -1) ? run.inputs[block.record?.input ?? 0].path : ""
        if let record = block.record, let position = advice.positions[record] {
            place += ":\(position.line):\(position.column)"
        } else if let line = block.record?.line {
            place += ":\(line)"
        } else if let record = block.record, !record.pointer.isEmpty {
            place += " \(record.pointer)"
        }
        out.raw("\(sign) \(out.paint(SafeText.visible(block.name), .strong))")
        out.paragraph(place, indent: 2, tone: .quiet)
        for index in block.findings { finding(run.findings[index], block: block, to: &out) }
        if block.changes.isEmpty {
            let remedies = block.findings.map { run.findings[$0].remedy }.filter { !$0.isEmpty }
            var seen: Set<String> = []
            for remedy in remedies where seen.insert(remedy).inserted { lead("to do", .good, remedy, to: &out) }
        }
        for (number, change) in block.changes.enumerated() { lead(number == 0 ? "change" : "    or", .good, sentence(change), to: &out) }
        let unsettled = block.findings.filter { run.findings[$0].verdict == .violated && advice.changes[run.findings[$0].id] == nil }
        if !block.changes.isEmpty, !unsettled.isEmpty {
            var seen: Set<String> = []
            for index in unsettled where seen.insert(run.findings[index].remedy).inserted { lead("and", .good, run.findings[index].remedy, to: &out) }
        }
    }

    private static func finding(_ finding: Finding, block: Block, to out: inout TerminalText) {
        let word = finding.verdict == .violated ? finding.severity.rawValue : "unknown"
        let tone: TerminalText.Tone = finding.verdict == .violated && finding.severity >= .high ? .bad : .unsure
        // The block's title has said the name.
        var message = Substring(finding.message)
        for name in [block.name, finding.subject.id] {
            let start = "`\(name)` "
            if message.hasPrefix(start) { message = message.dropFirst(start.count) }
        }
        lead(word, tone, "\(finding.policy), \(finding.requirement): \(message)", to: &out)
    }

    private static func lead(_ word: String, _ tone: TerminalText.Tone, _ text: String, to out: inout TerminalText) {
        let pad = String(repeating: " ", count: max(1, margin - 2 - word.count))
        out.paragraph(text, indent: margin, lead: "  " + out.paint(word, tone) + pad)
    }

    /// `replica[0].region_name: "us-east-1" → "eu-west-1"`
    private static func sentence(_ change: ProposedChange) -> String {
        let before = change.before.map { " \($0) →" } ?? ""
        return switch change.action {
        case .set(let value): change.before == nil ? "add \(change.attribute): \(value)" : "\(change.attribute):\(before) \(value)"
        case .name(let value): "\(change.attribute):\(before) one that stands where it may, such as \(value)"
        case .remove: "remove \(change.attribute)"
        }
    }

    /// One line: the audit tells the rest, and a plan is never all there is.
    private static func coverage(_ run: Run, to out: inout TerminalText) {
        var parts: [String] = []
        let coverage = run.coverage
        if coverage.malformed > 0 { parts.append("\(TextReport.count(coverage.malformed, "record")) could not be read") }
        if !coverage.unknownTypes.isEmpty { parts.append("\(TextReport.count(coverage.unknownTypes.count, "type")) that no vector knows") }
        if !coverage.shortfalls.isEmpty { parts.append("\(TextReport.count(coverage.shortfalls.count, "demand")) of the policies for accounts, regions or logs") }
        parts += coverage.blindSpots
        guard !parts.isEmpty else { return }
        out.blank()
        out.paragraph("not looked at: " + parts.joined(separator: "; "), indent: 0, tone: .quiet)
    }
}

/// One resource, and what is said of it.
private struct Block {
    var name: String
    var record: RecordReference?
    /// Into the run's findings, the worst first.
    var findings: [Int]
    /// Each edit once, however many findings it settles; those that settle most first.
    var changes: [ProposedChange]
    var isViolated: Bool
    var severity: Severity

    static func all(of run: Run, advice: CheckAdvice) -> [Block] {
        var groups: [String: [Int]] = [:]
        var records: [String: RecordReference] = [:]
        for (index, finding) in run.findings.enumerated() where finding.verdict == .violated || finding.verdict == .unresolved {
            let record = finding.observations.first?.record
            let name = record.flatMap { advice.addresses[$0] } ?? finding.subject.id
            groups[name, default: []].append(index)
            if let record { records[name] = records[name] ?? record }
        }
        return groups.map { name, findings in
            let sorted = findings.sorted { left, right in
                let (a, b) = (run.findings[left], run.findings[right])
                if a.verdict != b.verdict { return a.verdict == .violated }
                return a.severity == b.severity ? left < right : a.severity > b.severity
            }
            let violated = sorted.filter { run.findings[$0].verdict == .violated }
            return Block(
                name: name, record: records[name], findings: sorted, changes: changes(violated.map { run.findings[$0].id }, advice), isViolated: !violated.isEmpty,
                severity: violated.map { run.findings[$0].severity }.max() ?? .info)
        }.sorted { left, right in
            if left.isViolated != right.isViolated { return left.isViolated }
            return left.severity == right.severity ? left.name < right.name : left.severity > right.severity
        }
    }

    private struct Edit: Hashable {
        var record: RecordReference
        var attribute: String
        var action: ProposedChange.Action
    }

    private static func changes(_ findings: [String], _ advice: CheckAdvice) -> [ProposedChange] {
        var counts: [Edit: Int] = [:]
        var order: [(edit: Edit, change: ProposedChange)] = []
        for change in findings.flatMap({ advice.changes[$0] ?? [] }) {
            let edit = Edit(record: change.record, attribute: change.attribute, action: change.action)
            if counts[edit, default: 0] == 0 { order.append((edit, change)) }
            counts[edit, default: 0] += 1
        }
        return order.enumerated().sorted { left, right in
            let (a, b) = (counts[left.element.edit] ?? 0, counts[right.element.edit] ?? 0)
            return a == b ? left.offset < right.offset : a > b
        }.map(\.element.change)
    }
}
