import CEL
import Policy
import Residency
import Testing

@testable import Engine

/// Words that name a place which no vector explains.
struct SweepTests {
    static let sweeps = """
        vectors:
          - id: any.word.region
            says: its record names {place}
            activity: stored
            words: "-"
            when: item.matches('^[a-z]+-[a-z]+-[0-9]$')
            place: "'region:aws/' + item"
            confidence: hint
            reference: a test
            since: 2026-11
            cases: [{name: a, resource: {x: us-east-1}, expect: [{place: "region:aws/us-east-1"}]}, {name: b, resource: {x: none}, expect: []}]
        """

    private func judged(_ texts: [String], copies: [String]? = nil, _ sweeps: String = Self.sweeps) throws -> Judged {
        var scene = try Scene(extra: [sweeps])
        var bucket = Scene.resource("b", copies: copies)
        bucket.attributes = .object([
            ("type", "Bucket"), ("id", "b"), ("region", "eu-west-1"), ("copies", .array((copies ?? []).map { .string($0) })),
            ("settings", .object([("list", .array(texts.map { .string($0) }))])),
        ])
        scene.add(bucket)
        return scene.judge()
    }

    @Test(arguments: [
        (["send it to us-east-1, please"], Verdict.unresolved, "outside: a hint is no proof"),
        (["eu-west-1"], .satisfied, "the resource is there itself"),
        (["eu-west-1 (eu-west-1)"], .satisfied, "a word is looked at once"),
        (["sa-nowhere-9"], .satisfied, "no table knows it"),
        (["orders-us-east-1-archive"], .satisfied, "a name is a name"),
        ([], .satisfied, "nothing is named"),
    ])
    func `a word that names a place is a hint`(_ texts: [String], _ verdict: Verdict, _ why: String) throws {
        let finding = try #require(try judged(texts).findings.first { $0.requirement == "stored" })
        #expect(finding.verdict == verdict, "\(why): \(finding.message)")
        #expect(finding.observations.contains(where: \.lowConfidence) == (verdict == .unresolved))
    }

    @Test func `what a vector explains is no hint`() throws {
        let text = "arn:aws:s3:us-east-1:1:x us-east-1"
        let findings = try judged([text], copies: ["arn:aws:s3:us-east-1:1:x"]).findings
        #expect(findings.first { $0.requirement == "copied" }?.verdict == .violated)
        #expect(findings.first { $0.requirement == "stored" }?.verdict == .satisfied)
    }

    /// Of a word that shows what is done at a place, and is no hint.
    static let proof = """
        vectors:
          - id: any.word.mirror
            says: its record names a mirror at {place}
            activity: copied
            words: ":mirror:"
            place: placeOf(item)
            confidence: low
            reference: a test
            since: 2026-11
            cases: [{name: a, resource: {x: "arn:aws:mirror:us-east-1:1:m"}, expect: [{place: "region:aws/us-east-1"}]}, {name: b, resource: {x: none}, expect: []}]
        """

    @Test(arguments: [
        ("arn:aws:mirror:us-east-1:1:m", [String](), Verdict.violated, 1, "outside"),
        ("arn:aws:mirror:eu-west-1:1:m", [], .satisfied, 1, "where the resource is: that it is there explains no copy"),
        ("arn:aws:mirror:us-east-1:1:m", ["arn:aws:s3:us-east-1:1:x"], .violated, 1, "a vector showed the same, which counts once"),
        ("arn:aws:mirror:us-east-1:1:m", ["arn:aws:s3:eu-west-1:1:x"], .violated, 1, "beside a copy inside"),
    ])
    func `a word that is no hint shows what it says`(_ word: String, _ copies: [String], _ verdict: Verdict, _ count: Int, _ why: String) throws {
        let finding = try #require(try judged([word], copies: copies, Self.proof).findings.first { $0.requirement == "copied" })
        #expect(finding.verdict == verdict, "\(why): \(finding.message)")
        #expect(finding.occurrences == count, "\(why)")
    }

    @Test func `a hint says so`() throws {
        let finding = try #require(try judged(["us-east-1"]).findings.first { $0.requirement == "stored" })
        #expect(finding.message == "`b`: its record names aws:us-east-1 (US), outside `eu`; a hint, not a proof")
    }
}

