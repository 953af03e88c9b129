public import Residency

/// Finds what a policy's author has probably not meant. Everything it says is a warning; errors are found when loading.
public struct PolicyLint {
    private let rules: RuleBook
    private let subjects: [Subject]?
    private let now: Int64
    private var found: [PolicyDiagnostic] = []

    /// How long before its end an exception is called to mind.
    public static let noticeDays = 30

    private init(_ rules: RuleBook, _ subjects: [Subject]?, _ now: Int64) {
        self.rules = rules
        self.subjects = subjects
        self.now = now
    }

    /// - Parameters:
    ///   - subjects: what the inputs hold, to find exceptions that match nothing; `nil` if no inputs were read.
    ///   - now: seconds since 1970.
    /// - Returns: the warnings in the order of files and lines.
    public static func check(_ rules: RuleBook, subjects: [Subject]? = nil, now: Int64) -> [PolicyDiagnostic] {
        var lint = PolicyLint(rules, subjects, now)
        for policy in rules.policies { lint.check(policy) }
        lint.checkDuplicates()
        for waiver in rules.waivers { lint.check(waiver) }
        lint.checkJurisdictions()
        return lint.found.sorted { ($0.file, $0.line, $0.column, $0.message) < ($1.file, $1.line, $1.column, $1.message) }
    }

    private var today: CalendarDay { CalendarDay(containing: now) }

    private mutating func warn(_ file: String, _ line: Int, _ column: Int, _ length: Int = 1, _ message: String, _ hint: String? = nil) {
        found.append(
            PolicyDiagnostic(level: .warning, file: file, line: line, column: column, length: length, message: message, hint: hint))
    }

    // MARK: Policies

    private mutating func check(_ policy: CompiledPolicy) {
        func place(_ requirement: CompiledPolicy.Requirement) -> (Int, Int, Int) {
            (requirement.line, requirement.column, requirement.activity.rawValue.count)
        }
        if policy.basis.isEmpty, policy.requirements.isEmpty || policy.requirements.contains(where: \.basis.isEmpty) {
            warn(
                policy.file, policy.line, policy.column, policy.id.count, "the policy `\(policy.id)` names no legal basis",
                "add `basis: [GDPR Art. 44]`, or what your contract says")
        }
        checkScope(policy)
        for requirement in policy.requirements {
            let (line, column, length) = place(requirement)
            if !isSeen(requirement.activity, policy.scope.providers) {
                warn(
                    policy.file, line, column, length, "unreachable: no vector of the catalogue sees `\(requirement.activity.rawValue)`",
                    "the clause never finds anything")
            }
        }
        checkAccess(policy)
        for allowance in policy.allowances { check(allowance, of: policy) }
        checkCases(policy)
    }

    private func isSeen(_ activity: Activity, _ providers: [String]) -> Bool {
        rules.catalogue.vectors.contains { $0.activity == activity && (providers.isEmpty || providers.contains($0.provider)) }
    }

    private mutating func checkScope(_ policy: CompiledPolicy) {
        guard !rules.tenants.isEmpty else { return }
        for home in policy.scope.homes where !rules.tenants.contains(where: { $0.home == home }) {
            warn(policy.file, policy.line, policy.column, policy.id.count, "unreachable: no tenant has the home `\(home)`")
        }
        for name in policy.scope.tenants where !rules.tenants.contains(where: { Glob.matches(name, $0.name) }) {
            let near = NearMatch.best(to: name, among: rules.tenants.map(\.name))
            warn(
                policy.file, policy.line, policy.column, policy.id.count, "unreachable: no tenant is called `\(name)`",
                near.map { "did you mean `\($0)`?" })
        }
    }

    /// Remote access is a transfer to where the reader is (EDPB Guidelines 05/2021).
    private mutating func checkAccess(_ policy: CompiledPolicy) {
        guard let accessed = policy.requirements.first(where: { $0.activity == .accessed }),
            let transferred = policy.requirements.first(where: { $0.activity == .transferred })
        else { return }
        let universe = PlaceUniverse(rules, on: today.description)
        let contrary = universe.countries.filter {
            universe.membership($0, in: accessed.jurisdictions) == .inside
                && universe.membership($0, in: transferred.jurisdictions) == .outside
        }
        guard let country = contrary.first else { return }
        let more = contrary.count > 1 ? " and \(contrary.count - 1) more" : ""
        warn(
            policy.file, accessed.line, accessed.column, 8,
            "`accessed` allows \(country.location.codes.joined())\(more), where `transferred` (line \(transferred.line)) forbids a transfer",
            "access from a country is a transfer to it: narrow the one or widen the other")
    }

    private mutating func check(_ allowance: CompiledPolicy.Allowance, of policy: CompiledPolicy) {
        let name = allowance.processor ?? allowance.resource ?? "*"
        let words = "the allowance for `\(name)`"
        if let until = allowance.until { checkEnd(until, allowance.untilText ?? "", words, policy.file, allowance.line, allowance.column) }
        guard let requirement = policy.requirements.first(where: { $0.activity == allowance.activity }) else {
            warn(
                policy.file, allowance.line, allowance.column, 1,
                "\(words) matches nothing: the policy has no clause for `\(allowance.activity.rawValue)`")
            return
        }
        let universe = PlaceUniverse(rules, on: today.description)
        let allowed = universe.all.filter { universe.membership($0, in: allowance.to) == .inside }
        if !allowed.isEmpty, allowed.allSatisfy({ universe.membership($0, in: requirement.jurisdictions) == .inside }) {
            warn(
                policy.file, allowance.line, allowance.column, 1,
                "\(words) is not needed: \(list(allowance.to)) is inside \(list(requirement.jurisdictions, "or")) already")
        }
        guard let subjects else { return }
        let matches = subjects.contains { subject in
            if let resource = allowance.resource { return rules.gazetteer.nameForms.matches(resource, subject.id) }
            return [subject.id, subject.system ?? ""].contains { $0.lowercased() == name.lowercased() }
        }
        if !matches { warn(policy.file, allowance.line, allowance.column, 1, "\(words) matches nothing in the inputs") }
    }

