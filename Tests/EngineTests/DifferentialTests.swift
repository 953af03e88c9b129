import CEL
import Policy
import Residency
import Testing

@testable import Engine

/// The log path against a naive one that tries every vector on every event.
struct DifferentialTests {
    static func naive(_ events: [String], _ rules: RuleBook) -> [Observed: Tally] {
        var all: [Observed: Tally] = [:]
        for (ordinal, text) in events.enumerated() {
            let event = (try? JSON.parse(text)) ?? .null
            let attempted = event.member("errorCode").map { $0 != .null && $0.stringValue != "" } ?? false
            let time = event.member("eventTime")?.stringValue.flatMap { Clock.seconds($0) }
            for vector in rules.catalogue.vectors {
                guard case .event(let service, let actions) = vector.trigger else { continue }
                let source = event.member("eventSource")?.stringValue ?? ""
                let word = source.hasSuffix(".amazonaws.com") ? String(source.dropLast(14)) : source
                guard Glob.matches(service, word), actions.contains(where: { Glob.matches($0, event.member("eventName")?.stringValue ?? "") }) else { continue }
                guard case .pairs(let pairs) = Decode.whole(vector, resource: .null, event: event, defaultSubject: "") else { continue }
                for pair in pairs {
                    var place = rules.gazetteer.canonical(PlaceReference(text: pair.place))
                    // What an error says of the fields that are there depends on how many were projected.
                    if case .unknown = place { place = .unknown("") }
                    let tally = Tally(count: 1, first: time, last: time, record: RecordNumber(input: 0, ordinal: ordinal))
                    let observed = Observed(vector: vector.id, subject: pair.subject, place: place, attempted: attempted)
                    if all[observed]?.merge(tally) == nil { all[observed] = tally }
                }
            }
        }
        return all
    }

    /// What `event.resources[0].ARN` may meet.
    private static let lists = [
        #"[{"ARN":"one"}]"#, #"[ { "type" : "x,]}" , "n": -1.5e3, "ARN" : "two" } , {"ARN":"no"}]"#, #"[{"deep":{"ARN":"no","l":[[],{}]},"ARN":"three"}]"#,
        #"[{"ARN":"no","ARN":"last"}]"#, #"[{"A\u0052N":"four"}]"#, #"[{"ARN":"fi\u0076e"}]"#, #"[{"q":"\\\"","ARN":"six"}]"#, #"[{"ARN":null}]"#, #"[{"ARN":7}]"#,
        #"[{"arn":"no"}]"#, "[{}]", "[]", "[[]]", "[7]", "[null]", #"["ARN"]"#, "null", "{}", #""text""#, #"{"0":{"ARN":"no"}}"#, #"[{"ARN":"one"},7]"#,
    ]

    /// Events of every shape that a vector may meet: missing fields, wrong types, nulls, escapes, duplicates.
    static func events(_ count: Int, seed: UInt64) -> [String] {
        var random = SplitMix(state: seed)
        func pick(_ choices: [String]) -> String { choices[Int(random.next() % UInt64(choices.count))] }
        return (0..<count).map { _ in
            var members: [String] = []
            members.append(#""eventSource":"# + pick([#""s3.amazonaws.com""#, #""kms.amazonaws.com""#, "null", "7", #""s\u0033.amazonaws.com""#]))
            members.append(#""eventName":"# + pick([#""GetObject""#, #""PutObject""#, #""GetBucketAcl""#, #""""#, "null"]))
            if random.next() % 8 != 0 { members.append(#""awsRegion":"# + pick([#""eu-west-1""#, #""us-east-1""#, #""nowhere-1""#, "null", "3", #""eu\u002dwest-1""#])) }
            if random.next() % 8 != 0 {
                members.append(#""requestParameters":"# + pick([#"{"bucketName":"a"}"#, #"{"bucketName":"b\"c"}"#, #"{"bucketName":null}"#, "null", "[]", #"{"other":1}"#, #"{"bucketName":["x","y"]}"#, #"{"bucketName":"ü"}"#, #"{"bucketName":"","other":"o"}"#, #"{"bucketName":"d","other":"p"}"#, #"{"bucketName":"d","other":null}"#, #"{"bucketName":7}"#, #"{"bucketName":"a","target":{"kind":"x","region":"us-east-1"}}"#, #"{"target":{"kind":"none"}}"#, #"{"bucketName":"a","target":{}}"#, #"{"bucketName":"a","target":"text"}"#, #"{"target":null,"bucketName":"c"}"#]))
            }
            if random.next() % 2 == 0 { members.append(#""sourceIPAddress":"# + pick([#""203.0.113.7""#, #""203.0.113.200""#, #""10.0.0.1""#, #""192.0.2.\#(random.next() % 9)""#, #""s3.amazonaws.com""#, #""""#, "null"])) }
            if random.next() % 4 == 0 { members.append(#""vpcEndpointId":"# + pick([#""vpce-1""#, #""vpce-2""#, "null"])) }
            if random.next() % 3 != 0 { members.append(#""resources":"# + pick(Self.lists)) }
            if random.next() % 6 == 0 { members.append(#""errorCode":"# + pick([#""AccessDenied""#, "null", #""""#])) }
            if random.next() % 5 != 0 { members.append(#""eventTime":"# + pick([#""2026-11-19T10:00:00Z""#, #""2026-11-19T11:59:59.5Z""#, #""soon""#, "null"])) }
            return "{" + members.joined(separator: ",") + "}"
        }
    }

    /// As the log has it, with its spaces and its doubled members.
    @Test func `what is picked out of raw bytes is what the parser finds there`() throws {
        let steps = try #require(RawField.steps("[0].ARN"))
        var picked: [String] = []
        for list in Self.lists {
            let text: String? = Array(list.utf8).withUnsafeBufferPointer { bytes in
                RawField.value(steps, in: bytes, isJSON: true).flatMap { RawField.plainBytes($0, isJSON: true) }.map { String(decoding: $0, as: UTF8.self) }
            }
            guard let text else { continue }
            picked.append(text)
            #expect(try JSON.parse(list).elements?.first?.member("ARN")?.stringValue == text, "\(list)")
        }
        #expect(picked == ["one", "two", "three", "last", "six", "one"])
    }

    @Test(arguments: ["[a]", "[0", "0]", ".", "[].x", ".a.", ".a[0]b", "['a']", " [0]"])
    func `only plain steps are steps`(_ text: String) { #expect(RawField.steps(text[...]) == nil) }

    /// With little memory it forgets every few events what fields said.
    @Test(arguments: 1...8, [Observer.memoryLimit, 3])
    func `the log path observes what the naive one observes`(_ seed: Int, memoryLimit: Int) throws {
        let scene = try Scene()
        let events = Self.events(2000, seed: UInt64(seed))
        var fast: [Observed: Tally] = [:]
        for (observed, tally) in TestEvents.observe(events, scene.rules, batches: 1 + seed, memoryLimit: memoryLimit).observations {
            var key = observed
            if case .unknown = key.place { key.place = .unknown("") }
            if fast[key]?.merge(tally) == nil { fast[key] = tally }
        }
        let naive = Self.naive(events, scene.rules)
        #expect(fast.count > 20)
        #expect(Set(fast.keys) == Set(naive.keys))
        for (observed, tally) in naive { #expect(fast[observed] == tally, "\(observed)") }
    }
}

/// A small generator of numbers, the same on every machine.
struct SplitMix {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}
