import Residency
import Testing

@testable import Engine

struct JudgementTests {
    /// More subjects than one piece has; in pieces that are done backwards.
    @Test(arguments: ["Name", "name", "NAME"])
    func `a rule knows a thing by the name that its tag gives`(_ key: String) throws {
        var scene = try Scene(extra: ["subjects:\n  rules:\n    - {names: [\"acme-*\"], data: customer, tenant: acme}\n"])
        scene.add(Scene.resource("i-1", region: "us-east-1", tags: [key: "acme-db", "owner": "someone"]))
        scene.add(Scene.resource("i-2", region: "us-east-1", tags: ["owner": "acme-db"], ordinal: 1))
        #expect(scene.verdict("stored", "i-1") == .violated)
        #expect(scene.verdict("stored", "i-2") != .violated)
    }

    @Test func `work that is shared out gives what one gives`() throws {
        var scene = try Scene(waivers: ExceptionTests.waiver(expires: "2027-06-30", subject: "b-1*"))
        var observer = Observer(scene.rules)
        for number in 0..<3000 {
            let region = number % 3 == 0 ? "us-east-1" : number % 7 == 0 ? "nowhere-1" : "eu-west-1"
            observer.observe(Scene.resource("b-\(number)", region: region, copies: number % 5 == 0 ? ["us-east-1"] : nil, ordinal: number), input: 0)
        }
        scene.partial.merge(observer.finish())
        let backwards = Workers(count: 3) { pieces, work in for piece in (0..<pieces).reversed() { work(piece) } }
        let (one, shared) = (scene.judge(), Judgement.judge(scene.partial, scene.rules, inputs: [], now: scene.now, workers: backwards))
        #expect(backwards.ranges(3000).count > 3)
        #expect(one.findings.contains { $0.verdict == .waived })
        #expect(shared.findings == one.findings)
        #expect(shared.exceptions == one.exceptions)
        #expect(shared.exceptions.contains { $0.findings > 0 })
        #expect(shared.summary == one.summary)
    }

    @Test(arguments: [
        ("eu-west-1", Verdict.satisfied, "inside"),
        ("us-east-1", .violated, "outside"),
        ("eu-west-2", .violated, "London is not in the Union"),
        ("eu-west-1a", .satisfied, "a zone is where its region is"),
        ("eu-westwest-1r", .unresolved, "no such place"),
        ("straddling", .satisfied, "all of its countries are inside"),
    ])
    func `a place decides`(_ region: String, _ verdict: Verdict, _ why: String) throws {
        var scene = try Scene()
        scene.add(Scene.resource("b", region: region))
        #expect(scene.verdict("stored") == verdict, "\(why)")
    }

    @Test func `a place that straddles a border is inside only if all of it is`() throws {
        var scene = try Scene(policies: [Scene.policy.replacing("in: eu", with: "in: de")])
        scene.add(Scene.resource("b", region: "straddling"))
        #expect(scene.verdict("stored") == .violated)
    }

    @Test(arguments: [
        (["data-class": "customer", "tenant": "acme"], Verdict?.some(.violated), "the tenant's home is the Union"),
        (["data-class": "customer", "tenant": "bolt"], nil, "another home: the policy does not speak of it"),
        (["data-class": "public", "tenant": "acme"], nil, "another class of data"),
        (["tenant": "acme"], .unresolved, "no data class: unknown is never a pass"),
        (["data-class": "customer"], .unresolved, "whose it is is not known, and it is outside"),
        (["data-class": "customer", "tenant": "nobody"], .unresolved, "a tenant that is not in the list"),
        ([:], .unresolved, "nothing is known"),
        (["Data_Class": "customer", "TENANT": "acme"], .violated, "keys are compared without case and signs"),
        (["data-class": "customer", "residency": "eu"], .violated, "the home can be told by a tag"),
    ])
    func `a subject decides whether the policy speaks of it`(_ tags: [String: String], _ verdict: Verdict?, _ why: String) throws {
        var scene = try Scene()
        scene.add(Scene.resource("b", region: "us-east-1", tags: tags))
        #expect(scene.verdict("stored") == verdict, "\(why)")
    }

