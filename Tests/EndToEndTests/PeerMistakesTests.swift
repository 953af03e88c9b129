import Foundation
import Testing

/// What other tools get wrong about residency, and what we say of the same thing: a row for each mistake.
struct PeerMistakesTests {
    struct Row: Sendable, CustomTestStringConvertible {
        /// The mistake.
        var testDescription: String
        var policy = "eu-hosting"
        var input: String
        /// `requirement subject verdict`; `none` where nothing may be said.
        var expect: [String]
        /// Part of what coverage must say.
        var coverage = ""
    }

    static let rows: [Row] = [
        Row(
            testDescription: "they fail a bucket that is not replicated to another region", input: state([bucket("orders", "eu-west-1")]),
            expect: ["stored orders satisfied", "copied orders none"]),
        Row(
            testDescription: "they want geo-redundant storage, whose second region nobody chose: it is the pair of its region",
            input: state([azure("azurerm_storage_account", "orders", "\"account_replication_type\":\"RAGRS\"")]),
            expect: ["stored orders satisfied", "copied orders satisfied"]),
        Row(
            testDescription: "they pass storage that stays in its region only by silence", input: state([azure("azurerm_storage_account", "orders", "\"account_replication_type\":\"LRS\"")]),
            expect: ["stored orders satisfied", "copied orders none"]),
        Row(
            testDescription: "they pass replication to any other region",
            input: state([bucket("orders", "eu-west-1"), bucket("far", "us-east-1"), replication("orders", "far")]), expect: ["copied orders violated", "stored far violated"]),
        Row(
            testDescription: "they can't tell it from replication inside the promise",
            input: state([bucket("orders", "eu-west-1"), bucket("near", "eu-central-1"), replication("orders", "near")]), expect: ["copied orders satisfied", "stored near satisfied"]),
        Row(
            testDescription: "they pass a guardrail that lets more regions through than were promised", input: state([guardrail(["eu-west-1", "us-east-1"])]),
            expect: ["stored p-1 unresolved"]),
        Row(
            testDescription: "they pass any guardrail when the list of promised regions is empty", input: state([account, guardrail([]), bucket("orders", "eu-west-1")]),
            expect: ["stored p-1 none", "stored orders satisfied"], coverage: "no service control policy with aws:RequestedRegion that names a region"),
        Row(
            testDescription: "they take a missing guardrail for one that holds", input: state([account, bucket("orders", "eu-west-1")]),
            expect: ["stored orders satisfied"], coverage: "nothing that was read keeps resources out of other regions"),
        Row(
            testDescription: "they skip what is global", input: asset("cloudkms.googleapis.com/CryptoKey", "locations/global/keyRings/r/cryptoKeys/k", "global"),
            expect: ["key-held k unresolved"]),
        Row(
            testDescription: "they skip what is global, where a policy forbids just that", policy: "no-global",
            input: asset("cloudkms.googleapis.com/CryptoKey", "locations/global/keyRings/r/cryptoKeys/k", "global"), expect: ["key-held k violated"]),
        Row(
            testDescription: "they hold the guardrail for the place of what was there before it",
            input: asset("orgpolicy.googleapis.com/Policy", "policies/gcp.resourceLocations", "global", "\"spec\":{\"rules\":[{\"values\":{\"allowedValues\":[\"europe-west1\"]}}]}")
                + asset("storage.googleapis.com/Bucket", "old", "US"),
            expect: ["stored old violated"]),
        Row(
            testDescription: "they let keys live anywhere, since guardrails exempt them",
            input: state([guardrail(["eu-west-1"], exempt: ["kms:*"]), aws("aws_kms_key", "key", "us-east-1", "arn:aws:kms:us-east-1:111122223333:key/key")]), expect: ["key-held key/key violated"]),
        Row(
            testDescription: "they have no check for processing and backups in the region agreed", policy: "c5-pss-12",
            input: state([
                aws("aws_lambda_function", "fn", "eu-central-1", "arn:aws:lambda:eu-central-1:111122223333:function:fn", home: "de"),
                aws("aws_backup_vault", "vault", "eu-west-1", "arn:aws:backup:eu-west-1:111122223333:backup-vault:vault", home: "de"),
            ]), expect: ["processed function:fn satisfied", "backed-up backup-vault:vault violated"]),
        Row(
            testDescription: "they do not say what an inventory can't show",
            input: "{\"fileVersion\":\"1.0\",\"configurationItems\":[{\"resourceType\":\"AWS::EFS::FileSystem\",\"resourceId\":\"fs-1\",\"awsRegion\":\"eu-west-1\",\"awsAccountId\":\"111122223333\",\"configurationItemStatus\":\"OK\",\"tags\":{\"data-class\":\"customer\",\"data-residency\":\"eu\"},\"configuration\":{}}]}",
            expect: ["stored fs-1 satisfied"], coverage: "EFS replication"),
    ]

