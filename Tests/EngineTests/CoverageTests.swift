import Policy
import Residency
import Testing

@testable import Engine

/// What coverage says was not looked at.
struct CoverageTests {
    private static func vector(_ id: String, _ rest: String) -> String {
        """
          - id: \(id)
            says: data is at {place}
            activity: stored
            \(rest)
            reference: a test
            since: 2026-11
            cases: []

        """
    }

    private static let all = """
        provider: aws
        vectors:
        \(vector("aws.any.region", "event: {service: \"*\", action: \"*\"}\n    subject: \"'x'\"\n    place: region(event.awsRegion)"))\
        \(vector("aws.any.export", "event: {service: \"*\", action: \"*\"}\n    when: event.eventName.startsWith('Export')\n    subject: \"'x'\"\n    place: region(event.awsRegion)"))\
        \(vector("aws.guardrail.region", "resource: [Guardrail]\n    when: has(resource.copies)\n    each: resource.copies\n    place: region(item)\n    confidence: hint"))
        safeguards:
          - {source: "test-*", types: [Bucket], vectors: [aws.guardrail.*], says: nothing keeps buckets in a region}
        """

    private static func event(_ name: String, _ service: String = "new") -> String {
        "{\"eventSource\":\"\(service).amazonaws.com\",\"eventName\":\"\(name)\",\"awsRegion\":\"eu-west-1\",\"requestParameters\":{\"bucketName\":\"b\"}}"
    }

    @Test func `a vector about every event makes no action known`() throws {
        var scene = try Scene(extra: [Self.all])
        scene.add([Self.event("GetObject", "s3"), Self.event("ExportTable"), Self.event("CopyEverything"), Self.event("CopyEverything")])
        let coverage = scene.judge().coverage
        #expect(coverage.unknownActions == ["aws/new/CopyEverything": 2])
        #expect(coverage.knownActions == ["aws/s3/GetObject": 1, "aws/new/ExportTable": 1])
    }

    @Test func `what one input makes known is known in all`() throws {
        var scene = try Scene(extra: [Self.all])
        scene.partial.unknownActions = ["aws/new/ExportTable": 3]
        scene.partial.knownActions = ["aws/new/ExportTable": 1]
        let coverage = scene.judge().coverage
        #expect(coverage.unknownActions.isEmpty)
        #expect(coverage.knownActions == ["aws/new/ExportTable": 4])
    }

    @Test func `a guardrail lacks no class of data`() throws {
        var scene = try Scene(extra: [Self.all])
        scene.add(Scene.resource("rule", type: "Guardrail", tags: [:], copies: ["us-east-1"]))
        scene.add(Scene.resource("b", tags: [:], ordinal: 1))
        let coverage = scene.judge().coverage
        #expect(coverage.unclassifiedSample == ["b"])
        #expect(coverage.knownTypes == ["aws/Bucket": 1, "aws/Guardrail": 1])
    }

    @Test(arguments: [([], "", false), (["aws"], "a guardrail", true), (["aws"], "eu-west-1", false), (["gcp"], "eu-west-1", true)])
    func `a guardrail that a policy asks for falls short`(_ asked: [String], _ shown: String, _ isShort: Bool) throws {
        var scene = try Scene(extra: [Self.all])
        scene.rules.policies[0].coverage.guardrails = asked
        scene.add(Scene.resource("b"))
        // A guardrail that names no place keeps nothing in.
        if !shown.isEmpty { scene.add(Scene.resource("rule", type: "Guardrail", copies: shown == "eu-west-1" ? [shown] : [], ordinal: 1)) }
        let says = "policy `\(scene.rules.policies[0].id)` asks for a guardrail that keeps data in its regions on `\(asked.first ?? "")`, and no input shows one"
        #expect(scene.judge().coverage.shortfalls == (isShort ? [says] : []))
    }

    @Test(arguments: [("test-inventory", false, true), ("test-inventory", true, false), ("other", false, false)])
    func `a guardrail that is not there is said`(_ format: String, _ isThere: Bool, _ isSaid: Bool) throws {
        var scene = try Scene(extra: [Self.all])
        scene.add(Scene.resource("b"))
        if isThere { scene.add(Scene.resource("rule", type: "Guardrail", copies: ["eu-west-1"], ordinal: 1)) }
        let input = InputSummary(path: "a", sha256: "", bytes: 0, format: format, records: 1, malformed: 0)
        let judged = Judgement.judge(scene.partial, scene.rules, inputs: [input], now: scene.now)
        #expect(judged.coverage.blindSpots.contains("nothing keeps buckets in a region") == isSaid)
    }
}
