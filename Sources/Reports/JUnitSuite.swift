import Residency

/// A suite of the JUnit report, counted before it is written.
struct JUnitSuite {
    struct Case {
        enum Result: Equatable { case passed, failure(String), error(String), skipped(String) }
        var className: String
        var name: String
        var result: Result
        var message = ""
        var text = ""
        var milliseconds = 0
    }

    var name: String
    var properties: [(String, String)]
    var cases: [Case] = []

    var milliseconds: Int { cases.reduce(0) { $0 + $1.milliseconds } }

    /// How many elements, attributes and texts it is written with.
    var nodes: Int { 9 + properties.count * 3 + cases.reduce(0) { $0 + 4 + ($1.result == .passed ? $1.text.isEmpty ? 0 : 2 : 4) } }

    var failures: Int { cases.count { if case .failure = $0.result { true } else { false } } }
    var errors: Int { cases.count { if case .error = $0.result { true } else { false } } }
    var skipped: Int { cases.count { if case .skipped = $0.result { true } else { false } } }

    /// The suite of one policy; `room` is how many findings of each verdict become cases of their own.
    init(_ policy: PolicyOverview, run: Run, room: Int) {
        name = policy.id
        properties = [
            ("policy.title", policy.title), ("policy.sha256", policy.sha256), ("run.id", run.id),
            ("satisfied", String(policy.count(.satisfied))), ("violated", String(policy.count(.violated))),
            ("unresolved", String(policy.count(.unresolved))), ("waived", String(policy.count(.waived))),
        ]
        var listed: Set<Int> = []
        for verdict in Verdict.allCases { listed.formUnion(policy.worstFirst(verdict).prefix(room)) }
        var leftOut: [Group: Int] = [:]
        for index in policy.findings {
            let finding = run.findings[index]
            if listed.contains(index) {
                cases.append(Self.single(finding, run: run))
            } else {
                leftOut[Group(requirement: finding.requirement, verdict: finding.verdict), default: 0] += 1
            }
        }
        for (group, count) in leftOut.sorted(by: { $0.key < $1.key }) { cases.append(Self.many(group, count: count, policy: policy.id)) }
        let hidden = leftOut.values.reduce(0, +)
        if hidden > 0 { properties.append(("left out", "\(hidden) findings have no case of their own; findings.json has all")) }
        Self.makeNamesUnique(&cases, ids: policy.findings.filter(listed.contains).map { run.findings[$0].id })
    }

    /// What the inputs themselves have to answer for; without it a run with unreadable records would look green.
    init(inputsOf run: Run) {
        name = "inputs"
        properties = [("run.id", run.id), ("resources", String(run.summary.resources)), ("events", String(run.summary.events))]
        let malformed = run.coverage.malformed
        cases.append(
            Case(
                className: "inputs.records", name: "every record could be read", result: malformed > 0 ? .error("malformed") : .passed,
                message: malformed > 0 ? "\(TextReport.count(malformed, "record")) could not be read" : "",
                text: malformed > 0 ? run.diagnostics.prefix(20).map(\.headline).joined(separator: "\n") + "\n" : ""))
        let shortfalls = run.coverage.shortfalls
        cases.append(
            Case(
                className: "inputs.coverage", name: "everything was looked at that the policies ask for",
                result: shortfalls.isEmpty ? .passed : .error("coverage"),
                message: shortfalls.first.map { $0 + (shortfalls.count > 1 ? " (and \(shortfalls.count - 1) more)" : "") } ?? "",
                text: shortfalls.prefix(50).joined(separator: "\n")))
    }

    private struct Group: Hashable, Comparable {
        var requirement: String
        var verdict: Verdict
        static func < (left: Self, right: Self) -> Bool {
            (left.requirement, left.verdict.rawValue) < (right.requirement, right.verdict.rawValue)
        }
    }

    private static func single(_ finding: Finding, run: Run) -> Case {
        Case(
            className: "\(finding.policy).\(finding.requirement)", name: SafeText.cut(finding.subject.id.isEmpty ? "(no name)" : finding.subject.id, to: maxName),
            result: result(finding.verdict, type: finding.verdict == .violated ? finding.severity.rawValue : finding.verdict.rawValue),
            message: SafeText.cut(message(finding), to: maxMessage), text: finding.verdict == .satisfied ? "" : text(finding, run: run))
    }

    private static func many(_ group: Group, count: Int, policy: String) -> Case {
        let what = "\(count) further subjects are \(group.verdict.rawValue); they are not listed one by one, findings.json has all"
        return Case(
            className: "\(policy).\(group.requirement)", name: "(all others: \(group.verdict.rawValue))",
            result: result(group.verdict, type: group.verdict.rawValue), message: what, text: what)
    }

    private static func result(_ verdict: Verdict, type: String) -> Case.Result {
        switch verdict {
        case .satisfied: .passed
        case .violated: .failure(type)
        case .unresolved: .error(type)
        case .waived: .skipped(type)
        }
    }

    private static func message(_ finding: Finding) -> String {
        guard let waiver = finding.waiver, finding.verdict == .waived else {
            // Servers show nothing, or an error, for an outcome without a message.
            return finding.message.isEmpty ? "\(finding.requirement): \(finding.verdict.rawValue)" : finding.message
        }
        return "\(waiver.category.rawValue) until \(waiver.expires) by \(waiver.owner): \(waiver.reason)"
    }

    /// GitLab shows only this text, so that it repeats the message.
    private static func text(_ finding: Finding, run: Run) -> String {
        var lines = [finding.message]
        if let waiver = finding.waiver {
            lines.append("waiver: \(waiver.reason) (owner \(waiver.owner), expires \(waiver.expires))")
        }
        lines.append("subject: \(finding.subject.id)" + (finding.subject.type.isEmpty ? "" : " (\(finding.subject.type))"))
        if let tenant = finding.subject.tenant { lines.append("tenant: \(tenant)") }
        lines.append("severity: \(finding.severity.rawValue)")
        if !finding.basis.isEmpty { lines.append("basis: \(finding.basis.joined(separator: "; "))") }
        for observation in finding.observations.prefix(5) {
            lines.append("seen: \(observation.says) [\(run.location(of: observation.record))]")
        }
        if finding.occurrences > min(5, finding.observations.count) { lines.append("occurrences: \(finding.occurrences)") }
        if !finding.remedy.isEmpty { lines.append("what to do: \(finding.remedy)") }
        lines.append("finding: \(finding.id)")
        return SafeText.cut(lines.joined(separator: "\n"), to: maxText)
    }

    /// GitLab keeps only the first of equal names. Only the equal ones get a part of their id, which is stable too.
    private static func makeNamesUnique(_ cases: inout [Case], ids: [String]) {
        var seen: [String: Int] = [:]
        for item in cases { seen["\(item.className)\u{0}\(item.name)", default: 0] += 1 }
        for (index, id) in ids.enumerated() where seen["\(cases[index].className)\u{0}\(cases[index].name)", default: 0] > 1 {
            cases[index].name += " #\(id.prefix(12))"
        }
    }

    private static let maxName = 300
    private static let maxMessage = 500
    private static let maxText = 4000
}
