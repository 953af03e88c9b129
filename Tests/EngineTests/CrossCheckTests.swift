import CEL
import Policy
import Residency
import Testing

@testable import Engine

/// Records that contradict each other.
struct CrossCheckTests {
    private func crossChecks(_ scene: Scene) -> [Finding] { scene.judge().findings.filter { $0.requirement == "cross-check" } }

    static func event(_ region: String, _ bucket: String = "b", action: String = "PutObject", error: String? = nil) -> String {
        let failed = error.map { #","errorCode":"\#($0)""# } ?? ""
        return #"{"eventSource":"s3.amazonaws.com","eventName":"\#(action)","eventTime":"2026-11-19T12:00:00Z","awsRegion":"\#(region)","requestParameters":{"bucketName":"\#(bucket)"}\#(failed)}"#
    }

    @Test(arguments: [
        ("eu-west-1", "us-east-1", nil, Verdict?.some(.unresolved), "the log shows it outside"),
        ("eu-west-1", "eu-west-1", nil, nil, "they agree"),
        ("eu-west-1", "eu-west-1a", nil, nil, "a zone is in its region"),
        ("straddling", "eu-west-1", nil, .satisfied, "another place, inside all the same"),
        ("eu-west-1", "us-east-1", "AccessDenied", nil, "it was only tried"),
        ("nowhere-1", "us-east-1", nil, nil, "the inventory does not say where it is"),
    ])
    func `an inventory is held against a log`(_ inventory: String, _ log: String, _ error: String?, _ verdict: Verdict?, _ why: String) throws {
        var scene = try Scene()
        scene.add(Scene.resource("b", region: inventory))
        scene.add([Self.event(log, error: error)])
        #expect(crossChecks(scene).first?.verdict == verdict, "\(why)")
    }

    @Test func `both records stand in the finding`() throws {
        var scene = try Scene()
        scene.add(Scene.resource("b"))
        scene.add([Self.event("us-east-1"), Self.event("us-east-1", action: "GetObject")])
        let finding = try #require(crossChecks(scene).first)
        #expect(finding.observations.map(\.place.name) == ["aws:eu-west-1", "aws:us-east-1"])
        #expect(finding.observations.map(\.record.pointer).first == "/0")
        #expect(finding.occurrences == 3)
        #expect(finding.message.contains("the inventory says that `b` is at aws:eu-west-1 (IE), and the logs show it processed at aws:us-east-1 (US)"))
    }

    @Test func `a copy that the inventory knows is no contradiction`() throws {
        var scene = try Scene()
        scene.add(Scene.resource("b", copies: ["arn:aws:s3:us-east-1:1:x"]))
        scene.add([Self.event("us-east-1")])
        #expect(crossChecks(scene).isEmpty)
    }

    @Test func `a policy that does not speak of the subject is not asked`() throws {
        var scene = try Scene()
        scene.add(Scene.resource("b", tags: ["data-class": "public", "tenant": "acme"]))
        scene.add([Self.event("us-east-1")])
        #expect(crossChecks(scene).isEmpty)
    }

    // MARK: a register

    static let sites = """
        provider: metrics
        source: a test
        date: 2026-11-20
        places: [{name: us, country: US}, {name: eu, country: IE}]
        hosts: [{domain: metrics.example, place: us}, {domain: eu.metrics.example, place: eu}]
        """
    static let register = """
        vectors:
          - id: register.site
            says: works at {place}
            activity: transferred
            resource: processor
            each: resource.sites
            place: country(item)
            declared: true
            reference: a test
            since: 2026-11
            cases: [{name: a, resource: {type: processor, id: p, sites: [IE]}, expect: [{place: "country:IE"}]}, {name: b, resource: {type: processor, id: p, sites: []}, expect: []}]
          - id: any.word.host
            says: names {place}
            activity: transferred
            words: ".example"
            place: host(item)
            confidence: hint
            reference: a test
            since: 2026-11
            cases: [{name: a, resource: {x: a.example}, expect: [{place: "host:a.example"}]}, {name: b, resource: {x: a.test}, expect: []}]
        """

    private func scene(_ site: String, host: String, tags: [String: String] = ["data-class": "customer", "tenant": "acme"]) throws -> Scene {
        var scene = try Scene(policies: [Scene.policy + "\n  transferred: {in: eu}\n"], extra: [Self.sites, Self.register])
        scene.add(
            Resource(
                provider: "register", type: "processor", id: "monitoring", aliases: ["eu.metrics.example"], account: "", place: .unknown("x"),
                tags: ["data-class": "customer", "residency": "eu"], attributes: .object([("type", "processor"), ("id", "monitoring"), ("sites", .array([.string(site)]))]),
                ordinal: 0, pointer: "/0"))
        var function = Scene.resource("fn", tags: tags, ordinal: 1)
        function.attributes = .object([("type", "Bucket"), ("id", "fn"), ("region", "eu-west-1"), ("env", .string("URL=https://intake.\(host)/v1"))])
        scene.add(function)
        return scene
    }

    @Test(arguments: [
        ("IE", "metrics.example", Verdict?.some(.unresolved), "the register says Ireland, the configuration names the US site"),
        ("IE", "eu.metrics.example", nil, "both say Ireland"),
        ("US", "metrics.example", nil, "both say the United States"),
        ("IE", "other.example", nil, "somebody else's host"),
    ])
    func `a register is held against hosts`(_ site: String, _ host: String, _ verdict: Verdict?, _ why: String) throws {
        let finding = crossChecks(try scene(site, host: host)).first { $0.subject.id == "monitoring" }
        #expect(finding?.verdict == verdict, "\(why)")
        if verdict != nil { #expect(finding?.message == "the register says that `monitoring` works in IE, and `fn` goes to metrics:us (US)") }
    }

    @Test func `what another customer's data does is another policy's matter`() throws {
        #expect(crossChecks(try scene("IE", host: "metrics.example", tags: ["data-class": "customer", "tenant": "bolt"])).isEmpty)
    }

    // MARK: whose data it is

    @Test(arguments: [
        (["data-class": "customer", "tenant": "acme"], "subjects: {rules: [{names: [b], tenant: bolt}]}", "of `b` its tags say tenant `acme`, a rule for `b` says `bolt`"),
        (["data-class": "customer", "tenant": "acme"], "subjects: {rules: [{names: [b], data: public}]}", "of `b` its tags say data class `customer`, a rule for `b` says `public`"),
        (["data-class": "customer", "tenant": "acme", "residency": "us"], "subjects: {rules: []}", "of `b` its tags say home `us`, the home of tenant `acme` says `eu`"),
    ])
    func `those who disagree are named`(_ tags: [String: String], _ rules: String, _ message: String) throws {
        var scene = try Scene(extra: [rules])
        scene.add(Scene.resource("b", tags: tags))
        #expect(crossChecks(scene).first?.message.hasPrefix(message) == true, "\(crossChecks(scene).map(\.message))")
        #expect(crossChecks(scene).first?.verdict == .unresolved)
    }

    @Test func `a pattern that happens to match contradicts nobody`() throws {
        var scene = try Scene(extra: ["subjects: {rules: [{names: [\"*\"], tenant: bolt, data: public}]}"])
        scene.add(Scene.resource("b"))
        #expect(crossChecks(scene).isEmpty)
        #expect(scene.judge().findings.first { $0.requirement == "stored" }?.subject.tenant == "acme")
    }

    @Test func `two inventories that disagree are no answer`() throws {
        var scene = try Scene()
        scene.add(Scene.resource("b"))
        scene.add(Scene.resource("b", tags: ["data-class": "customer", "tenant": "bolt"], ordinal: 1))
        #expect(crossChecks(scene).first?.message == "of `b` its tags say tenant `acme`, another record's tags say `bolt`")
    }
}
