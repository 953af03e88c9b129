import Foundation
import Testing

/// What a lawyer gets for one customer and one month, out of a history of several runs.
struct PeriodReportTests {
    static func plan(_ tables: [(name: String, tenant: String, region: String)]) -> String {
        CheckTests.plan(tables.map { table in
            """
            {"address": "aws_dynamodb_table.\(table.name)", "mode": "managed", "type": "aws_dynamodb_table", "name": "\(table.name)",
             "provider_name": "registry.terraform.io/hashicorp/aws", "values": {"tags": {"data-class": "customer", "tenant": "\(table.tenant)"}, "name": "\(table.name)", "region": "\(table.region)"}}
            """
        })
    }

    /// A store of two nights: on the first Acme's table stands in the United States, on the second it does not.
    static func store(_ scratch: Scratch) throws -> String {
        let policy = try scratch.write(CheckTests.policy, to: "eu.yaml")
        let tenants = try scratch.write("acme: eu\nglobex: eu\n", to: "tenants.yaml")
        for (day, region) in [("2026-10-05", "us-east-1"), ("2026-10-20", "eu-west-1")] {
            let file = try scratch.write(plan([("orders", "acme", region), ("globex-secret", "globex", "us-east-1")]), to: "\(day).json")
            let made = try Binary.run(
                ["audit", file, "--policies", policy, "--tenants", tenants, "--now", day + "T06:00:00Z", "--out", scratch.path + "/" + day, "--store", scratch.path + "/h.sqlite", "--quiet"])
            #expect(made.code == 1, "\(made)")
        }
        return scratch.path + "/h.sqlite"
    }

    static func report(_ scratch: Scratch, _ store: String, from: String, to: String, _ more: [String] = []) throws -> String {
        let result = try Binary.run(
            ["report", "--store", store, "--tenant", "acme", "--from", from, "--to", to, "--format", "html=\(scratch.path)/r.html", "--format", "pdf=\(scratch.path)/r.pdf",
             "--format", "json=\(scratch.path)/findings.json"] + more)
        #expect(result.code == 0, "\(result)")
        return try String(contentsOfFile: scratch.path + "/r.html", encoding: .utf8)
    }

    @Test func `a month in which the promise was broken once is not kept, though it was mended`() throws {
        let scratch = try Scratch()
        let store = try Self.store(scratch)
        let page = try Self.report(scratch, store, from: "2026-10-01", to: "2026-10-31")
        #expect(page.contains("<strong>Not kept</strong>") && page.contains("2026-10-05T06:00:00Z") && page.contains("2026-10-20T06:00:00Z"))
        let findings = try Findings(folder: scratch.path)
        #expect(findings.summary.violated == 1 && findings.findings.contains { $0.verdict == "violated" && $0.message.contains("not in the last run") })
        // After it was mended: what is there is kept, and no logs speak of the days.
        let later = try Self.report(scratch, store, from: "2026-10-10", to: "2026-10-31")
        #expect(!later.contains("<strong>Not kept</strong>") && !later.contains("2026-10-05T06:00:00Z"))
    }

    @Test func `no byte of it names another customer`() throws {
        let scratch = try Scratch()
        let store = try Self.store(scratch)
        for language in ["en", "de", "fr", "pt"] {
            let page = try Self.report(scratch, store, from: "2026-10-01", to: "2026-10-31", ["--language", language])
            #expect(!page.lowercased().contains("globex"))
            let file = scratch.path + "/r.pdf"
            #expect(try Data(contentsOf: URL(filePath: file)).range(of: Data("globex".utf8)) == nil)
            // The text of a PDF is packed: it is looked for as a reader sees it.
            guard FileManager.default.isExecutableFile(atPath: "/usr/bin/pdftotext") else { continue }
            let text = try Binary.execute("/usr/bin/pdftotext", [file, "-"]).output
            #expect(text.contains("acme") && !text.lowercased().contains("globex"))
            #expect(try !String(contentsOfFile: scratch.path + "/findings.json", encoding: .utf8).lowercased().contains("globex"))
        }
    }
}
