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

    let rules: RuleBook
    private let now: Int64
    private let day: String
    let ground: Ground
    private let inputs: [InputSummary]
    private var exceptions: ExceptionLedger
    let crossCheck: [CrossCheck.Contradiction]
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
        crossCheck = CrossCheck(ground, rules.gazetteer).contradictions
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
            let clauses = policy.requirements.map { ($0.activity.rawValue, Optional($0)) } + [("coverage", nil), (CrossCheck.word, nil)]
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
                } else if word == CrossCheck.word {
                    findings += contradictions(policy, number)
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
            id: Self.identity(policy.id, requirement.activity.rawValue, profile), policy: policy.id,
            requirement: requirement.activity.rawValue, verdict: .satisfied, severity: requirement.severity, basis: requirement.basis, message: "",
            subject: profile.subject, occurrences: 0, observations: [])
        let name = Wording.name(profile.subject, rules.gazetteer.nameForms)
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
            if ground.vectors[Int(one.vector)].isHint {
                sortHint(one, profile, requirement, policy, number, &sorted)
                continue
            }
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

    /// A hint says nothing where all is well, and is no proof where it is not.
    private mutating func sortHint(
        _ one: Ground.Shown, _ profile: SubjectIndex.Profile, _ requirement: CompiledPolicy.Requirement, _ policy: CompiledPolicy, _ number: Int,
        _ sorted: inout Sorted
    ) {
        switch membership(one.place, requirement, number) {
        case .inside: break
        case .unknown(let why): if !one.attempted { sorted.unresolved.append((one, .place(why))) }
        case .outside:
            if one.attempted { return }
            let place = ground.places[Int(one.place)]
            if let (note, holds) = exceptions.allowance(policy, profile.subject, place, requirement.activity, rules: rules, day: day), holds {
                sorted.allowed.append((one, note))
            } else {
                sorted.unresolved.append((one, .hint(says(one))))
            }
        }
    }

    /// Whether a place is in what a requirement names; there are few places and few requirements.
    mutating func membership(_ place: Int32, _ requirement: CompiledPolicy.Requirement, _ policy: Int) -> Jurisdictions.Membership {
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

    mutating func fill(_ finding: inout Finding, _ shown: [Ground.Shown], limit: Int) {
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
    mutating func says(_ shown: Ground.Shown) -> String {
        let key = Int(shown.vector) << 32 | Int(shown.place)
        if let known = sentences[key] { return known }
        let text = ground.vectors[Int(shown.vector)].says.replacing("{place}", with: Wording.place(ground.places[Int(shown.place)]))
        sentences[key] = text
        return text
    }

    /// What makes a finding's id: nothing that changes from run to run.
    static func identity(_ policy: String, _ requirement: String, _ profile: SubjectIndex.Profile) -> String {
        let subject = profile.subject
        var hash = SHA256()
        for (index, part) in ([policy, requirement, subject.provider, subject.id] + (profile.isAttributed ? [subject.tenant ?? ""] : [])).enumerated() {
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
