import CEL
public import Policy
public import Residency

/// What became of a case.
public struct CaseResult: Sendable, Hashable {
    /// The vector or policy.
    public var of: String
    public var name: String
    public var file: String
    public var line: Int
    /// Empty: the case passed.
    public var complaints: [String]

    public var passed: Bool { complaints.isEmpty }
}

/// Runs the cases that stand beside vectors and policies.
public enum Cases {
    /// Runs every case of every vector. `layouts` tell where an event has its service, action and error.
    public static func run(_ catalogue: Catalogue, layouts: [EventLayout]) -> [CaseResult] {
        catalogue.vectors.flatMap { vector in vector.cases.map { run($0, of: vector, catalogue, layouts) } }
    }

    /// Every vector that lacks a positive or a negative case.
    public static func untested(_ catalogue: Catalogue) -> [Vector] {
        catalogue.vectors.filter { vector in vector.cases.allSatisfy(\.expect.isEmpty) || !vector.cases.contains(where: \.expect.isEmpty) }
    }

    private static func run(_ test: VectorCase, of vector: Vector, _ catalogue: Catalogue, _ layouts: [EventLayout]) -> CaseResult {
        var result = CaseResult(of: vector.id, name: test.name, file: test.file, line: test.line, complaints: [])
        let seen: [(pair: UnitResult.Pair, attempted: Bool)]
        switch test.record {
        case .resource(let resource):
            let id = resource.member("id")?.stringValue ?? ""
            switch vector.trigger {
            case .resource(let types) where types.contains("*") || types.contains(resource.member("type")?.stringValue ?? ""):
                seen = pairs(Decode.whole(vector, resource: resource, event: .null, defaultSubject: id)).map { ($0, false) }
            case .words(let marks):
                seen = WordSweep.words(resource, marks: marks).flatMap { WordSweep.pairs(vector, $0, id) }.map { ($0, false) }
            case .resource, .event: seen = []
            }
        case .event(let event):
            // A format that names its actions is told by them; only an event without any is of one that does not.
            let named = layouts.filter { $0.provider == vector.provider && event.at($0.action) != nil }
            let own = named.isEmpty ? layouts.filter { $0.provider == vector.provider && !$0.actionWord.isEmpty } : named
            guard let layout = own.first(where: { applies(vector, event, $0) }) ?? own.first else {
                result.complaints = ["the event has no action that a log format of `\(vector.provider)` names"]
                return result
            }
            let attempted = event.at(layout.error).map { $0 != .null && $0.stringValue != "" } ?? false
            if !applies(vector, event, layout) {
                seen = []
            } else if vector.sweeps.isEmpty {
                seen = pairs(Decode.whole(vector, resource: .null, event: event, defaultSubject: "")).map { ($0, attempted) }
            } else {
                seen = swept(vector, event, catalogue, layout).map { ($0, attempted) }
            }
        }
        var rest = seen
        for expected in test.expect {
            if let index = rest.firstIndex(where: { matches(expected, $0.pair, $0.attempted) }) {
                rest.remove(at: index)
            } else {
                result.complaints.append("expected \(expected.place)\(expected.subject.map { " of `\($0)`" } ?? "")\(expected.attempted ? ", attempted" : ""); seen: \(list(seen))")
            }
        }
        if !rest.isEmpty { result.complaints.append("not expected: \(list(rest))") }
        return result
    }

    /// What a sweep makes of an event: it is by the vectors of words.
    private static func swept(_ vector: Vector, _ event: Value, _ catalogue: Catalogue, _ layout: EventLayout) -> [UnitResult.Pair] {
        if catalogue.vectors.contains(where: { $0.provider == vector.provider && $0.namesEvents && applies($0, event, layout) }) { return [] }
        var named: [String] = []
        for words in catalogue.vectors {
            guard case .words(let marks) = words.trigger else { continue }
            for field in vector.sweeps.compactMap({ event.at($0) }) {
                named += WordSweep.words(field, marks: marks).flatMap { WordSweep.pairs(words, $0, "") }.map(\.place)
            }
        }
        let home = event.at(layout.region)?.stringValue.map { PlaceReference.region(provider: layout.provider, name: $0).text }
        guard case .texts(let places) = FieldSweep.result(named.filter { $0 != home }, vector.place.program), !places.isEmpty else { return [] }
        let subjects = Decode.whole(vector, resource: .null, event: event, defaultSubject: "")
        return Set(pairs(subjects).map(\.subject)).sorted().flatMap { subject in places.map { UnitResult.Pair(subject: subject, place: $0) } }
    }

    private static func applies(_ vector: Vector, _ event: Value, _ layout: EventLayout) -> Bool {
        guard case .event(let service, let actions) = vector.trigger else { return false }
        var word = event.at(layout.service)?.stringValue ?? layout.serviceWord
        if word.hasSuffix(layout.serviceSuffix) { word.removeLast(layout.serviceSuffix.count) }
        let action = action(event, layout)
        return Glob.matches(service, word) && actions.contains { Glob.matches($0, action) }
    }

