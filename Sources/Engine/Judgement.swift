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
    /// Who is who, for whoever goes on from here.
    let index: SubjectIndex
}

/// Holds observations against policies. A pure function of its arguments: the only time it sees is `now`.
public struct Judgement: Sendable {
    /// At most so many observations stand in a finding that is open, and in one that is satisfied; their number is exact
    /// all the same.
    public static let observationLimit = 10
    public static let satisfiedObservationLimit = 3

    let rules: RuleBook
    private let now: Int64
    let day: String
    let ground: Ground
    private let inputs: [InputSummary]
    var exceptions: ExceptionLedger
    let crossCheck: [CrossCheck.Contradiction]
    private var memberships: [Int: Jurisdictions.Membership] = [:]
    private var sentences: [Int: String] = [:]
    /// The places that stand in the tables unchecked.
    private let unchecked: Set<Int32>
    private var lapses: [LapseKey: String?] = [:]
    private var sorted = Sorted()

    private struct LapseKey: Hashable {
        var country: Country
        var jurisdictions: [String]
    }

    private init(_ partial: Partial, _ rules: RuleBook, inputs: [InputSummary], now: Int64, _ workers: Workers) {
        self.rules = rules
        self.inputs = inputs
        self.now = now
        day = Clock.day(now)
        ground = Ground(partial, rules, workers)
        let doubtful = Set(rules.gazetteer.entries.filter(\.isUnchecked).map(\.name))
        let places = ground.places
        unchecked = Set(places.indices.filter { doubtful.contains(places[$0].name) }.map { Int32($0) })
        crossCheck = CrossCheck(ground, rules.gazetteer).contradictions
        exceptions = ExceptionLedger(rules, now: now)
    }

    /// Judges everything.
    public static func judge(_ partial: Partial, _ rules: RuleBook, inputs: [InputSummary], now: Int64, workers: Workers = .one) -> Judged {
        var judgement = Judgement(partial, rules, inputs: inputs, now: now, workers)
        let findings = judgement.findings(workers)
        var summary = Run.Summary(resources: partial.resources.count, events: partial.events)
        // By their numbers, so that none is copied.
        for index in findings.indices {
            switch findings[index].verdict {
            case .satisfied: summary.satisfied += 1
            case .violated: summary.violated += 1
            case .unresolved: summary.unresolved += 1
            case .waived: summary.waived += 1
            }
        }
        let coverage = CoverageAccount(partial, rules, inputs: inputs, index: judgement.ground.index).coverage
        return Judged(findings: findings, coverage: coverage, exceptions: judgement.exceptions.summaries, summary: summary, index: judgement.ground.index)
    }

    /// In canonical order as they are made: policies, requirements and subjects are each gone through in theirs.
    private mutating func findings(_ workers: Workers) -> [Finding] {
        var findings: [Finding] = []
        let ranges = workers.ranges(ground.groups.count)
        for (number, policy) in rules.policies.enumerated() {
            let matches = ground.groups.map { ScopeMatch(policy.scope, $0.profile) }
            let clauses = policy.requirements.map { ($0.activity.rawValue, Optional($0)) } + [("coverage", nil), (CrossCheck.word, nil)]
            for (word, requirement) in clauses.sorted(by: { $0.0 < $1.0 }) {
                let start = findings.count
                if let requirement, ranges.count == 1 {
                    // Without a piece to copy from.
                    judge(ranges[0], matches, requirement, policy, number, into: &findings)
                } else if let requirement {
                    let pieces = workers.map(ranges.count) { [self] in piece(ranges[$0], matches, requirement, policy, number) }
                    for piece in pieces {
                        findings += piece.findings
                        exceptions.add(piece.exceptions)
                    }
                } else if word == CrossCheck.word {
                    findings += contradictions(policy, number)
                } else {
                    findings += unknownTypes(policy)
                }
                order(&findings, from: start, word)
            }
        }
        return findings
    }

    /// What a requirement makes of some groups.
    private struct Piece: Sendable {
        var findings: [Finding] = []
        /// What was used for them.
        var exceptions: ExceptionLedger
    }

    private func piece(
        _ range: Range<Int>, _ matches: [ScopeMatch], _ requirement: CompiledPolicy.Requirement, _ policy: CompiledPolicy, _ number: Int
    ) -> Piece {
        var own = self
        own.exceptions = ExceptionLedger(rules, now: now)
        var findings: [Finding] = []
        own.judge(range, matches, requirement, policy, number, into: &findings)
        return Piece(findings: findings, exceptions: own.exceptions)
    }

    private mutating func judge(
        _ range: Range<Int>, _ matches: [ScopeMatch], _ requirement: CompiledPolicy.Requirement, _ policy: CompiledPolicy, _ number: Int,
        into findings: inout [Finding]
    ) {
        let wording = Wording(requirement)
        for group in range where matches[group] != .excluded {
            let shown = ground.shown(group, requirement.activity)
            if shown.isEmpty { continue }
            if let finding = judge(shown, ground.groups[group], matches[group], requirement, policy, number, wording) { findings.append(finding) }
        }
    }

    /// Two providers may have a subject of one name: their findings are put in the order of their ids.
    private func order(_ findings: inout [Finding], from start: Int, _ requirement: String) {
        let isOrdered = (start..<findings.count).dropFirst().allSatisfy { index in
            let (left, right) = (findings[index - 1].subject.id, findings[index].subject.id)
            return left < right || (left == right && findings[index - 1].id <= findings[index].id)
        }
        if !isOrdered { findings[start...].sort(by: Finding.canonicalOrder) }
    }