    private mutating func checkCases(_ policy: CompiledPolicy) {
        let verdicts = policy.cases.flatMap { ($0.overall.map { [$0] } ?? []) + $0.expect.values }
        let missing = [("passes", PolicyCase.Expected.satisfied), ("fails", .violated)].filter { !verdicts.contains($0.1) }.map(\.0)
        guard !missing.isEmpty, !policy.requirements.isEmpty else { return }
        warn(
            policy.file, policy.line, policy.column, policy.id.count,
            "the policy `\(policy.id)` has no case that \(missing.joined(separator: ", and none that "))",
            "add `cases`, each with `given` and `expect`")
    }

    // MARK: Across policies

    private mutating func checkDuplicates() {
        for (index, policy) in rules.policies.enumerated() {
            for other in rules.policies[..<index] where ScopeAlgebra.areSame(policy.scope, other.scope) {
                for requirement in policy.requirements {
                    guard let twin = other.requirements.first(where: { $0.activity == requirement.activity }),
                        Set(twin.jurisdictions) == Set(requirement.jurisdictions)
                    else { continue }
                    warn(
                        policy.file, requirement.line, requirement.column, requirement.activity.rawValue.count,
                        "duplicate: `\(other.id)` demands the same of `\(requirement.activity.rawValue)` for the same data",
                        "it is in \(other.file):\(twin.line)")
                }
            }
        }
    }

    // MARK: Waivers

    private mutating func check(_ waiver: Waiver) {
        let covers = waiver.subject ?? waiver.match?.source ?? "*"
        let words = "the waiver for `\(covers)`"
        checkEnd(waiver.expires, waiver.note.expires, words, waiver.file, waiver.line, waiver.column)
        let policies = rules.policies.filter { waiver.policy == "*" || $0.id == waiver.policy }
        guard !policies.isEmpty else {
            let near = NearMatch.best(to: waiver.policy, among: rules.policies.map(\.id))
            warn(
                waiver.file, waiver.line, waiver.column, 1, "\(words) matches nothing: no policy is called `\(waiver.policy)`",
                near.map { "did you mean `\($0)`?" })
            return
        }
        for requirement in waiver.requirements where requirement != "coverage" {
            if !policies.contains(where: { $0.requirements.contains { $0.activity.rawValue == requirement } }) {
                warn(
                    waiver.file, waiver.line, waiver.column, 1,
                    "\(words) matches nothing: the policy `\(waiver.policy)` has no clause for `\(requirement)`")
            }
        }
        if let pattern = waiver.subject, let subjects, !subjects.contains(where: { rules.gazetteer.nameForms.matches(pattern, $0.id) }) {
            warn(waiver.file, waiver.line, waiver.column, 1, "\(words) matches nothing in the inputs")
        }
    }

    private mutating func checkEnd(_ end: Int64, _ text: String, _ words: String, _ file: String, _ line: Int, _ column: Int) {
        if now >= end {
            warn(file, line, column, 1, "\(words) has expired on \(text)", "what it excused is a violation again: renew it or remove it")
        } else if end - now <= Int64(Self.noticeDays) * 86_400 {
            let days = (end - now + 86_399) / 86_400
            warn(
                file, line, column, 1, "\(words) expires on \(text), in \(days) \(days == 1 ? "day" : "days")",
                "renew it, or mend what it excuses")
        }
    }

    // MARK: Jurisdictions

    /// Those that the policies name: without anything in them today, or about to lose a country.
    private mutating func checkJurisdictions() {
        let soon = today.adding(days: Self.noticeDays).description
        for policy in rules.policies {
            for requirement in policy.requirements {
                for id in requirement.jurisdictions {
                    guard let members = rules.jurisdictions.members(of: id, on: today.description) else {
                        if rules.jurisdictions.isDefined(id) {
                            warn(
                                policy.file, requirement.line, requirement.column, requirement.activity.rawValue.count,
                                "no version of the jurisdiction `\(id)` holds on \(today)")
                        }
                        continue
                    }
                    if members.countries.isEmpty, members.places.isEmpty {
                        warn(
                            policy.file, requirement.line, requirement.column, requirement.activity.rawValue.count,
                            "the jurisdiction `\(id)` holds no country and no place on \(today)", "nothing can be inside it")
                    }
                    let later = rules.jurisdictions.members(of: id, on: soon)?.countries ?? []
                    let leaving = members.countries.filter { !later.contains($0) }
                    if !leaving.isEmpty {
                        warn(
                            policy.file, requirement.line, requirement.column, requirement.activity.rawValue.count,
                            "\(leaving.map(\.code).joined(separator: ", ")) will no longer be in `\(id)` on \(soon)",
                            "what is there then becomes a violation")
                    }
                }
            }
        }
    }
}
