import Residency

/// What changed since an earlier run.
enum HTMLChange {
    static func write(_ context: HTMLContext, to writer: inout HTMLWriter) {
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
                    writer.prose(" \(finding.message)")
                }
            }
            if findings.count > min(100, context.room) {
                writer.element("li", context.say(.andMore, context.say.number(findings.count - min(100, context.room))))
            }
        }
    }
}
