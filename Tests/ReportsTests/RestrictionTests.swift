import Reports
import Residency
import Testing

struct RestrictionTests {
    static let globex = Sample.finding(
        "globex-files", "stored", .violated, .high, at: [Sample.virginia], message: "globex data is stored in the US", tenant: "globex")
    static let shared = Sample.finding("shared", "stored", .violated, .high, at: [Sample.virginia], message: "shared", tenant: nil)
    static let run: Run = {
        var run = Sample.make(findings: Sample.findings + [globex, shared])
        run.policies[0].prose.append("It applies to acme, Globex and initech.")
        run.coverage.shortfalls.append("policy `eu-hosting` asks for account `222233334444`, and globex has it")
        run.coverage.unclassifiedSample = ["globex-unknown"]
        run.inputs[1].path = "logs/globex/trail.json.gz"
        run.diagnostics.append(Diagnostic(.error, path: "globex.json", message: "globex"))
        run.exceptions.append(
            ExceptionSummary(
                kind: .waiver, state: .used, policy: "eu-hosting", covers: "globex-*", reason: "globex asked for it", owner: "x",
                until: "2027-01-01",
                findings: 1))
        return run
    }()

    @Test(arguments: ReportFormat.allCases.filter { $0 != .pdf })
    func `no report of one customer holds a word of another`(format: ReportFormat) throws {
        let restricted = Self.run.restricted(toTenant: "acme")
        let text = String(
            decoding: try Reports.render(restricted, as: format, options: ReportOptions(scope: ReportScope(tenant: "acme"))), as: UTF8.self)
        #expect(!text.lowercased().contains("globex"))
        #expect(!text.contains("222233334444"))
        #expect(text.contains("acme"))
    }

    @Test func `waivers that excuse nothing of the customer's are left out, lawful transfers of its policies stay`() {
        let restricted = Self.run.restricted(toTenant: "acme")
        #expect(restricted.exceptions.filter { $0.kind == .waiver }.map(\.covers) == ["arn:aws:s3:::legacy-*"])
        #expect(restricted.exceptions.filter { $0.kind == .allowance }.map(\.covers) == ["billing"])
        #expect(Self.run.restricted(toTenant: "globex").exceptions.filter { $0.kind == .waiver }.isEmpty)
    }

    @Test func `counts are the customer's own`() {
        let restricted = Self.run.restricted(toTenant: "globex")
        #expect(restricted.summary.violated == 1)
        #expect(restricted.summary.satisfied == 0)
        #expect(restricted.findings.map(\.id) == [Self.globex.id])
        #expect(restricted.policies.map(\.id) == ["eu-hosting"])
        #expect(restricted.id == Self.run.id)
    }

    @Test func `what has no known customer is counted and keeps the answer from being kept`() {
        let good = Sample.finding("a", "stored", .satisfied, .high, at: [Sample.ireland], message: "fine")
        let run = Sample.make(findings: [good, Self.shared], malformed: 0, shortfalls: []).restricted(toTenant: "acme")
        #expect(run.findings.map(\.id) == [good.id])
        #expect(run.outcome == .notProven)
        #expect(
            run.coverage.shortfalls.contains { $0.hasSuffix("whose customer is not known, left out here: 1") })
    }

    @Test func `a customer that nothing names is not proven`() {
        let run = Sample.make(findings: Sample.findings, malformed: 0, shortfalls: []).restricted(toTenant: "nobody")
        #expect(run.findings.isEmpty)
        #expect(run.outcome == .notProven)
    }

    @Test func `processors of the register serve every customer and stay`() {
        var processor = Sample.allowed(
            Sample.finding("billing", "transferred", .satisfied, .medium, at: [Sample.virginia], message: "billing", tenant: nil))
        processor.subject.provider = "register"
        let run = Sample.make(findings: [Sample.findings[3], processor]).restricted(toTenant: "acme")
        #expect(run.findings.count == 2)
        #expect(run.exceptions.contains { $0.kind == .allowance && $0.findings == 1 })
    }

    @Test(
        arguments: [
            ("2026-11-21", "2026-11-21", true, "the day itself"), ("2026-11-21T17:30:00Z", nil, true, "the last record"),
            ("2026-11-21T17:30:01Z", nil, false, "after the last record"), (nil, "2026-11-21T08:00:00Z", true, "the first record"),
            (nil, "2026-11-20", false, "the day before"), ("2026-11-21T18:29:00+01:00", nil, true, "another zone"),
        ] as [(String?, String?, Bool, String)])
    func `a period keeps what overlaps it`(from: String?, to: String?, isKept: Bool, why: String) {
        let run = Sample.run.restricted(toTenant: nil, from: from, to: to)
        #expect(run.findings.contains { $0.subject.id == "arn:aws:s3:::acme-exports" } == isKept, "\(why)")
        // What has no time is of every period.
        #expect(run.findings.contains { $0.subject.id == "arn:aws:s3:::acme-eu-sessions" })
    }

    @Test func `a period that the logs do not cover is not proven`() {
        let good = Sample.make(findings: [Sample.findings[3]], malformed: 0, shortfalls: [])
        #expect(good.outcome == .proven)
        #expect(good.restricted(toTenant: nil, from: "2026-11-21", to: "2026-11-21").outcome == .proven)
        #expect(good.restricted(toTenant: nil, from: "2026-11-01", to: "2026-11-30").coverage.shortfalls.count == 2)
        #expect(good.restricted(toTenant: nil, from: "2026-11-01", to: "2026-11-30").outcome == .notProven)
    }

    @Test func `a customer's own name survives, even within another's`() {
        var run = Sample.make(findings: [
            Sample.findings[3], Sample.finding("x", "stored", .satisfied, .low, at: [Sample.ireland], message: "", tenant: "acme-eu"),
        ])
        run.policies[0].prose = ["acme and acme-eu"]
        #expect(run.restricted(toTenant: "acme").policies[0].prose == ["acme and another-customer"])
        #expect(run.restricted(toTenant: "acme").findings[0].subject.id == "arn:aws:s3:::acme-eu-orders")
        run.findings[0].message = "acme-labs is not acme-eu"
        #expect(run.restricted(toTenant: "acme-eu").policies[0].prose == ["another-customer and acme-eu"])
    }
}
