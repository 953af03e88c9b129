import Residency

/// The findings: violated by policy, unresolved by what is not known, satisfied as numbers.
enum HTMLFindings {
    static func violated(_ context: HTMLContext, to writer: inout HTMLWriter) {
        let say = context.say
        writer.element("p", [("class", "soft")], say(.findingsLead))
        let guilty = context.overview.policies.filter { $0.count(.violated) > 0 }
        if guilty.isEmpty { writer.element("p", say(.noneViolated)) }
        for (index, policy) in guilty.enumerated() {
            let all = policy.worstFirst(.violated)
            let shown = all.prefix(context.room)
            writer.element("h3") { writer in
                HTMLTag(Placements.Kind.violated, say).write(to: &writer)
                writer.text(" \(say.number(all.count)) · \(policy.title)")
            }
            if shown.count < all.count { writer.element("p", say(.listedOf, say.number(shown.count), say.number(all.count))) }
            guard !shown.isEmpty else { continue }
            filter(for: "violated-\(index)", rows: shown.count, say, to: &writer)
            let columns = [Message.severity, .subject, .whatIsWhere, .seenIn].map { (say($0), isCount: false) }
            writer.table(policy.id, columns: columns, attributes: [("id", "violated-\(index)"), ("class", "list")]) { writer in
                for index in shown { row(context.run.findings[index], context, to: &writer) }
            }
        }
    }

    static func unresolved(_ context: HTMLContext, to writer: inout HTMLWriter) {
        let (run, say, groups) = (context.run, context.say, context.overview.unresolved)
        guard !groups.isEmpty else { return writer.element("p", say(.noneUnresolved)) }
        writer.element("p", [("class", "soft")], say(.unresolvedLead))
        let columns = [(say(.number), isCount: true), (say(.reason), isCount: false), (say(.toDo), isCount: false)]
        writer.table(say(.unresolved), columns: columns, attributes: [("class", "list")]) { writer in
            for group in groups.prefix(max(10, context.room)) {
                writer.element("tr") { writer in
                    writer.element("td", [("class", "count")], say.number(group.findings.count))
                    writer.element("td") { writer in
                        let first = group.findings.first.map { run.findings[$0] }
                        if let told = first.flatMap({ context.retelling?.reason(group.reason, $0) }) { writer.sentence(told) } else { writer.prose(group.reason) }
                        members(group.findings, of: run, context, to: &writer)
                    }
                    writer.element("td") { writer in
                        let told = group.findings.first.flatMap { context.retelling?.remedy(run.findings[$0]) }
                        if let told { writer.sentence(told) } else { writer.prose(group.remedy) }
                    }
                }
            }
        }
        if groups.count > max(10, context.room) { writer.element("p", say(.andMore, say.number(groups.count - max(10, context.room)))) }
    }

    static func satisfied(_ context: HTMLContext, to writer: inout HTMLWriter) {
        let say = context.say
        writer.element("p", [("class", "soft")], say(.satisfiedLead))
        let columns = [(say(.policy), isCount: false), (say(.requirement), isCount: false), (say(.satisfied), isCount: true)]
        writer.table(say(.satisfiedTitle), columns: columns) { writer in
            for policy in context.overview.policies {
                var counts: [String: Int] = [:]
                for index in policy.worstFirst(.satisfied) { counts[context.run.findings[index].requirement, default: 0] += 1 }
                for (requirement, number) in counts.sorted(by: { $0.key < $1.key }) {
                    writer.element("tr") { writer in
                        writer.element("th", [("scope", "row")], policy.title)
                        writer.element("td", say.requirement(requirement))
                        writer.element("td", [("class", "count")], say.number(number))
                    }
                }
            }
        }
    }