/// Words of events that no vector names.
struct EventSweepTests {
    static let sweep = SweepTests.sweeps + """

          - id: any.word.mirror
            says: its record names a mirror at {place}
            activity: stored
            words: "mirror:"
            place: host(item.replace('mirror:', '') + '.hosts.example')
            confidence: hint
            reference: a test
            since: 2026-11
            cases: [{name: a, resource: {x: "mirror:us-east-1"}, expect: [{place: "host:us-east-1.hosts.example"}]}, {name: b, resource: {x: none}, expect: []}]

          - id: aws.unread
            says: a call that no vector reads names something at {place}
            activity: transferred
            event: {service: "*", action: "*"}
            words: [event.requestParameters]
            when: event.?readOnly.orValue(false) != true
            subject: event.eventName
            place: item
            confidence: hint
            reference: a test
            since: 2026-11
            cases: [{name: a, event: {eventSource: x, eventName: Make, requestParameters: {a: us-east-1}}, expect: [{place: "region:aws/us-east-1"}]}, {name: b, event: {eventSource: x, eventName: Make}, expect: []}]
        """
    static let hosts = "provider: aws\nsource: a test\ndate: 2026-11-20\nhosts: [\"{region}.hosts.example\"]\n"
    static let asking = """
        vectors:
          - id: aws.asking
            says: data is read at {place}
            activity: accessed
            event: {service: "*", action: "*"}
            when: event.eventName == 'Make'
            subject: event.eventName
            place: region(event.awsRegion)
            reference: a test
            since: 2026-11
            cases: [{name: a, event: {eventSource: x, eventName: Make, awsRegion: eu-west-1}, expect: [{place: "region:aws/eu-west-1"}]}, {name: b, event: {eventSource: x, eventName: B}, expect: []}]
        """

    private func event(_ request: String, service: String = "new", action: String = "Make", more: String = "") -> String {
        #"{"eventSource":"\#(service).amazonaws.com","eventName":"\#(action)","awsRegion":"eu-west-1",\#(more)"requestParameters":\#(request)}"#
    }

    private func seen(_ events: [String], _ rules: RuleBook, memoryLimit: Int = Observer.memoryLimit) -> [String: Int] {
        let shown = TestEvents.observe(events, rules, batches: 2, memoryLimit: memoryLimit).observations.filter { $0.key.vector == "aws.unread" }
        return Dictionary(shown.map { ($0.key.place.text, $0.value.count) }, uniquingKeysWith: +)
    }

