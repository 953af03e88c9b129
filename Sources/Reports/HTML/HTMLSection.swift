import Residency

/// The page's sections in the order of reading: the raw value is the anchor.
enum HTMLSection: String, CaseIterable {
    case answer, promised, coverage, places, change, violated, unresolved, exceptions, satisfied, inputs, verify, glossary

    var title: Message {
        switch self {
        case .answer: .answer
        case .promised: .promised
        case .coverage: .coverage
        case .places: .mapTitle
        case .change: .changeTitle
        case .violated: .findings
        case .unresolved: .notProven
        case .exceptions: .exceptions
        case .satisfied: .satisfiedTitle
        case .inputs: .inputs
        case .verify: .verify
        case .glossary: .glossary
        }
    }

    func isShown(_ context: HTMLContext) -> Bool {
        switch self {
        case .places: !context.placements.rows.isEmpty
        case .change: context.options.comparison != nil || context.options.history.count > 1
        case .answer, .promised, .coverage, .violated, .unresolved, .exceptions, .satisfied, .inputs, .verify, .glossary: true
        }
    }

    func write(_ context: HTMLContext, to writer: inout HTMLWriter) {
        switch self {
        case .answer: HTMLAnswer.write(context, to: &writer)
        case .promised: HTMLPromises.write(context, to: &writer)
        case .coverage: HTMLCoverage.write(context, to: &writer)
        case .places: HTMLPlaces.write(context, to: &writer)
        case .change: HTMLChange.write(context, to: &writer)
        case .violated: HTMLFindings.violated(context, to: &writer)
        case .unresolved: HTMLFindings.unresolved(context, to: &writer)
        case .exceptions: HTMLExceptions.write(context, to: &writer)
        case .satisfied: HTMLFindings.satisfied(context, to: &writer)
        case .inputs: HTMLInputs.write(context, to: &writer)
        case .verify: HTMLVerify.write(context, to: &writer)
        case .glossary: HTMLGlossary.write(context, to: &writer)
        }
    }
}

/// The sign, word and colour of a verdict; colour alone never says anything.
struct HTMLTag {
    let sign: String
    let word: String
    let style: String

    init(_ kind: Placements.Kind, _ say: Wording) {
        switch kind {
        case .satisfied: (sign, word, style) = ("✓", say(.satisfied), "satisfied")
        case .violated: (sign, word, style) = ("✗", say(.violated), "violated")
        case .unresolved: (sign, word, style) = ("?", say(.unresolved), "unresolved")
        case .waived: (sign, word, style) = ("◇", say(.waived), "waived")
        case .allowed: (sign, word, style) = ("◆", say(.allowed), "allowed")
        case .attempted: (sign, word, style) = ("○", say(.attempted), "attempted")
        }
    }

    init(_ outcome: Run.Outcome, _ say: Wording) {
        word = say(.of(outcome))
        switch outcome {
        case .proven: (sign, style) = ("✓", "proven")
        case .violated: (sign, style) = ("✗", "violated")
        case .notProven: (sign, style) = ("?", "notproven")
        }
    }

    func write(to writer: inout HTMLWriter) {
        writer.element("span", [("class", "tag \(style)")]) { writer in
            writer.element("span", [("aria-hidden", "true")], sign + " ")
            writer.text(word)
        }
    }
}

extension HTMLWriter {
    /// A table with a caption for those who hear it, and a head; the first column of each row is its header.
    mutating func table(
        _ caption: String, columns: [(String, isCount: Bool)], attributes: Attributes = [], rows: (inout HTMLWriter) -> Void
    ) {
        // A table may be wider than the screen: it is scrolled by keys as well.
        element("div", [("class", "wide"), ("role", "group"), ("aria-label", caption), ("tabindex", "0")]) { writer in
            writer.element("table", attributes) { writer in
                writer.element("caption", caption)
                writer.element("thead") { writer in
                    writer.element("tr") { writer in
                        for column in columns {
                            writer.element("th", [("scope", "col")] + (column.isCount ? [("class", "count")] : []), column.0)
                        }
                    }
                }
                writer.element("tbody", [], rows)
            }
        }
    }
}
