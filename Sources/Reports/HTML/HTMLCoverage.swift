import Residency

/// What was looked at and what was not, side by side and at the same size.
enum HTMLCoverage {
    static func write(_ context: HTMLContext, to writer: inout HTMLWriter) {
        let say = context.say
        writer.element("p", [("class", "soft")], say(.coverageLead))
        writer.element("div", [("class", "halves")]) { writer in
            // On paper the halves follow one another: what was not looked at comes first, lest it be lost behind the lists.
            writer.element("div") { writer in
                writer.element("h3", say(.notLookedAt))
                writer.element("dl") { unseen(context, to: &$0) }
            }
            writer.element("div") { writer in
                writer.element("h3", say(.lookedAt))
                writer.element("dl") { seen(context, to: &$0) }
            }
        }
    }

    private static func seen(_ context: HTMLContext, to writer: inout HTMLWriter) {
        let (run, coverage, say) = (context.run, context.run.coverage, context.say)
        row(say(.resources), [say.number(run.summary.resources)], say, to: &writer)
        if run.summary.events > 0 || coverage.logsFrom != nil {
            row(
                say(.events), [say.number(run.summary.events), say(.logPeriod, coverage.logsFrom ?? "?", coverage.logsTo ?? "?")], say,
                to: &writer)
        }
        row(say(.accounts), coverage.accounts.isEmpty ? [say(.none)] : coverage.accounts, say, to: &writer)
        row(say(.regions), coverage.regions.isEmpty ? [say(.none)] : coverage.regions, say, to: &writer)
        row(say(.typesKnown), counted(coverage.knownTypes, say), say, to: &writer)
        if !coverage.knownActions.isEmpty { row(say(.actionsKnown), counted(coverage.knownActions, say), say, to: &writer) }
    }

    private static func unseen(_ context: HTMLContext, to writer: inout HTMLWriter) {
        let (run, coverage, say) = (context.run, context.run.coverage, context.say)
        var any = false
        func gap(_ name: Message, _ lines: [Line], if condition: Bool) {
            guard condition else { return }
            any = true
            row(say(name), lines, say, to: &writer)
        }
        func gap(_ name: Message, _ lines: [String], if condition: Bool) {
            gap(name, lines.map { Line(text: $0, isQuoted: false) }, if: condition)
        }
        gap(.events, [say(.noLogs)], if: run.summary.events == 0 && coverage.logsFrom == nil)
        gap(.shortfalls, coverage.shortfalls.map { Line(told: $0, context.retelling) }, if: !coverage.shortfalls.isEmpty)
        gap(.gaps, coverage.gaps.map { "\($0.from) – \($0.to): \(context.retelling?.scope($0.scope) ?? $0.scope)" }, if: !coverage.gaps.isEmpty)
        gap(.malformed, [say.number(coverage.malformed)], if: coverage.malformed > 0)
        gap(.typesUnknown, counted(coverage.unknownTypes, say), if: !coverage.unknownTypes.isEmpty)
        gap(.unclassified, [say.number(coverage.unclassified)] + coverage.unclassifiedSample, if: coverage.unclassified > 0)
        gap(.blindSpots, coverage.blindSpots.map { Line(told: $0, context.retelling) }, if: !coverage.blindSpots.isEmpty)
        gap(.actionsUnknown, counted(coverage.unknownActions, say), if: !coverage.unknownActions.isEmpty)
        gap(.remarks, run.diagnostics.map { Line(text: $0.headline, isQuoted: true) }, if: !run.diagnostics.isEmpty)
        if !any { writer.element("dd", say(.nothingKnownMissing)) }
    }

    /// Names and texts of the page itself, or a sentence of the run.
    struct Line {
        let text: String
        let isQuoted: Bool

        init(text: String, isQuoted: Bool) {
            self.text = text
            self.isQuoted = isQuoted
        }

        /// What the inputs lack or cannot show, in the page's language where it can be told in it.
        init(told sentence: String, _ retelling: Retelling?) {
            let told = retelling?.sentence(sentence)
            self.init(text: told ?? sentence, isQuoted: told == nil)
        }

        func write(to writer: inout HTMLWriter) { writer.sentence(text, isQuoted: isQuoted) }
    }

    private static func row(_ name: String, _ lines: [String], _ say: Wording, to writer: inout HTMLWriter) {
        row(name, lines.map { Line(text: $0, isQuoted: false) }, say, to: &writer)
    }

    /// A name and its lines, the first of them shown, the others folded away.
    private static func row(_ name: String, _ lines: [Line], _ say: Wording, to writer: inout HTMLWriter) {
        writer.element("dt", name)
        for line in lines.prefix(shown) { writer.element("dd") { line.write(to: &$0) } }
        guard lines.count > shown else { return }
        writer.element("dd") { writer in
            writer.element("details") { writer in
                writer.element("summary", say(.andMore, say.number(lines.count - shown)))
                writer.element("ul") { writer in
                    for line in lines.dropFirst(shown).prefix(most) { writer.element("li") { line.write(to: &$0) } }
                    if lines.count > shown + most { writer.element("li", say(.andMore, say.number(lines.count - shown - most))) }
                }
            }
        }
    }

    private static func counted(_ table: [String: Int], _ say: Wording) -> [String] {
        table.isEmpty ? [say(.none)] : Tally.commonestFirst(table).map { "\($0.key) × \(say.number($0.value))" }
    }

    private static let shown = 8
    private static let most = 500
}
