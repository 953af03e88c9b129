import CEL
import Residency
import Testing

@testable import Ingest

/// Templates: what they tell by themselves is resolved, what only a deployment knows is an unknown place with the reason.
@Suite struct TemplateTests {
    private static let template = """
        AWSTemplateFormatVersion: "2010-09-09"
        Parameters:
          Second: {Type: String, Default: us-east-1}
          Name: {Type: String}
        Mappings:
          Keys: {eu-west-1: {arn: "arn:aws:kms:eu-west-1:1:key/a"}, us-east-1: {arn: b}}
        Conditions:
          Both: !Not [!Equals [!Ref Second, ""]]
          Never: !Equals [!Ref Second, ap-south-1]
        Resources:
          Orders:
            Type: AWS::DynamoDB::GlobalTable
            Properties:
              TableName: !Sub "orders-${Second}"
              Replicas:
                - Region: !Ref AWS::Region
                - !If [Both, {Region: !Ref Second}, !Ref "AWS::NoValue"]
                - !If [Never, {Region: ap-south-1}, !Ref "AWS::NoValue"]
                - Region: !Ref Name
          Logs:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: !Join ["-", [logs, !Ref "AWS::AccountId"]]
              Tags: [{Key: data, Value: customer}]
              LoggingConfiguration: {DestinationBucketName: !Ref Other}
              ReplicationConfiguration: {Rules: [{Destination: {Bucket: !GetAtt Other.Arn}}]}
          Other: {Type: "AWS::S3::Bucket"}
          Disk:
            Type: AWS::EC2::Volume
            Properties: {AvailabilityZone: !Select [1, !Split [",", "us-west-2a,us-west-2b"]], KmsKeyId: !FindInMap [Keys, eu-west-1, arn]}
          Cdn: {Type: "AWS::CloudFront::Distribution"}
          Fn: {Type: "AWS::Serverless::Function"}
          Mine: {Type: "Custom::Thing"}
        """

    private func resources(_ stated: StatedOrigin = StatedOrigin()) throws -> [String: Resource] {
        let reading = try read(Self.template, ReadPlan(stated: stated))
        #expect(reading.outcome.format == "cloudformation" && reading.outcome.records == 7 && reading.outcome.malformed == 0, "\(reading.messages)")
        return Dictionary(uniqueKeysWithValues: reading.resources.map { ($0.id, $0) })
    }