    @Test func `a resource without a data class is unresolved even where it should be`() throws {
        var scene = try Scene()
        scene.add(Scene.resource("b", tags: [:]))
        #expect(scene.verdict("stored") == .unresolved)
        #expect(scene.judge().coverage.unclassified == 1)
    }

    @Test func `a destination that is only a name is where the inventory says`() throws {
        var scene = try Scene()
        scene.add(Scene.resource("source", copies: ["near", "far", "nowhere"]))
        scene.add(Scene.resource("near", ordinal: 1))
        #expect(scene.verdict("copied", "source") == .unresolved)
        scene.add(Scene.resource("far", region: "us-east-1", ordinal: 2))
        #expect(scene.verdict("copied", "source") == .violated)
    }

    @Test(arguments: ["arn:aws:s3:::copy", "copy"])
    func `a table is not the bucket that is called the same`(_ name: String) throws {
        var scene = try Scene()
        scene.add(Scene.resource("source", copies: [name]))
        var table = Scene.resource("arn:aws:dynamodb:eu-west-1:111122223333:table/copy", type: "Table", ordinal: 1)
        table.aliases = ["copy"]
        scene.add(table)
        #expect(scene.verdict("copied", "source") == .unresolved)
        var bucket = Scene.resource("arn:aws:s3:::copy", region: "us-east-1", ordinal: 2)
        bucket.aliases = ["copy"]
        scene.add(bucket)
        #expect(scene.verdict("copied", "source") == .violated)
    }

    @Test func `two resources of one name in different places are no answer`() throws {
        var scene = try Scene()
        scene.add(Scene.resource("source", copies: ["twin"]))
        var twin = Scene.resource("arn:1", ordinal: 1)
        twin.aliases = ["twin"]
        scene.add(twin)
        twin = Scene.resource("arn:2", region: "us-east-1", ordinal: 2)
        twin.aliases = ["twin"]
        scene.add(twin)
        #expect(scene.verdict("copied", "source") == .unresolved)
    }