    // MARK: one requirement and one subject

    private mutating func judge(
        _ shown: ArraySlice<Ground.Shown>, _ group: Ground.Group, _ match: ScopeMatch, _ requirement: CompiledPolicy.Requirement,
        _ policy: CompiledPolicy, _ number: Int, _ wording: Wording
    ) -> Finding? {
        let profile = group.profile
        var sorted = Sorted()
        swap(&sorted, &self.sorted)
        sorted.removeAll()
        sort(shown, profile, match, requirement, policy, number, &sorted)
        defer { swap(&sorted, &self.sorted) }
        temper(&sorted, requirement)
        let name = Wording.name(profile.subject, rules.gazetteer.nameForms)
        func place(_ shown: Ground.Shown) -> String { ground.placeTexts[Int(shown.place)] }
        var finding = Finding(
            id: Self.identity(policy.id, requirement.activity.rawValue, profile), policy: policy.id,
            requirement: requirement.activity.rawValue, verdict: .satisfied, severity: requirement.severity, basis: requirement.basis, message: "",
            subject: profile.subject, occurrences: 0, observations: [])
        if let worst = sorted.violated.first {
            finding.verdict = .violated
            finding.message = wording.violated(
                name, place(worst), places: sorted.violated.count == 1 ? 1 : Set(sorted.violated.map(\.place)).count, expired: sorted.expired,
                lapse: lapse(worst.place, requirement, number))
            if let stay = sorted.stay { finding.message += "; \(stay)" }
            finding.remedy = wording.remedyForViolation
            fill(&finding, sorted.violated[...], limit: Self.observationLimit)
            if let open = sorted.unresolved.first, let reason = sorted.reason {
                finding.message += "; besides, " + wording.unresolved(name, place(open), reason)
            }
            if let note = exceptions.waiver(finding, profile.subject, policy: policy.id) {
                finding.verdict = .waived
                finding.waiver = note
            }
        } else if let open = sorted.unresolved.first, let reason = sorted.reason {
            finding.verdict = .unresolved
            finding.message = wording.unresolved(name, place(open), reason)
            finding.remedy = wording.remedy(name, reason)
            fill(&finding, sorted.unresolved[...], limit: Self.observationLimit)
        } else if let lawful = sorted.allowed.first, let note = sorted.note {
            finding.allowance = note
            finding.message = wording.allowed(name, place(lawful), note)
            fill(&finding, sorted.allowed[...], limit: Self.observationLimit)
            exceptions.count(note, policy: policy.id)
        } else if let first = sorted.satisfied.first {
            finding.message = wording.satisfied(name, place(first), onlyAttempts: sorted.satisfied.allSatisfy(\.attempted))
            fill(&finding, sorted.satisfied[...], limit: Self.satisfiedObservationLimit)
        } else {
            return nil
        }
        return finding
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
    private mutating func lapse(_ place: Int32, _ requirement: CompiledPolicy.Requirement, _ policy: Int) -> String? {
        guard case .outside(let countries) = membership(place, requirement, policy) else { return nil }
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

    mutating func fill(_ finding: inout Finding, _ shown: ArraySlice<Ground.Shown>, limit: Int) {
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
            finding.last = earliest == latest ? finding.first : Clock.text(latest)
        }
        // Most observations begin or end where the finding does: its text is theirs.
        func text(_ time: Int64?) -> String? {
            guard let time else { return nil }
            return time == earliest ? finding.first : time == latest ? finding.last : Clock.text(time)
        }
        var observations: [Observation] = []
        observations.reserveCapacity(min(limit, shown.count))
        for one in shown.prefix(limit) {
            let (number, tally) = (Int(one.vector), ground.tallies[Int(one.tally)])
            observations.append(
                Observation(
                    vector: ground.vectors[number].id, activity: ground.kinds[number].activity, place: ground.places[Int(one.place)], says: says(one),
                    attempted: one.attempted, lowConfidence: ground.vectors[number].lowConfidence || unchecked.contains(one.place), record: ground.record(tally.record),
                    occurrences: tally.count, first: text(tally.first), last: text(tally.last)))
        }
        finding.observations = observations
    }

    /// A vector's sentence with its place filled in: made once for all that say the same.
    mutating func says(_ shown: Ground.Shown) -> String {
        let key = Int(shown.vector) << 32 | Int(shown.place)
        if let known = sentences[key] { return known }
        let text = ground.vectors[Int(shown.vector)].says.replacing("{place}", with: ground.placeTexts[Int(shown.place)])
        sentences[key] = text
        return text
    }

    /// What makes a finding's id: nothing that changes from run to run.
    static func identity(_ policy: String, _ requirement: String, _ profile: SubjectIndex.Profile) -> String {
        let subject = profile.subject
        var bytes: [UInt8] = []
        bytes.reserveCapacity(256)
        func add(_ text: String) {
            if !bytes.isEmpty { bytes.append(0) }
            bytes.append(contentsOf: text.utf8)
        }
        add(policy)
        add(requirement)
        add(subject.provider)
        add(subject.id)
        if profile.isAttributed { add(subject.tenant ?? "") }
        return SHA256.hash(data: bytes).withUnsafeBytes { digest in
            String(unsafeUninitializedCapacity: 32) { text in
                for index in 0..<16 {
                    text[index * 2] = hexadecimalDigit(digest[index] >> 4)
                    text[index * 2 + 1] = hexadecimalDigit(digest[index] & 15)
                }
                return 32
            }
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
