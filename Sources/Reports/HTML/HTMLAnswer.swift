import Residency

/// The page's first screen: kept, not kept or not proven, with the reasons, and how much was looked at.
enum HTMLAnswer {
    static func write(_ context: HTMLContext, to writer: inout HTMLWriter) {
        let (run, say) = (context.run, context.say)
        let tag = HTMLTag(run.outcome, say)
        writer.element("div", [("class", "answer \(tag.style)")]) { writer in
            writer.element("span", [("class", "sign"), ("aria-hidden", "true")], tag.sign)
            writer.element("strong", tag.word)
            let why: Message =
                switch run.outcome {
                case .proven: .keptWhy
                case .violated: .notKeptWhy
                case .notProven: .notProvenWhy
                }
            writer.element("p", say(why))
        }
        counts(context, to: &writer)
        writer.element("h3", say(.reasons))
        reasons(context, to: &writer)
        if !context.overview.policies.isEmpty { policies(context, to: &writer) }
    }

    private static func counts(_ context: HTMLContext, to writer: inout HTMLWriter) {
        let (summary, coverage, say) = (context.run.summary, context.run.coverage, context.say)
        // The verdicts and what is not known, in tiles of one size.
        let verdicts: [(Placements.Kind, Int)] = [
            (.violated, summary.violated), (.unresolved, summary.unresolved), (.waived, summary.waived), (.satisfied, summary.satisfied),
        ]
        writer.element("dl", [("class", "tiles")]) { writer in
            for (kind, number) in verdicts {
                writer.element("div") { writer in
                    writer.element("dt") { HTMLTag(kind, say).write(to: &$0) }
                    writer.element("dd", say.number(number))
                }
            }
            let seen: [(Message, Int)] = [
                (.resources, summary.resources), (.events, summary.events), (.unclassified, coverage.unclassified),
                (.typesUnknown, coverage.unknownTypes.count), (.malformed, coverage.malformed), (.gaps, coverage.gaps.count),
            ]
            for (label, number) in seen {
                writer.element("div") { writer in
                    writer.element("dt", say(label))
                    writer.element("dd", say.number(number))
                }
            }
        }
    }

    private static func reasons(_ context: HTMLContext, to writer: inout HTMLWriter) {
        let (run, say) = (context.run, context.say)
        let groups = ReasonGroup.groups(of: run)
        let coverage = run.coverage
        writer.element("ul", [("class", "plain")]) { writer in
            for group in groups.prefix(12) {
                writer.element("li") { writer in
                    HTMLTag(group.kind, say).write(to: &writer)
                    var text = ": " + say(.reasonCounted, say.number(group.count), "\(say.requirement(group.requirement)) (\(group.policy))")
                    if !group.places.isEmpty {
                        text += " " + say(.reasonAt, group.places.prefix(4).joined(separator: ", ") + (group.places.count > 4 ? ", …" : ""))
                    }
                    writer.text(text)
                }
            }
            if groups.count > 12 { writer.element("li", say(.andMore, say.number(groups.count - 12))) }
            for sentence in coverage.shortfalls.prefix(5) {
                writer.element("li") { writer in
                    writer.text(say(.shortfallReason, ""))
                    HTMLCoverage.Line(told: sentence, context.retelling).write(to: &writer)
                }
            }
            if coverage.malformed > 0 { writer.element("li", say(.malformedReason, say.number(coverage.malformed))) }
            if groups.isEmpty && coverage.shortfalls.isEmpty && coverage.malformed == 0 { writer.element("li", say(.noReason)) }
        }
    }

    private static func policies(_ context: HTMLContext, to writer: inout HTMLWriter) {
        let say = context.say
        let verdicts: [Verdict] = [.violated, .unresolved, .waived, .satisfied]
        let columns = [(say(.policy), isCount: false), (say(.outcome), isCount: false)] + verdicts.map { (say(.of($0)), isCount: true) }
        writer.table(say(.byPolicy), columns: columns) { writer in
            for policy in context.overview.policies {
                writer.element("tr") { writer in
                    writer.element("th", [("scope", "row")]) { writer in
                        writer.text(policy.title)
                        writer.element("div", [("class", "id soft")], policy.id)
                    }
                    writer.element("td") { HTMLTag(policy.outcome, say).write(to: &$0) }
                    for verdict in verdicts { writer.element("td", [("class", "count")], say.number(policy.count(verdict))) }
                }
            }
        }
    }
}

/// Why the answer is what it is: open findings by policy and requirement.
struct ReasonGroup {
    let policy: String
    let requirement: String
    let kind: Placements.Kind
    let count: Int
    /// `aws:us-east-1 (US)`, in order.
    let places: [String]

    /// Violated before unresolved, the largest first.
    static func groups(of run: Run) -> [ReasonGroup] {
        struct Key: Hashable {
            var policy: String
            var requirement: String
            var kind: Placements.Kind
        }
        var found: [Key: (count: Int, places: Set<String>)] = [:]
        for finding in run.findings where finding.verdict.isOpen {
            let key = Key(policy: finding.policy, requirement: finding.requirement, kind: Placements.kind(finding))
            found[key, default: (0, [])].count += 1
            for observation in finding.observations where finding.verdict == .violated {
                let codes = observation.place.location.codes
                found[key]?.places.insert(observation.place.name + (codes.isEmpty ? "" : " (\(codes.joined(separator: ", ")))"))
            }
        }
        return found.map { key, value in
            ReasonGroup(
                policy: key.policy, requirement: key.requirement, kind: key.kind, count: value.count, places: value.places.sorted())
        }.sorted {
            ($0.kind == .violated ? 0 : 1, $1.count, $0.policy, $0.requirement) < (
                $1.kind == .violated ? 0 : 1, $0.count, $1.policy, $1.requirement
            )
        }
    }
}
