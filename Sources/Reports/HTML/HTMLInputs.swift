import Residency

/// What went in, by digest.
enum HTMLInputs {
    static func write(_ context: HTMLContext, to writer: inout HTMLWriter) {
        let (run, say) = (context.run, context.say)
        writer.element("p", [("class", "soft")], say(.inputsLead))
        let columns = [
            (say(.file), isCount: false), (say(.format), isCount: false), (say(.records), isCount: true), (say(.malformed), isCount: true),
            (say(.bytes), isCount: true), (say(.digest), isCount: false),
        ]
        let shown = run.inputs.prefix(max(20, min(context.room, 2000)))
        writer.table(say(.inputs), columns: columns) { writer in
            for input in shown {
                writer.element("tr") { writer in
                    writer.element("th", [("scope", "row")]) { $0.element("code", input.path) }
                    writer.element("td", input.format)
                    writer.element("td", [("class", "count")], say.number(input.records))
                    writer.element("td", [("class", "count")], say.number(input.malformed))
                    writer.element("td", [("class", "count")], say.number(input.bytes))
                    writer.element("td") { $0.element("code", input.sha256) }
                }
            }
        }
        if shown.count < run.inputs.count { writer.element("p", say(.andMore, say.number(run.inputs.count - shown.count))) }
        writer.element("dl", [("class", "glossary")]) { writer in
            writer.element("dt", say(.catalogue, say.number(run.catalogueVectors)))
            writer.element("dd") { $0.element("code", run.catalogueDigest) }
            writer.element("dt", say(.jurisdictions))
            writer.element("dd") { $0.element("code", run.jurisdictionsDigest) }
        }
    }
}

/// How a reader checks the report without trusting who made it.
enum HTMLVerify {
    static func write(_ context: HTMLContext, to writer: inout HTMLWriter) {
        let say = context.say
        if let evidence = context.options.evidence, evidence.signed {
            writer.element("p", say(.verifySigned))
            if !evidence.commands.isEmpty {
                writer.element("pre") { writer in
                    for (index, command) in evidence.commands.enumerated() {
                        if index > 0 { writer.trusted("\n") }
                        writer.text(command)
                    }
                }
            }
            writer.element("dl", [("class", "glossary")]) { writer in
                if let key = evidence.keyID {
                    writer.element("dt", say(.key))
                    writer.element("dd") { $0.element("code", key) }
                }
                for fact in evidence.facts {
                    writer.element("dt", fact.name)
                    writer.element("dd") { $0.element("code", fact.value) }
                }
            }
        } else {
            writer.element("p", [("class", "warning")], say(.verifyUnsigned))
        }
        writer.element("p", say(.verifyAgain))
    }
}

/// The words of the report.
enum HTMLGlossary {
    static func write(_ context: HTMLContext, to writer: inout HTMLWriter) {
        let say = context.say
        let terms: [(String, Message)] = [
            (say(.satisfied), .termSatisfied), (say(.violated), .termViolated), (say(.unresolved), .termUnresolved),
            (say(.waived), .termWaived), (say(.allowed), .termAllowed), (say(.findings), .termFinding), (say(.place), .termPlace),
            (say(.records), .termRecord), (say(.jurisdictions), .termJurisdiction),
        ]
        writer.element("dl", [("class", "glossary")]) { writer in
            for (term, meaning) in terms {
                writer.element("dt", term)
                writer.element("dd", say(meaning))
            }
            writer.element("dt", say(.matrixTitle))
            writer.element("dd") { writer in
                writer.text(say(.termActivity))
                writer.element("ul") { writer in
                    for activity in Activity.allCases {
                        writer.element("li") { writer in
                            let word = say(.word(activity))
                            if word != activity.rawValue { writer.text(word + " ") }
                            writer.element("code", activity.rawValue)
                            writer.text(" – " + say(.meaning(activity)))
                        }
                    }
                }
            }
        }
    }
}
