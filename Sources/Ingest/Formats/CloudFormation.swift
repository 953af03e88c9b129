import CEL
import Residency
import Yams

/// AWS CloudFormation and SAM templates, JSON or YAML with its short tags.
///
///     Resources:
///       Orders:
///         Type: AWS::DynamoDB::GlobalTable
///         Properties: {Replicas: [{Region: eu-west-1}, {Region: !Ref Second}]}
///
/// A template says what will be made, not where: the region is stated by the user, or unknown.
enum CloudFormation: InputFormat {
    static let id = "cloudformation"
    static let title = "CloudFormation template"

    static func recognises(_ head: Head) -> Bool {
        if let object = head.candidates.first {
            guard let at = object.members["Resources"], let resources = head.object(at: at) else { return false }
            return object.has("AWSTemplateFormatVersion") || resources.members.values.contains { at in
                head.object(at: at)?.members["Type"].flatMap { head.text(at: $0) }?.contains("::") ?? false
            }
        }
        let lines = head.lines(2000).map { $0.drop { $0 == " " } }
        if lines.contains(where: { $0.hasPrefix("AWSTemplateFormatVersion") || $0.hasPrefix("\"AWSTemplateFormatVersion") }) { return true }
        guard lines.contains(where: { $0.hasPrefix("Resources:") }) else { return false }
        return lines.contains { ($0.hasPrefix("Type:") || $0.hasPrefix("\"Type\":") || $0.contains("{Type:")) && $0.contains("::") }
    }

    static func read(_ session: ReadSession) throws(ReadError) {
        let bytes = session.window.bytes
        let isJSON = bytes.first { !($0 <= 0x20 || $0 == 0xef || $0 == 0xbb || $0 == 0xbf) } == UInt8(ascii: "{")
        if isJSON {
            guard try session.readTree(), let document = try session.document() else { return }
            template(document.value(maxDepth: session.plan.limits.maxDepth), session)
        } else {
            try YAMLStream.walk(session) { document in
                document.read(session) { (node, budget) throws(YAMLText.Fault) in
                    template(try YAMLText.expandingTags(node, &budget), session)
                }
            }
        }
    }

    private static func template(_ template: Value, _ session: ReadSession) {
        let stated = session.plan.stated
        let functions = TemplateFunctions(template, region: stated.region, account: stated.account)
        let table = AmazonAnswers.builtin
        var others = 0
        var loops = 0
        for (name, resource) in functions.expanding(template.member("Resources") ?? .null) {
            let pointer = "/Resources/\(name)"
            if name.hasPrefix(TemplateFunctions.loop) {
                loops += 1
                _ = session.number(pointer)
                continue
            }
            guard let type = resource.text("Type") else {
                session.malformed(byte: 0, place: pointer, "\(pointer) has no `Type`")
                continue
            }
            guard type.hasPrefix("AWS::") else {
                others += 1
                _ = session.number(pointer)
                continue
            }
            let properties = functions.resolve(resource.member("Properties") ?? .object([])) ?? .object([])
            give(name, serverless[type] ?? type, resource, properties, table, session, pointer)
        }
        if loops > 0 {
            session.malformed(byte: 0, place: "/Resources", "\(loops) loops run over what only a deployment knows, or make too much: what they make is not known")
        }
        if others > 0 {
            session.say(.warning, "\(others) resources are not made by AWS (custom resources, modules): what they make is not known")
        }
    }

    /// SAM's own types and what they become.
    private static let serverless = [
        "AWS::Serverless::Function": "AWS::Lambda::Function", "AWS::Serverless::SimpleTable": "AWS::DynamoDB::Table",
        "AWS::Serverless::Api": "AWS::ApiGateway::RestApi", "AWS::Serverless::HttpApi": "AWS::ApiGatewayV2::Api",
        "AWS::Serverless::StateMachine": "AWS::StepFunctions::StateMachine", "AWS::Serverless::LayerVersion": "AWS::Lambda::LayerVersion",
    ]

    /// Properties by which other records may call a resource.
    private static let naming = [
        "BucketName", "TableName", "DBInstanceIdentifier", "DBClusterIdentifier", "FunctionName", "QueueName", "TopicName", "LogGroupName",
        "ClusterName", "DomainName", "BackupVaultName", "RepositoryName", "AliasName", "Name", "TrailName", "DeliveryStreamName",
    ]

    private static func give(
        _ name: String, _ type: String, _ resource: Value, _ properties: Value, _ table: AmazonAnswers, _ session: ReadSession, _ pointer: String
    ) {
        let names = naming.compactMap { properties.text($0) }.filter { !$0.hasPrefix("unknown:") }
        let region = region(type, properties, session.plan.stated.region)
        var arns: [String] = []
        if type == "AWS::S3::Bucket", let bucket = names.first { arns.append("arn:aws:s3:::" + bucket) }
        let item = InventoryItem(
            provider: "aws", type: type, id: name, name: names.first ?? name, names: names + arns, account: session.plan.stated.account ?? "",
            place: region, tags: (properties.member("Tags") ?? .null).tagTexts)
        let record: [(String, Value)] = [
            ("logicalId", .string(name)), ("configuration", table.configuration(properties, of: type)), ("properties", properties),
            ("condition", resource.member("Condition") ?? .null), ("deletionPolicy", resource.member("DeletionPolicy") ?? .null),
        ]
        session.give(item, .object(record), pointer: pointer)
    }

    private static func region(_ type: String, _ properties: Value, _ stated: String?) -> PlaceReference {
        let service = type.split(separator: ":").dropFirst().first.map { $0.lowercased() } ?? ""
        if AmazonName.globalServices.contains(service) { return .region(provider: "aws", name: "global") }
        // An attribute of another resource is that resource's name: no zone.
        if let zone = properties.text("AvailabilityZone"), !zone.hasPrefix("unknown:"), !zone.contains("$"), zone.split(separator: "-").count > 2 {
            return .region(provider: "aws", name: AmazonName.region(ofZone: zone))
        }
        return stated.map { .region(provider: "aws", name: $0) } ?? .unknown("a template does not say where it is deployed; give the region")
    }
}
