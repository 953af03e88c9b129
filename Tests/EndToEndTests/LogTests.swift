import Foundation
import Testing

/// What an audit sees in each kind of log.
struct LogTests {
    private static let policy = """
        policy: eu
        title: Data stays in the EU
        basis: a contract
        applies_to: {data: [customer]}
        require: {stored: {in: eu}, processed: {in: eu}, accessed: {in: eu}, transferred: {in: eu}, backed-up: {in: eu}}
        ---
        subjects: {rules: [{names: ["*"], data: customer, home: eu}]}
        ---
        source: the test
        date: "2026-11-22"
        networks:
          - {cidr: 198.51.100.7/32, country: US, title: somebody, why: for the test}
        """

    /// A file, and what must be seen in it: vector and place.
    static let logs: [(name: String, text: String, seen: [String])] = [
        (
            "flow.log",
            "dstaddr interface-id start region flow-direction action\n198.51.100.7 eni-1 1732190000 us-east-1 egress ACCEPT\n10.0.0.1 eni-2 1732190000 us-east-1 egress ACCEPT\n",
            ["aws.flow.destination ip:198.51.100.7/32", "aws.flow.region aws:us-east-1"]
        ),
        (
            "s3.log",
            "\(String(repeating: "7", count: 64)) orders [21/Nov/2026:10:00:00 +0000] 198.51.100.7 - R REST.GET.OBJECT a \"GET /a HTTP/1.1\" 200 - 1 - 7 - \"-\" \"c\" - h SigV4 E A orders.s3-accelerate.amazonaws.com TLSV1.2 - -\n",
            ["aws.s3-access.client ip:198.51.100.7/32", "aws.s3-access.accelerate aws:s3-accelerate"]
        ),
        (
            "alb.log",
            "https 2026-11-21T10:00:00.186641Z app/lb/50dc 198.51.100.7:2817 10.0.0.1:80 0 0 0 200 200 0 57 \"GET https://e.example:443/ HTTP/1.1\" \"c\" E T arn:aws:elasticloadbalancing:us-east-1:111122223333:targetgroup/t/73e2 \"R\"\n",
            ["aws.elb.client ip:198.51.100.7/32", "aws.elb.region aws:us-east-1"]
        ),
        (
            "cloudfront.log",
            "#Version: 1.0\n#Fields: date time x-edge-location c-ip cs(Host) sc-status\n2026-11-21\t10:00:00\tNRT57-P1\t198.51.100.7\td1.cloudfront.net\t200\n",
            ["aws.cloudfront-access.viewer ip:198.51.100.7/32", "aws.cloudfront-access.edge aws:edge-nrt"]
        ),
        (
            "waf.json",
            #"{"timestamp":1732190000000,"formatVersion":1,"webaclId":"arn:aws:wafv2:us-east-1:111122223333:regional/webacl/w/1","action":"ALLOW","httpSourceName":"ALB","httpSourceId":"app/shop/1","httpRequest":{"clientIp":"198.51.100.7","country":"BR"}}"#,
            ["aws.waf.client country:BR", "aws.waf.place aws:us-east-1"]
        ),
        (
            "bedrock.json",
            #"{"schemaType":"ModelInvocationLog","timestamp":"2026-11-21T10:00:00Z","region":"eu-west-1","operation":"Converse","modelId":"m","inferenceRegion":"us-east-2"}"#,
            ["aws.bedrock.invocation aws:us-east-2"]
        ),
        (
            "gcp.json",
            #"{"insertId":"1","logName":"projects/p/logs/cloudaudit.googleapis.com%2Fdata_access","timestamp":"2026-11-21T10:00:00.5Z","resource":{"type":"gcs_bucket","labels":{"location":"us"}},"protoPayload":{"serviceName":"storage.googleapis.com","methodName":"storage.objects.get","resourceName":"projects/_/buckets/b/objects/o","requestMetadata":{"callerIp":"198.51.100.7"},"status":{},"resourceLocation":{"currentLocations":["us"]}}}"#
                + "\n"
                + #"{"insertId":"2","logName":"projects/p/logs/compute.googleapis.com%2Fvpc_flows","timestamp":"2026-11-21T10:00:00Z","resource":{"type":"gce_subnetwork"},"jsonPayload":{"reporter":"SRC","connection":{"src_ip":"10.0.0.2","dest_ip":"198.51.100.7"},"src_instance":{"vm_name":"app-1","region":"europe-west3"},"dest_instance":{"region":"us-east1"}}}"#
                + "\n"
                + #"{"insertId":"3","logName":"projects/p/logs/cloudaudit.googleapis.com%2Faccess_transparency","timestamp":"2026-11-21T10:00:00Z","resource":{"type":"project"},"jsonPayload":{"location":{"principalOfficeCountry":"US","principalPhysicalLocationCountry":"CA"},"accesses":[{"resourceName":"//storage/b"}]}}"#,
            [
                "gcp.audit.location gcp:US", "gcp.audit.caller ip:198.51.100.7/32", "gcp.flow.destination ip:198.51.100.7/32",
                "gcp.flow.peer gcp:us-east1", "gcp.transparency.access country:CA", "gcp.transparency.office country:US",
            ]
        ),
        (
            "azure.json",
            #"{"records":[{"time":"2026-11-21T10:00:00.0000000Z","resourceId":"/SUBSCRIPTIONS/S/STORAGEACCOUNTS/A","category":"StorageRead","operationName":"GetBlob","statusText":"Success","callerIpAddress":"198.51.100.7:50023","location":"eastus","uri":"https:\/\/a-secondary.blob.core.windows.net\/c\/b"}]}"#,
            ["azure.data-log.caller ip:198.51.100.7/32", "azure.log.region azure:eastus", "azure.storage.secondary unknown"]
        ),
        (
            "signin.json",
            #"{"value":[{"createdDateTime":"2026-11-21T10:00:00Z","userPrincipalName":"u","ipAddress":"198.51.100.7","location":{"countryOrRegion":"BR"},"status":{"errorCode":0}}]}"#,
            ["azure.signin.user country:BR"]
        ),
        (
            "nsg.json",
            #"{"records":[{"category":"NetworkSecurityGroupFlowEvent","resourceId":"/S/NSG","properties":{"Version":2,"flows":[{"rule":"r","flows":[{"mac":"0","flowTuples":["1732190000,10.0.0.4,198.51.100.7,1,443,T,O,A,B,,,,"]}]}]}}]}"#,
            ["azure.flow.destination ip:198.51.100.7/32"]
        ),
        (
            "audit.log",
            #"{"kind":"Event","apiVersion":"audit.k8s.io/v1","auditID":"a","stage":"ResponseComplete","verb":"create","sourceIPs":["198.51.100.7"],"objectRef":{"resource":"pods","namespace":"n","name":"p","subresource":"exec"},"stageTimestamp":"2026-11-21T10:00:00.1Z"}"#,
            ["kubernetes.audit.shell ip:198.51.100.7/32"]
        ),
        (
            "traces.json",
            #"{"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"orders"}},{"key":"cloud.provider","value":{"stringValue":"aws"}},{"key":"cloud.region","value":{"stringValue":"us-west-2"}}]},"scopeSpans":[{"spans":[{"traceId":"1","name":"a","kind":3,"startTimeUnixNano":"1732190000000000000","attributes":[{"key":"server.address","value":{"stringValue":"sqs.us-east-1.amazonaws.com"}}]}]}]}]}"#,
            ["otel.resource.region aws:us-west-2", "otel.span.server aws:us-east-1"]
        ),
        (
            "ocsf.json",
            #"{"class_uid":6003,"category_uid":6,"activity_id":1,"time":1732190000000,"cloud":{"provider":"AWS","region":"us-east-1"},"api":{"operation":"GetObject","service":{"name":"s3"}},"src_endpoint":{"ip":"198.51.100.7"},"status_id":1}"#,
            ["ocsf.api.region aws:us-east-1", "ocsf.api.caller ip:198.51.100.7/32"]
        ),
    ]

