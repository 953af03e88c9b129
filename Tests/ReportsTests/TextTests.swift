import Foundation
import Reports
import Residency
import Testing

struct TextTests {
    static let options = ReportOptions(
        width: 100,
        files: [ReportFile(title: "for legal", path: "reports/x/report.html"), ReportFile(title: "for CI", path: "reports/x/junit.xml")])

    @Test func `the sample is the golden file`() throws {
        try Golden.expect(Reports.render(Sample.run, as: .text, options: Self.options), equals: "report.txt")
    }

    @Test func `colour changes nothing but colour`() throws {
        var options = Self.options
        options.color = true
        let coloured = String(decoding: try Reports.render(Sample.run, as: .text, options: options), as: UTF8.self)
        let plain = String(decoding: try Reports.render(Sample.run, as: .text, options: Self.options), as: UTF8.self)
        #expect(coloured != plain)
        #expect(coloured.replacing(/\u{1B}\[[0-9;]*m/, with: "") == plain)
    }

    @Test func `the verdict is the first line`() throws {
        #expect(firstLine(Sample.run).hasPrefix("✗ NOT KEPT  2 violated, 1 unresolved"))
        let unsure = Sample.make(findings: Sample.findings.filter { $0.verdict != .violated })
        #expect(firstLine(unsure).hasPrefix("? NOT PROVEN"))
        let good = Sample.make(findings: Sample.findings.filter { $0.verdict == .satisfied }, malformed: 0, shortfalls: [])
        #expect(firstLine(good).hasPrefix("✓ KEPT"))
    }

    @Test func `a hostile name gives the terminal no command`() throws {
        let text = String(decoding: try Reports.render(Hostile.run, as: .text), as: UTF8.self)
        #expect(!text.unicodeScalars.contains { ($0.value < 0x20 && $0 != "\n") || (0x7F...0x9F).contains($0.value) || $0 == "\u{202E}" })
        #expect(text.contains("⟨U+202E⟩"))
    }

    @Test func `ten thousand violations stay on two screens and are counted`() throws {
        let many = (0..<10_000).map { Sample.finding("b-\($0)", "stored", .violated, .high, at: [Sample.virginia], message: "outside") }
        let text = String(decoding: try Reports.render(Sample.make(findings: many), as: .text), as: UTF8.self)
        #expect(text.split(separator: "\n").count < 80)
        #expect(text.contains("… and 9,990 more (9,990 high)"))
    }

    @Test(arguments: [40, 60, 80, 120, 200])
    func `lines keep to the width where words allow it`(width: Int) throws {
        let text = String(decoding: try Reports.render(Sample.run, as: .text, options: ReportOptions(width: width)), as: UTF8.self)
        for line in text.split(separator: "\n").dropFirst() where !line.contains("arn:") && !line.contains("amazonaws") {
            #expect(line.count <= max(width, 60), "\(line)")
        }
    }

    private func firstLine(_ run: Run) -> String {
        String(decoding: (try? Reports.render(run, as: .text)) ?? [], as: UTF8.self).split(separator: "\n").first.map(String.init) ?? ""
    }
}

struct TextDetailTests {
    @Test func `a long path loses its folders, and a subject of several policies is named once`() throws {
        var run = Sample.make(
            findings: [
                Sample.findings[0], Sample.findings[2],
                Sample.finding(
                    "acme-audit", "stored", .unresolved, .high, policy: "au-hosting", at: [Sample.nowhere], message: "not known"),
            ])
        run.inputs[0].path = String(repeating: "folder/", count: 20) + "config.json"
        let text = String(decoding: try Reports.render(run, as: .text), as: UTF8.self)
        #expect(text.contains("…/config.json /configurationItems/16"))
        #expect(!text.contains("folder/"))
        #expect(text.contains("2 ×") && text.components(separatedBy: "arn:aws:s3:::acme-audit").count == 2)
    }
}
