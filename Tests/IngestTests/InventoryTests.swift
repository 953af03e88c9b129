import CEL
import Foundation
import Ingest
import Residency
import Testing

/// What each inventory's records become: type, provider, account, place, tags, names and pointer.
@Suite struct InventoryTests {
    struct Expected: Sendable {
        var id: String
        var type: String
        var provider: String
        var account: String
        var place: String
        var pointer: String
        var tags: [String: String] = [:]
        var names: [String] = []
    }

    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var text: String
        var format: String
        var stated = StatedOrigin()
        var resources: [Expected]
        var testDescription: String { name }
    }

    static let cases: [Case] = [
        Case(
            name: "databases as the AWS CLI prints them",
            text: #"{"DBInstances":[{"DBInstanceIdentifier":"orders","Engine":"mysql","DBInstanceArn":"arn:aws:rds:eu-west-1:111122223333:db:orders","TagList":[{"Key":"data","Value":"customer"}]}]}"#,
            format: "aws-cli",
            resources: [
                Expected(
                    id: "arn:aws:rds:eu-west-1:111122223333:db:orders", type: "AWS::RDS::DBInstance", provider: "aws", account: "111122223333",
                    place: "region:aws/eu-west-1", pointer: "/DBInstances/0", tags: ["data": "customer"], names: ["orders"])
            ]),
        Case(
            name: "one API, three engines",
            text: #"{"DBClusters":[{"DBClusterIdentifier":"a","Engine":"docdb"},{"DBClusterIdentifier":"b","Engine":"neptune"},{"DBClusterIdentifier":"c","Engine":"aurora"}]}"#,
            format: "aws-cli", stated: StatedOrigin(region: "eu-west-1", account: "1"),
            resources: [
                Expected(id: "a", type: "AWS::DocDB::DBCluster", provider: "aws", account: "1", place: "region:aws/eu-west-1", pointer: "/DBClusters/0"),
                Expected(id: "b", type: "AWS::Neptune::DBCluster", provider: "aws", account: "1", place: "region:aws/eu-west-1", pointer: "/DBClusters/1"),
                Expected(id: "c", type: "AWS::RDS::DBCluster", provider: "aws", account: "1", place: "region:aws/eu-west-1", pointer: "/DBClusters/2"),
            ]),
        Case(
            name: "instances inside reservations, one of them in a zone that is another city",
            text: #"{"Reservations":[{"OwnerId":"111122223333","Instances":[{"InstanceId":"i-1","Placement":{"AvailabilityZone":"eu-west-1b"}}]},{"OwnerId":"2","Instances":[{"InstanceId":"i-2","Placement":{"AvailabilityZone":"us-east-1-scl-1a"}}]}]}"#,
            format: "aws-cli",
            resources: [
                Expected(id: "i-1", type: "AWS::EC2::Instance", provider: "aws", account: "111122223333", place: "region:aws/eu-west-1", pointer: "/Reservations/0/Instances/0"),
                Expected(id: "i-2", type: "AWS::EC2::Instance", provider: "aws", account: "2", place: "region:aws/us-east-1-scl-1a", pointer: "/Reservations/1/Instances/0"),
            ]),
        Case(
            name: "a recorded answer",
            text: #"{"status_code":200,"data":{"ResponseMetadata":{"HTTPStatusCode":200},"KeyMetadata":{"KeyId":"k","AWSAccountId":"1","Arn":"arn:aws:kms:us-east-1:1:key/k","MultiRegionConfiguration":{"ReplicaKeys":[{"Region":"eu-west-1"}]}}}}"#,
            format: "aws-cli",
            resources: [
                Expected(id: "arn:aws:kms:us-east-1:1:key/k", type: "AWS::KMS::Key", provider: "aws", account: "1", place: "region:aws/us-east-1", pointer: "/data/KeyMetadata", names: ["k"])
            ]),
        Case(
            name: "the tagging API: any type by its ARN",
            text: #"{"ResourceTagMappingList":[{"ResourceARN":"arn:aws:s3:::orders","Tags":[{"Key":"data","Value":"customer"}]},{"ResourceARN":"arn:aws:lambda:eu-west-3:1:function:pay","Tags":[]},{"ResourceARN":"arn:aws:glue:eu-west-3:1:job/etl","Tags":[]}]}"#,
            format: "aws-cli",
            resources: [
                Expected(id: "arn:aws:s3:::orders", type: "AWS::S3::Bucket", provider: "aws", account: "", place: "unknown:the answer names no region", pointer: "/ResourceTagMappingList/0", tags: ["data": "customer"], names: ["orders"]),
                Expected(id: "arn:aws:lambda:eu-west-3:1:function:pay", type: "AWS::Lambda::Function", provider: "aws", account: "1", place: "region:aws/eu-west-3", pointer: "/ResourceTagMappingList/1", names: ["pay"]),
                Expected(id: "arn:aws:glue:eu-west-3:1:job/etl", type: "glue:job", provider: "aws", account: "1", place: "region:aws/eu-west-3", pointer: "/ResourceTagMappingList/2"),
            ]),
        Case(
            name: "Resource Explorer",
            text: #"{"Resources":[{"Arn":"arn:aws:s3:::orders","OwningAccountId":"1","Region":"eu-central-1","ResourceType":"s3:bucket","Service":"s3","LastReportedAt":"t","Properties":[]}],"ViewArn":"arn:aws:resource-explorer-2:eu-central-1:1:view/v"}"#,
            format: "aws-cli",
            resources: [
                Expected(id: "arn:aws:s3:::orders", type: "AWS::S3::Bucket", provider: "aws", account: "1", place: "region:aws/eu-central-1", pointer: "/Resources/0", names: ["orders"])
            ]),
        Case(
            name: "names and URLs alone, and what has no region",
            text: #"{"QueueUrls":["https://sqs.eu-west-1.amazonaws.com/111122223333/jobs"]}"#, format: "aws-cli",
            resources: [
                Expected(id: "https://sqs.eu-west-1.amazonaws.com/111122223333/jobs", type: "AWS::SQS::Queue", provider: "aws", account: "111122223333", place: "region:aws/eu-west-1", pointer: "/QueueUrls/0", names: ["jobs"])
            ]),
        Case(
            name: "distributions stand nowhere",
            text: #"{"DistributionList":{"Quantity":1,"Items":[{"Id":"E1","ARN":"arn:aws:cloudfront::1:distribution/E1"}]}}"#, format: "aws-cli",
            resources: [
                Expected(id: "arn:aws:cloudfront::1:distribution/E1", type: "AWS::CloudFront::Distribution", provider: "aws", account: "1", place: "region:aws/global", pointer: "/DistributionList/Items/0", names: ["E1"])
            ]),
        Case(
            name: "assets, in either spelling, with a zone or a name that tells",
            text: """
                {"name":"//storage.googleapis.com/orders","assetType":"storage.googleapis.com/Bucket","resource":{"location":"EU","data":{"name":"orders","labels":{"data":"customer"}}},"ancestors":["projects/1","organizations/2"]}
                {"name":"//compute.googleapis.com/projects/p/zones/europe-west3-a/disks/d","asset_type":"compute.googleapis.com/Disk","resource":{"data":{"name":"d","zone":"https://www.googleapis.com/compute/v1/projects/p/zones/europe-west3-a"}}}
                {"name":"//cloudkms.googleapis.com/projects/p/locations/us/keyRings/k","asset_type":"cloudkms.googleapis.com/KeyRing","resource":{"data":{}}}
                {"name":"//pubsub.googleapis.com/projects/p/topics/t","assetType":"pubsub.googleapis.com/Topic","project":"projects/9","displayName":"t","location":"global","labels":{"k":"v"}}
                """, format: "gcp-asset",
            resources: [
                Expected(id: "//storage.googleapis.com/orders", type: "storage.googleapis.com/Bucket", provider: "gcp", account: "1", place: "region:gcp/EU", pointer: "line:1", tags: ["data": "customer"], names: ["orders"]),
                Expected(id: "//compute.googleapis.com/projects/p/zones/europe-west3-a/disks/d", type: "compute.googleapis.com/Disk", provider: "gcp", account: "p", place: "region:gcp/europe-west3-a", pointer: "line:2", names: ["d"]),
                Expected(id: "//cloudkms.googleapis.com/projects/p/locations/us/keyRings/k", type: "cloudkms.googleapis.com/KeyRing", provider: "gcp", account: "p", place: "region:gcp/us", pointer: "line:3"),
                Expected(id: "//pubsub.googleapis.com/projects/p/topics/t", type: "pubsub.googleapis.com/Topic", provider: "gcp", account: "p", place: "region:gcp/global", pointer: "line:4", tags: ["k": "v"]),
            ]),
        Case(
            name: "gcloud's lists: by kind, by collection, by zones",
            text: #"[{"kind":"compute#disk","id":"1","name":"d","zone":"https://www.googleapis.com/compute/v1/projects/p/zones/us-east1-b","selfLink":"https://www.googleapis.com/compute/v1/projects/p/zones/us-east1-b/disks/d","labels":{"data":"customer"}},{"name":"projects/p/locations/europe-west1/keyRings/k","createTime":"t"}]"#,
            format: "gcp-resources",
            resources: [
                Expected(id: "//compute.googleapis.com/projects/p/zones/us-east1-b/disks/d", type: "compute.googleapis.com/Disk", provider: "gcp", account: "p", place: "region:gcp/us-east1-b", pointer: "/0", tags: ["data": "customer"], names: ["d"]),
                Expected(id: "//cloudkms.googleapis.com/projects/p/locations/europe-west1/keyRings/k", type: "cloudkms.googleapis.com/KeyRing", provider: "gcp", account: "p", place: "region:gcp/europe-west1", pointer: "/1", names: ["k"]),
            ]),
        Case(
            name: "a recorded answer with zones",
            text: #"{"headers":{"content-type":"application/json"},"body":{"kind":"compute#addressAggregatedList","items":{"regions/us-east1":{"addresses":[{"kind":"compute#address","name":"a","selfLink":"https://www.googleapis.com/compute/v1/projects/p/regions/us-east1/addresses/a"}]},"regions/us-west1":{"warning":{}}}}}"#,
            format: "gcp-resources",
            resources: [
                Expected(id: "//compute.googleapis.com/projects/p/regions/us-east1/addresses/a", type: "compute.googleapis.com/Address", provider: "gcp", account: "p", place: "region:gcp/us-east1", pointer: "/body/items/regions~1us-east1/addresses/0", names: ["a"])
            ]),
        Case(
            name: "Resource Graph, its table form",
            text: #"{"totalRecords":1,"count":1,"data":{"columns":[{"name":"id"},{"name":"type"},{"name":"location"}],"rows":[["/subscriptions/s/resourceGroups/g/providers/Microsoft.Sql/servers/b","microsoft.sql/servers","eastus"]]}}"#,
            format: "azure-resources",
            resources: [
                Expected(id: "/subscriptions/s/resourceGroups/g/providers/Microsoft.Sql/servers/b", type: "microsoft.sql/servers", provider: "azure", account: "s", place: "region:azure/eastus", pointer: "/data/rows/0", names: ["b"])
            ]),
        Case(
            name: "ARM's answers: the type from the id, a place written out, a resource inside another",
            text: #"{"value":[{"id":"/subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/a","location":"West Europe","resources":[{"type":"blobServices","name":"default"}]}]}"#,
            format: "azure-resources",
            resources: [
                Expected(id: "/subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/a", type: "microsoft.storage/storageaccounts", provider: "azure", account: "s", place: "region:azure/westeurope", pointer: "/value/0", names: ["a"]),
                Expected(id: "/subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/a/default", type: "microsoft.storage/storageaccounts/blobservices", provider: "azure", account: "", place: "region:azure/westeurope", pointer: "/value/0/resources/0"),
            ]),
        Case(
            name: "names that begin large",
            text: #"[{"ResourceId":"/subscriptions/s/resourceGroups/g/providers/Microsoft.Web/sites/w","Location":"eastus","Type":"Microsoft.Web/sites","Name":"w","Tags":{"a":"b"}}]"#,
            format: "azure-resources",
            resources: [
                Expected(id: "/subscriptions/s/resourceGroups/g/providers/Microsoft.Web/sites/w", type: "microsoft.web/sites", provider: "azure", account: "s", place: "region:azure/eastus", pointer: "/0", tags: ["a": "b"], names: ["w"])
            ]),
        Case(
            name: "a node by its labels, a volume by its affinity, a claim that does not say",
            text: """
                apiVersion: v1
                kind: Node
                metadata: {name: w, labels: {topology.kubernetes.io/region: eu-west-1, team: a}}
                spec: {providerID: "aws:///eu-west-1a/i-1"}
                ---
                apiVersion: v1
                kind: PersistentVolume
                metadata: {name: v}
                spec:
                  csi: {driver: ebs.csi.aws.com}
                  nodeAffinity: {required: {nodeSelectorTerms: [{matchExpressions: [{key: topology.kubernetes.io/zone, operator: In, values: [us-east-1b]}]}]}}
                ---
                apiVersion: v1
                kind: PersistentVolumeClaim
                metadata: {name: c, namespace: d}
                spec: {}
                """, format: "kubernetes",
            resources: [
                Expected(id: "Node/w", type: "Node", provider: "kubernetes", account: "", place: "region:aws/eu-west-1", pointer: "line:1", tags: ["topology.kubernetes.io/region": "eu-west-1", "team": "a"], names: ["w", "i-1"]),
                Expected(id: "PersistentVolume/v", type: "PersistentVolume", provider: "kubernetes", account: "", place: "region:aws/us-east-1", pointer: "line:5"),
                Expected(id: "d/PersistentVolumeClaim/c", type: "PersistentVolumeClaim", provider: "kubernetes", account: "", place: "unknown:the object does not say where it runs; give the region", pointer: "line:12"),
            ]),
        Case(
            name: "a list of one kind that its items leave out",
            text: #"{"kind":"NamespaceList","apiVersion":"v1","items":[{"metadata":{"name":"a"}}]}"#, format: "kubernetes",
            resources: [Expected(id: "Namespace/a", type: "Namespace", provider: "kubernetes", account: "", place: "unknown:the object does not say where it runs; give the region", pointer: "/items/0")]),
        Case(
            name: "cloud resources in OCSF",
            text: #"{"class_uid":5023,"cloud":{"provider":"AWS","region":"eu-west-1","account":{"uid":"1"}},"resources":[{"uid":"arn:aws:s3:::a","labels":["data:customer"]}],"database":{"uid":"db","name":"orders"}}"#,
            format: "ocsf-inventory",
            resources: [
                Expected(id: "arn:aws:s3:::a", type: "AWS::S3::Bucket", provider: "aws", account: "1", place: "region:aws/eu-west-1", pointer: "/resources/0", tags: ["data": "customer"]),
                Expected(id: "db", type: "stored", provider: "own", account: "1", place: "region:aws/eu-west-1", pointer: "/database", names: ["orders"]),
            ]),
    ]

    @Test(arguments: cases) func `records become resources`(_ test: Case) throws {
        let reading = try read(test.text, ReadPlan(stated: test.stated))
        #expect(reading.outcome.format == test.format, "\(reading.messages)")
        #expect(reading.outcome.malformed == 0, "\(reading.messages)")
        try #require(reading.resources.count == test.resources.count, "\(reading.resources.map(\.id)) \(reading.messages)")
        for (found, expected) in zip(reading.resources, test.resources) {
            #expect(found.id == expected.id)
            #expect(found.type == expected.type)
            #expect(found.provider == expected.provider)
            #expect(found.account == expected.account)
            #expect(found.place.text == expected.place)
            #expect(found.pointer == expected.pointer)
            #expect(found.tags == expected.tags)
            #expect(expected.names.allSatisfy(found.aliases.contains), "\(found.aliases)")
            #expect(found.attributes.member("type")?.stringValue == expected.type && found.attributes.member("id")?.stringValue == expected.id)
        }
    }

    @Test func `an answer is spelled as AWS Config spells the type`() throws {
        let key = #"{"KeyMetadata":{"KeyId":"k","Arn":"arn:aws:kms:us-east-1:1:key/k","MultiRegionConfiguration":{"ReplicaKeys":[{"Region":"eu-west-1"}]},"Tags":{"Name":"x"}}}"#
        let configuration = try read(key).resources.first?.attributes.member("configuration")
        #expect(configuration?.member("multiRegionConfiguration")?.member("replicaKeys")?.elements?.first?.member("region") == "eu-west-1")
        #expect(configuration?.member("tags")?.member("Name") == "x", "tags are the user's words")
        let vault = #"{"BackupVaultList":[{"BackupVaultName":"v","BackupVaultArn":"arn:aws:backup:eu-west-1:1:backup-vault:v","KmsKeyId":"arn:k"}]}"#
        #expect(try read(vault).resources.first?.attributes.member("configuration")?.member("KmsKeyId") == "arn:k")
    }

    @Test(arguments: [
        (#"{"ResourceTagMappingList":[{"ResourceARN":"arn:aws:s3:::orders","Tags":[]},{"ResourceARN":"arn:aws:sqs:eu-west-3:1:q","Tags":[]}]}"#, 2),
        (#"{"QueueUrls":["https://sqs.eu-west-1.amazonaws.com/111122223333/orders"]}"#, 1),
        (#"{"Table":{"TableName":"t","TableArn":"arn:aws:dynamodb:eu-west-1:1:table/t","TableStatus":"ACTIVE"}}"#, 0),
    ])
    func `resources of which the answer has the name only are counted and told`(_ text: String, _ count: Int) throws {
        let message = "\(count) resources are known by their names and tags alone: what they copy, log or share is not in the answer"
        let read = try read(text)
        #expect(read.outcome.resources == max(count, 1))
        #expect(read.messages == (count > 0 ? [message] : []))
    }

    @Test func `the host of a link tells the service`() throws {
        let link = "https://container.googleapis.com/v1/projects/p/locations/us-central1/clusters/c"
        let reading = try read(#"[{"name":"c","location":"us-central1","selfLink":"\#(link)"}]"#)
        #expect(reading.resources.map(\.type) == ["container.googleapis.com/Cluster"])
    }

    @Test(arguments: [
        (#"{"Volumes":[{"VolumeId":"fsvol-1","FileSystemId":"fs-1","VolumeType":"ONTAP","ResourceARN":"arn:aws:fsx:eu-west-1:1:volume/fs-1/fsvol-1"}]}"#, "AWS::FSx::Volume"),
        (#"{"Volumes":[{"VolumeId":"vol-1","AvailabilityZone":"eu-west-1a","VolumeType":"gp3"}]}"#, "AWS::EC2::Volume"),
        (#"{"Policies":[{"PolicyId":"policy-1","Description":"d","State":"ENABLED"}]}"#, "AWS::DLM::LifecyclePolicy"),
        (#"{"Policies":[{"PolicyName":"p","PolicyId":"ANPA1","Arn":"arn:aws:iam::1:policy/p"}]}"#, "AWS::IAM::Policy"),
        (#"{"Backups":[{"BackupId":"backup-1","ClusterId":"cluster-1","SourceRegion":"eu-west-1"}]}"#, "AWS::CloudHSM::Backup"),
        (#"{"FirewallArn":"arn:aws:network-firewall:eu-west-1:1:firewall/f","LoggingConfiguration":{"LogDestinationConfigs":[]}}"#, "AWS::NetworkFirewall::LoggingConfiguration"),
        (#"{"LoggingConfiguration":{"ResourceArn":"arn:aws:wafv2:eu-west-1:1:regional/webacl/w/1","LogDestinationConfigs":[]}}"#, "AWS::WAFv2::LoggingConfiguration"),
        (#"{"Replicators":[{"ReplicatorName":"r","ReplicatorArn":"arn:aws:kafka:eu-west-1:1:replicator/r/1"}]}"#, "AWS::MSK::Replicator"),
        (#"{"clusters":["a"]}"#, "AWS::EKS::Cluster"),
        (#"{"clusters":[{"clusterArn":"arn:aws:ecs:eu-west-1:1:cluster/c","clusterName":"c"}]}"#, "AWS::ECS::Cluster"),
        (#"{"LocationConstraint":null}"#, "AWS::S3::BucketLocation"),
        (#"{"Attributes":[{"Key":"idle_timeout.timeout_seconds","Value":"60"},{"Key":"access_logs.s3.bucket","Value":"b"}]}"#, "AWS::ElasticLoadBalancingV2::AccessLogs"),
    ])
    func `answers that have one name are told apart by what they hold`(_ text: String, _ type: String) throws {
        let reading = try read(text, ReadPlan(stated: StatedOrigin(region: "eu-west-1", account: "1")))
        #expect(reading.outcome.format == "aws-cli" && reading.resources.map(\.type) == [type], "\(reading.messages)")
    }

    @Test func `what is only a part of something is where the user says, not where it points`() throws {
        let text = #"{"Targets":[{"Id":"t","Arn":"arn:aws:events:us-east-1:2:event-bus/default"}]}"#
        let resource = try #require(try read(text, ReadPlan(stated: StatedOrigin(region: "eu-west-1"))).resources.first)
        #expect(resource.type == "AWS::Events::Target" && resource.place.text == "region:aws/eu-west-1" && resource.id == "a rule that the answer does not name")
    }

    @Test func `what is no resource is counted and told`() throws {
        let tags = try read(#"{"status_code":200,"data":{"Tags":[{"Key":"a","Value":"b"},{"Key":"c","Value":"d"}],"ResponseMetadata":{}}}"#)
        #expect(tags.outcome.records == 2 && tags.outcome.resources == 0)
        #expect(tags.messages == ["2 records of `Tags` are no resources by themselves and are not judged"])
        let policies = try read(#"[{"name":"//storage.googleapis.com/a","asset_type":"storage.googleapis.com/Bucket","iam_policy":{}}]"#)
        #expect(policies.outcome.records == 1 && policies.outcome.resources == 0 && policies.messages.count == 1)
    }

    @Test func `a resource that nothing names is called by where it stands`() throws {
        let text = #"[{"type":"Microsoft.Storage/storageAccounts","location":"westeurope","properties":{}},"#
            + #"{"type":"Microsoft.Storage/storageAccounts","location":"eastus","properties":{}}]"#
        let reading = try read(text)
        #expect(reading.outcome.format == "azure-resources" && reading.outcome.malformed == 0)
        #expect(reading.resources.map(\.id) == ["microsoft.storage/storageaccounts at /0", "microsoft.storage/storageaccounts at /1"])
    }
}