    private static func action(_ event: Value, _ layout: EventLayout) -> String {
        let named = event.at(layout.action)
        return named?.stringValue ?? named?.intValue.map { String($0) } ?? layout.actionWord
    }

    private static func pairs(_ result: UnitResult) -> [UnitResult.Pair] {
        if case .pairs(let pairs) = result { pairs } else { [] }
    }

    private static func matches(_ expected: ExpectedObservation, _ pair: UnitResult.Pair, _ attempted: Bool) -> Bool {
        let place = expected.place == "unknown" ? pair.place.hasPrefix("unknown:") : expected.place == pair.place
        return place && attempted == expected.attempted && (expected.subject == nil || expected.subject == pair.subject)
    }

    private static func list(_ seen: [(pair: UnitResult.Pair, attempted: Bool)]) -> String {
        seen.isEmpty ? "nothing" : seen.map { "\($0.pair.place) of `\($0.pair.subject)`\($0.attempted ? ", attempted" : "")" }.joined(separator: "; ")
    }

    // MARK: policies

    /// Runs every case of every policy: the observations it supposes are judged by the policy alone.
    public static func run(_ rules: RuleBook, now: Int64) -> [CaseResult] {
        rules.policies.flatMap { policy in policy.cases.map { run($0, of: policy, rules, now: now) } }
    }

    private static func run(_ test: PolicyCase, of policy: CompiledPolicy, _ rules: RuleBook, now: Int64) -> CaseResult {
        var result = CaseResult(of: policy.id, name: test.name, file: test.file, line: test.line, complaints: [])
        guard let nowhere = try? Environment().compile("''") else { return result }
        var own = rules
        own.policies = [policy]
        own.waivers = rules.waivers
        own.subjects.rules = []
        own.catalogue = Catalogue()
        own.catalogue.vectors = Set(test.given.map(\.provider)).sorted().flatMap { provider in
            Activity.allCases.map { activity in
                Vector(
                    id: "\(provider).\(activity.rawValue)", provider: provider, says: "\(activity.rawValue) at {place}", activity: activity,
                    trigger: .resource(types: ["*"]), when: nil, each: nil, subject: nil,
                    place: Expression(program: nowhere, source: "''", file: test.file, line: test.line), lowConfidence: false, reference: "", note: nil,
                    file: test.file, line: test.line)
            }
        }
        var partial = Partial()
        for (index, given) in test.given.enumerated() {
            var tags: [String: String] = [:]
            if let data = given.data { tags[own.subjects.dataTags.first ?? "data-class"] = data }
            if let tenant = given.tenant { tags[own.subjects.tenantTags.first ?? "tenant"] = tenant }
            if let home = given.home { tags[own.subjects.homeTags.first ?? "tenant-home"] = home }
            if let system = given.system { tags[own.subjects.systemTags.first ?? "system"] = system }
            let record = RecordReference(input: 0, ordinal: index, pointer: "")
            let resource = Resource(
                provider: given.provider, type: given.type, id: given.id, aliases: [], account: given.account, place: given.place, tags: tags,
                attributes: .null, ordinal: index, pointer: "")
            partial.resources.append(ResourceFacts(resource, tags: TagList(tags), record: record, isKnown: true, isDataless: false))
            let observed = Observed(vector: "\(given.provider).\(given.activity.rawValue)", subject: given.id, place: given.place, attempted: given.attempted)
            partial.add(observed, Tally(count: 1, first: given.lasting.map { now - $0 }, last: given.lasting.map { _ in now }, record: RecordNumber(input: 0, ordinal: index)))
        }
        let judged = Judgement.judge(partial, own, inputs: [], now: now)
        for (requirement, expected) in test.expect.sorted(by: { $0.key < $1.key }) {
            compare(expected, judged.findings.filter { $0.requirement == requirement }, requirement, &result)
        }
        if let overall = test.overall { compare(overall, judged.findings, "the policy", &result) }
        return result
    }

    private static func compare(_ expected: PolicyCase.Expected, _ findings: [Finding], _ what: String, _ result: inout CaseResult) {
        let gravity: [Verdict] = [.violated, .unresolved, .waived, .satisfied]
        let gravest = gravity.first { verdict in findings.contains { $0.verdict == verdict } }
        let seen = gravest.map(\.rawValue) ?? PolicyCase.Expected.none.rawValue
        if seen != expected.rawValue {
            let why = findings.first { $0.verdict == gravest }.map { ": \($0.message)" } ?? ""
            result.complaints.append("\(what): expected \(expected.rawValue), judged \(seen)\(why)")
        }
    }
}

extension Value {
    /// The value at a path of member names; `nil` if it is not there or the path is empty.
    func at(_ path: [String]) -> Value? {
        guard !path.isEmpty else { return nil }
        return path.reduce(Optional(self)) { value, name in value?.member(name) }
    }
}

extension Cases {
    /// Whether a policy has a case in which it is satisfied and one in which it is violated.
    public static func isTested(_ policy: CompiledPolicy) -> Bool {
        let expected = policy.cases.flatMap { Array($0.expect.values) + ($0.overall.map { [$0] } ?? []) }
        return expected.contains(.violated) && (expected.contains(.satisfied) || expected.contains(.none))
    }
}
