import Foundation
import Reports
import Residency
import Testing

struct JSONTests {
    static let schema = Golden.repository.appendingPathComponent("reports/schemas/findings.schema.json")

    @Test(arguments: [0, 1, 255, 1024, 5000])
    func `a list that several write is the list that one writes`(_ count: Int) throws {
        var run = Sample.run
        run.findings = (0..<count).map { Sample.finding("b-\($0)", "stored", .violated, .high, at: [Sample.virginia], message: "outside") }
        var shared: [UInt8] = []
        try Reports.writeJSON(run, workers: Workers(count: 3) { pieces, work in for piece in (0..<pieces).reversed() { work(piece) } }) { shared += $0 }
        #expect(try Reports.render(run, as: .json) == shared)
        let tree = try #require(try JSONSerialization.jsonObject(with: Data(shared)) as? [String: Any])
        #expect((tree["findings"] as? [Any])?.count == count)
    }

    @Test func `the sample is the golden file`() throws {
        try Golden.expect(Reports.render(Sample.run, as: .json), equals: "findings.json")
    }

    @Test(.enabled(if: Checkers.python != nil, "python with jsonschema"), arguments: [Sample.run, Hostile.run, Sample.make(findings: [])])
    func `it is valid against its schema`(run: Run) throws {
        let program = """
            import json, sys, jsonschema
            schema = json.load(open(sys.argv[1])); document = json.loads(open(sys.argv[2], "rb").read())
            jsonschema.Draft202012Validator.check_schema(schema)
            jsonschema.Draft202012Validator(schema).validate(document)
            """
        try Checkers.run(
            [Checkers.python ?? "", "-c", program, Self.schema.path, "{}"], on: Reports.render(run, as: .json), named: "findings.json")
    }

    @Test(.enabled(if: Checkers.python != nil, "python with jsonschema"))
    func `the schema refuses what the contract does not allow`() throws {
        let good = String(decoding: try Reports.render(Sample.run, as: .json), as: UTF8.self)
        for (from, to) in [
            (#""verdict":"violated""#, #""verdict":"fine""#), (#""severity":"high""#, #""severity":9"#),
            (#""schemaVersion":1"#, #""schemaVersion":2"#),
            (#""countries":["US"]"#, #""countries":"US""#), (#""ordinal":16"#, #""ordinal":-1"#),
        ] {
            let bad = good.replacing(from, with: to)
            #expect(bad != good, "\(from)")
            let program = "import json, sys, jsonschema; jsonschema.validate(json.load(open(sys.argv[2])), json.load(open(sys.argv[1])))"
            let (status, _) = try Checkers.result(
                of: [Checkers.python ?? "", "-c", program, Self.schema.path, "{}"], on: Array(bad.utf8), named: "f.json")
            #expect(status != 0, "\(to)")
        }
    }

    @Test(.enabled(if: Checkers.python != nil, "python"))
    func `Python's own sorted, compact JSON is the same bytes`() throws {
        let program = """
            import json, sys
            raw = open(sys.argv[1], "rb").read()
            sys.exit(json.dumps(json.loads(raw), sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode() != raw)
            """
        try Checkers.run([Checkers.python ?? "", "-c", program, "{}"], on: Reports.render(Sample.run, as: .json), named: "findings.json")
    }

    @Test func `the contract's members are all there`() throws {
        let document = try #require(JSONSerialization.jsonObject(with: Data(Reports.render(Sample.run, as: .json))) as? [String: Any])
        #expect(document["schemaVersion"] as? Int == 1)
        let summary = try #require(document["summary"] as? [String: Any])
        #expect(summary["violated"] as? Int == 2 && summary["events"] as? Int == 120_345)
        let findings = try #require(document["findings"] as? [[String: Any]])
        #expect(findings.count == Sample.run.findings.count)
        let members: Set<String> = [
            "id", "policy", "requirement", "verdict", "severity", "basis", "message", "subject", "occurrences", "first", "last",
            "observations",
        ]
        for finding in findings { #expect(members.isSubset(of: finding.keys)) }
        let coverage = try #require(document["coverage"] as? [String: Any])
        #expect(Set(["accounts", "regions", "types", "unclassified", "logs", "malformed"]).isSubset(of: coverage.keys))
    }
}
