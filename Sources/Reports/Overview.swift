import Residency

/// A run, sorted for readers: what every report that people read shows first. It counts and groups; it judges nothing.
struct Overview {
    let policies: [PolicyOverview]
    /// Unresolved findings by what is not known, the largest group first.
    let unresolved: [UnresolvedGroup]
    /// Findings that are satisfied only because a policy allows the transfer, in canonical order.
    let allowed: [Int]
    /// Findings excused by a waiver, in canonical order.
    let waived: [Int]

    init(_ run: Run) {
        let findings = run.findings
        var byPolicy: [String: [Int]] = [:]
        for index in findings.indices { byPolicy[findings[index].policy, default: []].append(index) }
        var known = run.policies.map { PolicyOverview($0, findings: byPolicy[$0.id] ?? [], run: run) }
        let named = Set(run.policies.map(\.id))
        for id in byPolicy.keys.sorted() where !named.contains(id) {
            let unnamed = PolicySummary(id: id, sha256: "", title: id, basis: [], prose: [])
            known.append(PolicyOverview(unnamed, findings: byPolicy[id] ?? [], run: run))
        }
        policies = known
        unresolved = UnresolvedGroup.groups(of: run)
        allowed = findings.indices.filter { findings[$0].allowance != nil }
        waived = findings.indices.filter { findings[$0].verdict == .waived }
    }
}

/// One policy and the findings under it, as indices into the run's findings.
struct PolicyOverview {
    let id: String
    let title: String
    let sha256: String
    let basis: [String]
    let prose: [String]
    /// In canonical order.
    let findings: [Int]
    private let sorted: [Verdict: [Int]]

    init(_ policy: PolicySummary, findings: [Int], run: Run) {
        id = policy.id
        title = policy.title
        sha256 = policy.sha256
        basis = policy.basis
        prose = policy.prose
        self.findings = findings
        let all = run.findings
        var sorted: [Verdict: [Int]] = [:]
        for severity in Severity.allCases.sorted(by: >) {
            for index in findings where all[index].severity == severity { sorted[all[index].verdict, default: []].append(index) }
        }
        self.sorted = sorted
        if sorted[.violated] != nil {
            outcome = .violated
        } else {
            let incomplete = sorted[.unresolved] != nil || !run.coverage.shortfalls.isEmpty || run.coverage.malformed > 0
            outcome = incomplete ? .notProven : .proven
        }
    }

    func count(_ verdict: Verdict) -> Int { sorted[verdict]?.count ?? 0 }

    /// The findings of one verdict, gravest first, then in canonical order.
    func worstFirst(_ verdict: Verdict) -> [Int] { sorted[verdict] ?? [] }

    /// What this policy's findings say together. What the inputs lack may concern any policy, so that no policy is called kept
    /// when the run's coverage falls short.
    let outcome: Run.Outcome
}

/// Unresolved findings that lack the same thing.
struct UnresolvedGroup {
    let reason: String
    /// What would resolve the first of them.
    let remedy: String
    /// In canonical order.
    let findings: [Int]

    static func groups(of run: Run) -> [UnresolvedGroup] {
        let findings = run.findings
        var byReason: [String: [Int]] = [:]
        for index in findings.indices where findings[index].verdict == .unresolved { byReason[reason(findings[index]), default: []].append(index) }
        return byReason.map { reason, findings in
            UnresolvedGroup(reason: reason, remedy: findings.first.map { run.findings[$0].remedy } ?? "", findings: findings)
        }.sorted { ($1.findings.count, $0.reason) < ($0.findings.count, $1.reason) }
    }

    /// The first thing that an observation does not know; else what the finding itself says, without the name of its subject,
    /// so that alike findings fall together.
    static func reason(_ finding: Finding) -> String {
        for observation in finding.observations {
            if case .unknown(let why) = observation.place.location { return why }
        }
        let (message, subject) = (finding.message.utf8, finding.subject.id.utf8)
        var reason: [UInt8] = []
        reason.reserveCapacity(message.count)
        var rest = message[...]
        while let start = rest.firstIndex(of: tick), let end = rest[rest.index(after: start)...].firstIndex(of: tick) {
            let name = rest[rest.index(after: start)..<end]
            let isSubject = !name.isEmpty && subject.suffix(name.count).elementsEqual(name)
            reason += rest[..<start]
            if isSubject { reason += "…".utf8 } else { reason += rest[start...end] }
            rest = rest[message.index(after: end)...]
        }
        return String(decoding: reason + rest, as: UTF8.self)
    }

    private static let tick = UInt8(ascii: "`")
}

extension Run {
    /// Where a record stands, for people: `trail.json.gz /Records/17`.
    func location(of record: RecordReference) -> String {
        guard inputs.indices.contains(record.input) else { return record.pointer }
        return record.pointer.isEmpty ? inputs[record.input].path : "\(inputs[record.input].path) \(record.pointer)"
    }
}
