import Foundation
import Testing

/// An audit of each kind of inventory: the findings have the right places, and what cannot be placed is unresolved.
struct InventoryKindsTests {
    static let policy = """
        policy: eu
        title: Data stays in the EU
        basis: [contract]
        severity: high
        applies_to: {data: [customer]}
        require:
          stored: {in: eu}
          processed: {in: eu}
          copied: {in: eu}
          key-held: {in: eu}
          logged: {in: eu}
          transferred: {in: eu}
        """

    struct Kind: Sendable, CustomTestStringConvertible {
        var format: String
        var file: String
        var text: String
        var more: [String] = []
        /// Requirement, a part of the subject, verdict, and a place that the message or the observations name.
        var expect: [(requirement: String, subject: String, verdict: String, place: String)]
        var mapping: String?
        var testDescription: String { file }
    }

    static let kinds: [Kind] = [
        Kind(
            format: "aws-cli", file: "describe-db-instances.json",
            text: #"{"DBInstances":[{"DBInstanceIdentifier":"orders","DBInstanceArn":"arn:aws:rds:us-east-1:111122223333:db:orders","KmsKeyId":"arn:aws:kms:eu-west-1:111122223333:key/1","TagList":[{"Key":"data-class","Value":"customer"}]},{"DBInstanceIdentifier":"lists","DBInstanceArn":"arn:aws:rds:eu-west-1:111122223333:db:lists","ReadReplicaDBInstanceIdentifiers":["arn:aws:rds:us-west-2:111122223333:db:lists-us"],"TagList":[{"Key":"data-class","Value":"customer"}]}]}"#,
            expect: [
                ("stored", "db:orders", "violated", "aws:us-east-1"), ("key-held", "db:orders", "satisfied", "aws:eu-west-1"),
                ("stored", "db:lists", "satisfied", "aws:eu-west-1"), ("copied", "db:lists", "violated", "aws:us-west-2"),
            ]),
        Kind(
            format: "aws-cli", file: "list-buckets.json",
            text: #"{"Buckets":[{"Name":"orders","CreationDate":"2026-01-01T00:00:00Z"}],"Owner":{"ID":"x"}}"#,
            expect: [("coverage", "", "unresolved", "")]),
        Kind(
            format: "cloudformation", file: "template.yaml",
            text: """
                Resources:
                  Orders:
                    Type: AWS::DynamoDB::GlobalTable
                    Properties:
                      Tags: [{Key: data-class, Value: customer}]
                      Replicas: [{Region: !Ref AWS::Region}, {Region: us-east-1}]
                  Files:
                    Type: AWS::S3::Bucket
                    Properties:
                      Tags: [{Key: data-class, Value: customer}]
                      ReplicationConfiguration: {Rules: [{Destination: {Bucket: "arn:aws:s3:::elsewhere"}}]}
                """, more: ["--region", "eu-west-1"],
            expect: [
                ("stored", "Orders", "satisfied", "aws:eu-west-1"), ("copied", "Orders", "violated", "aws:us-east-1"),
                ("copied", "Files", "unresolved", ""),
            ]),
        Kind(
            format: "cloudformation", file: "unstated.yaml",
            text: "Resources:\n  Files: {Type: 'AWS::S3::Bucket', Properties: {Tags: [{Key: data-class, Value: customer}]}}\n",
            expect: [("stored", "Files", "unresolved", "")]),
        Kind(
            format: "gcp-asset", file: "assets.ndjson",
            text: """
                {"name":"//storage.googleapis.com/orders","assetType":"storage.googleapis.com/Bucket","resource":{"location":"US","data":{"name":"orders","labels":{"data-class":"customer"}}},"ancestors":["projects/1"]}
                {"name":"//compute.googleapis.com/projects/p/zones/europe-west3-a/disks/d","asset_type":"compute.googleapis.com/Disk","resource":{"data":{"zone":"zones/europe-west3-a","labels":{"data-class":"customer"}}}}
                """,
            expect: [("stored", "orders", "violated", "gcp:US"), ("stored", "disks/d", "satisfied", "gcp:europe-west3")]),
        Kind(
            format: "gcp-resources", file: "buckets.json",
            text: #"{"kind":"storage#buckets","items":[{"kind":"storage#bucket","id":"orders","name":"orders","location":"US-EAST1","labels":{"data-class":"customer"}},{"kind":"storage#bucket","id":"lists","name":"lists","location":"EUROPE-WEST1","logging":{"logBucket":"orders"},"labels":{"data-class":"customer"}}]}"#,
            expect: [("stored", "orders", "violated", "us-east1"), ("stored", "lists", "satisfied", "europe-west1"), ("logged", "lists", "violated", "us-east1")]),
        Kind(
            format: "azure-resources", file: "graph.json",
            text: #"{"count":1,"data":[{"id":"/subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/a","name":"a","type":"microsoft.storage/storageaccounts","location":"West Europe","tags":{"data-class":"customer"},"sku":{"name":"Standard_GRS"},"properties":{"secondaryLocation":"uksouth"}}]}"#,
            expect: [("stored", "storageAccounts/a", "satisfied", "azure:westeurope"), ("copied", "storageAccounts/a", "violated", "azure:uksouth")]),
        Kind(
            format: "azure-template", file: "main.json",
            text: #"{"$schema":"https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#","contentVersion":"1.0.0.0","parameters":{"l":{"type":"string","defaultValue":"eastus"}},"resources":[{"type":"Microsoft.Compute/virtualMachines","name":"vm","location":"[parameters('l')]","tags":{"data-class":"customer"}},{"type":"Microsoft.Compute/virtualMachines","name":"rg","location":"[resourceGroup().location]","tags":{"data-class":"customer"}}]}"#,
            expect: [("processed", "vm", "violated", "azure:eastus"), ("processed", "rg", "unresolved", "")]),
        Kind(
            format: "kubernetes", file: "manifest.yaml",
            text: """
                apiVersion: v1
                kind: PersistentVolume
                metadata: {name: v, labels: {data-class: customer, topology.kubernetes.io/region: us-east-1}}
                spec: {csi: {driver: ebs.csi.aws.com}}
                ---
                apiVersion: v1
                kind: PersistentVolumeClaim
                metadata: {name: c, namespace: d, labels: {data-class: customer}}
                spec: {volumeName: v}
                ---
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: app, namespace: d, labels: {data-class: customer}}
                spec: {template: {spec: {nodeSelector: {topology.kubernetes.io/region: eu-west-1}}}}
                """,
            expect: [
                ("stored", "PersistentVolume/v", "violated", "aws:us-east-1"), ("stored", "PersistentVolumeClaim/c", "violated", "aws:us-east-1"),
                ("processed", "Deployment/app", "satisfied", "aws:eu-west-1"),
            ]),
        Kind(
            format: "ocsf-inventory", file: "inventory.json",
            text: #"{"class_uid":5023,"cloud":{"provider":"AWS","region":"us-east-1","account":{"uid":"1"}},"databucket":{"uid":"arn:aws:s3:::orders","name":"orders","labels":["data-class:customer"]}}"#,
            expect: [("stored", "orders", "violated", "aws:us-east-1")]),
        Kind(
            format: "mapped", file: "cmdb.csv", text: "what,asset,where,class\nstored,nas-1,CH,customer\nprocessed,app-1,DE,customer\n",
            expect: [("stored", "nas-1", "violated", "CH"), ("processed", "app-1", "satisfied", "DE")],
            mapping: "domicile-mapping: 1\nfiles: [cmdb.csv]\nresource: {type: $what, id: $asset, country: $where, tags: {data-class: $class}}\n"),
        Kind(
            format: "mapped", file: "cmdb.xml",
            text: "<all><host kind='stored' id='nas-1'><place>eastus</place><class>customer</class></host></all>",
            expect: [("stored", "nas-1", "violated", "azure:eastus")],
            mapping: "domicile-mapping: 1\nfiles: [cmdb.xml]\nrecords: all/host\nresource: {type: $kind, id: $id, place: \"region:azure/${place}\", tags: {data-class: $class}}\n"),
    ]

