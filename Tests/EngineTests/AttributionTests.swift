import Residency
import Testing

@testable import Engine

/// Events tell whose data they touch: by a key's prefix, a session's name.
struct AttributionTests {
    static let mapping = """
        subjects:
          events:
            - {service: s3, field: requestParameters.key, tenant: "tenants/{tenant}/*", where: {requestParameters.bucketName: "shared*"}}
            - {service: s3, field: userIdentity.arn, tenant: "*/worker-{tenant}"}
        """

    static func event(_ key: String?, bucket: String = "shared", session: String? = nil, region: String = "us-east-1", action: String = "PutObject") -> String {
        var parameters = #""bucketName":"\#(bucket)""#
        if let key { parameters += #","key":"\#(key)""# }
        let identity = session.map { #","userIdentity":{"arn":"arn:aws:sts::1:assumed-role/app/\#($0)"}"# } ?? ""
        return #"{"eventSource":"s3.amazonaws.com","eventName":"\#(action)","eventTime":"2026-11-19T12:00:00Z","awsRegion":"\#(region)","requestParameters":{\#(parameters)}\#(identity)}"#
    }

    @Test(arguments: [
        (event("tenants/acme/a.pdf"), "acme", Verdict?.some(.violated), "the key's prefix"),
        (event("tenants/ACME/a.pdf"), "acme", .violated, "in any case"),
        (event("tenants/bolt/a.pdf"), "bolt", nil, "its home is the United States"),
        (event("tenants/new/a.pdf"), "new", .unresolved, "a tenant that nobody lists"),
        (event(nil, session: "worker-acme"), "acme", .violated, "the session's name"),
        (event("tenants/acme/a.pdf", bucket: "other"), "", .unresolved, "the rule is for another bucket"),
        (event("public/a.pdf"), "", .unresolved, "the key tells nothing"),
    ])
    func `an event tells the tenant`(_ event: String, _ tenant: String, _ verdict: Verdict?, _ why: String) throws {
        var scene = try Scene(extra: [Self.mapping])
        scene.add(Scene.resource("shared", tags: ["data-class": "customer"]))
        scene.add(Scene.resource("other", tags: ["data-class": "customer"], ordinal: 1))
        scene.add([event])
        let found = scene.judge().findings.filter { $0.requirement == "processed" }
        #expect(found.first?.verdict == verdict, "\(why): \(found)")
        if verdict != nil { #expect((found.first?.subject.tenant ?? "") == tenant, "\(why)") }
    }

    @Test func `each tenant has a finding of its own`() throws {
        var scene = try Scene(tenants: "acme: eu\nbolt: us\ncord: eu\n", extra: [Self.mapping])
        scene.add(Scene.resource("shared", tags: ["data-class": "customer"]))
        scene.add([Self.event("tenants/acme/a", region: "eu-west-1"), Self.event("tenants/cord/a"), Self.event("tenants/bolt/a")])
        let processed = scene.judge().findings.filter { $0.requirement == "processed" }.sorted { ($0.subject.tenant ?? "") < ($1.subject.tenant ?? "") }
        #expect(processed.map(\.subject.tenant) == ["acme", "cord"])
        #expect(processed.map(\.verdict) == [.satisfied, .violated])
        #expect(Set(processed.map(\.id)).count == 2)
        #expect(Set(processed.map(\.subject.id)) == ["shared"])
    }

    @Test func `what is said of the whole bucket is said of each tenant in it`() throws {
        var scene = try Scene(extra: [Self.mapping])
        scene.add(Scene.resource("shared", tags: ["data-class": "customer"], copies: ["arn:aws:s3:us-east-1:1:x"]))
        scene.add([Self.event("tenants/acme/a", region: "eu-west-1")])
        let findings = scene.judge().findings.filter { $0.subject.tenant == "acme" }
        #expect(findings.first { $0.requirement == "stored" }?.verdict == .satisfied)
        #expect(findings.first { $0.requirement == "copied" }?.verdict == .violated)
    }

    @Test func `a bucket that is another tenant's by its tags is a contradiction`() throws {
        var scene = try Scene(extra: [Self.mapping])
        scene.add(Scene.resource("shared", tags: ["data-class": "customer", "tenant": "bolt"]))
        scene.add([Self.event("tenants/acme/a", region: "eu-west-1")])
        #expect(scene.judge().findings.contains { $0.requirement == "cross-check" && $0.message.contains("the events say `acme`") })
    }
}