    @Test(arguments: rows)
    func `the mistake is not ours`(_ row: Row) throws {
        let scratch = try Scratch()
        try row.input.write(toFile: scratch.path + "/input.json", atomically: true, encoding: .utf8)
        let policy = Binary.root.path + "/policies/\(row.policy).yaml"
        let result = try Binary.run(
            ["audit", "input.json", "--policies", policy, "--now", Binary.now, "--out", scratch.path + "/out", "--no-store", "--quiet"], in: scratch.path)
        let data = try #require(FileManager.default.contents(atPath: scratch.path + "/out/findings.json"), "\(result.errors)")
        let run = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        let findings = try #require(run["findings"] as? [[String: Any]])
        for line in row.expect {
            let words = line.split(separator: " ").map(String.init)
            let own = findings.filter { $0["requirement"] as? String == words[0] && Self.name($0).hasSuffix(words[1]) }
            #expect(own.map { $0["verdict"] as? String ?? "" } == (words[2] == "none" ? [] : [words[2]]), "\(line): \(own.map { $0["message"] ?? "" })")
        }
        let coverage = String(decoding: try JSONSerialization.data(withJSONObject: run["coverage"] ?? [:]), as: UTF8.self)
        #expect(row.coverage.isEmpty || coverage.contains(row.coverage), "\(coverage)")
        // Nothing but a proof is exit code 0.
        let isProven = findings.allSatisfy { $0["verdict"] as? String == "satisfied" }
        #expect((result.code == 0) == isProven)
    }

    private static func name(_ finding: [String: Any]) -> String { (finding["subject"] as? [String: Any])?["id"] as? String ?? "" }

    // MARK: inputs

    private static func state(_ resources: [String]) -> String {
        "{\"version\":4,\"terraform_version\":\"1.9.0\",\"serial\":1,\"lineage\":\"x\",\"outputs\":{},\"resources\":[\(resources.joined(separator: ","))]}"
    }

    private static func resource(_ type: String, _ name: String, _ attributes: String) -> String {
        let provider = type.hasPrefix("azurerm") ? "azurerm" : "aws"
        return
            "{\"mode\":\"managed\",\"type\":\"\(type)\",\"name\":\"\(name)\",\"provider\":\"provider[\\\"registry.terraform.io/hashicorp/\(provider)\\\"]\",\"instances\":[{\"schema_version\":0,\"attributes\":{\(attributes)}}]}"
    }

    private static func tags(_ home: String) -> String { "\"tags\":{\"data-class\":\"customer\",\"data-residency\":\"\(home)\"}" }

    private static func aws(_ type: String, _ name: String, _ region: String, _ arn: String, home: String = "eu") -> String {
        resource(type, name, "\"id\":\"\(name)\",\"arn\":\"\(arn)\",\"region\":\"\(region)\",\(tags(home))")
    }

    private static func bucket(_ name: String, _ region: String) -> String {
        resource("aws_s3_bucket", name, "\"id\":\"\(name)\",\"bucket\":\"\(name)\",\"arn\":\"arn:aws:s3:::\(name)\",\"region\":\"\(region)\",\(tags("eu"))")
    }

    private static func replication(_ source: String, _ destination: String) -> String {
        resource(
            "aws_s3_bucket_replication_configuration", source,
            "\"id\":\"\(source)\",\"bucket\":\"\(source)\",\"region\":\"eu-west-1\",\"rule\":[{\"status\":\"Enabled\",\"destination\":[{\"bucket\":\"arn:aws:s3:::\(destination)\"}]}]")
    }

    private static func azure(_ type: String, _ name: String, _ more: String) -> String {
        resource(
            type, name,
            "\"id\":\"/subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/\(name)\",\"name\":\"\(name)\",\"location\":\"westeurope\",\(more),\(tags("eu"))")
    }

    private static let account = resource("aws_organizations_account", "prod", "\"id\":\"111122223333\",\"name\":\"prod\"")

    private static func guardrail(_ regions: [String], exempt: [String] = []) -> String {
        let list = regions.map { "\\\"\($0)\\\"" }.joined(separator: ",")
        let actions = exempt.isEmpty ? "\\\"Action\\\":\\\"*\\\"" : "\\\"NotAction\\\":[\(exempt.map { "\\\"\($0)\\\"" }.joined(separator: ","))]"
        let content = "{\\\"Statement\\\":[{\\\"Effect\\\":\\\"Deny\\\",\(actions),\\\"Resource\\\":\\\"*\\\",\\\"Condition\\\":{\\\"StringNotEquals\\\":{\\\"aws:RequestedRegion\\\":[\(list)]}}}]}"
        return resource("aws_organizations_policy", "regions", "\"id\":\"p-1\",\"type\":\"SERVICE_CONTROL_POLICY\",\"content\":\"\(content)\"")
    }

    private static func asset(_ type: String, _ name: String, _ location: String, _ data: String = "") -> String {
        let service = type.split(separator: "/")[0]
        let path = type.hasSuffix("Bucket") ? name : "projects/p/\(name)"
        let labels = "\"labels\":{\"data-class\":\"customer\",\"data-residency\":\"eu\"}"
        return
            "{\"name\":\"//\(service)/\(path)\",\"asset_type\":\"\(type)\",\"resource\":{\"version\":\"v1\",\"location\":\"\(location)\",\"data\":{\(labels)\(data.isEmpty ? "" : ",")\(data)}},\"ancestors\":[\"projects/1\"]}\n"
    }
}
