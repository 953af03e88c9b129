import Foundation
import Reports
import Residency
import Testing

/// SARIF, OSCAL and OCSF: golden files, and the checkers of others.
struct StandardsTests {
    static let before =
        Sample.findings.filter { $0.subject.id != "arn:aws:s3:::acme-eu-sessions" } + [
            Sample.finding("gone", "stored", .violated, .high, at: [Sample.virginia], message: "was outside")
        ]
    static let comparison = ReportOptions(
        comparison: BaselineComparison(baseline: "2026-11-21-aa", before: before, now: Sample.run.findings))

    @Test(arguments: [ReportFormat.sarif, .oscal, .ocsf, .csv, .markdown, .github])
    func `the sample is the golden file`(format: ReportFormat) throws {
        try Golden.expect(Reports.render(Sample.run, as: format, options: Self.comparison), equals: format.defaultFileName)
    }

    @Test(
        .enabled(if: Checkers.python != nil, "shared/verify with its environments"),
        arguments: [Sample.run, Hostile.run, Sample.make(findings: [])])
    func `the SARIF schema, its unwritten rules and sarif-tools accept it`(run: Run) throws {
        for options in [ReportOptions(), Self.comparison] {
            try Checkers.run(
                [Checkers.python ?? "", Checkers.script("check_sarif.py"), "{}"], on: Reports.render(run, as: .sarif, options: options),
                named: "f.sarif")
        }
    }

    @Test(.enabled(if: Checkers.python != nil, "shared/verify with its environments"))
    func `SARIF for code scanning keeps GitHub's rules`() throws {
        var options = Self.comparison
        options.forCodeScanning = true
        try Checkers.run(
            [Checkers.python ?? "", Checkers.script("check_sarif.py"), "{}", "--github"],
            on: Reports.render(Sample.run, as: .sarif, options: options),
            named: "f.sarif")
        let plain = try Checkers.result(
            of: [Checkers.python ?? "", Checkers.script("check_sarif.py"), "{}", "--github"], on: Reports.render(Sample.run, as: .sarif),
            named: "f.sarif")
        #expect(plain.status != 0, "GitHub opens what is suppressed")
    }

    @Test(
        .enabled(if: Checkers.trestlePython != nil, "shared/verify with its environments"),
        arguments: [Sample.run, Hostile.run, Sample.make(findings: [])])
    func `compliance-trestle imports and validates the OSCAL`(run: Run) throws {
        try Checkers.run(
            [Checkers.trestlePython ?? "", Checkers.script("check_oscal.py"), "{}", "--trestle-import"],
            on: Reports.render(run, as: .oscal), named: "ar.json")
    }

    @Test(.enabled(if: Checkers.python != nil, "shared/verify with its environments"), arguments: [Sample.run, Hostile.run])
    func `the OCSF schema and py-ocsf-models accept each line`(run: Run) throws {
        for options in [ReportOptions(), Self.comparison] {
            try Checkers.run(
                [Checkers.python ?? "", Checkers.script("check_ocsf.py"), "{}"], on: Reports.render(run, as: .ocsf, options: options),
                named: "o.jsonl")
        }
    }

    @Test(.enabled(if: Checkers.python != nil, "python"))
    func `UUIDs are version 5, as Python makes them`() throws {
        let program = """
            import json, sys, uuid
            ar = json.load(open(sys.argv[1]))["assessment-results"]
            sys.exit(ar["uuid"] != str(uuid.uuid5(uuid.NAMESPACE_URL, "domicile/2026-11-22-5f3a9c0d/document")))
            """
        try Checkers.run([Checkers.python ?? "", "-c", program, "{}"], on: Reports.render(Sample.run, as: .oscal), named: "ar.json")
    }

    @Test func `SARIF has a result for each finding that is not satisfied, with stable fingerprints`() throws {
        let first = try results(Sample.run)
        #expect(first.count == 4)
        let fingerprints = first.compactMap { ($0["partialFingerprints"] as? [String: String])?["findingId/v1"] }
        #expect(Set(fingerprints) == Set(Sample.findings.filter { $0.verdict != .satisfied }.map(\.id)))
        #expect(first.filter { $0["suppressions"] != nil }.count == 1)
        let compared = try results(Sample.run, Self.comparison)
        #expect(compared.map { $0["baselineState"] as? String ?? "" }.sorted() == ["absent", "new", "unchanged", "unchanged", "unchanged"])
    }