    private static func row(_ finding: Finding, _ context: HTMLContext, to writer: inout HTMLWriter) {
        let say = context.say
        writer.element("tr") { writer in
            // INVARIANT: sorts by gravity, not by the word of some language.
            let rank = Severity.allCases.firstIndex(of: finding.severity) ?? 0
            writer.element("td", [("data-sort", String(rank))]) { writer in
                writer.element("span", [("class", finding.severity >= .high ? "tag violated" : "tag")], say(.of(finding.severity)))
                if context.options.comparison?.state(of: finding) == .new { writer.element("div", [("class", "tag")], say(.newSince)) }
            }
            writer.element("th", [("scope", "row")]) { subject(finding.subject, say, to: &$0) }
            writer.element("td") { writer in
                writer.message(of: finding, context.retelling)
                if !finding.basis.isEmpty { writer.element("div", [("class", "soft")], finding.basis.joined(separator: "; ")) }
                if let remedy = context.retelling?.remedy(finding) {
                    writer.element("div") { $0.sentence("→ " + remedy) }
                } else if !finding.remedy.isEmpty {
                    writer.element("div") { $0.prose("→ " + finding.remedy) }
                }
            }
            writer.element("td") { records(finding, context, to: &$0) }
        }
    }

    static func subject(_ subject: Subject, _ say: Wording, to writer: inout HTMLWriter) {
        writer.element("code", subject.id)
        let about = [subject.type, subject.account, subject.tenant.map { "\(say(.tenant)): \($0)" } ?? "", subject.system ?? ""]
        let text = about.filter { !$0.isEmpty }.joined(separator: " · ")
        if !text.isEmpty { writer.element("div", [("class", "soft")], text) }
    }

    private static func records(_ finding: Finding, _ context: HTMLContext, to writer: inout HTMLWriter) {
        let (run, say) = (context.run, context.say)
        let first = finding.observations.first.map { run.location(of: $0.record) } ?? ""
        if !first.isEmpty { writer.element("code", first) }
        if finding.occurrences > 1 {
            let (from, to) = (finding.first ?? "", finding.last ?? "")
            let text = from.isEmpty ? "\(say.number(finding.occurrences)) × " : say(.seenTimes, say.number(finding.occurrences), from, to)
            writer.element("div", [("class", "soft")], text)
        }
        writer.element("details") { writer in
            writer.element("summary", say(.observed, say.number(finding.observations.count)))
            writer.element("ul") { writer in
                for observation in finding.observations.prefix(20) {
                    writer.element("li") { writer in
                        writer.prose(observation.says)
                        if observation.attempted { writer.text(" (\(say(.attempted)))") }
                        if observation.lowConfidence { writer.text(" (\(say(.lowConfidence)))") }
                        // The place that stands above is not said again: paths are long, and paper shows every list open.
                        let place = run.location(of: observation.record)
                        if place != first {
                            writer.text(" ")
                            writer.element("code", place)
                        }
                    }
                }
                writer.element("li") { $0.element("code", finding.id) }
            }
        }
    }

    private static func members(_ findings: [Int], of run: Run, _ context: HTMLContext, to writer: inout HTMLWriter) {
        writer.element("details") { writer in
            writer.element("summary", context.say(.subjectsCounted, context.say.number(findings.count)))
            writer.element("ul") { writer in
                for index in findings.prefix(min(200, context.room)) {
                    let finding = run.findings[index]
                    writer.element("li") { writer in
                        writer.element("code", finding.subject.id)
                        writer.text(" · \(finding.policy) · \(context.say.requirement(finding.requirement)) · ")
                        writer.sentence((context.retelling?.sentence(finding) ?? finding.message) + " ")
                        if let record = finding.observations.first?.record { writer.element("code", run.location(of: record)) }
                    }
                }
                if findings.count > min(200, context.room) {
                    writer.element("li", context.say(.andMore, context.say.number(findings.count - min(200, context.room))))
                }
            }
        }
    }

    /// Long lists get a field to filter by; it stays hidden where no script runs.
    private static func filter(for table: String, rows: Int, _ say: Wording, to writer: inout HTMLWriter) {
        guard rows > 10 else { return }
        writer.element("div", [("class", "filter"), ("data-for", table), ("hidden", "")]) { writer in
            writer.element("label") { writer in
                writer.text(say(.filterLabel) + " ")
                writer.void("input", [("type", "search")])
            }
            writer.text(" ")
            writer.element("output", "")
        }
    }
}
