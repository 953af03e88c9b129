import Residency

/// What changed since an earlier run, and from run to run of a period.
enum HTMLChange {
    static func write(_ context: HTMLContext, to writer: inout HTMLWriter) {
        if context.options.history.count > 1 { history(context, to: &writer) }
        comparison(context, to: &writer)
    }

    private static func history(_ context: HTMLContext, to writer: inout HTMLWriter) {
        let say = context.say
        let moments = context.options.history
        writer.element("p", [("class", "soft")], say(.historyLead))
        let columns = [(say(.time), isCount: false), (say(.outcome), isCount: false)]
            + [Message.violated, .newSince, .fixedSince, .unresolved, .waived, .satisfied].map { (say($0), isCount: true) }
        // Of a long period the nights on which something changed; the first and the last in any case.
        let shown = moments.indices.filter { index in
            moments.count <= mostMoments || index == 0 || index == moments.count - 1 || moments[index].new + moments[index].settled > 0
                || moments[index].outcome != moments[index - 1].outcome
        }
        writer.table(say(.historyTitle, say.number(moments.count)), columns: columns) { writer in
            for moment in shown.prefix(mostRows).map({ moments[$0] }) {
                writer.element("tr") { writer in
                    writer.element("th", [("scope", "row")]) { writer in
                        writer.text(moment.now)
                        writer.element("div", [("class", "id soft")], moment.run)
                    }
                    writer.element("td") { HTMLTag(moment.outcome, say).write(to: &$0) }
                    let summary = moment.summary
                    for number in [summary.violated, moment.new, moment.settled, summary.unresolved, summary.waived, summary.satisfied] {
                        writer.element("td", [("class", "count")], say.number(number))
                    }
                }
            }
        }
        let left = moments.count - min(shown.count, mostRows)
        if left > 0 { writer.element("p", say(.unchangedRuns, say.number(left))) }
    }

    private static let mostMoments = 40
    private static let mostRows = 400

    private static func comparison(_ context: HTMLContext, to writer: inout HTMLWriter) {
        guard let comparison = context.options.comparison else { return }
        let say = context.say
        writer.element(
            "p",
            say(
                .changeLead, comparison.baseline, say.number(comparison.new.count), say.number(comparison.persisting.count),
                say.number(comparison.fixed.count)))
        let new = context.run.findings.filter { comparison.state(of: $0) == .new }
        list(say(.newSince), new, context, to: &writer)
        list(say(.fixedSince), comparison.fixed, context, to: &writer)
    }

    private static func list(_ title: String, _ findings: [Finding], _ context: HTMLContext, to writer: inout HTMLWriter) {
        guard !findings.isEmpty else { return }
        writer.element("h3", "\(title): \(context.say.number(findings.count))")
        writer.element("ul", [("class", "plain")]) { writer in
            for finding in findings.prefix(min(100, context.room)) {
                writer.element("li") { writer in
                    HTMLTag(Placements.kind(finding), context.say).write(to: &writer)
                    writer.sentence(" " + (context.retelling?.sentence(finding) ?? finding.message))
                }
            }
            if findings.count > min(100, context.room) {
                writer.element("li", context.say(.andMore, context.say.number(findings.count - min(100, context.room))))
            }
        }
    }
}
