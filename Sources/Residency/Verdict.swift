/// What the judgement says of one requirement and one subject. Unknown is never a pass.
public enum Verdict: String, Sendable, Hashable, CaseIterable, Codable {
    case satisfied
    case violated
    /// Something needed for a judgement is not known; the finding says what.
    case unresolved
    /// Violated, and excused by a dated and owned waiver.
    case waived
}

/// How grave a violated requirement is, gravest last.
public enum Severity: String, Sendable, Hashable, CaseIterable, Codable, Comparable {
    case info, low, medium, high, critical

    public static func < (left: Severity, right: Severity) -> Bool { left.rank < right.rank }

    private var rank: Int {
        switch self {
        case .info: 0
        case .low: 1
        case .medium: 2
        case .high: 3
        case .critical: 4
        }
    }
}
