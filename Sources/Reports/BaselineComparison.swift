public import Residency

/// What changed between two runs, over the findings that are not satisfied. Findings are the same if their ids are, and
/// an id is derived from policy, requirement and subject alone.
public struct BaselineComparison: Sendable, Hashable {
    public enum State: String, Sendable, Hashable { case new, persisting, fixed }

    /// The run compared with.
    public var baseline: String
    /// Of this run, in canonical order: violated, unresolved or waived now, and not with the same verdict before.
    public var new: [String]
    /// Of this run: the same verdict as before.
    public var persisting: [String]
    /// Of the earlier run: violated or unresolved then, and satisfied, waived or gone now.
    public var fixed: [Finding]

    private let states: [String: State]

    /// Compares two lists of findings, each in canonical order.
    public init(baseline: String, before: [Finding], now: [Finding]) {
        self.baseline = baseline
        let earlier = Dictionary(before.map { ($0.id, $0.verdict) }, uniquingKeysWith: { first, _ in first })
        let current = Dictionary(now.map { ($0.id, $0.verdict) }, uniquingKeysWith: { first, _ in first })
        var states: [String: State] = [:]
        for finding in now where finding.verdict != .satisfied {
            states[finding.id] = earlier[finding.id] == finding.verdict ? .persisting : .new
        }
        self.states = states
        new = now.map(\.id).filter { states[$0] == .new }
        persisting = now.map(\.id).filter { states[$0] == .persisting }
        fixed = before.filter { $0.verdict.isOpen && !(current[$0.id]?.isOpen ?? false) }
    }

    /// The state of one of this run's findings; `nil` for satisfied ones.
    public func state(of finding: Finding) -> State? { states[finding.id] }

    /// Findings of this run that are new and open: what `--fail-on new` fails for.
    public func newlyOpen(in findings: [Finding]) -> [Finding] {
        findings.filter { $0.verdict.isOpen && states[$0.id] == .new }
    }
}

extension Verdict {
    /// Violated or unresolved: somebody has to act.
    var isOpen: Bool {
        switch self {
        case .violated, .unresolved: true
        case .satisfied, .waived: false
        }
    }
}
