import Crypto
public import Policy
public import Residency

/// What a judgement makes of a partial result.
public struct Judged: Sendable {
    /// In canonical order.
    public var findings: [Finding]
    public var coverage: Coverage
    public var exceptions: [ExceptionSummary]
    public var summary: Run.Summary
}

/// Holds observations against policies. A pure function of its arguments: the only time it sees is `now`.
public struct Judgement {
    /// At most so many observations stand in one finding; their number is exact all the same.
    public static let observationLimit = 10

    private let rules: RuleBook
    private let now: Int64
    private let day: String
    private let index: SubjectIndex
    private let partial: Partial
    private let inputs: [InputSummary]
    private var exceptions: ExceptionLedger
    private var places: [PlaceKey: Place] = [:]

    private struct PlaceKey: Hashable {
        var reference: PlaceReference
        var provider: String
    }

    /// One subject and all that was observed of it.
    private struct Group {
        var profile: SubjectIndex.Profile
        var shown: [Activity: [Shown]] = [:]
    }

    /// One observation, resolved.
    struct Shown {
        var vector: Vector
        var place: Place
        var attempted: Bool
        var tally: Tally
    }

    public init(_ partial: Partial, _ rules: RuleBook, inputs: [InputSummary], now: Int64) {
        self.partial = partial
        self.rules = rules
        self.inputs = inputs
        self.now = now
        day = Clock.day(now)
        index = SubjectIndex(partial.resources.sorted { $0.record < $1.record }, rules)
        exceptions = ExceptionLedger(rules, now: now)
    }

    /// Judges everything.
    public static func judge(_ partial: Partial, _ rules: RuleBook, inputs: [InputSummary], now: Int64) -> Judged {
        var judgement = Judgement(partial, rules, inputs: inputs, now: now)
        return judgement.run()
    }

    private mutating func run() -> Judged {
        let groups = group()
        var findings: [Finding] = []
        for policy in rules.policies {
            for group in groups {
                let match = ScopeMatch(policy.scope, group.profile)
                if match == .excluded { continue }
                for requirement in policy.requirements {
                    guard let shown = group.shown[requirement.activity] else { continue }
                    if let finding = judge(shown, group.profile, match, requirement, policy) { findings.append(finding) }
                }
            }
            findings += unknownTypes(policy)
        }
        findings.sort(by: Finding.canonicalOrder)
        var summary = Run.Summary(resources: partial.resources.count, events: partial.events)
        for finding in findings {
            switch finding.verdict {
            case .satisfied: summary.satisfied += 1
            case .violated: summary.violated += 1
            case .unresolved: summary.unresolved += 1
            case .waived: summary.waived += 1
            }
        }
        let coverage = CoverageAccount(partial, rules, inputs: inputs, index: index).coverage
        return Judged(findings: findings, coverage: coverage, exceptions: exceptions.summaries, summary: summary)
    }

    // MARK: from observations to subjects

