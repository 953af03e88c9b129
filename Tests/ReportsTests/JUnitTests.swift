import Foundation
import Reports
import Residency
import Testing

struct JUnitTests {
    static let options = ReportOptions(elapsedSeconds: 1.2345)

    @Test func `the sample is the golden file`() throws {
        try Golden.expect(Reports.render(Sample.run, as: .junit, options: Self.options), equals: "junit.xml")
    }

    @Test(.enabled(if: Checkers.junit != nil, "shared/verify with its environments"))
    func `Jenkins' schema and junitparser accept the sample with the counts of the run`() throws {
        let bytes = try Reports.render(Sample.run, as: .junit, options: Self.options)
        // Two more errors than unresolved findings: a malformed record, and coverage that falls short.
        try Checkers.run(
            ["bash", Checkers.junit ?? "", "{}", "--expect", "tests=11,failures=2,errors=3,skipped=1"], on: bytes, named: "junit.xml")
    }

    @Test(.enabled(if: Checkers.junit != nil, "shared/verify with its environments"))
    func `hostile names stay well-formed and valid`() throws {
        let bytes = try Reports.render(Hostile.run, as: .junit)
        try Checkers.run(["bash", Checkers.junit ?? "", "{}"], on: bytes, named: "junit.xml")
        let text = String(decoding: bytes, as: UTF8.self)
        #expect(text.contains("\u{FFFD}"))
        #expect(!text.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" && $0 != "\t" })
        #expect(!text.contains("<script"))
    }

    @Test func `names hold no number that changes and are unique`() throws {
        let twins = [Sample.findings[0], with(Sample.findings[0]) { $0.id = String(repeating: "9", count: 32) }]
        let junit = JUnit(try Reports.render(Sample.make(findings: twins), as: .junit))
        let names = junit.cases.map { $0.className + "|" + $0.name }
        #expect(Set(names).count == names.count)
        #expect(names.contains("eu-hosting.copied|arn:aws:s3:::acme-exports #999999999999"))
    }

    @Test(arguments: 1...40)
    func `counts are the run's, whatever the findings`(seed: Int) throws {
        let run = Sample.random(count: seed * 7 % 60, seed: UInt64(seed))
        let junit = JUnit(try Reports.render(run, as: .junit, options: ReportOptions(elapsedSeconds: Double(seed) / 7)))
        #expect(junit.failures == run.summary.violated)
        #expect(junit.errors == run.summary.unresolved + (run.coverage.malformed > 0 ? 1 : 0) + (run.coverage.shortfalls.isEmpty ? 0 : 1))
        #expect(junit.skipped == run.summary.waived)
        #expect(junit.cases.count == run.findings.count + 2)
        for suite in junit.suites {
            #expect(suite.attributes["tests"] == String(suite.tests))
            #expect(suite.attributes["failures"] == String(suite.failures))
            #expect(suite.attributes["errors"] == String(suite.errors))
            #expect(suite.attributes["skipped"] == String(suite.skipped))
        }
        let total = junit.suites.reduce(0) { $0 + (Int($1.attributes["time"]?.filter(\.isNumber) ?? "") ?? -1) }
        #expect(String(total) == String(Int((Double(seed) / 7 * 1000).rounded())))
    }

    @Test func `a hundred thousand satisfied findings become few cases that say the number`() throws {
        let many = (0..<100_000).map { number in
            Sample.finding("b-\(number)", "stored", .satisfied, .high, at: [Sample.ireland], message: "fine")
        }
        let run = Sample.make(findings: many)
        let bytes = try Reports.render(run, as: .junit)
        #expect(bytes.count < 2_000_000)
        let junit = JUnit(bytes)
        #expect(junit.cases.count == 5_003)
        #expect(String(decoding: bytes, as: UTF8.self).contains("95000 further subjects are satisfied"))
        #expect(String(decoding: bytes, as: UTF8.self).contains(#"name="satisfied" value="100000""#))
    }

    @Test func `a size limit is kept and what is left out is said`() throws {
        let many = (0..<3000).map { Sample.finding("b-\($0)", "stored", .violated, .high, at: [Sample.virginia], message: "outside") }
        let bytes = try Reports.render(Sample.make(findings: many), as: .junit, options: ReportOptions(maxBytes: 100_000))
        #expect(bytes.count <= 100_000)
        let text = String(decoding: bytes, as: UTF8.self)
        #expect(text.contains("findings have no case of their own"))
        #expect(text.contains(#"name="violated" value="3000""#))
        #expect(JUnit(bytes).failures > 1)
    }

    @Test func `a waived finding is skipped with reason, owner and expiry`() throws {
        let text = String(decoding: try Reports.render(Sample.run, as: .junit), as: UTF8.self)
        #expect(text.contains("waived until 2026-12-01 by storage team: moved with the next release"))
    }

    @Test func `a run without findings still has the inputs' suite`() throws {
        let junit = JUnit(try Reports.render(Sample.make(findings: [], malformed: 0, shortfalls: []), as: .junit))
        #expect(junit.cases.count == 2)
        #expect(junit.errors == 0)
    }

    private func with(_ finding: Finding, _ change: (inout Finding) -> Void) -> Finding {
        var finding = finding
        change(&finding)
        return finding
    }
}

/// A JUnit file, read again by a reader that is not the writer.
struct JUnit {
    struct Case {
        var className: String
        var name: String
        var results: [String] = []
    }

    struct Suite {
        var attributes: [String: String]
        var cases: [Case] = []
        var tests: Int { cases.count }
        var failures: Int { cases.count { $0.results.contains("failure") } }
        var errors: Int { cases.count { $0.results.contains("error") } }
        var skipped: Int { cases.count { $0.results.contains("skipped") } }
    }

    var suites: [Suite] = []
    var cases: [Case] { suites.flatMap(\.cases) }
    var failures: Int { suites.reduce(0) { $0 + $1.failures } }
    var errors: Int { suites.reduce(0) { $0 + $1.errors } }
    var skipped: Int { suites.reduce(0) { $0 + $1.skipped } }

    /// Reads the tags; good enough for a document of ours, whose texts hold no `<`.
    init(_ bytes: [UInt8]) {
        for piece in String(decoding: bytes, as: UTF8.self).split(separator: "<") {
            guard let end = piece.lastIndex(of: ">") else { continue }
            let tag = piece[..<end]
            let name = tag.prefix { $0.isLetter || $0 == "-" }
            let attributes = Self.attributes(tag)
            switch name {
            case "testsuite": suites.append(Suite(attributes: attributes))
            case "testcase":
                suites[suites.count - 1].cases.append(Case(className: attributes["classname"] ?? "", name: attributes["name"] ?? ""))
            case "failure", "error", "skipped":
                let suite = suites.count - 1
                suites[suite].cases[suites[suite].cases.count - 1].results.append(String(name))
            default: break
            }
        }
    }

    private static func attributes(_ tag: Substring) -> [String: String] {
        var result: [String: String] = [:]
        let parts = tag.split(separator: "\"", omittingEmptySubsequences: false)
        for index in stride(from: 0, to: parts.count - 1, by: 2) {
            let key = parts[index].split(separator: " ").last.map { $0.filter { $0 != "=" } } ?? ""
            result[key] = String(parts[index + 1])
        }
        return result
    }
}
