internal import Residency

/// What was proven as an in-toto Simple Verification Result: for consumers who ask which properties hold and take no for an
/// answer by the statement not being there. It exists for runs whose outcome is *proven* alone.
enum SimpleResultStatement {
    static let predicateType = "https://in-toto.io/attestation/svr/v0.2"

    /// `nil` if anything was violated, unresolved or not covered.
    static func make(_ run: Run, subjects: [Statement.Subject]) -> Statement? {
        guard run.outcome == .proven else { return nil }
        let clauses = TestResultStatement.clauses(of: run).filter { $0.value == .satisfied }.keys.sorted(by: CanonicalWriter.precedes)
        let policies = run.policies.map { policy -> CanonicalValue in
            ["digest": ["sha256": .string(policy.sha256)], "name": .string(policy.id)]
        }
        return Statement(
            subjects: subjects, predicateType: predicateType,
            predicate: [
                "properties": .strings(["DOMICILE_RESIDENCY_PROVEN"] + clauses.map { "DOMICILE_\($0)" }), "timeCreated": .string(run.now),
                "verifier": ["id": .string("https://domicile.dev/domicile/\(run.toolVersion)"), "policies": .array(policies)],
            ])
    }
}