    private mutating func group() -> [Group] {
        let vectors = Dictionary(rules.catalogue.vectors.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        var profiles: [String: SubjectIndex.Profile] = [:]
        var groups: [String: Group] = [:]
        for (observed, tally) in partial.observations {
            guard let vector = vectors[observed.vector] else { continue }
            let name = vector.provider + "\u{0}" + observed.subject
            let profile: SubjectIndex.Profile
            if let known = profiles[name] {
                profile = known
            } else {
                profile = index.profile(observed.subject, provider: vector.provider)
                profiles[name] = profile
            }
            if profile.isDataless { continue }
            let key = profile.subject.provider + "\u{0}" + profile.subject.id
            let shown = Shown(vector: vector, place: place(observed.place, provider: vector.provider), attempted: observed.attempted, tally: tally)
            groups[key, default: Group(profile: profile)].shown[vector.activity, default: []].append(shown)
        }
        for key in groups.keys {
            for activity in Activity.allCases { groups[key]?.shown[activity]?.sort(by: Judgement.order) }
        }
        return groups.sorted { $0.key < $1.key }.map(\.value)
    }

    private static func order(_ left: Shown, _ right: Shown) -> Bool {
        (left.tally.record, left.vector.id, left.place.name, left.attempted ? 1 : 0) < (right.tally.record, right.vector.id, right.place.name, right.attempted ? 1 : 0)
    }

    private mutating func place(_ reference: PlaceReference, provider: String) -> Place {
        let key = PlaceKey(reference: reference, provider: provider)
        if let known = places[key] { return known }
        let place: Place
        if case .resource(let name) = reference {
            let found = index.place(of: name, provider: provider)
            if case .unknown(let why) = found {
                place = Place(name: "unknown", location: .unknown(why))
            } else {
                place = rules.gazetteer.place(found)
            }
        } else {
            place = rules.gazetteer.place(reference)
        }
        places[key] = place
        return place
    }

    // MARK: one requirement and one subject

    private mutating func judge(
        _ shown: [Shown], _ profile: SubjectIndex.Profile, _ match: ScopeMatch, _ requirement: CompiledPolicy.Requirement, _ policy: CompiledPolicy
    ) -> Finding? {
        var violated: [(Shown, [Country])] = []
        var unresolved: [(Shown, Reason)] = []
        var satisfied: [Shown] = []
        var allowed: [(Shown, AllowanceNote)] = []
        var expired: AllowanceNote?
        for one in shown {
            if case .unclassified = match, !one.attempted {
                unresolved.append((one, .unclassified))
                continue
            }
            switch rules.jurisdictions.judge(one.place, in: requirement.jurisdictions, on: day) {
            case .inside: satisfied.append(one)
            case .outside(let countries):
                if one.attempted {
                    satisfied.append(one)
                } else if case .open(let why) = match {
                    unresolved.append((one, .scope(why)))
                } else if let (note, holds) = exceptions.allowance(policy, profile.subject, one, requirement.activity, rules: rules, day: day) {
                    if holds {
                        allowed.append((one, note))
                    } else {
                        expired = note
                        violated.append((one, countries))
                    }
                } else {
                    violated.append((one, countries))
                }
            case .unknown(let why):
                if one.attempted { satisfied.append(one) } else { unresolved.append((one, .place(why))) }
            }
        }
        let wording = Wording(profile.subject, requirement, policy)
        var finding = Finding(
            id: Self.identity(policy.id, requirement.activity.rawValue, profile.subject), policy: policy.id,
            requirement: requirement.activity.rawValue, verdict: .satisfied, severity: requirement.severity, basis: requirement.basis, message: "",
            subject: profile.subject, occurrences: 0, observations: [])
        if let worst = violated.first {
            finding.verdict = .violated
            let lapse = worst.1.lazy.compactMap { [rules, day] in rules.jurisdictions.lapse(of: $0, in: requirement.jurisdictions, on: day) }.first
            finding.message = wording.violated(worst.0, places: Set(violated.map(\.0.place.name)).count, expired: expired, lapse: lapse)
            finding.remedy = wording.remedyForViolation
            fill(&finding, violated.map(\.0))
            if let note = exceptions.waiver(finding, profile.subject, policy: policy.id) {
                finding.verdict = .waived
                finding.waiver = note
            }
        } else if let open = unresolved.first {
            finding.verdict = .unresolved
            finding.message = wording.unresolved(open.0, open.1)
            finding.remedy = wording.remedy(open.1)
            fill(&finding, unresolved.map(\.0))
        } else if let lawful = allowed.first {
            finding.allowance = lawful.1
            finding.message = wording.allowed(lawful.0, lawful.1)
            fill(&finding, allowed.map(\.0))
            exceptions.count(lawful.1, policy: policy.id)
        } else if let first = satisfied.first {
            finding.message = wording.satisfied(first, onlyAttempts: satisfied.allSatisfy(\.attempted))
            fill(&finding, satisfied)
        } else {
            return nil
        }
        return finding
    }

    private func fill(_ finding: inout Finding, _ shown: [Shown]) {
        finding.occurrences = shown.reduce(0) { $0 + $1.tally.count }
        finding.first = shown.compactMap(\.tally.first).min().map(Clock.text)
        finding.last = shown.compactMap(\.tally.last).max().map(Clock.text)
        finding.observations = shown.prefix(Self.observationLimit).map { one in
            Observation(
                vector: one.vector.id, activity: one.vector.activity, place: one.place, says: Wording.says(one), attempted: one.attempted,
                lowConfidence: one.vector.lowConfidence, record: one.tally.record, occurrences: one.tally.count,
                first: one.tally.first.map(Clock.text), last: one.tally.last.map(Clock.text))
        }
    }

    /// What makes a finding's id: nothing that changes from run to run.
    static func identity(_ policy: String, _ requirement: String, _ subject: Subject) -> String {
        let text = [policy, requirement, subject.provider, subject.id].joined(separator: "\u{0}")
        let digits = Array("0123456789abcdef".utf8)
        var id: [UInt8] = []
        for byte in SHA256.hash(data: Array(text.utf8)).prefix(16) { id += [digits[Int(byte >> 4)], digits[Int(byte & 15)]] }
        return String(decoding: id, as: UTF8.self)
    }

    // MARK: what no vector knows

    private func unknownTypes(_ policy: CompiledPolicy) -> [Finding] {
        index.all.filter { !$0.isKnown }.compactMap { resource in
            let profile = index.profile(resource.id, provider: resource.provider)
            if ScopeMatch(policy.scope, profile) == .excluded { return nil }
            let place = rules.gazetteer.place(resource.place)
            return Finding(
                id: Self.identity(policy.id, "coverage", profile.subject), policy: policy.id, requirement: "coverage", verdict: .unresolved,
                severity: policy.severity, basis: policy.basis,
                message: "no vector of the catalogue knows the type `\(resource.type)` of `\(SubjectIndex.short(resource.id))`, so what it does with data is not judged",
                remedy: "add a vector for `\(resource.type)` to the catalogue, or list it under `types` if it holds no customer data",
                subject: profile.subject, occurrences: 1,
                observations: [
                    Observation(vector: "", activity: .stored, place: place, says: "a resource of an unknown type at \(Wording.place(place))", record: resource.record)
                ])
        }
    }
}
