import CEL
import Policy
import Residency

/// Applies lawful transfers and waivers, and keeps account of which were used.
struct ExceptionLedger {
    private let rules: RuleBook
    private let now: Int64
    private var waiverUses: [Int: Int] = [:]
    private var allowanceUses: [AllowanceKey: Int] = [:]

    private struct AllowanceKey: Hashable {
        var policy: String
        var note: AllowanceNote
    }

    /// How long before its end an exception is reported as expiring.
    static let warning: Int64 = 30 * 86_400

    init(_ rules: RuleBook, now: Int64) {
        self.rules = rules
        self.now = now
    }

    /// The allowance that covers an observation, and whether it still holds; `nil` if none covers it.
    func allowance(
        _ policy: CompiledPolicy, _ subject: Subject, _ place: Place, _ activity: Activity, rules: RuleBook, day: String
    ) -> (AllowanceNote, Bool)? {
        var expired: AllowanceNote?
        for allowance in policy.allowances where allowance.activity == activity {
            if let processor = allowance.processor, !names(subject).contains(processor.lowercased()) { continue }
            if let resource = allowance.resource, !rules.gazetteer.nameForms.matches(resource, subject.id) { continue }
            guard allowance.to.contains(where: { self.allows($0, place, rules: rules, day: day) }) else { continue }
            let note = Self.note(allowance)
            if let until = allowance.until, now >= until {
                expired = expired ?? note
            } else {
                return (note, true)
            }
        }
        return expired.map { ($0, false) }
    }

    mutating func count(_ note: AllowanceNote, policy: String) { allowanceUses[AllowanceKey(policy: policy, note: note), default: 0] += 1 }

    /// Adds the uses that another ledger counted.
    mutating func add(_ other: Self) {
        waiverUses.merge(other.waiverUses, uniquingKeysWith: +)
        allowanceUses.merge(other.allowanceUses, uniquingKeysWith: +)
    }

    /// The waiver that excuses a violated finding, `nil` if none does or it has expired.
    mutating func waiver(_ finding: Finding, _ subject: Subject, policy: String) -> WaiverNote? {
        for (index, waiver) in rules.waivers.enumerated() where now < waiver.expires {
            guard waiver.policy == "*" || waiver.policy == policy, waiver.requirements.isEmpty || waiver.requirements.contains(finding.requirement) else { continue }
            if let pattern = waiver.subject, !rules.gazetteer.nameForms.matches(pattern, subject.id) { continue }
            if let match = waiver.match {
                guard case .success(let value) = match.program.evaluate(Self.slots(finding)), value.boolValue == true else { continue }
            }
            waiverUses[index, default: 0] += 1
            return waiver.note
        }
        return nil
    }

    /// What every exception did.
    var summaries: [ExceptionSummary] {
        var all: [ExceptionSummary] = []
        for policy in rules.policies {
            for allowance in policy.allowances {
                let note = Self.note(allowance)
                let uses = allowanceUses[AllowanceKey(policy: policy.id, note: note)] ?? 0
                all.append(
                    ExceptionSummary(
                        kind: .allowance, state: state(allowance.until, uses), policy: policy.id, covers: note.grantee, reason: note.basis, owner: "",
                        until: note.until, findings: uses))
            }
        }
        for (index, waiver) in rules.waivers.enumerated() {
            let uses = waiverUses[index] ?? 0
            all.append(
                ExceptionSummary(
                    kind: .waiver, state: state(waiver.expires, uses), policy: waiver.policy, covers: waiver.subject ?? waiver.match?.source ?? "*",
                    reason: waiver.note.reason, owner: waiver.note.owner, until: waiver.note.expires, findings: uses))
        }
        return all
    }

    private func state(_ until: Int64?, _ uses: Int) -> ExceptionSummary.State {
        if let until, now >= until { return .expired }
        if uses == 0 { return .unused }
        if let until, until - now <= Self.warning { return .expiring }
        return .used
    }

    private func names(_ subject: Subject) -> [String] { [subject.id, subject.system ?? ""].map { $0.lowercased() } }

    private func allows(_ target: String, _ place: Place, rules: RuleBook, day: String) -> Bool {
        if target == place.name || target == "*" { return true }
        if rules.jurisdictions.isDefined(target), case .inside = rules.jurisdictions.judge(place, in: [target], on: day) { return true }
        guard case .countries(let countries) = place.location, let country = Country(target) else { return false }
        return countries.allSatisfy { $0 == country || $0.sovereign == country }
    }

    private static func note(_ allowance: CompiledPolicy.Allowance) -> AllowanceNote {
        AllowanceNote(
            basis: allowance.basis, until: allowance.untilText, grantee: allowance.processor ?? allowance.resource ?? "*",
            to: allowance.to.joined(separator: ", "))
    }

    /// What a waiver's expression sees: `subject` and `finding`.
    private static func slots(_ finding: Finding) -> [Value] {
        let subject = finding.subject
        return [
            .object([
                ("id", .string(subject.id)), ("type", .string(subject.type)), ("provider", .string(subject.provider)), ("account", .string(subject.account)),
                ("data", .string(subject.data ?? "")), ("tenant", .string(subject.tenant ?? "")), ("system", .string(subject.system ?? "")),
            ]),
            .object([
                ("policy", .string(finding.policy)), ("requirement", .string(finding.requirement)),
                ("places", .array(finding.observations.map { .string($0.place.name) })),
            ]),
        ]
    }
}