    /// A small file can ask for any amount of memory: loops in loops, variables of variables.
    @Test func `a template that makes too much is stopped and told`() throws {
        let laughs = (1...40).map { #""v\#($0)":["[variables('v\#($0 - 1)')]","[variables('v\#($0 - 1)')]"]"# }.joined(separator: ",")
        let expressions = ResourceManagerExpressions(
            parameters: .object([]), variables: try JSON.parse(#"{"v0":"x",\#(laughs)}"#), region: nil, subscription: nil, budget: TemplateBudget(values: 1000))
        let copied = expressions.resolve(try JSON.parse(#"{"copy":[{"name":"p","count":900,"input":{"a":[1,2,3]}}],"last":"x"}"#))
        #expect(copied.member("p")?.elements?.last == .string("unknown:the template makes more than 2000000 values"))
        #expect(copied.member("last") == .string("unknown:the template makes more than 2000000 values"))
        #expect(expressions.resolve(.string("[variables('v40')]")).stringValue?.hasPrefix("unknown:") == true)

        let loop = try JSON.parse(#"{"Fn::ForEach::B":["N",["a","b","c"],{"B${N}":{"Type":"AWS::S3::Bucket","Properties":{"Tags":[1,2,3,4,5,6]}}}]}"#)
        func made(_ values: Int) -> [String] {
            TemplateFunctions(.object([]), region: nil, account: nil, budget: TemplateBudget(values: values)).expanding(loop).map(\.0)
        }
        #expect(made(1000) == ["Ba", "Bb", "Bc"])
        #expect(made(30) == ["Ba", "Bb", "Fn::ForEach::B"])
    }

    @Test func `short tags are resolved as far as the template tells`() throws {
        let found = try resources(StatedOrigin(region: "eu-west-1", account: "111122223333"))
        let orders = try #require(found["Orders"])
        #expect(orders.attributes.member("name") == "orders-us-east-1" && orders.aliases.contains("orders-us-east-1"))
        let replicas = orders.attributes.member("properties")?.member("Replicas")?.elements?.compactMap { $0.member("Region")?.stringValue }
        #expect(replicas == ["eu-west-1", "us-east-1", "unknown:the parameter `Name` has no default"])
        let logs = try #require(found["Logs"])
        #expect(logs.attributes.member("name") == "logs-111122223333" && logs.tags == ["data": "customer"])
        #expect(logs.aliases.contains("arn:aws:s3:::logs-111122223333"))
        let properties = logs.attributes.member("properties")
        #expect(properties?.member("LoggingConfiguration")?.member("DestinationBucketName") == "Other")
        #expect(properties?.member("ReplicationConfiguration")?.member("Rules")?.elements?.first?.member("Destination")?.member("Bucket") == "Other")
        #expect(found["Disk"]?.attributes.member("configuration")?.member("kmsKeyId") == "arn:aws:kms:eu-west-1:1:key/a")
        #expect(found["Fn"]?.type == "AWS::Lambda::Function" && found["Mine"] == nil)
    }

    @Test func `a region is stated, told by a zone, none for what has none, or unknown`() throws {
        let unstated = try resources()
        #expect(unstated["Logs"]?.place == .unknown("a template does not say where it is deployed; give the region"))
        #expect(unstated["Logs"]?.attributes.member("region")?.stringValue?.hasPrefix("unknown:") == true)
        #expect(unstated["Disk"]?.place == .region(provider: "aws", name: "us-west-2"))
        #expect(unstated["Cdn"]?.place == .region(provider: "aws", name: "global"))
        let replicas = unstated["Orders"]?.attributes.member("properties")?.member("Replicas")?.elements
        #expect(replicas?.first?.member("Region") == "unknown:the template does not tell AWS::Region")
        #expect(try resources(StatedOrigin(region: "eu-west-1"))["Logs"]?.place == .region(provider: "aws", name: "eu-west-1"))
        #expect(unstated["Logs"]?.pointer == "/Resources/Logs")
    }

    @Test func `loops make what they run over, and one over what is not known is no pass`() throws {
        let text = """
            Transform: AWS::LanguageExtensions
            Parameters: {Open: {Type: CommaDelimitedList}}
            Resources:
              Fn::ForEach::Copies:
                - Region
                - [us-east-1, eu-west-1]
                - "Copy&{Region}":
                    Type: AWS::DynamoDB::GlobalTable
                    Properties:
                      TableName: !Sub "t-${Region}"
                      Replicas: [{Region: !Ref Region}]
                      Fn::ForEach::More: [K, [A, B], {"Key${K}": !Ref K}]
              Fn::ForEach::Open: [X, !Ref Open, {"B${X}": {Type: AWS::S3::Bucket}}]
            """
        let reading = try read(text)
        #expect(reading.resources.map(\.id) == ["Copyuseast1", "Copyeuwest1"] && reading.outcome.malformed == 1, "\(reading.messages)")
        let properties = reading.resources.first?.attributes.member("properties")
        #expect(properties?.member("Replicas")?.elements?.first?.member("Region") == "us-east-1")
        #expect(properties?.member("TableName") == "t-us-east-1" && properties?.member("KeyB") == "B")
    }

    @Test(arguments: [
        "AWSTemplateFormatVersion: \"2010-09-09\"\nResources:\n  R:\n    Type: AWS::ECR::Repository\n    Properties:\n      RepositoryPolicyText: |\n        {\n          \"Version\": \"2012-10-17\"\n        }\n",
        "---\n\n  # All of it is indented.\n  AWSTemplateFormatVersion: \"2010-09-09\"\n  Resources:\n    R:\n      Type: AWS::SQS::Queue\n",
        "Resources:\n  M:\n    Type: My::S3::Bucket::MODULE\n",
    ])
    func `YAML that holds JSON, is indented, or names modules only is a template`(_ text: String) throws {
        let reading = try read(text)
        #expect(reading.outcome.format == "cloudformation" && reading.outcome.records == 1, "\(reading.messages)")
    }

    @Test func `the zone of another resource is no zone`() throws {
        let text = "Resources:\n  I: {Type: AWS::EC2::Instance}\n  V:\n    Type: AWS::EC2::Volume\n    Properties: {AvailabilityZone: !GetAtt I.AvailabilityZone}\n"
        #expect(try read(text, ReadPlan(stated: StatedOrigin(region: "eu-west-1"))).resources.map(\.place.text) == ["region:aws/eu-west-1", "region:aws/eu-west-1"])
    }

    @Test func `an object of YAML that holds JSON is an object`() throws {
        let text = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: c\ndata:\n  policy.json: |\n    {\n      \"Statement\": []\n    }\n"
        #expect(try read(text).resources.map(\.id) == ["ConfigMap/c"])
    }

    @Test func `a template that is not YAML tells the line`() throws {
        let reading = try read(Self.template + "\n  Broken: {Type: [}\n")
        #expect(reading.outcome.malformed == 1 && reading.outcome.resources == 0)
        #expect(reading.outcome.diagnostics.first?.line == Self.template.split(separator: "\n").count + 1)
    }

    @Test func `Resource Manager's expressions are resolved as far as the template tells`() throws {
        let text = #"""
            {"$schema":"https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#","contentVersion":"1.0.0.0",
             "parameters":{"location":{"type":"string","defaultValue":"[resourceGroup().location]"},"name":{"type":"string"},"pair":{"type":"string","defaultValue":"North Europe"}},
             "variables":{"prefix":"acme","regions":["eastus","westus"]},
             "resources":[
              {"type":"Microsoft.Storage/storageAccounts","name":"[concat(variables('prefix'),'-',toLower('LOGS'))]","location":"[parameters('pair')]","tags":{"data":"customer"}},
              {"type":"Microsoft.DocumentDB/databaseAccounts","name":"c","location":"[parameters('location')]","properties":{"locations":[{"locationName":"[variables('regions')[1]]"}]}},
              {"type":"Microsoft.Sql/servers","name":"[parameters('name')]","location":"westeurope","resources":[{"type":"databases","name":"d"}]},
              {"type":"Microsoft.Resources/deployments","name":"inner","properties":{"parameters":{"l":{"value":"[variables('regions')[0]]"}},
                "template":{"parameters":{"l":{"type":"string"}},"resources":[{"type":"Microsoft.Sql/servers","name":"s","location":"[parameters('l')]"}]}}}]}
            """#
        let reading = try read(text)
        #expect(reading.outcome.format == "azure-template" && reading.outcome.records == 6, "\(reading.messages)")
        let places = reading.resources.map { "\($0.type) \($0.attributes.member("name")?.stringValue ?? "") \($0.place.text)" }
        #expect(
            places == [
                "microsoft.storage/storageaccounts acme-logs region:azure/northeurope",
                "microsoft.documentdb/databaseaccounts c unknown:the template does not tell the resource group's location",
                "microsoft.sql/servers 2 region:azure/westeurope", "microsoft.sql/servers/databases 2/d region:azure/westeurope",
                "microsoft.sql/servers s region:azure/eastus",
            ])
        #expect(reading.resources[1].attributes.member("properties")?.member("locations")?.elements?.first?.member("locationName") == "westus")
        #expect(reading.resources.last?.pointer == "/resources/3/properties/template/resources/0")
        let stated = try read(text, ReadPlan(stated: StatedOrigin(region: "uksouth")))
        #expect(stated.resources[1].place == .region(provider: "azure", name: "uksouth"))
    }

    @Test func `loops are run as often as the template tells`() throws {
        let text = #"""
            {"contentVersion":"1.0.0.0","languageVersion":"2.0",
             "parameters":{"places":{"type":"array","defaultValue":["westeurope","eastus2"]},"open":{"type":"int"}},
             "variables":{"copy":[{"name":"names","count":2,"input":"[format('n{0}', copyIndex('names', 1))]"}]},
             "resources":{
              "cosmos":{"type":"Microsoft.DocumentDB/databaseAccounts","name":"c","location":"westeurope","properties":{
                "copy":[{"name":"locations","count":"[length(parameters('places'))]","input":{"locationName":"[parameters('places')[copyIndex('locations')]]"}}]}},
              "each":{"copy":{"name":"each","count":"[length(parameters('places'))]"},"type":"Microsoft.Storage/storageAccounts",
                "name":"[variables('names')[copyIndex()]]","location":"[parameters('places')[copyIndex()]]"},
              "open":{"copy":{"name":"open","count":"[parameters('open')]"},"type":"Microsoft.Sql/servers","name":"s","location":"[parameters('places')[copyIndex()]]",
                "properties":{"copy":[{"name":"list","count":"[parameters('open')]","input":1}]}}}}
            """#
        let reading = try read(text)
        #expect(reading.resources.map { "\($0.id) \($0.place.text)" } == [
            "microsoft.documentdb/databaseaccounts/c region:azure/westeurope", "microsoft.storage/storageaccounts/n1 region:azure/westeurope",
            "microsoft.storage/storageaccounts/n2 region:azure/eastus2", "microsoft.sql/servers/s unknown:`copyIndex` is outside its loop",
        ])
        try #require(reading.resources.count == 4)
        let locations = reading.resources[0].attributes.member("properties")?.member("locations")?.elements
        #expect(locations?.compactMap { $0.member("locationName")?.stringValue } == ["westeurope", "eastus2"])
        #expect(reading.resources[1].attributes.member("properties") == .object([]), "what a template leaves out is not set")
        #expect(reading.resources[3].attributes.member("properties")?.member("list")?.stringValue?.hasPrefix("unknown:") == true)
        let endless = text.replacing("\"count\":2", with: "\"count\":99999999999").replacing("copyIndex('names', 1)", with: "1")
        #expect(try read(endless).resources.count == 4)
    }

    @Test func `a template inside another means the other's parameters, unless it says that it means its own`() throws {
        func place(_ scope: String) throws -> String? {
            let text = #"""
                {"contentVersion":"1","parameters":{"l":{"defaultValue":"eastus"}},"resources":[{"type":"Microsoft.Resources/deployments","name":"d",
                 "properties":{\#(scope)"parameters":{"l":{"value":"westeurope"}},
                  "template":{"parameters":{"l":{"type":"string"}},"resources":[{"type":"Microsoft.Sql/servers","name":"s","location":"[parameters('l')]"}]}}}]}
                """#
            return try read(text).resources.first?.place.text
        }
        #expect(try place("") == "region:azure/eastus")
        #expect(try place(#""expressionEvaluationOptions":{"scope":"inner"},"#) == "region:azure/westeurope")
    }

    @Test func `templates that are linked are told`() throws {
        let text = #"{"contentVersion":"1","resources":[{"type":"Microsoft.Resources/deployments","name":"d","properties":{"templateLink":{"uri":"https://x.example/t.json"}}}]}"#
        #expect(try read(text).messages == ["1 templates are linked and not in this file: what they make is not known"])
    }

    @Test func `expressions that are nonsense, or endless, are unknown places`() throws {
        for expression in ["[]", "[concat(]", "[a.b]",  "[parameters('x')]", "[parameters('loop')]", "[" + String(repeating: "concat(", count: 3000) + "]", "['a' 'b']"] {
            let text = #"{"contentVersion":"1","parameters":{"loop":{"defaultValue":"[parameters('loop')]"}},"resources":[{"type":"Microsoft.Sql/servers","name":"s","location":"\#(expression)"}]}"#
            let place = try read(text).resources.first?.place.text ?? ""
            #expect(place.hasPrefix("unknown:"), "\(expression.prefix(20)): \(place)")
        }
    }

    @Test func `YAML that grows or is nested without end is refused, and the documents beside it are read`() throws {
        let good = "apiVersion: v1\nkind: Namespace\nmetadata: {name: a}\n"
        var laughs = "kind: x\na: &a [1,1,1,1,1,1,1,1,1]\n"
        for (last, next) in zip("abcdefgh", "bcdefghi") { laughs += "\(next): &\(next) [\(Array(repeating: "*\(last)", count: 9).joined(separator: ","))]\n" }
        for (bad, message) in [
            (laughs, "its aliases expand to more than"), (laughs + "? *i\n: 1\n", "a key is an alias"), (laughs + "*i : 1\n", "a key is an alias"),
            ("a: " + String(repeating: "[", count: 900) + String(repeating: "]", count: 900), "nested more than"),
            ("a: " + String(repeating: "[", count: 100_000), ""), (String(repeating: "- ", count: 900) + "a", "nested more than"),
        ] {
            let reading = try read("\(good)---\n\(bad)\n---\n\(good.replacing("name: a", with: "name: b"))")
            #expect(reading.resources.map(\.id) == ["Namespace/a", "Namespace/b"], "\(bad.prefix(30)): \(reading.messages)")
            #expect(reading.outcome.malformed == 1 && reading.messages.first?.hasPrefix(message) == true, "\(reading.messages)")
            #expect((reading.outcome.diagnostics.first?.line ?? 0) >= 4)
        }
    }

    @Test func `documents of YAML pass one by one, however many there are`() throws {
        // More than a window holds, so that documents lie across its edges.
        let filler = String(repeating: "    a line of text that only takes room\n", count: 400)
        let count = 700
        let text = (0..<count).map { "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c\($0)}\ndata:\n  x: |\n\(filler)" }.joined(separator: "---\n")
        #expect(text.utf8.count > 10 << 20)
        let reader = InputReader()
        let reading = try read(text, with: reader)
        #expect(reading.outcome.format == "kubernetes" && reading.outcome.resources == count && reading.outcome.malformed == 0)
        #expect(reading.resources.map(\.id) == (0..<count).map { "ConfigMap/c\($0)" })
        #expect(reading.resources[1].pointer == "line:406")
        #expect(reading.hashed.count == text.utf8.count)
    }

    @Test func `a document too large for a tree is left out, and the others are read`() throws {
        let small = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: NAME}\n"
        let large = small + "data:\n  x: \"" + String(repeating: "---\ntext ", count: 1 << 20) + "\"\n"
        let text = small.replacing("NAME", with: "a") + "---\n" + large + "---\n" + small.replacing("NAME", with: "b")
        var limits = ReadLimits()
        let isKnown = limits.set("tree-bytes", to: 1 << 20)
        #expect(isKnown)
        let oneLine = text.replacing("---\ntext", with: "-- text")
        let reading = try read(oneLine, plan(limits: limits))
        #expect(reading.resources.map(\.id) == ["ConfigMap/a", "ConfigMap/b"] && reading.outcome.malformed == 1)
        #expect(reading.messages == ["a document is larger than 1048576 bytes, too large to be made into a tree"])
        #expect(reading.outcome.diagnostics.first?.line == 4)
    }
}
