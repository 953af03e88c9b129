import Residency

/// Lawful transfers and waivers: what the policies and their owners excuse, with dates, used or not.
enum HTMLExceptions {
    static func write(_ context: HTMLContext, to writer: inout HTMLWriter) {
        let (run, say) = (context.run, context.say)
        writer.element("p", [("class", "soft")], say(.exceptionsLead))
        if run.exceptions.isEmpty { writer.element("p", say(.noExceptions)) } else { table(context, to: &writer) }
        let excused = context.overview.waived + context.overview.allowed
        guard !excused.isEmpty else { return }
        let columns = [Message.state, .subject, .whatIsWhere, .reason].map { (say($0), isCount: false) }
        let shown = excused.prefix(context.room)
        if shown.count < excused.count { writer.element("p", say(.listedOf, say.number(shown.count), say.number(excused.count))) }
        writer.table(say(.excuses), columns: columns, attributes: [("class", "list")]) { writer in
            for index in shown { row(run.findings[index], context, to: &writer) }
        }
    }

    private static func table(_ context: HTMLContext, to writer: inout HTMLWriter) {
        let say = context.say
        let labels: [Message] = [.state, .kind, .covers, .policy, .reason, .owner, .until]
        let columns = labels.map { (say($0), isCount: false) } + [(say(.excuses), isCount: true)]
        let sorted = context.run.exceptions.sorted(by: Exceptions.mostUrgentFirst)
        writer.table(say(.exceptions), columns: columns) { writer in
            for exception in sorted.prefix(mostRows) {
                writer.element("tr") { writer in
                    writer.element("td") { writer in
                        writer.element("span", [("class", "tag \(exception.state.rawValue)")], say(.of(exception.state)))
                    }
                    writer.element("td", say(exception.kind == .waiver ? .waiver : .allowance))
                    writer.element("th", [("scope", "row")]) { $0.element("code", exception.covers) }
                    writer.element("td") { $0.element("code", exception.policy) }
                    writer.element("td", exception.reason)
                    writer.element("td", exception.owner)
                    writer.element("td", exception.until ?? "–")
                    writer.element("td", [("class", "count")], say.number(exception.findings))
                }
            }
        }
        if sorted.count > mostRows { writer.element("p", say(.andMore, say.number(sorted.count - mostRows))) }
    }

    private static func row(_ finding: Finding, _ context: HTMLContext, to writer: inout HTMLWriter) {
        let say = context.say
        writer.element("tr") { writer in
            writer.element("td") { HTMLTag(Placements.kind(finding), say).write(to: &$0) }
            writer.element("th", [("scope", "row")]) { HTMLFindings.subject(finding.subject, say, to: &$0) }
            writer.element("td") { $0.message(of: finding, context.retelling) }
            writer.element("td") { writer in
                if let waiver = finding.waiver {
                    writer.text(waiver.reason)
                    let who = [waiver.owner, waiver.approver ?? "", waiver.ticket ?? "", "\(say(.until)) \(waiver.expires)"]
                    writer.element("div", [("class", "soft")], who.filter { !$0.isEmpty }.joined(separator: " · "))
                }
                if let allowance = finding.allowance {
                    writer.text("\(allowance.grantee) → \(allowance.to): \(allowance.basis)")
                    if let until = allowance.until { writer.element("div", [("class", "soft")], "\(say(.until)) \(until)") }
                }
            }
        }
    }

    private static let mostRows = 1000
}