    @Test func `each kind of log yields what it shows`() throws {
        let scratch = try Scratch()
        for log in Self.logs { _ = try scratch.write(log.text, to: "in/\(log.name)") }
        let policy = try scratch.write(Self.policy, to: "policy.yaml")
        let out = scratch.path + "/out"
        let result = try Binary.run(
            ["audit", scratch.path + "/in", "--policies", policy, "--out", out, "--no-store", "--quiet", "--now", Binary.now], in: Binary.root.path)
        #expect(result.code == 1, "\(result.errors)")
        let report = try #require(
            JSONSerialization.jsonObject(with: Data(contentsOf: URL(filePath: out + "/findings.json"))) as? [String: Any])
        let inputs = try #require((report["run"] as? [String: Any])?["inputs"] as? [[String: Any]])
        var seen: [String: Set<String>] = [:]
        for finding in try #require(report["findings"] as? [[String: Any]]) {
            for observation in finding["observations"] as? [[String: Any]] ?? [] {
                let input = try #require((observation["record"] as? [String: Any])?["input"] as? Int)
                let name = try #require(inputs[input]["path"] as? String)
                // However the log writes it, the time is understood.
                let first = observation["first"] as? String
                #expect(["2026-11-21T10:00:00Z", "2024-11-21T11:53:20Z"].contains(first), "\(name): \(first ?? "no time")")
                seen[(name as NSString).lastPathComponent, default: []].insert("\(observation["vector"] ?? "") \(observation["place"] ?? "")")
            }
        }
        for log in Self.logs { #expect(seen[log.name] == Set(log.seen), "\(log.name)") }
        #expect(inputs.allSatisfy { ($0["malformed"] as? Int) == 0 && ($0["format"] as? String) != "unknown" })
    }
}
