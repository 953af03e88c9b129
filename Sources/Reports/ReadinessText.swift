import Residency

/// Readiness for a terminal.
enum ReadinessText {
    static func render(_ readiness: Readiness, options: ReportOptions) -> [UInt8] {
        var out = TerminalText(color: options.color, width: options.width)
        out.raw("\(sign(readiness.state, out)) \(out.paint(SafeText.visible(readiness.jurisdiction), .strong)): \(SafeText.visible(readiness.answer))")
        out.paragraph("\(readiness.title); run \(readiness.run), as of \(readiness.now)", indent: 2, tone: .quiet)
        out.blank()
        table(readiness, to: &out)
        for system in readiness.systems where !system.blockers.isEmpty || !system.open.isEmpty || !system.waived.isEmpty { items(system, options, to: &out) }
        parity(readiness, to: &out)
        if !readiness.shortfalls.isEmpty {
            out.heading("Not looked at")
            for text in readiness.shortfalls { out.paragraph(text, indent: 2) }
        }
        return Array(out.text.utf8)
    }

    private static func sign(_ state: Readiness.State, _ out: TerminalText) -> String {
        switch state {
        case .blocked: out.paint("✗ BLOCKED", .badHeadline)
        case .unknown: out.paint("? UNKNOWN", .unsureHeadline)
        case .absent: "○ absent"
        case .waived: out.paint("◇ WAIVED", .goodHeadline)
        case .ready: out.paint("✓ READY", .goodHeadline)
        }
    }

    /// Systems by requirements: `✗3 ?1 ◇1 ✓12`.
    private static func table(_ readiness: Readiness, to out: inout TerminalText) {
        var rows = [["system", "state"] + readiness.requirements]
        for system in readiness.systems {
            rows.append([SafeText.visible(system.title), system.state.rawValue] + readiness.requirements.map { cell(system.cells[$0] ?? .init()) })
        }
        let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        for (number, row) in rows.enumerated() {
            var line = "  "
            for (column, text) in row.enumerated() {
                let padded = text + String(repeating: " ", count: column == row.count - 1 ? 0 : widths[column] - text.count + 2)
                let tone: TerminalText.Tone? = number == 0 ? .quiet : column == 1 ? tones[text] ?? nil : text.hasPrefix("✗") ? .bad : text.hasPrefix("?") ? .unsure : nil
                line += tone.map { out.paint(padded, $0) } ?? padded
            }
            out.raw(line)
        }
    }

    private static let tones: [String: TerminalText.Tone] = ["blocked": .bad, "unknown": .unsure, "waived": .good, "ready": .good, "absent": .quiet]

    static func cell(_ cell: Readiness.Cell) -> String {
        let parts = [("✗", cell.violated), ("?", cell.unresolved), ("◇", cell.waived), ("✓", cell.satisfied)].filter { $0.1 > 0 }.map { "\($0.0)\($0.1)" }
        return parts.isEmpty ? "·" : parts.joined(separator: " ")
    }

    private static func items(_ system: Readiness.System, _ options: ReportOptions, to out: inout TerminalText) {
        out.heading(SafeText.visible(system.title))
        for (word, tone, list) in [("", TerminalText.Tone.bad, system.blockers), ("unknown", .unsure, system.open), ("waived", .good, system.waived)] {
            for item in list.prefix(mostItems) {
                let word = word.isEmpty ? item.severity.rawValue : word
                out.paragraph("\(item.requirement): \(item.message)", indent: 12, lead: "  " + out.paint(word, tone) + String(repeating: " ", count: max(1, 10 - word.count)))
                if !item.note.isEmpty { out.paragraph((word == "waived" ? "" : "→ ") + item.note, indent: 12, tone: .quiet) }
            }
            if list.count > mostItems { out.paragraph("… and \(list.count - mostItems) more", indent: 12) }
        }
    }

    private static let mostItems = 10

    private static func parity(_ readiness: Readiness, to out: inout TerminalText) {
        let lacking = readiness.systems.filter { !$0.name.isEmpty && !$0.lacking.isEmpty }
        guard !lacking.isEmpty else { return }
        out.heading("What \(SafeText.visible(readiness.homeName)) has and \(SafeText.visible(readiness.jurisdiction)) lacks")
        for system in lacking {
            let all = system.here.isEmpty ? "the whole system: " : ""
            out.paragraph("\(system.title): \(all)\(system.lacking.map { "\($0) ×\(system.home[$0] ?? 0)" }.joined(separator: ", "))", indent: 4, lead: "  ")
        }
    }
}
