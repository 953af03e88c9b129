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
    /// At most so many observations stand in a finding that is open, and in one that is satisfied; their number is exact
    /// all the same.
    public static let observationLimit = 10
    public static let satisfiedObservationLimit = 3

    private let rules: RuleBook
    private let now: Int64
    private let day: String
    private let ground: Ground
    private let inputs: [InputSummary]
    private var exceptions: ExceptionLedger
    private var memberships: [Int: Jurisdictions.Membership] = [:]
    private var sentences: [Int: String] = [:]
    private var lapses: [LapseKey: String?] = [:]
    private var summary: Run.Summary

    private struct LapseKey: Hashable {
        var country: Country
        var jurisdictions: [String]
    }

    /// What is said of one subject by one requirement, sorted by verdict.
    private struct Sorted {
        var violated: [(Ground.Shown, [Country])] = []
        var unresolved: [(Ground.Shown, Reason)] = []
        var satisfied: [Ground.Shown] = []
        var allowed: [(Ground.Shown, AllowanceNote)] = []
        var expired: AllowanceNote?
    }

    private init(_ partial: Partial, _ rules: RuleBook, inputs: [InputSummary], now: Int64) {
        self.rules = rules
        self.inputs = inputs
        self.now = now
        day = Clock.day(now)
        ground = Ground(partial, rules)
        exceptions = ExceptionLedger(rules, now: now)
        summary = Run.Summary(resources: partial.resources.count, events: partial.events)
    }

    /// Judges everything.
    public static func judge(_ partial: Partial, _ rules: RuleBook, inputs: [InputSummary], now: Int64) -> Judged {
        var judgement = Judgement(partial, rules, inputs: inputs, now: now)
        let findings = judgement.findings()
        let coverage = CoverageAccount(partial, rules, inputs: inputs, index: judgement.ground.index).coverage
        return Judged(findings: findings, coverage: coverage, exceptions: judgement.exceptions.summaries, summary: judgement.summary)
    }

    /// In canonical order as they are made: policies, requirements and subjects are each gone through in theirs.
    private mutating func findings() -> [Finding] {
        var findings: [Finding] = []
        for (number, policy) in rules.policies.enumerated() {
            let matches = ground.groups.map { ScopeMatch(policy.scope, $0.profile) }
            let clauses = policy.requirements.map { ($0.activity.rawValue, Optional($0)) } + [("coverage", nil)]
            for (word, requirement) in clauses.sorted(by: { $0.0 < $1.0 }) {
                let start = findings.count
                if let requirement {
                    let wording = Wording(requirement)
                    for (index, group) in ground.groups.enumerated() where matches[index] != .excluded {
                        let shown = group.shown(requirement.activity)
                        if !shown.isEmpty, let finding = judge(shown, group.profile, matches[index], requirement, policy, number, wording) {
                            findings.append(finding)
                        }
                    }
                } else {
                    findings += unknownTypes(policy)
                }
                order(&findings, from: start, word)
            }
        }
        for finding in findings {
            switch finding.verdict {
            case .satisfied: summary.satisfied += 1
            case .violated: summary.violated += 1
            case .unresolved: summary.unresolved += 1
            case .waived: summary.waived += 1
            }
        }
        return findings
    }

    /// Two providers may have a subject of one name: their findings are put in the order of their ids.
    private func order(_ findings: inout [Finding], from start: Int, _ requirement: String) {
        let isOrdered = zip(findings[start...], findings[start...].dropFirst()).allSatisfy { !Finding.canonicalOrder($1, $0) }
        if !isOrdered { findings[start...].sort(by: Finding.canonicalOrder) }
    }

    // MARK: one requirement and one subject

    private mutating func judge(
        _ shown: ArraySlice<Ground.Shown>, _ profile: SubjectIndex.Profile, _ match: ScopeMatch, _ requirement: CompiledPolicy.Requirement,
        _ policy: CompiledPolicy, _ number: Int, _ wording: Wording
    ) -> Finding? {
        let sorted = sort(shown, profile, match, requirement, policy, number)
        var finding = Finding(
            id: Self.identity(policy.id, requirement.activity.rawValue, profile.subject), policy: policy.id,
            requirement: requirement.activity.rawValue, verdict: .satisfied, severity: requirement.severity, basis: requirement.basis, message: "",
            subject: profile.subject, occurrences: 0, observations: [])
        let name = Wording.name(profile.subject)
        func place(_ shown: Ground.Shown) -> Place { ground.places[Int(shown.place)] }
        if let worst = sorted.violated.first {
            let lapse = lapse(worst.1, requirement)
            finding.verdict = .violated
            finding.message = wording.violated(
                name, place(worst.0), places: Set(sorted.violated.map(\.0.place)).count, expired: sorted.expired, lapse: lapse)
            finding.remedy = wording.remedyForViolation
            fill(&finding, sorted.violated.map(\.0), limit: Self.observationLimit)
            if let open = sorted.unresolved.first {
                finding.message += "; besides, " + wording.unresolved(name, place(open.0), open.1)
            }
            if let note = exceptions.waiver(finding, profile.subject, policy: policy.id) {
                finding.verdict = .waived
                finding.waiver = note
            }
        } else if let open = sorted.unresolved.first {
            finding.verdict = .unresolved
            finding.message = wording.unresolved(name, place(open.0), open.1)
            finding.remedy = wording.remedy(name, open.1)
            fill(&finding, sorted.unresolved.map(\.0), limit: Self.observationLimit)
        } else if let lawful = sorted.allowed.first {
            finding.allowance = lawful.1
            finding.message = wording.allowed(name, place(lawful.0), lawful.1)
            fill(&finding, sorted.allowed.map(\.0), limit: Self.observationLimit)
            exceptions.count(lawful.1, policy: policy.id)
        } else if let first = sorted.satisfied.first {
            finding.message = wording.satisfied(name, place(first), onlyAttempts: sorted.satisfied.allSatisfy(\.attempted))
            fill(&finding, sorted.satisfied, limit: Self.satisfiedObservationLimit)
        } else {
            return nil
        }
        return finding
    }

    private mutating func sort(
        _ shown: ArraySlice<Ground.Shown>, _ profile: SubjectIndex.Profile, _ match: ScopeMatch, _ requirement: CompiledPolicy.Requirement,
        _ policy: CompiledPolicy, _ number: Int
    ) -> Sorted {
        var sorted = Sorted()
        for one in shown {
            if case .unclassified = match, !one.attempted {
                sorted.unresolved.append((one, .unclassified))
                continue
            }
            switch membership(one.place, requirement, number) {
            case .inside: sorted.satisfied.append(one)
            case .outside(let countries):
                if one.attempted {
                    sorted.satisfied.append(one)
                } else if case .open(let why) = match {
                    sorted.unresolved.append((one, .scope(why)))
                } else if let (note, holds) = exceptions.allowance(
                    policy, profile.subject, ground.places[Int(one.place)], requirement.activity, rules: rules, day: day)
                {
                    if holds {
                        sorted.allowed.append((one, note))
                    } else {
                        sorted.expired = note
                        sorted.violated.append((one, countries))
                    }
                } else {
                    sorted.violated.append((one, countries))
                }
            case .unknown(let why):
                if one.attempted { sorted.satisfied.append(one) } else { sorted.unresolved.append((one, .place(why))) }
            }
        }
        return sorted
    }

    /// Whether a place is in what a requirement names; there are few places and few requirements.
    private mutating func membership(_ place: Int32, _ requirement: CompiledPolicy.Requirement, _ policy: Int) -> Jurisdictions.Membership {
        let key = (policy * Activity.allCases.count + requirement.activity.number) << 32 | Int(place)
        if let known = memberships[key] { return known }
        let membership = rules.jurisdictions.judge(ground.places[Int(place)], in: requirement.jurisdictions, on: day)
        memberships[key] = membership
        return membership
    }

    /// Whether one of the countries was inside once; asked once for each.
    private mutating func lapse(_ countries: [Country], _ requirement: CompiledPolicy.Requirement) -> String? {
        for country in countries {
            let key = LapseKey(country: country, jurisdictions: requirement.jurisdictions)
            let answer: String?
            if let known = lapses[key] {
                answer = known
            } else {
                answer = rules.jurisdictions.lapse(of: country, in: requirement.jurisdictions, on: day)
                lapses[key] = .some(answer)
            }
            if let answer { return answer }
        }
        return nil
    }

    private mutating func fill(_ finding: inout Finding, _ shown: [Ground.Shown], limit: Int) {
        var (count, earliest, latest) = (0, Int64.max, Int64.min)
        for one in shown {
            let tally = ground.tallies[Int(one.tally)]
            count += tally.count
            earliest = min(earliest, tally.earliest)
            latest = max(latest, tally.latest)
        }
        finding.occurrences = count
        if earliest <= latest {
            finding.first = Clock.text(earliest)
            finding.last = Clock.text(latest)
        }
        var observations: [Observation] = []
        observations.reserveCapacity(min(limit, shown.count))
        for one in shown.prefix(limit) {
            let tally = ground.tallies[Int(one.tally)]
            let vector = ground.vectors[Int(one.vector)]
            observations.append(
                Observation(
                    vector: vector.id, activity: vector.activity, place: ground.places[Int(one.place)], says: says(one), attempted: one.attempted,
                    lowConfidence: vector.lowConfidence, record: ground.record(tally.record), occurrences: tally.count, first: tally.first.map(Clock.text),
                    last: tally.last.map(Clock.text)))
        }
        finding.observations = observations
    }

    /// A vector's sentence with its place filled in: made once for all that say the same.
    private mutating func says(_ shown: Ground.Shown) -> String {
        let key = Int(shown.vector) << 32 | Int(shown.place)
        if let known = sentences[key] { return known }
        let text = ground.vectors[Int(shown.vector)].says.replacing("{place}", with: Wording.place(ground.places[Int(shown.place)]))
        sentences[key] = text
        return text
    }

    /// What makes a finding's id: nothing that changes from run to run.
    static func identity(_ policy: String, _ requirement: String, _ subject: Subject) -> String {
        var hash = SHA256()
        for (index, part) in [policy, requirement, subject.provider, subject.id].enumerated() {
            if index > 0 { hash.update(data: [0]) }
            var part = part
            part.withUTF8 { hash.update(bufferPointer: UnsafeRawBufferPointer($0)) }
        }
        let digest = hash.finalize()
        return String(unsafeUninitializedCapacity: 32) { text in
            var index = 0
            for byte in digest.prefix(16) {
                text[index] = hexadecimalDigit(byte >> 4)
                text[index + 1] = hexadecimalDigit(byte & 15)
                index += 2
            }
            return index
        }
    }

    private static func hexadecimalDigit(_ value: UInt8) -> UInt8 { value < 10 ? value + 48 : value + 87 }

    // MARK: what no vector knows

    private func unknownTypes(_ policy: CompiledPolicy) -> [Finding] {
        let found: [Finding] = ground.index.all.filter { !$0.isKnown }.compactMap { resource in
            let profile = ground.index.subject(resource.id, provider: resource.provider)
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
        return found.sorted(by: Finding.canonicalOrder)
    }
}

extension Activity {
    /// The activity's place among all of them.
    var number: Int {
        switch self {
        case .stored: 0
        case .processed: 1
        case .copied: 2
        case .backedUp: 3
        case .keyHeld: 4
        case .transferred: 5
        case .accessed: 6
        case .logged: 7
        }
    }
}
