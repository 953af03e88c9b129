import Foundation
import Testing

/// A bucket is called by its bare name nearly everywhere, and other things have names too.
struct BareNameTests {
    static let bucket = "orders-export"

    /// What the inventory has by that name, and what is made of the export of a table to the bucket. Only a bucket tells where the bucket is.
    static let inventories: [(what: String, file: String, text: String, verdict: String)] = [
        ("nothing", "none.json", #"{"configurationItems":[]}"#, "unresolved"),
        (
            "a queue in Config", "config.json",
            #"{"configurationItems":[{"resourceType":"AWS::SQS::Queue","resourceId":"https://sqs.eu-west-1.amazonaws.com/111122223333/orders-export","resourceName":"orders-export","ARN":"arn:aws:sqs:eu-west-1:111122223333:orders-export","awsRegion":"eu-west-1","awsAccountId":"111122223333","configuration":{}}]}"#,
            "unresolved"
        ),
        (
            "a topic in a state", "terraform.tfstate",
            #"{"version":4,"terraform_version":"1.9.0","serial":1,"lineage":"x","outputs":{},"resources":[{"mode":"managed","type":"aws_sns_topic","name":"t","provider":"provider[\"registry.terraform.io/hashicorp/aws\"]","instances":[{"schema_version":0,"attributes":{"id":"arn:aws:sns:eu-west-1:111122223333:orders-export","arn":"arn:aws:sns:eu-west-1:111122223333:orders-export","name":"orders-export","region":"eu-west-1"}}]}]}"#,
            "unresolved"
        ),
        (
            "the bucket in Config", "config.json",
            #"{"configurationItems":[{"resourceType":"AWS::S3::Bucket","resourceId":"orders-export","resourceName":"orders-export","ARN":"arn:aws:s3:::orders-export","awsRegion":"eu-west-1","awsAccountId":"111122223333","configuration":{}}]}"#,
            "satisfied"
        ),
        (
            "the bucket in China's partition, and a queue", "config.json",
            #"{"configurationItems":[{"resourceType":"AWS::S3::Bucket","resourceId":"orders-export","resourceName":"orders-export","ARN":"arn:aws-cn:s3:::orders-export","awsRegion":"cn-north-1","awsAccountId":"111122223333","configuration":{}},{"resourceType":"AWS::SQS::Queue","resourceId":"q","resourceName":"orders-export","ARN":"arn:aws:sqs:eu-west-1:111122223333:orders-export","awsRegion":"eu-west-1","awsAccountId":"111122223333","configuration":{}}]}"#,
            "violated"
        ),
        (
            "the bucket in a state", "terraform.tfstate",
            #"{"version":4,"terraform_version":"1.9.0","serial":1,"lineage":"x","outputs":{},"resources":[{"mode":"managed","type":"aws_s3_bucket","name":"b","provider":"provider[\"registry.terraform.io/hashicorp/aws\"]","instances":[{"schema_version":0,"attributes":{"id":"orders-export","arn":"arn:aws:s3:::orders-export","bucket":"orders-export","region":"eu-west-1"}}]}]}"#,
            "satisfied"
        ),
        (
            "the bucket in a plan", "plan.json",
            #"{"format_version":"1.2","terraform_version":"1.9.0","planned_values":{"root_module":{"resources":[{"address":"aws_s3_bucket.b","mode":"managed","type":"aws_s3_bucket","name":"b","provider_name":"registry.terraform.io/hashicorp/aws","schema_version":0,"values":{"bucket":"orders-export","region":"us-east-1"}}]}},"resource_changes":[],"configuration":{"provider_config":{"aws":{"name":"aws","full_name":"registry.terraform.io/hashicorp/aws","expressions":{"region":{"constant_value":"us-east-1"}}}},"root_module":{"resources":[{"address":"aws_s3_bucket.b","mode":"managed","type":"aws_s3_bucket","name":"b","provider_config_key":"aws","expressions":{"bucket":{"constant_value":"orders-export"}},"schema_version":0}]}}}"#,
            "violated"
        ),
    ]

    @Test(arguments: inventories.indices)
    func `a bucket that is called by its bare name is where the bucket of that name is`(_ number: Int) throws {
        let (what, file, text, verdict) = Self.inventories[number]
        let scratch = try Scratch()
        _ = try scratch.write(text, to: "in/\(file)")
        _ = try scratch.write(
            #"{"configurationItems":[{"resourceType":"AWS::DynamoDB::Table","resourceId":"orders","resourceName":"orders","ARN":"arn:aws:dynamodb:eu-west-1:111122223333:table/orders","awsRegion":"eu-west-1","awsAccountId":"111122223333","tags":{"data-class":"customer"},"configuration":{}}]}"#,
            to: "in/tables.json")
        _ = try scratch.write(
            #"{"Records":[{"eventVersion":"1.08","eventTime":"2026-11-19T10:00:00Z","eventSource":"dynamodb.amazonaws.com","eventName":"ExportTableToPointInTime","awsRegion":"eu-west-1","sourceIPAddress":"192.0.2.1","userIdentity":{"type":"Root"},"recipientAccountId":"111122223333","requestParameters":{"tableArn":"arn:aws:dynamodb:eu-west-1:111122223333:table/orders","s3Bucket":"orders-export"}}]}"#,
            to: "in/trail.json")
        let sent = try Self.finding(of: "transferred", scratch, what)
        #expect(sent["verdict"] as? String == verdict, "\(what): \(sent["message"] ?? "")")
        #expect((sent["message"] as? String)?.contains("orders-export") == (verdict == "unresolved"), "\(sent["message"] ?? "")")
    }

    /// Who reads a bucket by its bare name reads the bucket, whatever is said of a queue that is called the same.
    @Test(arguments: [
        ("the queue alone", [queue], "unresolved"), ("both", [queue, held], "violated"), ("the bucket alone", [held], "violated"), ("neither", [], "unresolved"),
    ] as [(String, [String], String)])
    func `what is said of a queue is not said of the bucket of its name`(_ what: String, _ items: [String], _ verdict: String) throws {
        let scratch = try Scratch()
        _ = try scratch.write(#"{"configurationItems":[\#(items.joined(separator: ","))]}"#, to: "in/config.json")
        _ = try scratch.write(
            #"{"Records":[{"eventVersion":"1.08","eventTime":"2026-11-19T10:00:00Z","eventSource":"s3.amazonaws.com","eventName":"GetObject","awsRegion":"us-east-1","sourceIPAddress":"192.0.2.1","userIdentity":{"type":"Root"},"recipientAccountId":"111122223333","requestParameters":{"bucketName":"orders-export","key":"a"}}]}"#,
            to: "in/trail.json")
        let read = try Self.finding(of: "processed", scratch, what)
        #expect(read["verdict"] as? String == verdict, "\(what): \(read["message"] ?? "")")
        let subject = read["subject"] as? [String: Any]
        #expect(subject?["id"] as? String == (items.contains(Self.held) ? "arn:aws:s3:::orders-export" : "orders-export"), "\(what)")
    }

    /// The bucket to which another's logs go, by its bare name: a disk of that name is none.
    @Test(arguments: [
        ("a disk", [disk], false, "unresolved"), ("the bucket", [logs], false, "violated"), ("both", [disk, logs], false, "violated"),
        ("the bucket in a state", [], true, "violated"), ("a disk, and the bucket in a state", [disk], true, "violated"),
    ] as [(String, [String], Bool, String)])
    func `a bucket of Google Cloud is where the bucket of that name is`(_ what: String, _ assets: [String], _ isInState: Bool, _ verdict: String) throws {
        let scratch = try Scratch()
        // There its id is its bare name.
        if isInState {
            _ = try scratch.write(
                #"{"version":4,"terraform_version":"1.9.0","serial":1,"lineage":"x","outputs":{},"resources":[{"mode":"managed","type":"google_storage_bucket","name":"l","provider":"provider[\"registry.terraform.io/hashicorp/google\"]","instances":[{"schema_version":0,"attributes":{"id":"logs-us","name":"logs-us","location":"US-EAST1","project":"p"}}]}]}"#,
                to: "in/terraform.tfstate")
        }
        let orders =
            #"{"name":"//storage.googleapis.com/orders","asset_type":"storage.googleapis.com/Bucket","resource":{"version":"v1","location":"europe-west1","data":{"name":"orders","location":"EUROPE-WEST1","labels":{"data-class":"customer"},"logging":{"logBucket":"logs-us"}}}}"#
        _ = try scratch.write((assets + [orders]).joined(separator: "\n"), to: "in/assets.json")
        let logged = try Self.finding(of: "logged", scratch, what)
        #expect(logged["verdict"] as? String == verdict, "\(what): \(logged["message"] ?? "")")
    }

    static let disk =
        #"{"name":"//compute.googleapis.com/projects/p/zones/europe-west1-b/disks/logs-us","asset_type":"compute.googleapis.com/Disk","resource":{"version":"v1","location":"europe-west1-b","data":{"name":"logs-us"}}}"#
    static let logs =
        #"{"name":"//storage.googleapis.com/logs-us","asset_type":"storage.googleapis.com/Bucket","resource":{"version":"v1","location":"us-east1","data":{"name":"logs-us","location":"US-EAST1"}}}"#

    /// What an audit of the folder `in` finds of customers' data, which is to be in the Union.
    private static func finding(of activity: String, _ scratch: Scratch, _ what: String) throws -> [String: Any] {
        let policy = try scratch.write(
            "policy: p\ntitle: P\nbasis: [b]\nseverity: high\napplies_to: {data: [customer]}\nrequire: {\(activity): {in: eu}}\n", to: "p.yaml")
        let result = try Binary.run(
            ["audit", "in", "--policies", policy, "--now", Binary.now, "--quiet", "--no-store", "--format", "json", "--out", "out"], in: scratch.path)
        let root = try #require(JSONSerialization.jsonObject(with: Data(contentsOf: URL(filePath: scratch.path + "/out/findings.json"))) as? [String: Any], "\(result.errors)")
        let findings = try #require(root["findings"] as? [[String: Any]])
        return try #require(findings.first { $0["requirement"] as? String == activity }, "\(what): \(findings)")
    }

    static let queue =
        #"{"resourceType":"AWS::SQS::Queue","resourceId":"q","resourceName":"orders-export","ARN":"arn:aws:sqs:eu-west-1:111122223333:orders-export","awsRegion":"eu-west-1","awsAccountId":"111122223333","tags":{"data-class":"public"},"configuration":{}}"#
    static let held =
        #"{"resourceType":"AWS::S3::Bucket","resourceId":"orders-export","resourceName":"orders-export","ARN":"arn:aws:s3:::orders-export","awsRegion":"us-east-1","awsAccountId":"111122223333","tags":{"data-class":"customer"},"configuration":{}}"#
}
