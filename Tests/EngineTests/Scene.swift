import CEL
import Policy
import Residency
import Testing

@testable import Engine

/// A small world for tests: rules from YAML, resources and observations by hand.
struct Scene {
    var rules: RuleBook
    var partial = Partial()
    /// 2026-11-20T06:00:00Z.
    var now: Int64 = 1_795_154_400

    static let facts = """
        provider: aws
        source: a test
        date: 2026-11-20
        places:
          - {name: eu-west-1, kind: region, country: IE, title: Ireland}
          - {name: eu-west-2, kind: region, country: GB, title: London}
          - {name: us-east-1, kind: region, country: US, title: Virginia}
          - {name: straddling, kind: multi-region, country: [DE, FR], title: Two countries}
        zones: {pattern: "{region}{letter}"}
        names: ["arn:{partition}:{service}:{region}:{account}:{name}"]
        networks:
          - {cidr: 203.0.113.0/24, country: DE, title: office}
        """
    static let jurisdictions = """
        jurisdictions:
          - {id: eu, title: Union, source: a test, countries: [IE, DE, FR]}
          - {id: de, title: Germany, source: a test, countries: [DE]}
          - {id: us, title: United States, source: a test, countries: [US]}
        """
    static let catalogue = """
        vectors:
          - id: aws.bucket.region
            says: data is stored at {place}
            activity: stored
            resource: [Bucket]
            place: region(resource.region)
            reference: a test
            since: 2026-11
            cases: [{name: a, resource: {type: Bucket, id: b, region: eu-west-1}, expect: [{place: "region:aws/eu-west-1"}]}, {name: b, resource: {type: Other, id: b}, expect: []}]
          - id: aws.bucket.copy
            says: data is copied to {place}
            activity: copied
            resource: [Bucket]
            when: has(resource.copies)
            each: resource.copies
            place: placeOf(item)
            reference: a test
            since: 2026-11
            cases: [{name: a, resource: {type: Bucket, id: b, copies: [x]}, expect: [{place: "resource:x"}]}, {name: b, resource: {type: Bucket, id: b}, expect: []}]
          - id: aws.read
            says: data is processed at {place}
            activity: processed
            event: {service: s3, action: [GetObject, PutObject]}
            subject: event.requestParameters.bucketName
            place: region(event.awsRegion)
            reference: a test
            since: 2026-11
            cases: [{name: a, event: {eventSource: s3.amazonaws.com, eventName: GetObject, awsRegion: eu-west-1, requestParameters: {bucketName: b}}, expect: [{place: "region:aws/eu-west-1", subject: b}]}, {name: b, event: {eventSource: s3.amazonaws.com, eventName: Other}, expect: []}]
          - id: aws.caller
            says: data is read from {place}
            activity: accessed
            event: {service: s3, action: Get*}
            subject: event.requestParameters.bucketName
            place: "has(event.vpcEndpointId) ? region(event.awsRegion) : address(event.sourceIPAddress)"
            reference: a test
            since: 2026-11
            cases: [{name: a, event: {eventSource: s3.amazonaws.com, eventName: GetObject, vpcEndpointId: v, awsRegion: eu-west-1, requestParameters: {bucketName: b}}, expect: [{place: "region:aws/eu-west-1", subject: b}]}, {name: b, event: {eventSource: s3.amazonaws.com, eventName: Other}, expect: []}]
          - id: aws.way
            says: data is logged at {place}
            activity: logged
            event: {service: s3, action: "*"}
            when: has(event.requestParameters.target) && event.requestParameters.target.kind != "none"
            subject: event.requestParameters.bucketName
            place: region(event.requestParameters.target.region)
            reference: a test
            since: 2026-11
            cases: [{name: a, event: {eventSource: s3.amazonaws.com, eventName: Get, requestParameters: {bucketName: b, target: {kind: x, region: us-east-1}}}, expect: [{place: "region:aws/us-east-1", subject: b}]}, {name: b, event: {eventSource: s3.amazonaws.com, eventName: Other, requestParameters: {}}, expect: []}]
          - id: aws.element
            says: a key is used at {place}
            activity: key-held
            event: {service: kms, action: "*"}
            when: has(event.resources) && event.resources != null && size(event.resources) > 0
            subject: event.resources[0].ARN
            place: region(event.awsRegion)
            reference: a test
            since: 2026-11
            cases: [{name: a, event: {eventSource: kms.amazonaws.com, eventName: Get, awsRegion: eu-west-1, resources: [{ARN: k}]}, expect: [{place: "region:aws/eu-west-1", subject: k}]}, {name: b, event: {eventSource: kms.amazonaws.com, eventName: Other}, expect: []}]
          - id: aws.stand-in
            says: a key is named at {place}
            activity: key-held
            event: {service: kms, action: "*"}
            when: event.?requestParameters.bucketName.orValue('') != ''
            subject: event.?requestParameters.other.orValue('none in (' + event.?awsRegion.orValue("")+ ')')
            place: region(event.awsRegion)
            reference: a test
            since: 2026-11
            cases: [{name: a, event: {eventSource: kms.amazonaws.com, eventName: Get, awsRegion: eu-west-1, requestParameters: {bucketName: b, other: k}}, expect: [{place: "region:aws/eu-west-1", subject: k}]}, {name: b, event: {eventSource: kms.amazonaws.com, eventName: Other}, expect: []}]
        types:
          - {holds: nothing, why: a role, types: [Role]}
        """
    static let policy = """
        policy: eu-hosting
        title: Data of EU customers stays in the EU
        basis: [GDPR Art. 44]
        severity: high
        applies_to: {data: [customer], tenants: {home: eu}}
        require:
          stored: {in: eu}
          copied: {in: eu}
          processed: {in: eu}
          accessed: {in: eu}
        """

