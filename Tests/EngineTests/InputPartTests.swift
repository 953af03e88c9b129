import CEL
import Policy
import Residency
import Testing

@testable import Engine

/// What an input shows, kept as bytes and taken in again.
struct InputPartTests {
    static let summary = InputSummary(path: "logs/a.json", sha256: "00", bytes: 7, format: "test", records: 3, malformed: 1)
    static let diagnostics = [
        Diagnostic(.warning, path: "logs/a.json", line: 3, byte: 99, message: "not an event", hint: "look"), Diagnostic(.note, path: "b", message: ""),
    ]

    /// The part of an input with events and a resource, and what it was observed as.
    static func part(_ rules: RuleBook, seed: UInt64 = 1) throws -> (InputPart, Partial) {
        var observer = Observer(rules, keeping: ObservationRules(rules, program: "test"))
        TestEvents.observe(DifferentialTests.events(300, seed: seed), rules, &observer)
        observer.observe(Scene.resource("b", tags: ["tenant": "acme", "x": ""], copies: ["other", "b"], ordinal: 300), input: 0)
        var pointers = RecordPointers()
        pointers.append(ordinal: 0, prefix: "/Records/", index: 0, suffix: "/detail")
        let made = observer.end(0, summary, diagnostics, pointers: pointers)
        let part = try #require(made)
        return (part, observer.finish())
    }

    static func taken(_ part: InputPart, as input: Int = 0, _ rules: RuleBook, program: String = "test") -> (Partial, InputSummary, [Diagnostic])? {
        var observer = Observer(rules, keeping: ObservationRules(rules, program: program))
        guard let account = observer.take(part, as: input) else { return nil }
        return (observer.finish(), account.0, account.1)
    }

    @Test func `what was kept is what was observed`() throws {
        let scene = try Scene()
        let (part, partial) = try Self.part(scene.rules)
        let (again, summary, diagnostics) = try #require(Self.taken(part, scene.rules))
        #expect(partial.observations.count > 20)
        #expect(again.observations == partial.observations)
        #expect(again.resources == partial.resources)
        #expect(again.events == 300 && again.knownActions == partial.knownActions && again.unknownActions == partial.unknownActions)
        #expect(again.activity == partial.activity)
        #expect(again.pointers == partial.pointers)
        #expect(summary == Self.summary && diagnostics == Self.diagnostics)
    }

    @Test func `parts merged in any order are judged alike`() throws {
        let scene = try Scene()
        let parts = try (1...5).map { try Self.part(scene.rules, seed: $0).0 }
        func judged(_ order: [Int]) -> [Finding] {
            var observer = Observer(scene.rules, keeping: ObservationRules(scene.rules, program: "test"))
            for input in order { #expect(observer.take(parts[input], as: input) != nil) }
            return Judgement.judge(observer.finish(), scene.rules, inputs: [], now: scene.now).findings
        }
        let first = judged([0, 1, 2, 3, 4])
        #expect(first.count > 3)
        #expect(judged([4, 2, 0, 1, 3]) == first)
    }

    @Test func `a changed byte anywhere is noticed`() throws {
        let (part, _) = try Self.part(try Scene().rules)
        var random = SplitMix(state: 7)
        for _ in 0..<500 {
            var bytes = part.bytes
            bytes[Int(random.next() % UInt64(bytes.count))] ^= UInt8(1 + random.next() % 255)
            #expect(InputPart(bytes: bytes) == nil)
        }
        for length in [0, 1, 31, 32, 33, part.bytes.count - 1] { #expect(InputPart(bytes: Array(part.bytes.prefix(length))) == nil) }
    }

    @Test func `bytes that say anything are refused, not believed`() throws {
        let scene = try Scene()
        let (part, _) = try Self.part(scene.rules)
        var random = SplitMix(state: 11)
        for _ in 0..<2000 {
            var body = Array(part.bytes.dropLast(32))
            for _ in 0..<3 { body[Int(random.next() % UInt64(body.count))] = UInt8(truncatingIfNeeded: random.next()) }
            // With a right digest, so that only the reading stands in the way; it may succeed, but must not trap.
            guard let damaged = InputPart(sealing: body) else { continue }
            _ = Self.taken(damaged, scene.rules)
        }
    }

    static let other = """
        vectors:
          - id: NAME
            says: data is held at {place}
            activity: stored
            event: {service: SERVICE, action: "ACTION"}
            subject: event.requestParameters.bucketName
            place: region(event.awsRegion)
            reference: a test
            since: 2026-11
            cases: [{name: a, event: {eventSource: s3.amazonaws.com, eventName: GetObject, awsRegion: eu-west-1, requestParameters: {bucketName: b}}, expect: []}]
        """

    @Test(arguments: [("aws.new", "s3", "GetObject", false), ("aws.new", "s3", "Get*", false), ("aws.new", "glue", "*", true), ("gcp.new", "s3", "GetObject", true)])
    func `a part is taken unless a vector changed that could match it`(_ name: String, _ service: String, _ action: String, _ isTaken: Bool) throws {
        let (part, _) = try Self.part(try Scene().rules)
        let yaml = Self.other.replacing("NAME", with: name).replacing("SERVICE", with: service).replacing("ACTION", with: action)
        let rules = try Scene(extra: [yaml]).rules
        #expect(rules.catalogue.vectors.count == (try Scene().rules.catalogue.vectors.count) + 1)
        #expect((Self.taken(part, rules) != nil) == isTaken)
    }

    @Test func `policies, tenants and jurisdictions do not matter, networks do`() throws {
        let one = try Scene().rules
        let other = try Scene(policies: [], tenants: "zeta: de\n").rules
        #expect(ObservationRules(one, program: "p").base == ObservationRules(other, program: "p").base)
        #expect(ObservationRules(one, program: "p").base != ObservationRules(one, program: "q").base)
        var networks = one
        networks.gazetteer.addNetwork(cidr: "198.51.100.0/24", location: .unknown("nobody knows"), title: "t", source: "s")
        #expect(ObservationRules(one, program: "p").base != ObservationRules(networks, program: "p").base)
    }
}
