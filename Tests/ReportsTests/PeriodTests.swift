import Foundation
import Reports
import Residency
import Testing

/// A report of a period: which runs speak of it, and what earlier ones found.
struct PeriodTests {
    static let nights = [("a", "2026-09-30T02:00:00Z"), ("b", "2026-10-01T02:00:00Z"), ("c", "2026-10-31T02:00:00Z"), ("d", "2026-11-01T02:00:00Z"), ("e", "2026-11-02T02:00:00Z")]

    static let choices: [(from: String?, to: String?, ids: [String])] = [
        (nil, nil, ["e"]), ("2026-10-01", "2026-10-31", ["b", "c", "d"]), ("2026-10-01", nil, ["b", "c", "d", "e"]), (nil, "2026-09-30", ["a", "b"]),
        ("2026-11-02", "2026-11-30", ["e"]), ("2027-01-01", "2027-01-31", ["e"]), ("2026-10-31T02:00:00Z", "2026-10-31T02:00:00Z", ["c", "d"]),
    ]

    @Test(arguments: choices.indices)
    func `the runs of the period and the first one after it`(_ index: Int) {
        let (from, to, ids) = Self.choices[index]
        #expect(PeriodRuns.select(Self.nights.map { (id: $0.0, now: $0.1) }, from: from, to: to) == ids)
        // The order in which they were appended says nothing.
        if from != nil { #expect(PeriodRuns.select(Self.nights.reversed().map { (id: $0.0, now: $0.1) }, from: from, to: to).count == (from == "2027-01-01" ? 1 : ids.count)) }
    }

    @Test func `no run, no report`() { #expect(PeriodRuns.select([], from: "2026-10-01", to: nil) == []) }

    private static func run(_ id: String, _ verdicts: [(String, Verdict)]) -> Run {
        var run = Sample.make(
            findings: verdicts.map { Sample.finding($0.0, "stored", $0.1, .high, at: [$0.1 == .violated ? Sample.virginia : Sample.ireland], message: "as of \(id)") },
            malformed: 0, shortfalls: [])
        run.id = id
        run.now = "2026-10-0\(id)T02:00:00Z"
        run.inputs = [InputSummary(path: "night-\(id).json", sha256: String(repeating: id, count: 64), bytes: 1, format: "x", records: 1, malformed: 0)]
        return run
    }

    private static func history(_ runs: [Run]) -> (PeriodHistory, Run) {
        var history = PeriodHistory()
        for run in runs { history.add(run) }
        return (history, history.joined(to: runs[runs.count - 1]))
    }

    @Test func `what was violated once in the period is not kept, with the run that saw it`() throws {
        let (history, joined) = Self.history([
            Self.run("1", [("a", .violated), ("b", .satisfied)]), Self.run("2", [("a", .violated), ("gone", .violated)]), Self.run("3", [("a", .satisfied), ("b", .satisfied)]),
        ])
        #expect(joined.outcome == .violated && joined.summary.violated == 2 && joined.summary.satisfied == 1)
        #expect(history.moments.map(\.outcome) == [.violated, .violated, .proven])
        #expect(history.moments.map(\.new) == [1, 1, 0] && history.moments.map(\.settled) == [0, 0, 2])
        let finding = try #require(joined.findings.first { $0.subject.id.hasSuffix("gone") })
        #expect(finding.message.contains("seen in run `2` of 2026-10-02T02:00:00Z"))
        // Its records are those of the run that saw it.
        #expect(joined.inputs[finding.observations[0].record.input].path == "night-2.json")
        #expect(joined.findings == joined.findings.sorted(by: Finding.canonicalOrder))
    }

    @Test func `what was not known then and is known now is as it is known now`() {
        let (_, joined) = Self.history([Self.run("1", [("a", .unresolved)]), Self.run("2", [("a", .satisfied)])])
        #expect(joined.outcome == .proven)
    }

    @Test(arguments: ReportLanguage.allCases)
    func `the page tells each run`(language: ReportLanguage) throws {
        let (history, joined) = Self.history([Self.run("1", [("a", .violated)]), Self.run("2", [("a", .satisfied)])])
        var options = ReportOptions(language: language)
        options.history = history.moments
        let page = String(decoding: try Reports.render(joined, as: .html, options: options), as: UTF8.self)
        let answer = ["en": "Not kept", "de": "Nicht eingehalten", "fr": "Non respecté", "pt": "Não cumprido"][language.rawValue] ?? "?"
        #expect(page.contains("<strong>\(answer)</strong>"))
        let section = try #require(page.components(separatedBy: "<section id=\"change\"").last?.components(separatedBy: "</section>").first)
        for word in ["2026-10-01T02:00:00Z", "2026-10-02T02:00:00Z", answer] { #expect(section.contains(word), "\(word)") }
        #expect(page.firstMatch(of: /\{[0-9]\}/) == nil)
    }
}
