import Foundation
import Testing

/// `explain --evidence`: from a finding back to bytes.
struct ExplainEvidenceTests {
    @Test func `the records of every open finding are printed as their inputs have them`() throws {
        let scratch = try Scratch()
        let inputs = ["\(Binary.example)/inputs", "\(Binary.example)/register.yaml"]
        _ = try Binary.auditExample(to: scratch.path, ["--no-store"])
        let findings = try Findings(folder: scratch.path).findings.filter { $0.verdict == "violated" }
        var fromJSON = 0
        for finding in findings.prefix(12) {
            let shown = try Binary.run(
                ["explain", finding.id, "--findings", scratch.path + "/findings.json", "--policies", Binary.example, "--evidence", "--inputs"] + inputs, in: Binary.root.path)
            guard let bytes = shown.output.firstMatch(of: #/input +(\S+)\n.*as in the run\n.*\n +bytes +(\d+) to (\d+) of/#) else {
                #expect(shown.code == 1 && shown.output.contains("not one in JSON"), "\(shown.output)\(shown.errors)")
                continue
            }
            #expect(shown.code == 0, "\(shown.output)")
            // The same bytes, cut out by a program that is not ours.
            let file = Binary.example + "/" + bytes.1
            let (start, end) = (try #require(Int(bytes.2)), try #require(Int(bytes.3)))
            let cut = try Binary.execute(
                "/bin/bash", ["-c", "(gzip -dc '\(file)' 2>/dev/null || cat '\(file)') | tail -c +\(start + 1) | head -c \(end - start)"])
            #expect(!cut.output.isEmpty && shown.output.contains(cut.output), "\(finding.id)")
            if (try? JSONSerialization.jsonObject(with: Data(cut.output.utf8))) != nil { fromJSON += 1 }
        }
        #expect(fromJSON > 5, "\(fromJSON) of \(findings.count)")
    }

    @Test func `a changed input is not shown, and said to be another`() throws {
        let scratch = try Scratch()
        func event(_ name: String) -> String {
            "{\"resourceType\":\"AWS::S3::Bucket\",\"resourceId\":\"\(name)\",\"resourceName\":\"\(name)\",\"arn\":\"arn:aws:s3:::\(name)\",\"awsRegion\":\"us-east-1\",\"awsAccountId\":\"1\",\"configurationItemStatus\":\"OK\",\"tags\":{\"data-class\":\"customer\"},\"configuration\":{}}"
        }
        let input = try scratch.write("{\"fileVersion\":\"1.0\",\"configurationItems\":[\(event("one")),\(event("two"))]}", to: "in/snapshot.json")
        let policy = try scratch.write("policy: p\ntitle: t\nbasis: [b]\nseverity: high\nrequire: {stored: {in: eu}}\n", to: "p.yaml")
        let audit = try Binary.run(["audit", scratch.path + "/in", "--policies", policy, "--now", Binary.now, "--out", scratch.path + "/out", "--no-store", "--quiet"])
        #expect(audit.code == 1, "\(audit.errors)")
        let finding = try #require(try Findings(folder: scratch.path + "/out").findings.first { $0.subject.id.contains("two") && $0.verdict == "violated" })
        let arguments = ["explain", finding.id, "--findings", scratch.path + "/out/findings.json", "--policies", policy, "--evidence", "--inputs", scratch.path + "/in"]
        let good = try Binary.run(arguments)
        #expect(good.code == 0 && good.output.contains(event("two")) && good.output.contains("/configurationItems/1") && !good.output.contains(event("one")), "\(good.output)\(good.errors)")
        try String(contentsOfFile: input, encoding: .utf8).replacing("us-east-1", with: "eu-west-1").write(toFile: input, atomically: true, encoding: .utf8)
        let bad = try Binary.run(arguments)
        #expect(bad.code == 1 && bad.output.contains("NOT SHOWN") && bad.output.contains("is not the input of the run"), "\(bad.output)")
        #expect(try Binary.run(Array(arguments.dropLast(2))).code == 64)
    }
}
