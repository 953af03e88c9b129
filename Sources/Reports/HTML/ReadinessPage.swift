import Residency

/// Readiness as one self-contained page: no script, no network.
enum ReadinessPage {
    static func render(_ readiness: Readiness) -> [UInt8] {
        let style = StyleSheet.text(run: readiness.run)
        let title = "Readiness of \(readiness.jurisdiction)"
        var writer = HTMLWriter()
        writer.trusted("<!DOCTYPE html>\n")
        writer.element("html", [("lang", "en")]) { writer in
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
                writer.element("title", title)
                writer.element("style") { $0.trusted(style: style) }
            }
            writer.element("body") { writer in
                writer.element("header") { writer in
                    writer.element("h1", title)
                    writer.element("p", [("class", "soft")], "\(readiness.title) · as of \(readiness.now) · run \(readiness.run)")
                }
                writer.element("main") { writer in
                    answer(readiness, to: &writer)
                    matrix(readiness, to: &writer)
                    for system in readiness.systems where !(system.blockers + system.open + system.waived).isEmpty { items(system, to: &writer) }
                    parity(readiness, to: &writer)
                    if !readiness.shortfalls.isEmpty {
                        writer.element("h2", "Not looked at")
                        writer.element("ul", [("class", "plain")]) { writer in for text in readiness.shortfalls { writer.element("li") { $0.prose(text) } } }
                    }
                    writer.element("h2", "What was promised")
                    for policy in readiness.policies {
                        writer.element("h3", policy.title)
                        writer.element("ul", [("class", "plain")]) { writer in for text in policy.prose { writer.element("li") { $0.prose(text) } } }
                    }
                }
            }
        }
        return writer.bytes
    }

    private static func style(_ state: Readiness.State) -> (sign: String, word: String, style: String) {
        switch state {
        case .blocked: ("✗", "Blocked", "violated")
        case .unknown: ("?", "Unknown", "notproven")
        case .absent: ("○", "Absent", "soft")
        case .waived: ("◇", "Waived", "waived")
        case .ready: ("✓", "Ready", "proven")
        }
    }

    private static func tag(_ state: Readiness.State, to writer: inout HTMLWriter) {
        let (sign, word, style) = style(state)
        writer.element("span", [("class", "tag \(style)")]) { writer in
            writer.element("span", [("aria-hidden", "true")], sign + " ")
            writer.text(word)
        }
    }

    private static func answer(_ readiness: Readiness, to writer: inout HTMLWriter) {
        let (sign, word, style) = style(readiness.state)
        writer.element("div", [("class", "answer \(style)"), ("role", "status")]) { writer in
            writer.element("span", [("class", "sign"), ("aria-hidden", "true")], sign)
            writer.element("strong", word)
            writer.element("p", readiness.answer)
        }
        let open = readiness.systems.filter { $0.state == .ready || $0.state == .waived }.map(\.title)
        let without = readiness.systems.filter { $0.state == .absent }.map(\.title)
        if !open.isEmpty { writer.element("p", "Could open: " + open.joined(separator: ", ") + ".") }
        if !without.isEmpty { writer.element("p", "Would open without: " + without.joined(separator: ", ") + ".") }
    }

    private static func matrix(_ readiness: Readiness, to writer: inout HTMLWriter) {
        writer.element("h2", "Systems and requirements")
        let columns = [("System", isCount: false), ("State", isCount: false)] + readiness.requirements.map { ($0, isCount: false) }
        writer.table("✗ violated, ? unknown, ◇ waived, ✓ satisfied: how many findings of each", columns: columns, attributes: [("class", "matrix")]) { writer in
            for system in readiness.systems {
                writer.element("tr") { writer in
                    writer.element("th", [("scope", "row")], system.title)
                    writer.element("td") { tag(system.state, to: &$0) }
                    for requirement in readiness.requirements { cell(system.cells[requirement] ?? .init(), to: &writer) }
                }
            }
        }
    }

    private static func cell(_ cell: Readiness.Cell, to writer: inout HTMLWriter) {
        writer.element("td") { writer in
            for (sign, word, style, count) in [
                ("✗", "violated", "violated", cell.violated), ("?", "unknown", "unresolved", cell.unresolved), ("◇", "waived", "waived", cell.waived),
                ("✓", "satisfied", "satisfied", cell.satisfied),
            ] where count > 0 {
                writer.element("span", [("class", "cell \(style)"), ("title", word)]) { writer in
                    writer.text("\(sign) \(count)")
                    writer.element("span", [("class", "heard")], " " + word)
                }
            }
        }
    }

    private static func items(_ system: Readiness.System, to writer: inout HTMLWriter) {
        writer.element("h2", system.title)
        let rows = system.blockers.map { ($0, Readiness.State.blocked) } + system.open.map { ($0, .unknown) } + system.waived.map { ($0, .waived) }
        let columns = [("", isCount: false), ("Severity", isCount: false), ("Requirement", isCount: false), ("What is where", isCount: false), ("What to do", isCount: false)]
        writer.table("\(system.blockers.count) block, \(system.open.count) unknown, \(system.waived.count) waived", columns: columns) { writer in
            for (item, state) in rows.prefix(mostRows) {
                writer.element("tr") { writer in
                    writer.element("th", [("scope", "row")]) { tag(state, to: &$0) }
                    writer.element("td", item.severity.rawValue)
                    writer.element("td", item.requirement)
                    writer.element("td") { $0.prose(item.message) }
                    writer.element("td") { $0.prose(item.note) }
                }
            }
        }
        if rows.count > mostRows { writer.element("p", "… and \(rows.count - mostRows) more") }
    }

    private static let mostRows = 500

    private static func parity(_ readiness: Readiness, to writer: inout HTMLWriter) {
        let named = readiness.systems.filter { !$0.name.isEmpty && !($0.home.isEmpty && $0.here.isEmpty) }
        guard !named.isEmpty else { return }
        writer.element("h2", "What \(readiness.homeName) has and \(readiness.jurisdiction) lacks")
        let columns = [("System", isCount: false), (readiness.homeName, isCount: true), (readiness.jurisdiction, isCount: true), ("Lacking", isCount: false)]
        writer.table("Resources that some policy of the run speaks of", columns: columns) { writer in
            for system in named {
                writer.element("tr") { writer in
                    writer.element("th", [("scope", "row")], system.title)
                    writer.element("td", [("class", "count")], "\(system.home.values.reduce(0, +))")
                    writer.element("td", [("class", "count")], "\(system.here.values.reduce(0, +))")
                    writer.element("td", system.lacking.isEmpty ? "nothing" : system.lacking.map { "\($0) ×\(system.home[$0] ?? 0)" }.joined(separator: ", "))
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
        case .html: ReadinessPage.render(readiness)
        case .json: ReadinessJSON.render(readiness)
        case .junit, .sarif, .oscal, .ocsf, .csv, .pdf, .markdown, .github: nil
        }
    }
}