    init(policies: [String] = [Scene.policy], tenants: String = "acme: eu\nbolt: us\n", waivers: String? = nil, extra: [String] = []) throws {
        func file(_ name: String, _ text: String) -> SourceFile { SourceFile(path: name, bytes: Array(text.utf8)) }
        let (rules, diagnostics) = RuleBookLoader.load(
            builtin: [file("places.yaml", Self.facts), file("jurisdictions.yaml", Self.jurisdictions), file("catalogue.yaml", Self.catalogue)],
            files: (policies + extra).enumerated().map { file("policy-\($0.offset).yaml", $0.element) }, tenants: file("tenants.yaml", tenants),
            waivers: waivers.map { [file("waivers.yaml", $0)] } ?? [], now: now, digest: { _ in "0" })
        let errors = diagnostics.filter { $0.level == .error }
        try #require(errors.isEmpty, "\(errors.map { $0.rendered(source: nil) }.joined(separator: "\n"))")
        self.rules = rules
    }

    static func resource(
        _ id: String, type: String = "Bucket", region: String = "eu-west-1", tags: [String: String] = ["data-class": "customer", "tenant": "acme"],
        copies: [String]? = nil, ordinal: Int = 0
    ) -> Resource {
        var members: [(String, Value)] = [("type", .string(type)), ("id", .string(id)), ("region", .string(region))]
        if let copies { members.append(("copies", .array(copies.map { .string($0) }))) }
        return Resource(
            provider: "aws", type: type, id: id, aliases: [], account: "111122223333", place: .region(provider: "aws", name: region), tags: tags,
            attributes: .object(members), ordinal: ordinal, pointer: "/\(ordinal)")
    }

    mutating func add(_ resource: Resource) {
        var observer = Observer(rules)
        observer.observe(resource, input: 0)
        partial.merge(observer.finish())
    }

    mutating func add(_ events: [String]) { partial.merge(TestEvents.observe(events, rules)) }

    func judge() -> Judged { Judgement.judge(partial, rules, inputs: [], now: now) }

    func verdict(_ requirement: String, _ subject: String? = nil) -> Verdict? {
        judge().findings.first { $0.requirement == requirement && (subject == nil || $0.subject.id == subject) }?.verdict
    }
}

/// Projects events the slow and obvious way: the fields are cut out of the tree that the strict parser makes.
enum TestEvents {
    static let layout = EventLayout(
        format: "test", provider: "aws", service: ["eventSource"], action: ["eventName"], time: ["eventTime"], account: ["recipientAccountId"],
        region: ["awsRegion"], error: ["errorCode"], serviceSuffix: ".amazonaws.com")

    static func observe(_ events: [String], _ rules: RuleBook, batches: Int = 1, memoryLimit: Int = Observer.memoryLimit) -> Partial {
        var observer = Observer(rules, memoryLimit: memoryLimit)
        observe(events, rules, batches: batches, &observer)
        return observer.finish()
    }

    static func observe(_ events: [String], _ rules: RuleBook, batches: Int = 1, _ observer: inout Observer) {
        var projection = Observer.projection(rules.catalogue, provider: "aws")
        for path in [layout.service, layout.action, layout.time, layout.account, layout.region, layout.error] { _ = projection.slot(path) }
        let size = max(1, (events.count + batches - 1) / batches)
        for start in stride(from: 0, to: events.count, by: size) {
            observe(Array(events[start..<min(start + size, events.count)]), first: start, projection, &observer)
        }
    }

    private static func observe(_ events: [String], first: Int, _ projection: Projection, _ observer: inout Observer) {
        var bytes: [UInt8] = [0]
        var fields: [FieldView] = []
        for event in events {
            let tree = (try? JSON.parse(event)) ?? .null
            for path in projection.paths {
                guard let value = path.reduce(Optional(tree), { $0?.member($1) }) else {
                    fields.append(FieldView(offset: 0, length: 0))
                    continue
                }
                let text = JSON.write(value)
                fields.append(FieldView(offset: UInt32(bytes.count), length: UInt32(text.count)))
                bytes += text
            }
        }
        let offsets = [UInt64](repeating: 0, count: events.count)
        bytes.withUnsafeBufferPointer { bytes in
            fields.withUnsafeBufferPointer { fields in
                offsets.withUnsafeBufferPointer { offsets in
                    guard let base = bytes.baseAddress, let views = fields.baseAddress, let starts = offsets.baseAddress else { return }
                    let batch = EventBatch(
                        base: base, byteCount: bytes.count, fields: views, offsets: starts, count: events.count, width: projection.paths.count,
                        firstOrdinal: first, isJSON: true)
                    observer.observe(layout, projection, batch, input: 0)
                }
            }
        }
    }
}