    @Test(arguments: kinds) func `an audit finds the right places`(_ kind: Kind) throws {
        let scratch = try Scratch()
        let policy = try scratch.write(Self.policy, to: "policy/eu.yaml")
        _ = try scratch.write(kind.text, to: "in/\(kind.file)")
        if let mapping = kind.mapping { _ = try scratch.write(mapping, to: "in/domicile-mapping.yaml") }
        let out = scratch.path + "/out"
        let result = try Binary.run(
            ["audit", scratch.path + "/in", "--policies", policy, "--now", Binary.now, "--out", out, "--no-store", "--quiet", "--format", "json"] + kind.more)
        #expect(result.code == 1 || result.code == 2, "\(result)")
        let findings = try Findings(folder: out)
        let text = try String(contentsOfFile: out + "/findings.json", encoding: .utf8)
        #expect(findings.run.inputs.contains { $0.format == kind.format && $0.malformed == 0 }, "\(findings.run.inputs)")
        for expected in kind.expect where expected.requirement != "coverage" {
            let found = findings.findings.filter { $0.requirement == expected.requirement && $0.subject.id.contains(expected.subject) }
            #expect(found.contains { $0.verdict == expected.verdict }, "\(expected): \(findings.findings.map { "\($0.requirement) \($0.subject.id) \($0.verdict): \($0.message)" })")
            #expect(expected.place.isEmpty || text.contains(expected.place), "\(expected.place)")
        }
        if kind.expect.contains(where: { $0.requirement == "coverage" }) { #expect(findings.findings.contains { $0.verdict == "unresolved" }) }
    }

    @Test(arguments: kinds) func `a look needs no policy`(_ kind: Kind) throws {
        let scratch = try Scratch()
        _ = try scratch.write(kind.text, to: "in/\(kind.file)")
        if let mapping = kind.mapping { _ = try scratch.write(mapping, to: "in/domicile-mapping.yaml") }
        let result = try Binary.run(["look", scratch.path + "/in"] + kind.more)
        #expect(result.code == 0 && result.output.contains(kind.format), "\(result)")
        #expect(result.output.contains("type") && result.output.contains("place"))
    }

    @Test func `check reads templates and manifests`() throws {
        for (file, more, line) in [("template.yaml", ["--region", "eu-west-1"], "aws:us-east-1"), ("manifest.yaml", [], "aws:us-east-1"), ("main.json", [], "azure:eastus")] {
            let kind = try #require(Self.kinds.first { $0.file == file })
            let scratch = try Scratch()
            let policy = try scratch.write(Self.policy, to: "policy/eu.yaml")
            let input = try scratch.write(kind.text, to: file)
            let result = try Binary.run(["check", input, "--policies", policy, "--now", Binary.now] + more)
            #expect(result.code == 1 && result.output.contains(line), "\(file): \(result)")
        }
    }

    @Test func `a limit is raised by its name`() throws {
        let scratch = try Scratch()
        let input = try scratch.write(#"[{"name":"//storage.googleapis.com/a","assetType":"storage.googleapis.com/Bucket","resource":{"location":"EU","data":{"a":[[[[[[]]]]]]}}}]"#, to: "a.json")
        let tight = try Binary.run(["look", input, "--limit", "depth=4"])
        #expect(tight.errors.contains("nested too deep"), "\(tight)")
        #expect(!(try Binary.run(["look", input]).errors.contains("nested")))
        let wrong = try Binary.run(["look", input, "--limit", "dept=4"])
        #expect(wrong.code == 64 && wrong.errors.contains("did you mean `depth`?"), "\(wrong)")
        #expect(try Binary.run(["look", input, "--limit", "depth=many"]).code == 64)
    }
}
