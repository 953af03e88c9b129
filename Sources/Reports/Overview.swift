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
        let byPolicy = Dictionary(grouping: run.findings.indices) { run.findings[$0].policy }
        var known = run.policies.map { PolicyOverview($0, findings: byPolicy[$0.id] ?? [], run: run) }
        let named = Set(run.policies.map(\.id))
        for id in byPolicy.keys.sorted() where !named.contains(id) {
            let unnamed = PolicySummary(id: id, sha256: "", title: id, basis: [], prose: [])
            known.append(PolicyOverview(unnamed, findings: byPolicy[id] ?? [], run: run))
        }
        policies = known
        unresolved = UnresolvedGroup.groups(of: run)
        allowed = run.findings.indices.filter { run.findings[$0].allowance != nil }
        waived = run.findings.indices.filter { run.findings[$0].verdict == .waived }
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
        // The sort is stable by its second key: the index is the canonical order.
        sorted = Dictionary(grouping: findings) { run.findings[$0].verdict }
            .mapValues { indices in
                indices.sorted { left, right in
                    let (a, b) = (run.findings[left].severity, run.findings[right].severity)
                    return a == b ? left < right : a > b
                }
            }
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
        var byReason: [String: [Int]] = [:]
        for (index, finding) in run.findings.enumerated() where finding.verdict == .unresolved {
            byReason[reason(finding), default: []].append(index)
        }
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
        // Every other piece stands between backticks.
        var pieces = finding.message.split(separator: "`", omittingEmptySubsequences: false).map(String.init)
        for index in stride(from: 1, to: pieces.count, by: 2) where !pieces[index].isEmpty && finding.subject.id.hasSuffix(pieces[index]) {
            pieces[index] = "…"
        }
        return pieces.joined(separator: "`").replacing("`…`", with: "…")
    }
}

extension Run {
    /// Where a record stands, for people: `trail.json.gz /Records/17`.
    func location(of record: RecordReference) -> String {
        guard inputs.indices.contains(record.input) else { return record.pointer }
        return record.pointer.isEmpty ? inputs[record.input].path : "\(inputs[record.input].path) \(record.pointer)"
    }
}
