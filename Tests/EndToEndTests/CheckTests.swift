import Foundation
import Testing

/// What an engineer sees before a release.
struct CheckTests {
    static func resource(_ type: String, _ name: String, _ values: String, provider: String = "aws") -> String {
        """
        {"address": "\(type).\(name)", "mode": "managed", "type": "\(type)", "name": "\(name)",
         "provider_name": "registry.terraform.io/hashicorp/\(provider)", "values": {"tags": {"data-class": "customer"}, "labels": {"data-class": "customer"}, \(values)}}
        """
    }

    static func plan(_ resources: [String]) -> String {
        #"{"format_version": "1.2", "planned_values": {"root_module": {"resources": ["# + "\n" + resources.joined(separator: ",\n") + "\n]}}}\n"
    }

    static let policy = """
        policy: eu
        title: Customers' data stays in the EU
        basis: [contract]
        severity: high
        applies_to: {data: [customer]}
        require:
          stored: {in: eu}
          processed: {in: eu}
          copied: {in: eu}
          key-held: {in: eu}
        """

    /// A resource, and the edits that must be proposed for it.
    static let edits: [(String, [String])] = [
        (resource("aws_dynamodb_table", "orders", #""name": "orders", "region": "eu-west-1", "replica": [{"region_name": "eu-central-1"}, {"region_name": "us-east-1"}]"#),
         [#"replica[1].region_name: "us-east-1" → ""#, "remove replica[1]"]),
        (resource("aws_lambda_function", "f", #""function_name": "f", "region": "us-east-1""#), [#"region: "us-east-1" → ""#]),
        (resource("google_storage_bucket", "b", #""name": "b", "location": "US""#, provider: "google"), [#"location: "US" → ""#]),
        (resource("azurerm_storage_account", "s", #""name": "s", "location": "eastus""#, provider: "azurerm"), [#"location: "eastus" → ""#]),
    ]

    static func check(_ resources: [String], _ more: [String] = []) throws -> Binary.Result {
        let scratch = try Scratch()
        let plan = try scratch.write(plan(resources), to: "plan.json")
        let policy = try scratch.write(policy, to: "eu.yaml")
        return try Binary.run(["check", plan, "--policies", policy, "--now", Binary.now] + more)
    }

    @Test(arguments: edits.indices)
    func `a change is proposed`(_ index: Int) throws {
        let result = try Self.check([Self.edits[index].0])
        #expect(result.code == 1, "\(result)")
        for edit in Self.edits[index].1 { #expect(result.output.contains(edit), "\(edit) in\n\(result.output)") }
        #expect(result.output.contains("plan.json:2:1"), "\(result.output)")
    }

    /// The promise of a proposal: made, it settles the finding.
    @Test(arguments: edits.indices)
    func `a proposed value satisfies the policy`(_ index: Int) throws {
        let resource = Self.edits[index].0
        let output = try Self.check([resource]).output
        let line = try #require(output.split(separator: "\n").first { $0.contains("change ") && $0.contains(" → ") })
        let sides = line.split(separator: ": ", maxSplits: 1)[1].components(separatedBy: " → ")
        let mended = resource.replacingOccurrences(of: sides[0], with: sides[1])
        #expect(mended != resource)
        let after = try Self.check([mended])
        #expect(after.output.contains(" 0 violated"), "\(line)\n\(after.output)")
    }

    /// Files that people write: the line is the one with the resource's name, in YAML and in JSON.
    static let texts: [(String, String, [String])] = [
        ("stack.yaml", """
            AWSTemplateFormatVersion: "2010-09-09"
            Resources:
              Files:
                Type: AWS::S3::Bucket
              Orders:
                Type: AWS::DynamoDB::GlobalTable
                Properties:
                  TableName: orders
                  Replicas: [{Region: eu-west-1}, {Region: us-east-1}]
                  Tags: [{Key: data-class, Value: customer}]
            """, ["stack.yaml:5:3", #"Replicas[1].Region: "us-east-1" → "eu-"#, "remove Replicas[1]"]),
        ("stack.json", """
            {"AWSTemplateFormatVersion": "2010-09-09",
             "Resources": {
               "Orders": {"Type": "AWS::DynamoDB::GlobalTable", "Properties": {"TableName": "orders", "Replicas": [{"Region": "us-east-1"}],
                 "Tags": [{"Key": "data-class", "Value": "customer"}]}}}}
            """, ["stack.json:3:14", #"Replicas[0].Region: "us-east-1" → "eu-"#]),
        ("volume.yaml", """
            apiVersion: v1
            kind: Namespace
            metadata: {name: shop}
            ---
            apiVersion: v1
            kind: PersistentVolume
            metadata: {name: orders, labels: {data-class: customer, topology.kubernetes.io/region: us-east-1}}
            spec:
              capacity: {storage: 10Gi}
              csi: {driver: ebs.csi.aws.com, volumeHandle: vol-0abc}
            """, ["volume.yaml:4", #"metadata.labels["topology.kubernetes.io/region"]: "us-east-1" → ""#]),
        ("pod.yaml", """
            apiVersion: v1
            kind: Pod
            metadata: {name: api, labels: {data-class: customer}}
            spec:
              nodeSelector:
                topology.kubernetes.io/region: us-east-1
              containers: [{name: api, image: shop}]
            """, ["pod.yaml:1", #"spec.nodeSelector["topology.kubernetes.io/region"]: "us-east-1" → ""#]),
    ]

    @Test(arguments: texts.indices)
    func `templates and manifests have lines`(_ index: Int) throws {
        let (name, text, wanted) = Self.texts[index]
        let scratch = try Scratch()
        let file = try scratch.write(text, to: name)
        let policy = try scratch.write(Self.policy, to: "eu.yaml")
        let shown = try Binary.run(["check", file, "--policies", policy, "--now", Binary.now])
        for word in wanted { #expect(shown.output.contains(word), "\(word) in\n\(shown.output)\(shown.errors)") }
        let sarif = try Binary.run(["check", file, "--policies", policy, "--now", Binary.now, "--format", "sarif"])
        #expect(sarif.output.contains(#""startLine":"#), "\(sarif.output.prefix(300))")
    }

    /// The promise of a proposal, in the texts that people write.
    @Test(arguments: [0, 1, 2, 3])
    func `a proposed value, written into the text, satisfies the policy`(_ index: Int) throws {
        let (name, text, _) = Self.texts[index]
        func check(_ text: String) throws -> Binary.Result {
            let scratch = try Scratch()
            let policy = try scratch.write(Self.policy, to: "eu.yaml")
            return try Binary.run(["check", try scratch.write(text, to: name), "--policies", policy, "--now", Binary.now])
        }
        let output = try check(text).output
        let proposals = output.split(separator: "\n").filter { $0.contains("change ") && $0.contains("us-east-1") && $0.contains(" → ") }
        let line = try #require(proposals.first, "\(output)")
        let value = try #require(line.components(separatedBy: " → ").last).filter { $0 != "\"" }
        #expect(!text.contains(value), "the place is there already: \(value)")
        let after = try check(text.replacingOccurrences(of: "us-east-1", with: value))
        #expect(after.output.contains(" 0 violated"), "\(line)\n\(after.output)")
    }

    @Test func `what only two edits together would settle has no proposal`() throws {
        let scratch = try Scratch()
        let policy = try scratch.write(Self.policy, to: "eu.yaml")
        let file = try scratch.write(
            """
            apiVersion: v1
            kind: PersistentVolume
            metadata: {name: v, labels: {data-class: customer, topology.kubernetes.io/region: us-east-1, topology.kubernetes.io/zone: us-east-1a}}
            spec: {csi: {driver: ebs.csi.aws.com}}
            """, to: "v.yaml")
        let shown = try Binary.run(["check", file, "--policies", policy, "--now", Binary.now])
        #expect(shown.code == 1 && shown.output.contains("to do") && !shown.output.contains("change "), "\(shown.output)")
    }

    @Test func `standard input gets proposals too`() throws {
        let scratch = try Scratch()
        let policy = try scratch.write(Self.policy, to: "eu.yaml")
        let shown = try Binary.run(["check", "-", "--policies", policy, "--now", Binary.now], input: Self.plan([Self.edits[1].0]))
        #expect(shown.code == 1 && shown.output.contains(Self.edits[1].1[0]), "\(shown.output)")
    }

    @Test func `the worst comes first, and unknown after violated`() throws {
        let result = try Self.check([
            Self.resource("aws_s3_bucket_logging", "z", #""bucket": "a", "region": "eu-west-1""#),
            Self.resource("aws_lambda_function", "b", #""function_name": "b", "region": "us-east-1""#),
            Self.resource("aws_lambda_function", "a", #""function_name": "a", "region": "us-east-1""#),
            Self.resource("aws_dynamodb_table", "c", #""name": "c", "region": "unknown:known after apply""#),
        ])
        let blocks = result.output.split(separator: "\n").filter { $0.hasPrefix("✗ aws") || $0.hasPrefix("? aws") }.map(String.init)
        #expect(blocks == ["✗ aws_lambda_function.a", "✗ aws_lambda_function.b", "? aws_dynamodb_table.c"], "\(result.output)")
    }

    @Test func `watching, a check is made again when a file changes`() async throws {
        let scratch = try Scratch()
        let plan = try scratch.write(Self.plan([Self.edits[1].0]), to: "plan.json")
        let policy = try scratch.write(Self.policy, to: "eu.yaml")
        let process = Process()
        process.executableURL = URL(filePath: Binary.path)
        process.arguments = ["check", plan, "--policies", policy, "--now", Binary.now, "--watch"]
        let out = scratch.path + "/out"
        try Data().write(to: URL(filePath: out))
        process.standardOutput = try FileHandle(forWritingTo: URL(filePath: out))
        process.standardError = FileHandle.nullDevice
        process.standardInput = FileHandle.nullDevice
        try process.run()
        defer { process.terminate() }
        func answers(_ wanted: Int) async throws -> [String] {
            for _ in 0..<600 {
                let lines = try String(contentsOfFile: out, encoding: .utf8).split(separator: "\n").map(String.init)
                let found = lines.filter { $0.contains("violated,") }
                if found.count >= wanted { return found }
                try await Task.sleep(for: .milliseconds(100))
            }
            return []
        }
        #expect(try await answers(1).count == 1)
        // Written at the very moment of the first answer, the change might be taken for the state at the start.
        try await Task.sleep(for: .seconds(1))
        _ = try scratch.write(Self.plan([Self.edits[1].0.replacingOccurrences(of: "us-east-1", with: "eu-west-1")]), to: "plan.json")
        let both = try await answers(2)
        #expect(both.count == 2 && both[0].contains("1 violated") && both[1].contains("0 violated"), "\(both)")
    }
}

/// `domicile diff`.
struct DiffTests {
    /// Runs two audits of tables at these regions and compares them.
    static func diff(_ before: [String: String], _ now: [String: String], _ more: [String] = []) throws -> Binary.Result {
        let scratch = try Scratch()
        let policy = try scratch.write(CheckTests.policy, to: "eu.yaml")
        for (name, tables) in [("before", before), ("now", now)] {
            let resources = tables.sorted { $0.key < $1.key }.map { CheckTests.resource("aws_dynamodb_table", $0.key, #""name": "\#($0.key)", "region": "\#($0.value)""#) }
            let plan = try scratch.write(CheckTests.plan(resources), to: "\(name).json")
            _ = try Binary.run(
                ["audit", plan, "--policies", policy, "--out", "\(scratch.path)/\(name)", "--store", "\(scratch.path)/history.sqlite", "--now", Binary.now, "--quiet"])
        }
        return try Binary.run(["diff", "\(scratch.path)/before", "\(scratch.path)/now"] + more)
    }

    static let rows: [([String: String], [String: String], Int32, String)] = [
        (["a": "eu-west-1"], ["a": "eu-west-1"], 0, "0 new, 0 persisting, 0 fixed"),
        (["a": "us-east-1"], ["a": "us-east-1"], 0, "0 new, 1 persisting, 0 fixed"),
        (["a": "us-east-1"], ["a": "eu-west-1"], 0, "0 new, 0 persisting, 1 fixed"),
        (["a": "us-east-1"], ["b": "us-east-1"], 1, "1 new, 0 persisting, 1 fixed"),
        (["a": "eu-west-1"], ["a": "mars-north-1"], 2, "1 new, 0 persisting, 0 fixed"),
        (["a": "mars-north-1"], ["a": "us-east-1"], 1, "1 new, 0 persisting, 0 fixed"),
    ]

    @Test(arguments: rows.indices)
    func `new, persisting and fixed are told`(_ index: Int) throws {
        let (before, now, code, text) = Self.rows[index]
        let result = try Self.diff(before, now)
        #expect(result.code == code, "\(result)")
        #expect(result.output.contains(text), "\(result.output)")
    }

    @Test func `scripts get the findings`() throws {
        let result = try Self.diff(["a": "us-east-1"], ["b": "us-east-1"], ["--format", "json"])
        struct Changes: Decodable { var new: [Findings.Finding], fixed: [Findings.Finding], persisting: [Findings.Finding] }
        let changes = try JSONDecoder().decode(Changes.self, from: Data(result.output.utf8))
        #expect(changes.new.allSatisfy { $0.subject.id.hasSuffix(".b") } && changes.fixed.allSatisfy { $0.subject.id.hasSuffix(".a") })
        #expect(changes.new.count == 1 && changes.fixed.count == 1 && changes.persisting.isEmpty)
    }

    @Test func `what is no run is told`() throws {
        let result = try Binary.run(["diff", "nowhere", "nothing"])
        #expect(result.code == 3 && result.errors.contains("nowhere"), "\(result)")
    }
}
