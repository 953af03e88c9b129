import Residency

/// The world with a mark for each country in which data was seen: what it means by shape as well as by colour.
enum HTMLMap {
    /// A mark stands for the gravest of these that is true of a country.
    enum Mark: Int, CaseIterable {
        case outside, unknown, excused, inside

        var style: StaticString {
            switch self {
            case .outside: "mark m-out"
            case .unknown: "mark m-un"
            case .excused: "mark m-ex"
            case .inside: "mark m-in"
            }
        }

        var meaning: Message {
            switch self {
            case .outside: .mapOutside
            case .unknown: .mapUnknown
            case .excused: .mapExcused
            case .inside: .mapInside
            }
        }

        init?(_ kind: Placements.Kind) {
            switch kind {
            case .violated: self = .outside
            case .unresolved: self = .unknown
            case .waived, .allowed: self = .excused
            case .satisfied: self = .inside
            case .attempted: return nil
            }
        }
    }

    static func write(_ context: HTMLContext, to writer: inout HTMLWriter) {
        let say = context.say
        let countries = self.countries(context.placements)
        guard countries.contains(where: { WorldOutline.centre(of: $0.code) != nil }) else { return }
        let flows = Flow.all(of: context.run)
        writer.element("p", [("class", "soft")], say(.mapLead) + (flows.isEmpty ? "" : " " + say(.mapFlows)))
        let box = "0 0 \(WorldOutline.width) \(WorldOutline.height)"
        writer.element("svg", [("viewBox", box), ("role", "img"), ("aria-labelledby", "map-title map-text")]) { writer in
            writer.element("title", [("id", "map-title")], say(.mapTitle))
            writer.element("desc", [("id", "map-text")], (countries.map { "\($0.code): \(words($0, say))" } + flows.map { "\($0.from) → \($0.to): \(say.number($0.findings)) \(say($0.mark.meaning))" }).joined(separator: "; "))
            writer.element("path", [("class", "land"), ("d", WorldOutline.land)], "")
            for flow in flows {
                guard let outline = flow.outline() else { continue }
                writer.element("g") { writer in
                    writer.element("title", "\(flow.from) → \(flow.to): \(say.number(flow.findings)) \(say(flow.mark.meaning))")
                    writer.element("path", [("class", "flow " + flow.mark.style.description.dropFirst(5)), ("d", outline)], "")
                }
            }
            // The gravest are drawn last, on top.
            for country in countries.sorted(by: { ($1.mark.rawValue, $0.code) < ($0.mark.rawValue, $1.code) }) {
                guard let centre = WorldOutline.centre(of: country.code) else { continue }
                writer.element("g") { writer in
                    writer.element("title", "\(country.code): \(words(country, say))")
                    draw(country.mark, x: centre.x, y: centre.y, to: &writer)
                    if countries.count <= mostLabels {
                        let place =
                            [("class", "label"), ("x", String(centre.x + 10)), ("y", String(centre.y + 4))] as HTMLWriter.Attributes
                        writer.element("text", place, country.code)
                    }
                }
            }
        }
        legend(say, to: &writer)
    }

    private struct Country {
        let code: String
        let counts: [Placements.Kind: Int]
        let mark: Mark
    }

    private static func countries(_ placements: Placements) -> [Country] {
        placements.countries.compactMap { code, counts in
            let mark = counts.keys.compactMap(Mark.init).min { $0.rawValue < $1.rawValue }
            return mark.map { Country(code: code, counts: counts, mark: $0) }
        }.sorted { $0.code < $1.code }
    }

    private static func words(_ country: Country, _ say: Wording) -> String {
        Placements.Kind.allCases.compactMap { kind in
            country.counts[kind].map { "\(say.number($0)) \(HTMLTag(kind, say).word)" }
        }.joined(separator: ", ")
    }

    /// Circle inside, cross outside, triangle unknown, diamond excused.
    private static func draw(_ mark: Mark, x: Int, y: Int, to writer: inout HTMLWriter) {
        let shape =
            switch mark {
            case .inside: "M\(x - 6) \(y)a6 6 0 1 0 12 0a6 6 0 1 0-12 0z"
            case .outside: "M\(x - 8) \(y - 5)l3-3 5 5 5-5 3 3-5 5 5 5-3 3-5-5-5 5-3-3 5-5z"
            case .unknown: "M\(x) \(y - 8)l8 14h-16z"
            case .excused: "M\(x) \(y - 8)l8 8-8 8-8-8z"
            }
        writer.element("path", [("class", mark.style.description), ("d", shape)], "")
    }

    private static func legend(_ say: Wording, to writer: inout HTMLWriter) {
        writer.element("ul", [("class", "legend")]) { writer in
            for mark in Mark.allCases {
                writer.element("li") { writer in
                    writer.element("svg", [("viewBox", "0 0 20 20"), ("aria-hidden", "true")]) { draw(mark, x: 10, y: 10, to: &$0) }
                    writer.text(say(mark.meaning))
                }
            }
        }
    }

    private static let mostLabels = 40
}
