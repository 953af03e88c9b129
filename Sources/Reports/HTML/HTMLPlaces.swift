import Residency

/// Where the data is: the map, the matrix of activities and places, the time.
enum HTMLPlaces {
    static func write(_ context: HTMLContext, to writer: inout HTMLWriter) {
        HTMLMap.write(context, to: &writer)
        matrix(context, to: &writer)
        HTMLTimeline.write(context, to: &writer)
    }

    private static func matrix(_ context: HTMLContext, to writer: inout HTMLWriter) {
        let (say, placements) = (context.say, context.placements)
        writer.element("h3", say(.matrixTitle))
        let columns =
            [(say(.place), isCount: false), (say(.countries), isCount: false)] + placements.activities.map { (say.requirement($0.rawValue), isCount: false) }
        let used = Placements.Kind.allCases.filter { kind in placements.rows.contains { $0.cells.values.contains { $0[kind] != nil } } }
        let signs = used.map { HTMLTag($0, say) }.map { "\($0.sign) \($0.word)" }.joined(separator: ", ")
        writer.table(say(.matrixLead) + " " + say(.matrixSigns, signs), columns: columns, attributes: [("class", "matrix")]) { writer in
            for row in placements.rows.prefix(mostRows) {
                writer.element("tr") { writer in
                    writer.element("th", [("scope", "row")]) { writer in
                        if row.place.isEmpty { writer.text(say(.unknownPlace)) } else { writer.element("code", row.place) }
                    }
                    writer.element("td", row.codes.joined(separator: ", "))
                    for activity in placements.activities { cell(row.cells[activity] ?? [:], say, to: &writer) }
                }
            }
        }
        if placements.rows.count > mostRows { writer.element("p", say(.andMore, say.number(placements.rows.count - mostRows))) }
    }

    private static func cell(_ counts: [Placements.Kind: Int], _ say: Wording, to writer: inout HTMLWriter) {
        writer.element("td") { writer in
            for kind in Placements.Kind.allCases {
                guard let number = counts[kind] else { continue }
                let tag = HTMLTag(kind, say)
                writer.element("span", [("class", "cell \(tag.style)"), ("title", tag.word)]) { writer in
                    writer.text("\(tag.sign) \(say.number(number))")
                    writer.element("span", [("class", "heard")], " " + tag.word)
                }
            }
        }
    }

    private static let mostRows = 200
}
