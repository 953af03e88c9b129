internal import Residency

/// The same verdict as an in-toto `test-result` statement, for consumers who know no other.
enum TestResultStatement {
    static let predicateType = "https://in-toto.io/attestation/test-result/v0.1"

    /// A clause of a policy is a test: failed if it is violated anywhere, a warning if anything about it is unresolved or
    /// waived.
    static func make(_ run: Run, subjects: [Statement.Subject]) -> Statement {
        let worst = clauses(of: run)
        func tests(_ verdicts: Verdict...) -> CanonicalValue {
            .strings(worst.filter { verdicts.contains($0.value) }.keys.sorted(by: CanonicalWriter.precedes))
        }
        let configuration = run.policies.map { policy -> CanonicalValue in
            ["digest": ["sha256": .string(policy.sha256)], "name": .string(policy.id)]
        }
        let result =
            switch run.outcome {
            case .proven: "PASSED"
            case .violated: "FAILED"
            case .notProven: "WARNED"
            }
        return Statement(
            subjects: subjects, predicateType: predicateType,
            predicate: [
                "configuration": .array(configuration), "failedTests": tests(.violated), "passedTests": tests(.satisfied),
                "result": .string(result), "warnedTests": tests(.unresolved, .waived),
            ])
    }

    /// The gravest verdict on each clause, by `policy.requirement`.
    static func clauses(of run: Run) -> [String: Verdict] {
        var worst: [String: Verdict] = [:]
        for finding in run.findings {
            let name = "\(finding.policy).\(finding.requirement)"
            worst[name] = gravest(worst[name] ?? .satisfied, finding.verdict)
        }
        return worst
    }

    private static func gravest(_ left: Verdict, _ right: Verdict) -> Verdict {
        let order: [Verdict] = [.violated, .unresolved, .waived, .satisfied]
        return order.first { $0 == left || $0 == right } ?? right
    }
}
