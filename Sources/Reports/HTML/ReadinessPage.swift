import Residency

/// Readiness as one self-contained page: no script, no network.
enum ReadinessPage {
    static func render(_ readiness: Readiness, options: ReportOptions) -> [UInt8] {
        let say = Wording(language: options.language)
        let style = StyleSheet.text(run: readiness.run)
        let retelling = Retelling(readiness.policies, say, options.told)
        let title = say(.readyTitle, readiness.jurisdiction)
        var writer = HTMLWriter(language: options.language)
        writer.trusted("<!DOCTYPE html>\n")
        writer.element("html", [("lang", options.language.rawValue)]) { writer in
            writer.element("head") { writer in
                writer.void("meta", [("charset", "utf-8")])
                let digest = Digests.base64(Digests.sha256(Array(style.utf8)))
                writer.void(
                    "meta",
                    [
                        ("http-equiv", "Content-Security-Policy"),
                        ("content", "default-src 'none'; style-src 'sha256-\(digest)'; base-uri 'none'; form-action 'none'"),
                    ])
                writer.void("meta", [("name", "viewport"), ("content", "width=device-width, initial-scale=1")])
                writer.void("meta", [("name", "referrer"), ("content", "no-referrer")])
                writer.element("title", title)
                writer.element("style") { $0.trusted(style: style) }
            }
            writer.element("body") { writer in
                writer.element("header") { writer in
                    writer.element("h1", title)
                    let parts = [readiness.title, say(.asOf, readiness.now), say(.runLabel, readiness.run)]
                    writer.element("p", [("class", "soft")], parts.joined(separator: " · "))
                    if retelling != nil { writer.element("p", [("class", "soft")], say(.quoted)) }
                }
                writer.element("main") { writer in
                    answer(readiness, say, to: &writer)
                    matrix(readiness, say, to: &writer)
                    for system in readiness.systems where !(system.blockers + system.open + system.waived).isEmpty { items(system, say, retelling, to: &writer) }
                    parity(readiness, say, to: &writer)
                    if !readiness.shortfalls.isEmpty {
                        writer.element("h2", say(.shortfalls))
                        writer.element("ul", [("class", "plain")]) { writer in for text in readiness.shortfalls { writer.element("li") { HTMLCoverage.Line(told: text, retelling).write(to: &$0) } } }
                    }
                    writer.element("h2", say(.promised))
                    for policy in readiness.policies {
                        writer.element("h3", policy.title)
                        HTMLPromises.sentences(policy.prose, retelling?.promises(of: policy.id) ?? [], say, to: &writer)
                    }
                }
            }
        }
        return writer.bytes
    }

    private static func style(_ state: Readiness.State) -> (sign: String, style: String) {
        switch state {
        case .blocked: ("✗", "violated")
        case .unknown: ("?", "notproven")
        case .absent: ("○", "soft")
        case .waived: ("◇", "waived")
        case .ready: ("✓", "proven")
        }
    }

    private static func tag(_ state: Readiness.State, _ say: Wording, to writer: inout HTMLWriter) {
        let (sign, style) = style(state)
        writer.element("span", [("class", "tag \(style)")]) { writer in
            writer.element("span", [("aria-hidden", "true")], sign + " ")
            writer.text(say(.of(state)))
        }
    }

    private static func answer(_ readiness: Readiness, _ say: Wording, to writer: inout HTMLWriter) {
        let (sign, style) = style(readiness.state)
        writer.element("div", [("class", "answer \(style)")]) { writer in
            writer.element("span", [("class", "sign"), ("aria-hidden", "true")], sign)
            writer.element("strong", say(.of(readiness.state)))
            writer.element("p", readiness.answer(say))
        }
        let open = readiness.systems.filter { $0.state == .ready || $0.state == .waived }.map { $0.title(say) }
        let without = readiness.systems.filter { $0.state == .absent }.map { $0.title(say) }
        if !open.isEmpty { writer.element("p", say(.couldOpen, open.joined(separator: ", "))) }
        if !without.isEmpty { writer.element("p", say(.opensWithout, without.joined(separator: ", "))) }
    }

    /// What a cell counts, each with its sign.
    private static let verdicts: [(sign: String, message: Message, style: String, count: @Sendable (Readiness.Cell) -> Int)] = [
        ("✗", .violated, "violated", { $0.violated }), ("?", .unresolved, "unresolved", { $0.unresolved }), ("◇", .waived, "waived", { $0.waived }),
        ("✓", .satisfied, "satisfied", { $0.satisfied }),
    ]

