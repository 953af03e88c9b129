import Foundation
import Testing

/// What `--format` takes, in every command that has it, and where the reports go.
struct FormatTests {
    /// A project with a store, audited once with the given formats.
    static func audited(_ formats: [String]) throws -> (scratch: Scratch, result: Binary.Result) {
        let scratch = try CITemplateTests.project(region: "us-east-1")
        let arguments = ["audit", "inputs", "--policies", "policies", "--tenants", "tenants.yaml", "--out", "out", "--store", "h.sqlite", "--now", Binary.now, "--quiet"]
        return (scratch, try Binary.run(arguments + formats.flatMap { ["--format", $0] }, in: scratch.path))
    }

    static func files(_ scratch: Scratch, _ folder: String) -> Set<String> {
        Set((try? FileManager.default.contentsOfDirectory(atPath: scratch.path + "/" + folder)) ?? [])
    }

    @Test func `names with commas between, a path behind the last, and a name twice`() throws {
        let (scratch, result) = try Self.audited(["csv,html", "junit,sarif=there/x.sarif", "csv"])
        #expect(result.code == 1, "\(result)")
        #expect(Self.files(scratch, "out") == ["findings.json", "findings.csv", "report.html", "junit.xml"])
        #expect(Self.files(scratch, "there") == ["x.sarif"])
    }

    @Test func `a path is taken from where the command runs, as every other path is`() throws {
        let (scratch, result) = try Self.audited(["html=page.html", "json=again.json"])
        #expect(result.code == 1, "\(result)")
        #expect(Self.files(scratch, "out") == ["findings.json"])
        #expect(Self.files(scratch, "").isSuperset(of: ["page.html", "again.json"]))
        #expect(try Data(contentsOf: URL(filePath: scratch.path + "/again.json")) == Data(contentsOf: URL(filePath: scratch.path + "/out/findings.json")))
    }

    @Test(arguments: [("html,", "there is no format ``"), ("html,pfd", "did you mean `pdf`"), ("junit=", "has no path"), ("xml", "There are: json junit")])
    func `a wrong format is wrong usage, and what there is is said`(_ format: String, _ text: String) throws {
        for command in [["audit", "x"], ["check", "x"], ["merge", "x"], ["report", "--store", "x"]] {
            let result = try Binary.run(command + ["--format", format])
            #expect(result.code == 64 && result.errors.contains(text), "\(command) \(result)")
        }
    }

    @Test func `check writes other formats, too, and colours stay out of files`() throws {
        let scratch = try CITemplateTests.project(region: "us-east-1")
        let result = try Binary.run(
            ["check", "inputs/plan.json", "--policies", "policies", "--tenants", "tenants.yaml", "--now", Binary.now, "--color", "always", "--format", "json=c.json", "--format", "text=c.txt", "--format", "text"],
            in: scratch.path)
        #expect(result.code == 1, "\(result)")
        let text = try String(contentsOfFile: scratch.path + "/c.txt", encoding: .utf8)
        #expect(result.output.contains("\u{1B}[") && !text.contains("\u{1B}[") && text.contains("aws_dynamodb_table.a"), "\(result.output)")
        #expect(try String(contentsOfFile: scratch.path + "/c.json", encoding: .utf8).hasPrefix("{\"coverage\""))
    }

    @Test func `report puts several reports into a folder, and one on standard output`() throws {
        let (scratch, _) = try Self.audited(["json"])
        let command = ["report", "--store", "h.sqlite", "--tenant", "acme", "--from", "2026-11-01", "--to", "2026-11-30"]
        let named = try Binary.run(command + ["--format", "html,pdf", "--out", "acme"], in: scratch.path)
        #expect(named.code == 0 && named.output.isEmpty && named.errors.contains("acme/report.pdf"), "\(named)")
        #expect(Self.files(scratch, "acme") == ["report.html", "report.pdf"])
        let usual = try Binary.run(command + ["--format", "html,pdf"], in: scratch.path)
        let folder = try #require(Self.files(scratch, "reports").first)
        #expect(usual.code == 0 && folder.hasSuffix("-acme"), "\(usual)")
        #expect(Self.files(scratch, "reports/" + folder) == ["report.html", "report.pdf"])
        let one = try Binary.run(command + ["--format", "html"], in: scratch.path)
        #expect(one.code == 0 && one.output.hasPrefix("<!DOCTYPE html>"))
    }

    @Test(arguments: [["--from", "yesterday"], ["--to", "2026-13-01"], ["--from", "2026-11-30", "--to", "2026-11-01"]])
    func `a period that is none is wrong usage`(_ period: [String]) throws {
        let result = try Binary.run(["report", "--store", "x"] + period)
        #expect(result.code == 64, "\(result)")
    }
}
