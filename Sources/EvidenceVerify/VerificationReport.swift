internal import Residency

/// What was checked in a bundle, claim by claim.
public struct VerificationReport: Sendable, Hashable {
    public struct Claim: Sendable, Hashable {
        public enum Outcome: String, Sendable, Hashable {
            case holds
            case fails
            /// There is something to check and nothing to check it against. It counts as failed: unknown is never a pass.
            case unchecked
            /// The bundle does not claim it.
            case absent
        }

        /// What is claimed: `the statement is signed`.
        public var title: String
        public var outcome: Outcome
        /// What was checked and against what, or what is wrong.
        public var detail: String
    }

    public var claims: [Claim] = []
    /// The run's id and verdict, if the statement is to be believed.
    public var run: String?
    public var verdict: String?
    /// When the signature existed at the latest, if a third party proves it; seconds since 1970.
    public var provenTime: Int?

    /// Every claim that the bundle makes was checked and holds.
    public var holds: Bool { !claims.isEmpty && claims.allSatisfy { $0.outcome == .holds || $0.outcome == .absent } }

    /// One line a claim, for people.
    public var text: String {
        let words: [Claim.Outcome: String] = [.holds: "ok       ", .fails: "FAILS    ", .unchecked: "UNCHECKED", .absent: "-        "]
        // Names in a bundle are whoever made it's; none may look like a line of this report.
        let lines = claims.map { "\(words[$0.outcome] ?? "") \(SafeText.visible("\($0.title): \($0.detail)"))\n" }.joined()
        // Whoever reads `VERIFIED` must not take it for the verdict.
        let verdict = verdict.map { ", verdict: \($0)" } ?? ""
        let said = run.map { SafeText.visible("the statement is about run \($0)\(verdict)") + "\n" } ?? ""
        return lines + said + (holds ? "VERIFIED: every claim holds\n" : "NOT VERIFIED\n")
    }

    mutating func holds(_ title: String, _ detail: String) { claims.append(Claim(title: title, outcome: .holds, detail: detail)) }
    mutating func fails(_ title: String, _ detail: String) { claims.append(Claim(title: title, outcome: .fails, detail: detail)) }
    mutating func unchecked(_ title: String, _ detail: String) { claims.append(Claim(title: title, outcome: .unchecked, detail: detail)) }
    mutating func absent(_ title: String, _ detail: String) { claims.append(Claim(title: title, outcome: .absent, detail: detail)) }
}