    @Test(arguments: [
        (#"{"to":"us-east-1"}"#, "", ["region:aws/us-east-1"], "a region"),
        (#"{"to":["us-east-1","us-east-1"],"and":"eu-west-2 us-east-1"}"#, "", ["region:aws/eu-west-2", "region:aws/us-east-1"], "each place once"),
        (#"{"us-east-1":{},"to":"mirror:us-east-1"}"#, "", ["region:aws/us-east-1"], "the name of a member, and another word for the same place"),
        (#"{"to":"eu-west-1"}"#, "", [], "where the call was made"),
        (#"{"to":"eu-west-9"}"#, "", [], "no table knows it"),
        (#"{"body":"{\"to\":\"us-east-1\",\n\"x\":1}"}"#, "", ["region:aws/us-east-1"], "a text of JSON"),
        (#"{"to":"us-east-1"}"#, #""readOnly":false,"#, ["region:aws/us-east-1"], "it writes"),
        (#"{"to":"us-east-1"}"#, #""readOnly":true,"#, [], "it reads"),
        ("null", "", [], "no request"),
        (#""us-east-1""#, "", ["region:aws/us-east-1"], "a text alone"),
    ])
    func `words of a call that no vector names`(_ request: String, _ more: String, _ places: [String], _ why: String) throws {
        let rules = try Scene(extra: [Self.sweep, Self.hosts]).rules
        #expect(seen([event(request, more: more)], rules).keys.sorted() == places, "\(why)")
        #expect(seen([event(request, service: "s3", more: more)], rules).isEmpty, "a vector names the service: \(why)")
        let listing = Self.asking.replacing("place: region(event.awsRegion)", with: "each: '[event.awsRegion]'\n    place: region(item)")
        for asking in [Self.asking, listing] {
            let asked = try Scene(extra: [Self.sweep, Self.hosts, asking]).rules
            #expect(seen([event(request, more: more)], asked).isEmpty, "a vector's condition names the action: \(why)")
            #expect(seen([event(request, action: "Other", more: more)], asked).keys.sorted() == places, "\(why)")
        }
    }

    @Test(arguments: [Observer.memoryLimit, 2])
    func `every call counts, whatever is remembered`(_ memoryLimit: Int) throws {
        let requests = (0..<60).map { #"{"id":"x-\#($0)","to":"\#(["us-east-1", "eu-west-2", "eu-west-1"][$0 % 3])"}"# }
        let seen = seen(requests.map { event($0) } + requests.map { event($0, more: #""readOnly":true,"#) }, try Scene(extra: [Self.sweep]).rules, memoryLimit: memoryLimit)
        #expect(seen == ["region:aws/us-east-1": 20, "region:aws/eu-west-2": 20])
    }

    /// What a field says does not depend on how its JSON is written.
    @Test(arguments: [
        #"{"a":"us-east-1"}"#, #"{"a":"\u0075s-east\u002d1"}"#, #"{"a":"x\nus-east-1"}"#, #"{"a":"\\us-east-1"}"#, #"{"a":"\"us-east-1\""}"#, #"{"a":"\/us-east-1"}"#,
        #"{"a":"\u00e4us-east-1"}"#, #"{"a":"us-east-1\u000a"}"#, #"{"a":"x\tus-east-1","b":"\ud83d\uddfa us-east-1"}"#, #"{"a":"\\nus-east-1"}"#, "{\"a\":\"\\u00",
    ])
    func `escapes are read as the parser reads them`(_ text: String) throws {
        let rules = try Scene(extra: [Self.sweep]).rules
        func places(_ bytes: [UInt8], isJSON: Bool) -> [String] {
            var (sweep, found) = (WordSweep(rules.catalogue.vectors, rules.gazetteer), [Int32]())
            bytes.withUnsafeBufferPointer { sweep.collect(field: $0, isJSON: isJSON, &found) }
            return sweep.places(found, except: nil)
        }
        let value = try? JSON.parse(text)
        var plain = value?.member("a")?.stringValue.map { Array($0.utf8) } ?? []
        plain += value?.member("b")?.stringValue.map { Array(" \($0)".utf8) } ?? []
        let seen = places(Array(text.utf8), isJSON: true)
        #expect(seen == places(plain, isJSON: false))
        #expect(seen.isEmpty == !["us-east-1", "x\nus-east-1", "\\us-east-1", "\"us-east-1\"", "us-east-1\n", "x\tus-east-1 \u{1F5FA} us-east-1"].contains(String(decoding: plain, as: UTF8.self)))
    }

    @Test func `a hint is no proof`() throws {
        let policy = "policy: p\ntitle: P\nbasis: [x]\nseverity: high\nrequire:\n  transferred: {in: eu}\n"
        var scene = try Scene(policies: [policy], extra: [Self.sweep])
        scene.add([event(#"{"to":"us-east-1"}"#)])
        #expect(scene.verdict("transferred") == .unresolved)
    }

    @Test func `what a kept part depends on`() throws {
        func digest(_ extra: [String], _ service: String, places: String = "0") throws -> [UInt8] {
            var rules = try Scene(extra: extra).rules
            rules.placesDigest = places
            var own = ObservationRules(rules, program: "p")
            return own.digest(classes: [EventClass(provider: "aws", service: service, action: "Make")], types: [])
        }
        let words = Self.sweep.replacing("^[a-z]+-", with: "^us-")
        #expect(try digest([Self.sweep], "new") != digest([words], "new"), "what words mean")
        #expect(try digest([Self.sweep], "new") != digest([Self.sweep], "new", places: "1"), "which places there are")
        #expect(try digest([Self.sweep], "new") != digest([Self.sweep.replacing("event.requestParameters", with: "event.other")], "new"), "which words")
        #expect(try digest([Self.sweep], "s3") == digest([words], "s3", places: "1"), "a vector names it: no word is looked at")
    }
}