    private static func matrix(_ readiness: Readiness, _ say: Wording, to writer: inout HTMLWriter) {
        writer.element("h2", say(.systemsTitle))
        let columns = [(say(.system), isCount: false), (say(.state), isCount: false)] + readiness.requirements.map { (say.requirement($0), isCount: false) }
        let signs = say(.matrixSigns, verdicts.map { "\($0.sign) \(say($0.message))" }.joined(separator: ", "))
        writer.table(signs, columns: columns, attributes: [("class", "matrix")]) { writer in
            for system in readiness.systems {
                writer.element("tr") { writer in
                    writer.element("th", [("scope", "row")], system.title(say))
                    writer.element("td") { tag(system.state, say, to: &$0) }
                    for requirement in readiness.requirements { cell(system.cells[requirement] ?? .init(), say, to: &writer) }
                }
            }
        }
    }

    private static func cell(_ cell: Readiness.Cell, _ say: Wording, to writer: inout HTMLWriter) {
        writer.element("td") { writer in
            for verdict in verdicts where verdict.count(cell) > 0 {
                writer.element("span", [("class", "cell \(verdict.style)"), ("title", say(verdict.message))]) { writer in
                    writer.text("\(verdict.sign) \(say.number(verdict.count(cell)))")
                    writer.element("span", [("class", "heard")], " " + say(verdict.message))
                }
            }
        }
    }

    private static func items(_ system: Readiness.System, _ say: Wording, _ retelling: Retelling?, to writer: inout HTMLWriter) {
        writer.element("h2", system.title(say))
        let rows = system.blockers.map { ($0, Readiness.State.blocked) } + system.open.map { ($0, .unknown) } + system.waived.map { ($0, .waived) }
        let columns = [Message.state, .severity, .requirement, .whatIsWhere, .toDo].map { (say($0), isCount: false) }
        let caption = say(.systemCounts, say.number(system.blockers.count), say.number(system.open.count), say.number(system.waived.count))
        writer.table(caption, columns: columns, attributes: [("class", "list")]) { writer in
            for (item, state) in rows.prefix(mostRows) {
                writer.element("tr") { writer in
                    writer.element("th", [("scope", "row")]) { tag(state, say, to: &$0) }
                    writer.element("td", say(.of(item.severity)))
                    writer.element("td", say.requirement(item.requirement))
                    writer.element("td") { $0.message(of: item, retelling) }
                    writer.element("td") { $0.sentence(Readiness.note(item, say, retelling), isQuoted: item.waiver == nil && retelling?.remedy(item) == nil) }
                }
            }
        }
        if rows.count > mostRows { writer.element("p", say(.andMore, say.number(rows.count - mostRows))) }
    }

    private static let mostRows = 500

    private static func parity(_ readiness: Readiness, _ say: Wording, to writer: inout HTMLWriter) {
        let named = readiness.systems.filter { !$0.name.isEmpty && !($0.home.isEmpty && $0.here.isEmpty) }
        guard !named.isEmpty else { return }
        let home = readiness.homeName(say)
        writer.element("h2", say(.parityTitle, home, readiness.jurisdiction))
        let columns = [(say(.system), isCount: false), (home, isCount: true), (readiness.jurisdiction, isCount: true), (say(.lacking), isCount: false)]
        writer.table(say(.parityLead), columns: columns) { writer in
            for system in named {
                let types = system.lacking.map { "\($0) ×\(say.number(system.home[$0] ?? 0))" }
                writer.element("tr") { writer in
                    writer.element("th", [("scope", "row")], system.title(say))
                    writer.element("td", [("class", "count")], say.number(system.home.values.reduce(0, +)))
                    writer.element("td", [("class", "count")], say.number(system.here.values.reduce(0, +)))
                    writer.element("td", types.isEmpty ? say(.none) : types.joined(separator: ", "))
                }
            }
        }
    }
}

extension Reports {
    /// The formats that readiness can be written as.
    public static let readinessFormats: [ReportFormat] = [.text, .html, .json]

    /// Readiness as bytes; `nil` for a format that it has not.
    public static func render(_ readiness: Readiness, as format: ReportFormat, options: ReportOptions = ReportOptions()) -> [UInt8]? {
        switch format {
        case .text: ReadinessText.render(readiness, options: options)
        case .html: ReadinessPage.render(readiness, options: options)
        case .json: ReadinessJSON.render(readiness)
        case .junit, .sarif, .oscal, .ocsf, .csv, .pdf, .markdown, .github: nil
        }
    }
}