    @Test func `a thing and its parts are one subject, whatever name leads there`() throws {
        var scene = try Scene()
        var bucket = Scene.resource("arn:aws:s3:::b", region: "us-east-1")
        bucket.aliases = ["b"]
        scene.add(bucket)
        var part = Scene.resource("b", type: "Role", region: "us-east-1", tags: ["system": "mail"], ordinal: 1)
        part.aliases = []
        scene.add(part)
        scene.add([#"{"eventSource":"s3.amazonaws.com","eventName":"PutObject","awsRegion":"us-east-1","requestParameters":{"bucketName":"b"}}"#])
        let findings = scene.judge().findings
        #expect(findings.map(\.requirement) == ["processed", "stored"])
        #expect(findings.allSatisfy { $0.verdict == .violated && $0.subject.id == "arn:aws:s3:::b" && $0.subject.data == "customer" })
    }

    @Test func `two things of one name are not taken for each other`() throws {
        var scene = try Scene()
        for (region, tenant, ordinal) in [("us-east-1", "bolt", 0), ("eu-west-1", "acme", 1)] {
            var table = Scene.resource("arn:aws:x:\(region)::t", region: region, tags: ["data-class": "customer", "tenant": tenant], ordinal: ordinal)
            table.aliases = ["t"]
            scene.add(table)
        }
        scene.add([#"{"eventSource":"s3.amazonaws.com","eventName":"PutObject","awsRegion":"us-east-1","requestParameters":{"bucketName":"t"}}"#])
        #expect(scene.verdict("processed", "t") == .unresolved)
    }

    @Test func `a type that no vector knows is unresolved, one that holds nothing is not`() throws {
        var scene = try Scene()
        scene.add(Scene.resource("x", type: "Novelty"))
        scene.add(Scene.resource("r", type: "Role", tags: [:], ordinal: 1))
        let judged = scene.judge()
        #expect(judged.findings.map(\.requirement) == ["coverage"])
        #expect(judged.findings.first?.verdict == .unresolved)
        #expect(judged.coverage.unknownTypes == ["aws/Novelty": 1])
        #expect(judged.coverage.knownTypes == ["aws/Role": 1])
    }

    @Test func `an event that failed is attempted, not done`() throws {
        var scene = try Scene()
        scene.add(Scene.resource("b"))
        scene.add([#"{"eventSource":"s3.amazonaws.com","eventName":"PutObject","awsRegion":"us-east-1","errorCode":"AccessDenied","requestParameters":{"bucketName":"b"}}"#])
        let finding = try #require(scene.judge().findings.first { $0.requirement == "processed" })
        #expect(finding.verdict == .satisfied)
        #expect(finding.observations.map(\.attempted) == [true])
        #expect(finding.message.contains("attempt"))
    }

    @Test func `a million of the same is one finding with its number`() throws {
        var scene = try Scene()
        scene.add(Scene.resource("b"))
        let event = #"{"eventSource":"s3.amazonaws.com","eventName":"PutObject","eventTime":"2026-11-19T10:00:00Z","awsRegion":"us-east-1","requestParameters":{"bucketName":"b"}}"#
        scene.add(Array(repeating: event, count: 1000) + [event.replacing("10:00:00", with: "12:30:00")])
        let finding = try #require(scene.judge().findings.first { $0.requirement == "processed" })
        #expect(finding.occurrences == 1001)
        #expect(finding.observations.count == 1)
        #expect(finding.first == "2026-11-19T10:00:00Z")
        #expect(finding.last == "2026-11-19T12:30:00Z")
    }

    @Test func `an expression that errs leaves its observation unresolved`() throws {
        var scene = try Scene()
        scene.add(Scene.resource("b"))
        scene.add([#"{"eventSource":"s3.amazonaws.com","eventName":"PutObject","requestParameters":{"bucketName":"b"}}"#])
        #expect(scene.verdict("processed") == .unresolved)
    }

    @Test(arguments: [
        ("203.0.113.9", Verdict.satisfied, "a known network inside"), ("198.51.100.1", .unresolved, "nobody knows"), ("10.1.2.3", .unresolved, "private"),
    ])
    func `a caller is where its network is`(_ address: String, _ verdict: Verdict, _ why: String) throws {
        var scene = try Scene()
        scene.add(Scene.resource("b"))
        scene.add([#"{"eventSource":"s3.amazonaws.com","eventName":"GetObject","awsRegion":"eu-west-1","sourceIPAddress":"\#(address)","requestParameters":{"bucketName":"b"}}"#])
        #expect(scene.verdict("accessed") == verdict, "\(why)")
    }

    @Test func `ids do not depend on when or how often`() throws {
        var one = try Scene()
        one.add(Scene.resource("b", region: "us-east-1"))
        var two = try Scene()
        two.add(Scene.resource("a", region: "us-east-1"))
        two.add(Scene.resource("b", region: "us-east-1", ordinal: 7))
        two.now += 86_400
        let id = one.judge().findings.map(\.id)
        #expect(two.judge().findings.filter { $0.subject.id == "b" }.map(\.id) == id)
        #expect(id.first?.count == 32)
    }

    @Test func `adding a resource removes no finding of another`() throws {
        var scene = try Scene()
        scene.add(Scene.resource("b", region: "us-east-1"))
        let before = scene.judge().findings
        scene.add(Scene.resource("c", region: "eu-west-1", ordinal: 1))
        #expect(Set(before.map(\.id)).isSubset(of: Set(scene.judge().findings.map(\.id))))
    }
}

/// A finding's id is a subject's, not a record's.
struct FindingIdentityTests {
    @Test func `entries that are one thing are one finding, though no vector knows their types`() throws {
        var scene = try Scene()
        // Parts of one thing: both are known by the name that both have.
        for (ordinal, id) in ["a", "b"].enumerated() {
            var resource = Scene.resource(id, type: "Strange\(ordinal)", ordinal: ordinal)
            resource.aliases = ["a", "b"]
            scene.add(resource)
        }
        let findings = scene.judge().findings.filter { $0.requirement == "coverage" }
        #expect(Set(findings.map(\.id)).count == findings.count)
        #expect(findings.reduce(0) { $0 + $1.occurrences } == 2)
    }
}
