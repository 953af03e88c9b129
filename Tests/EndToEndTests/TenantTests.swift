import Foundation
import Testing

/// Was one customer's data kept where it was promised, from one day to another?
struct TenantTests {
    private static func event(_ time: String, key: String, region: String) -> String {
        #"{"eventVersion":"1.11","userIdentity":{"type":"AssumedRole","accountId":"111122223333"},"eventTime":"\#(time)","eventSource":"s3.amazonaws.com","eventName":"PutObject","awsRegion":"\#(region)","sourceIPAddress":"10.0.0.1","vpcEndpointId":"vpce-1","requestParameters":{"bucketName":"shared","key":"\#(key)"},"responseElements":null,"requestID":"r","eventID":"e","readOnly":false,"eventType":"AwsApiCall","recipientAccountId":"111122223333","eventCategory":"Data"}"#
    }

    private static let bucket =
        #"{"configurationItems":[{"resourceType":"AWS::S3::Bucket","resourceId":"shared","resourceName":"shared","ARN":"arn:aws:s3:::shared","awsRegion":"eu-west-1","awsAccountId":"111122223333","configurationItemStatus":"OK","configuration":{},"tags":{"data-class":"customer"}}],"fileVersion":"1.0","configSnapshotId":"x"}"#
    private static let policy = """
        policy: eu
        title: Data of EU customers stays in the EU
        basis: a contract
        applies_to: {data: [customer], tenants: {home: eu}}
        require: {stored: {in: eu}, processed: {in: eu}}
        ---
        subjects:
          events:
            - {service: s3, field: requestParameters.key, tenant: "tenants/{tenant}/*", where: {requestParameters.bucketName: shared}}
        """

    @Test func `the report of one customer and one month answers`() throws {
        let scratch = try Scratch()
        var events: [String] = []
        for day in 1...31 {
            for hour in stride(from: 0, through: 23, by: 23) {
                let time = String(format: "2026-10-%02d", day) + (hour == 0 ? "T00:10:00Z" : "T23:50:00Z")
                events += ["acme", "cord"].map { Self.event(time, key: "tenants/\($0)/a.pdf", region: "eu-west-1") }
            }
        }
        events.append(Self.event("2026-10-12T12:00:00Z", key: "tenants/cord/b.pdf", region: "us-east-1"))
        events.append(Self.event("2026-10-13T12:00:00Z", key: "tenants/bolt/b.pdf", region: "us-east-1"))
        let trail = try scratch.write(#"{"Records":[\#(events.joined(separator: ","))]}"#, to: "in/trail.json")
        _ = try scratch.write(Self.bucket, to: "in/config.json")
        let policy = try scratch.write(Self.policy, to: "policy.yaml")
        let tenants = try scratch.write("acme: eu\ncord: eu\nbolt: us\n", to: "tenants.yaml")
        let store = scratch.path + "/history.sqlite"
        let audit = try Binary.run(
            ["audit", (trail as NSString).deletingLastPathComponent, "--policies", policy, "--tenants", tenants, "--now", "2026-11-20T06:00:00Z", "--out", scratch.path + "/out", "--store", store, "--quiet"])
        #expect(audit.code == 1, "\(audit.errors)")

        func report(_ tenant: String, _ from: String, _ to: String) throws -> Findings {
            let folder = scratch.path + "/\(tenant)-\(from)"
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            let result = try Binary.run(["report", "--store", store, "--tenant", tenant, "--from", from, "--to", to, "--format", "json=" + folder + "/findings.json"])
            #expect(result.code == 0, "\(result.errors)")
            return try Findings(folder: folder)
        }
        let acme = try report("acme", "2026-10-01", "2026-10-31")
        #expect(acme.findings.map(\.requirement) == ["processed", "stored"])
        #expect(acme.findings.allSatisfy { $0.verdict == "satisfied" }, "\(acme.findings.map(\.message))")
        #expect((acme.summary.violated, acme.summary.unresolved) == (0, 0))
        let cord = try report("cord", "2026-10-01", "2026-10-31")
        #expect(cord.findings.contains { $0.requirement == "processed" && $0.verdict == "violated" }, "\(cord.findings.map(\.message))")
        #expect(cord.findings.allSatisfy { !$0.message.contains("bolt") && !$0.message.contains("acme") })
    }
}
