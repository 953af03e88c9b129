import Residency

/// When findings that need attention were seen: a bar from the first to the last record, over the time of the logs.
enum HTMLTimeline {
    static func write(_ context: HTMLContext, to writer: inout HTMLWriter) {
        let (bars, scale) = (bars(context.run, context.say), Scale(context.run))
        guard let scale, !bars.isEmpty else { return }
        let say = context.say
        let height = top + bars.count * rowHeight + 30
        writer.element("h3", say(.timelineTitle))
        writer.element("p", [("class", "soft")], say(.timelineLead))
        writer.element("div", [("class", "wide"), ("role", "group"), ("aria-label", context.say(.timelineTitle)), ("tabindex", "0")]) { writer in
            let box = "0 0 \(width) \(height)"
            writer.element("svg", [("class", "timeline"), ("viewBox", box), ("role", "img"), ("aria-labelledby", "time-title time-text")]) {
                writer in
                writer.element("title", [("id", "time-title")], say(.timelineTitle))
                let texts = bars.map { "\($0.name): \($0.first) – \($0.last)" }
                writer.element("desc", [("id", "time-text")], texts.joined(separator: "; "))
                axis(scale, height: height, to: &writer)
                for (row, bar) in bars.enumerated() { draw(bar, row: row, scale, say, to: &writer) }
            }
        }
    }

    private struct Bar {
        let name: String
        let kind: Placements.Kind
        let first: String
        let last: String
        let occurrences: Int
    }

    /// Maps times to columns.
    private struct Scale {
        let from: Int
        let to: Int
        let fromText: String
        let toText: String

        init?(_ run: Run) {
            let times = run.findings.flatMap { [$0.first, $0.last] } + [run.coverage.logsFrom, run.coverage.logsTo]
            let known = times.compactMap { text in text.flatMap { text in Timestamp.milliseconds(text).map { ($0, text) } } }
            guard let first = known.min(by: { $0 < $1 }), let last = known.max(by: { $0 < $1 }), first.0 < last.0 else { return nil }
            (from, fromText) = first
            (to, toText) = last
        }

        func column(_ text: String) -> Int {
            let time = Timestamp.milliseconds(text) ?? from
            let offset = Double(time - from) / Double(to - from) * Double(HTMLTimeline.width - HTMLTimeline.left - 20)
            return HTMLTimeline.left + Int(offset)
        }
    }

    private static func bars(_ run: Run, _ say: Wording) -> [Bar] {
        let findings = run.findings
        let open = findings.indices.filter { findings[$0].verdict != .satisfied && findings[$0].first != nil }
        let worst = open.sorted {
            (findings[$0].verdict == .violated ? 0 : 1, findings[$1].severity, $0) < (findings[$1].verdict == .violated ? 0 : 1, findings[$0].severity, $1)
        }
        return worst.prefix(mostBars).compactMap { index in
            let finding = findings[index]
            guard let first = finding.first ?? finding.last else { return nil }
            let name = finding.subject.id.split(whereSeparator: { ":/".contains($0) }).last.map(String.init) ?? finding.subject.id
            return Bar(
                name: "\(SafeText.cut(name, to: 24)) (\(say.requirement(finding.requirement)))", kind: Placements.kind(finding), first: first,
                last: finding.last ?? first,
                occurrences: finding.occurrences)
        }
    }

    private static func axis(_ scale: Scale, height: Int, to writer: inout HTMLWriter) {
        let bottom = String(height - 22)
        for (text, anchor) in [(scale.fromText, "start"), (scale.toText, "end")] {
            let x = String(scale.column(text))
            writer.element("line", [("class", "axis"), ("x1", x), ("x2", x), ("y1", "4"), ("y2", bottom)], "")
            writer.element("text", [("class", "small"), ("x", x), ("y", String(height - 8)), ("text-anchor", anchor)], text)
        }
    }

    private static func draw(_ bar: Bar, row: Int, _ scale: Scale, _ say: Wording, to writer: inout HTMLWriter) {
        let y = top + row * rowHeight
        let (from, to) = (scale.column(bar.first), scale.column(bar.last))
        let tag = HTMLTag(bar.kind, say)
        let style = HTMLMap.Mark(bar.kind).map(\.style.description) ?? "mark"
        writer.element("g") { writer in
            writer.element("title", "\(tag.word): \(bar.name), \(say(.seenTimes, say.number(bar.occurrences), bar.first, bar.last))")
            writer.element("text", [("class", "label"), ("x", "0"), ("y", String(y + 11))], "\(tag.sign) \(bar.name)")
            let box =
                [("x", String(from)), ("y", String(y)), ("width", String(max(4, to - from))), ("height", "14"), ("rx", "3")]
                as HTMLWriter.Attributes
            writer.element("rect", [("class", style)] + box, "")
        }
    }

    private static let width = 1000
    private static let left = 290
    private static let top = 8
    private static let rowHeight = 22
    private static let mostBars = 15
}
