import Foundation
import Ingest
import Residency
import Testing

/// What every reader owes, shown with one small input of each format.
@Suite struct ReaderContractTests {
    struct Sample: Sendable, CustomTestStringConvertible {
        var format: String
        var text: String
        var records: Int
        /// Cut anywhere, it is not whole: something must be malformed, or too little left to be known.
        var tellsWhenCut = true
        /// Its records are counted, but tell of no resource and no event.
        var isHandedOver = true
        var testDescription: String { "\(format) \(text.prefix(20))" }
    }

    static let samples = first + inventories + logs

    static let first: [Sample] = [
        Sample(
            format: "aws-cloudtrail",
            text: #"{"Records":[\#(event("A")),\#(event("B", more: #","resources":[{"ARN":"arn:aws:s3:::b"}]"#))]}"#, records: 2),
        Sample(
            format: "aws-config",
            text: """
                {"fileVersion":"1.0","configurationItems":[
                 {"resourceType":"AWS::S3::Bucket","resourceId":"a","ARN":"arn:aws:s3:::a","awsRegion":"eu-west-1","tags":{"k":"v"},"supplementaryConfiguration":{"R":"{\\"a\\":1}"}},
                 {"resourceType":"AWS::SQS::Queue","resourceId":"b","arn":"arn:aws:sqs:eu-west-1:1:b","awsRegion":"eu-west-1","configuration":{"x":[1,2]}}]}
                """, records: 2),
        Sample(
            format: "terraform-state",
            text: """
                {"version":4,"terraform_version":"1.9.2","serial":1,"lineage":"l","resources":[{"mode":"managed","type":"aws_s3_bucket","name":"a",\
                "provider":"provider[\\"registry.terraform.io/hashicorp/aws\\"]","instances":[{"attributes":{"id":"a","region":"eu-west-1"}},{"index_key":1,"attributes":{}}]}]}
                """, records: 2),
        Sample(
            format: "terraform-plan",
            text: """
                {"format_version":"1.2","planned_values":{"root_module":{"resources":[{"address":"aws_sqs_queue.q","mode":"managed","type":"aws_sqs_queue","name":"q","values":{"name":"q"}}]}},\
                "resource_changes":[{"address":"aws_sqs_queue.q","type":"aws_sqs_queue","name":"q","change":{"actions":["create"],"after_unknown":{"arn":true}}}]}
                """, records: 1),
        Sample(
            format: "processor-register", text: "processors:\n  - name: mailer\n    storage: [US]\n  - {name: sms, processing: [DE]}\n",
            records: 2,
            tellsWhenCut: false),
    ]

    /// Inventories of the clouds and of the user.
    static let inventories: [Sample] = [
        Sample(
            format: "aws-cli",
            text: """
                {"Reservations":[{"OwnerId":"111122223333","Instances":[{"InstanceId":"i-1","Placement":{"AvailabilityZone":"eu-west-1a"}},\
                {"InstanceId":"i-2","Tags":[{"Key":"k","Value":"v"}]}]}],"NextToken":"x"}
                """, records: 2),
        Sample(
            format: "cloudformation",
            text: """
                {"AWSTemplateFormatVersion":"2010-09-09","Resources":{"Queue":{"Type":"AWS::SQS::Queue","Properties":{"QueueName":{"Fn::Sub":"q-${AWS::Region}"}}},\
                "Bucket":{"Type":"AWS::S3::Bucket"}}}
                """, records: 2),
        Sample(
            format: "cloudformation",
            text: "Resources:\n  Queue:\n    Type: AWS::SQS::Queue\n    Properties: {QueueName: !Sub 'q-${AWS::Region}'}\n  Bucket: {Type: 'AWS::S3::Bucket'}\n",
            records: 2, tellsWhenCut: false),
        Sample(
            format: "azure-template",
            text: """
                {"$schema":"https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#","contentVersion":"1.0.0.0","parameters":{"l":{"type":"string","defaultValue":"westeurope"}},\
                "resources":[{"type":"Microsoft.Storage/storageAccounts","name":"[concat('a','b')]","location":"[parameters('l')]"},{"type":"Microsoft.Sql/servers","name":"s"}]}
                """, records: 2),
        Sample(
            format: "gcp-asset",
            text: """
                [{"name":"//storage.googleapis.com/orders","assetType":"storage.googleapis.com/Bucket","resource":{"location":"EU","data":{"name":"orders"}},"ancestors":["projects/1"]},
                {"name":"//compute.googleapis.com/projects/p/zones/europe-west3-a/disks/d","asset_type":"compute.googleapis.com/Disk","resource":{"data":{"name":"d"}}}]
                """, records: 2),
        Sample(
            format: "gcp-resources",
            text: #"{"kind":"storage#buckets","items":[{"kind":"storage#bucket","id":"a","name":"a","location":"EU"},{"kind":"storage#bucket","id":"b","name":"b","location":"US"}]}"#,
            records: 2),
        Sample(
            format: "azure-resources",
            text: """
                {"count":2,"data":[{"id":"/subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/a","name":"a","location":"West Europe","tags":{"k":"v"}},\
                {"id":"/subscriptions/s/resourceGroups/g/providers/Microsoft.Sql/servers/b","name":"b","type":"microsoft.sql/servers","location":"eastus"}]}
                """, records: 2),
        Sample(
            format: "kubernetes",
            text: """
                {"kind":"NodeList","apiVersion":"v1","items":[{"metadata":{"name":"a","labels":{"topology.kubernetes.io/region":"eu-west-1"}},"spec":{"providerID":"aws:///eu-west-1a/i-1"}},\
                {"kind":"Node","metadata":{"name":"b"},"spec":{}}]}
                """, records: 2),
        Sample(
            format: "kubernetes",
            text: "apiVersion: v1\nkind: Namespace\nmetadata: {name: a}\n---\napiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: b\nspec: {replicas: 1}\n",
            records: 2, tellsWhenCut: false),
        Sample(
            format: "ocsf-inventory",
            text: """
                {"class_uid":5023,"cloud":{"provider":"AWS","region":"eu-west-1","account":{"uid":"1"}},"resources":[{"uid":"arn:aws:s3:::a"},{"uid":"db","name":"db"}]}
                """, records: 2),
    ]

    @Test(arguments: samples) func `all records are read, numbered and placed`(_ sample: Sample) throws {
        for bytes in [Array(sample.text.utf8), gzip(Array(sample.text.utf8))] {
            let reading = try read(bytes)
            #expect(reading.outcome.format == sample.format)
            #expect(reading.outcome.records == sample.records && reading.outcome.malformed == 0, "\(reading.messages)")
            let handed = reading.resources.map(\.ordinal) + reading.events.map(\.ordinal)
            #expect(handed == (sample.isHandedOver ? Array(0..<sample.records) : []))
            #expect(reading.resources.allSatisfy { reading.outcome.pointers.pointer($0.ordinal) == $0.pointer && !$0.id.isEmpty })
            #expect(Set((0..<sample.records).map(reading.outcome.pointers.pointer)).count == sample.records)
            #expect(reading.hashed == bytes && reading.outcome.bytes == bytes.count)
            #expect(!reading.outcome.changedWhileRead)
        }
    }

    @Test(arguments: samples) func `the same input gives the same records again, also from a reader that was used`(_ sample: Sample) throws
    {
        let reader = InputReader()
        _ = try read("\(event())\n{", with: reader)
        let (first, second) = (try read(sample.text, with: reader), try read(sample.text))
        #expect(first.events == second.events && first.messages == second.messages)
        #expect(first.resources.map(\.id) == second.resources.map(\.id))
        #expect(first.resources.map(\.attributes) == second.resources.map(\.attributes))
    }

    @Test(arguments: samples) func `an input that is cut tells it`(_ sample: Sample) throws {
        let bytes = Array(sample.text.utf8)
        let reader = InputReader()
        for count in stride(from: bytes.count - 1, to: 0, by: -5) {
            let outcome = try read(Array(bytes[..<count]), with: reader).outcome
            #expect(outcome.records <= sample.records)
            if sample.tellsWhenCut {
                #expect(outcome.malformed > 0 || outcome.format == "unknown" || outcome.format == "processor-register", "\(count)")
            }
            if outcome.malformed > 0 { #expect(!outcome.diagnostics.isEmpty) }
        }
    }

    @Test(arguments: samples) func `whatever is changed in it, it is read or refused, and the counts add up`(_ sample: Sample) throws {
        let bytes = Array(sample.text.utf8)
        let reader = InputReader()
        let scratch = Scratch()
        for seed in 0..<400 {
            var dice = Dice(state: UInt64(seed) &* 131)
            var mutated = bytes
            for _ in 0..<Int.random(in: 1...4, using: &dice) {
                let at = Int.random(in: 0..<mutated.count, using: &dice)
                switch Int.random(in: 0..<4, using: &dice) {
                case 0: mutated.remove(at: at)
                case 1: mutated[at] = UInt8.random(in: 0...255, using: &dice)
                case 2: mutated[at] = Array(#""\{}[]:,-&*0 "#.utf8).randomElement(using: &dice) ?? 0
                default: mutated.insert(contentsOf: mutated[at..<min(at + 20, mutated.count)], at: at)
                }
            }
            let reading = try read(path: scratch.write("input", mutated), with: reader)
            let outcome = reading.outcome
            #expect(outcome.resources == reading.resources.count && outcome.events == reading.events.count)
            #expect(outcome.records >= outcome.resources + outcome.events)
            #expect(outcome.malformed == 0 || !outcome.diagnostics.isEmpty)
            #expect(reading.hashed == mutated)
            #expect(
                (reading.resources.map(\.ordinal) + reading.events.map(\.ordinal)).allSatisfy { $0 < outcome.records + outcome.malformed })
        }
    }
}
