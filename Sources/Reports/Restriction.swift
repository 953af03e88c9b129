public import Residency

extension Run {
    /// The run as far as it concerns one customer and one period: what a lawyer may hand out.
    ///
    /// Nothing is judged again, and nothing of another customer is left: findings, counts, accounts, places, types and waivers are
    /// this customer's own; names of other customers that the run knows are replaced wherever they stand. Processors of the
    /// register serve everyone and stay. What concerns data whose customer is not known is left out and counted, and such a
    /// count keeps the answer from being "kept", as does a period that the logs do not cover.
    ///
    /// - Parameters:
    ///   - tenant: The customer; `nil` for all of them.
    ///   - from: RFC 3339, or a date: from its beginning, UTC. What has no time (an inventory) belongs to every period.
    ///   - to: RFC 3339, or a date: to its end, UTC.
    public func restricted(toTenant tenant: String?, from: String? = nil, to: String? = nil) -> Run {
        var run = self
        let period = Period(from: from, to: to)
        run.findings = findings.filter { period.overlaps($0.first, $0.last) }.map { finding in
            var finding = finding
            finding.observations.removeAll { !period.overlaps($0.first, $0.last) }
            return finding
        }
        if let tenant { run.keepOnly(tenant, among: findings) }
        run.coverage.gaps.removeAll { !period.overlaps($0.from, $0.to) }
        if from != nil || to != nil { run.coverage.shortfalls += period.shortfalls(run.coverage) }
        run.recount()
        return run
    }

    private mutating func keepOnly(_ tenant: String, among all: [Finding]) {
        let scrubber = Scrubber(own: tenant, others: Set(all.compactMap(\.subject.tenant)).subtracting([tenant]))
        let own = findings.filter { $0.subject.tenant == tenant }
        let named = Set(own.map(\.policy))
        let nameless = findings.filter { $0.subject.tenant == nil && $0.subject.provider != "register" && $0.verdict.isOpen }
        findings = findings.filter { finding in
            finding.subject.tenant == tenant
                || (finding.subject.tenant == nil && finding.subject.provider == "register" && named.contains(finding.policy))
        }.map(scrubber.scrub)
        policies = policies.filter { named.contains($0.id) }.map(scrubber.scrub)
        inputs = inputs.map { input in
            var input = input
            input.path = scrubber.scrub(input.path)
            return input
        }
        exceptions = exceptions.compactMap { kept($0) }.map(scrubber.scrub)
        diagnostics = []
        let subjects = Set(findings.map(\.subject))
        coverage = restrictedCoverage(subjects, scrubber)
        if own.isEmpty { coverage.shortfalls.append("no record of this run names the customer `\(tenant)`") }
        if !nameless.isEmpty {
            coverage.shortfalls.append(
                "findings that are not satisfied and concern data whose customer is not known, left out here: \(nameless.count)")
        }
        summary.resources = subjects.count { !$0.type.isEmpty }
        summary.events = findings.filter { $0.first != nil }.reduce(0) { $0 + $1.occurrences }
    }

    /// A lawful transfer of a kept policy, or a waiver that one of the findings has, counted anew.
    private func kept(_ exception: ExceptionSummary) -> ExceptionSummary? {
        var exception = exception
        switch exception.kind {
        case .waiver:
            exception.findings = findings.count {
                $0.waiver?.reason == exception.reason && $0.waiver?.owner == exception.owner && $0.waiver?.expires == exception.until
            }
            if exception.findings == 0 { return nil }
        case .allowance:
            guard policies.contains(where: { $0.id == exception.policy }) else { return nil }
            exception.findings = findings.count {
                $0.policy == exception.policy && $0.allowance?.grantee == exception.covers && $0.allowance?.basis == exception.reason
            }
            if exception.findings == 0 && exception.state != .expired { exception.state = .unused }
        }
        return exception
    }

    private func restrictedCoverage(_ subjects: Set<Subject>, _ scrubber: Scrubber) -> Coverage {
        var result = Coverage()
        result.accounts = Set(subjects.map(\.account)).subtracting([""]).sorted()
        result.regions = Set(findings.flatMap { $0.observations.map(\.place) }.filter { !$0.location.codes.isEmpty }.map(\.name)).sorted()
        let unknown = Set(findings.filter { $0.requirement == "coverage" }.map(\.subject.type))
        for subject in subjects where !subject.type.isEmpty {
            if unknown.contains(subject.type) {
                result.unknownTypes[subject.type, default: 0] += 1
            } else {
                result.knownTypes[subject.type, default: 0] += 1
            }
        }
        result.unclassified = coverage.unclassified
        result.logsFrom = coverage.logsFrom
        result.logsTo = coverage.logsTo
        result.malformed = coverage.malformed
        // A gap's scope may name an account: only the customer's own, or none at all.
        result.gaps = coverage.gaps.filter { gap in
            !coverage.accounts.contains { gap.scope.contains($0) && !result.accounts.contains($0) }
        }
        let foreign = Set(coverage.accounts).subtracting(result.accounts)
        result.shortfalls = coverage.shortfalls.filter { text in !foreign.contains { text.contains($0) } }.map(scrubber.scrub)
        result.blindSpots = coverage.blindSpots.map(scrubber.scrub)
        if !coverage.unknownActions.isEmpty {
            result.blindSpots.append(CoverageSentence(.unjudgedActions, ["\(coverage.unknownActions.count)"]).text)
        }
        return result
    }

    mutating func recount() {
        var counts: [Verdict: Int] = [:]
        for finding in findings { counts[finding.verdict, default: 0] += 1 }
        summary.satisfied = counts[.satisfied] ?? 0
        summary.violated = counts[.violated] ?? 0
        summary.unresolved = counts[.unresolved] ?? 0
        summary.waived = counts[.waived] ?? 0
    }
}

/// A stretch of time that may be open at either end.
private struct Period {
    let from: Int?
    /// Not included.
    let to: Int?

    init(from: String?, to: String?) {
        self.from = from.flatMap(Timestamp.milliseconds)
        self.to = to.flatMap { text in Timestamp.milliseconds(text).map { $0 + (text.utf8.count == 10 ? 86_400_000 : 1) } }
    }

    /// Whether anything between two times may lie in the period; what has no time does.
    func overlaps(_ first: String?, _ last: String?) -> Bool {
        guard let begin = (first ?? last).flatMap(Timestamp.milliseconds), let end = (last ?? first).flatMap(Timestamp.milliseconds) else {
            return true
        }
        return (to.map { begin < $0 } ?? true) && (from.map { end >= $0 } ?? true)
    }

    /// What of the period the logs leave open, by more than an hour at an end.
    func shortfalls(_ coverage: Coverage) -> [String] {
        guard let first = coverage.logsFrom, let last = coverage.logsTo, let start = Timestamp.milliseconds(first),
            let end = Timestamp.milliseconds(last)
        else { return ["no logs speak of the period that was asked for"] }
        let slack = 3_600_000
        var result: [String] = []
        if let from, start > from + slack { result.append("the period that was asked for begins before the logs do (\(first))") }
        if let to, end + slack < to { result.append("the period that was asked for ends after the logs do (\(last))") }
        return result
    }
}
