import Residency

/// Readiness for a terminal.
enum ReadinessText {
    static func render(_ readiness: Readiness, options: ReportOptions) -> [UInt8] {
        let say = Wording(language: options.language)
        let retelling = Retelling(readiness.policies, say, options.told)
        var out = TerminalText(color: options.color, width: options.width)
        out.raw("\(sign(readiness.state, say, out)) \(out.paint(SafeText.visible(readiness.jurisdiction), .strong)): \(SafeText.visible(readiness.answer(say)))")
        out.paragraph([readiness.title, say(.runLabel, readiness.run), say(.asOf, readiness.now)].joined(separator: " · "), indent: 2, tone: .quiet)
        out.blank()
        table(readiness, say, to: &out)
        for system in readiness.systems where !system.blockers.isEmpty || !system.open.isEmpty || !system.waived.isEmpty { items(system, say, retelling, to: &out) }
        parity(readiness, say, to: &out)
        if !readiness.shortfalls.isEmpty {
            out.heading(say(.shortfalls))
            for text in readiness.shortfalls { out.paragraph(retelling?.sentence(text) ?? text, indent: 2) }
        }
        return Array(out.text.utf8)
    }

    private static func sign(_ state: Readiness.State, _ say: Wording, _ out: TerminalText) -> String {
        let word = say(.of(state)).uppercased()
        return switch state {
        case .blocked: out.paint("✗ \(word)", .badHeadline)
        case .unknown: out.paint("? \(word)", .unsureHeadline)
        case .absent: "○ \(word)"
        case .waived: out.paint("◇ \(word)", .goodHeadline)
        case .ready: out.paint("✓ \(word)", .goodHeadline)
        }
    }

    /// Systems by requirements: `✗3 ?1 ◇1 ✓12`.
    private static func table(_ readiness: Readiness, _ say: Wording, to out: inout TerminalText) {
        var rows = [[say(.system), say(.state)] + readiness.requirements.map(say.requirement)]
        for system in readiness.systems {
            rows.append([SafeText.visible(system.title(say)), say(.of(system.state))] + readiness.requirements.map { cell(system.cells[$0] ?? .init()) })
        }
        let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        for (number, row) in rows.enumerated() {
            var line = "  "
            for (column, text) in row.enumerated() {
                let padded = text + String(repeating: " ", count: column == row.count - 1 ? 0 : widths[column] - text.count + 2)
                let tone: TerminalText.Tone? = number == 0 ? .quiet : column == 1 ? tone(readiness.systems[number - 1].state) : text.hasPrefix("✗") ? .bad : text.hasPrefix("?") ? .unsure : nil
                line += tone.map { out.paint(padded, $0) } ?? padded
            }
            out.raw(line)
        }
    }

    private static func tone(_ state: Readiness.State) -> TerminalText.Tone {
        switch state {
        case .blocked: .bad
        case .unknown: .unsure
        case .absent: .quiet
        case .waived, .ready: .good
        }
    }

    static func cell(_ cell: Readiness.Cell) -> String {
        let parts = [("✗", cell.violated), ("?", cell.unresolved), ("◇", cell.waived), ("✓", cell.satisfied)].filter { $0.1 > 0 }.map { "\($0.0)\($0.1)" }
        return parts.isEmpty ? "·" : parts.joined(separator: " ")
    }

    private static func items(_ system: Readiness.System, _ say: Wording, _ retelling: Retelling?, to out: inout TerminalText) {
        out.heading(SafeText.visible(system.title(say)))
        for (kind, tone, list) in [(nil, TerminalText.Tone.bad, system.blockers), (Message.unresolved, .unsure, system.open), (.waived, .good, system.waived)] {
            for item in list.prefix(mostItems) {
                let word = say(kind ?? .of(item.severity))
                out.paragraph(retelling?.sentence(item) ?? "\(item.requirement): \(item.message)", indent: 12, lead: "  " + out.paint(word, tone) + String(repeating: " ", count: max(1, 10 - word.count)))
                let note = Readiness.note(item, say, retelling)
                if !note.isEmpty { out.paragraph((kind == .waived ? "" : "→ ") + note, indent: 12, tone: .quiet) }
            }
            if list.count > mostItems { out.paragraph(say(.andMore, say.number(list.count - mostItems)), indent: 12) }
        }
    }

    private static let mostItems = 10

    private static func parity(_ readiness: Readiness, _ say: Wording, to out: inout TerminalText) {
        let lacking = readiness.systems.filter { !$0.name.isEmpty && !$0.lacking.isEmpty }
        guard !lacking.isEmpty else { return }
        out.heading(say(.parityTitle, SafeText.visible(readiness.homeName(say)), SafeText.visible(readiness.jurisdiction)))
        for system in lacking {
            let types = system.lacking.map { "\($0) ×\(say.number(system.home[$0] ?? 0))" }.joined(separator: ", ")
            out.paragraph("\(system.title(say)): \(system.here.isEmpty ? say(.wholeSystem, types) : types)", indent: 4, lead: "  ")
        }
    }
}