    private func results(_ run: Run, _ options: ReportOptions = ReportOptions()) throws -> [[String: Any]] {
        let document = try JSONSerialization.jsonObject(with: Data(Reports.render(run, as: .sarif, options: options))) as? [String: Any]
        return try #require(((document?["runs"] as? [[String: Any]])?.first)?["results"] as? [[String: Any]])
    }
}

struct ComparisonTests {
    @Test func `new, persisting and fixed are told by id and verdict`() {
        let a = Sample.finding("a", "stored", .violated, .high, at: [], message: "")
        let b = Sample.finding("b", "stored", .violated, .high, at: [], message: "")
        let c = Sample.finding("c", "stored", .unresolved, .high, at: [], message: "")
        var bFixed = b
        bFixed.verdict = .satisfied
        var cWorse = c
        cWorse.verdict = .violated
        let d = Sample.finding("d", "stored", .waived, .high, at: [], message: "")
        let now = [a, bFixed, cWorse, d]
        let comparison = BaselineComparison(baseline: "x", before: [a, b, c], now: now)
        #expect(comparison.new == [c.id, d.id])
        #expect(comparison.persisting == [a.id])
        #expect(comparison.fixed.map(\.id) == [b.id])
        #expect(comparison.state(of: bFixed) == nil)
        // A waived finding that is new is nothing to fail for.
        #expect(comparison.newlyOpen(in: now).map(\.id) == [c.id])
    }

    @Test func `an unresolved finding that is violated now is new, not fixed`() {
        let before = Sample.finding("c", "stored", .unresolved, .high, at: [], message: "")
        var now = before
        now.verdict = .violated
        #expect(BaselineComparison(baseline: "x", before: [before], now: [now]).fixed.isEmpty)
    }

    @Test func `against itself a run has nothing new and nothing fixed`() {
        let run = Sample.random(count: 100, seed: 5)
        let comparison = BaselineComparison(baseline: "x", before: run.findings, now: run.findings)
        #expect(comparison.new.isEmpty && comparison.fixed.isEmpty)
        #expect(comparison.persisting.count == run.findings.count { $0.verdict != .satisfied })
    }
}

struct CSVTests {
    @Test(.enabled(if: Checkers.python != nil, "python"))
    func `Python's csv reads every cell back, and no cell begins a formula`() throws {
        let program = """
            import csv, sys
            rows = list(csv.reader(open(sys.argv[1], newline="", encoding="utf-8-sig")))
            assert len({len(r) for r in rows}) == 1, "ragged"
            assert len(rows) == int(sys.argv[2]) + 1, len(rows)
            for row in rows:
                for cell in row: assert not cell.lstrip().startswith(tuple("=+-@\\uff1d\\uff0b\\uff0d\\uff20")), cell
                for cell in row: assert cell[:1] not in "\\t\\r\\n" or cell == "", repr(cell)
            """
        try Checkers.run(
            [Checkers.python ?? "", "-c", program, "{}", String(Hostile.run.findings.count)], on: Reports.render(Hostile.run, as: .csv),
            named: "f.csv")
    }
}

struct CISummaryTests {
    @Test func `hostile names give GitHub's log no command of their own`() throws {
        let text = String(decoding: try Reports.render(Hostile.run, as: .github), as: UTF8.self)
        for line in text.split(separator: "\n") {
            #expect(line.hasPrefix("::error ") || line.hasPrefix("::warning ") || line.hasPrefix("::notice "))
        }
        #expect(text.split(separator: "\n").count <= 31)
        #expect(!text.contains("%0A") || text.contains("%250A"))
    }

    @Test(arguments: [(10, 0), (11, 1), (5000, 4990)])
    func `what has no annotation is counted`(_ violated: Int, _ left: Int) throws {
        let findings = (0..<violated).map { Sample.finding("b-\($0)", "stored", .violated, .high, at: [Sample.virginia], message: "outside") }
        let text = String(decoding: try Reports.render(Sample.make(findings: findings, shortfalls: []), as: .github), as: UTF8.self)
        #expect(text.components(separatedBy: "::error ").count == 11)
        #expect(text.contains("no annotation") == (left > 0) && (left == 0 || text.contains("; \(left) of them have no annotation")))
    }

    @Test func `hostile names are no markup in Markdown`() throws {
        let text = String(decoding: try Reports.render(Hostile.run, as: .markdown), as: UTF8.self)
        #expect(!text.contains("<script") && !text.contains("](") && !text.contains("<img") && !text.contains("**bold"))
        for line in text.split(separator: "\n") where line.hasPrefix("| ") { #expect(line.hasSuffix(" |")) }
    }
}
