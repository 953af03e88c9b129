import Policy
import Residency

/// Whether a policy speaks of a subject. What is not known of the subject leaves it open, with the reason.
enum ScopeMatch: Hashable {
    case applies
    case excluded
    /// The data class is unknown.
    case unclassified
    /// Something else of the subject is unknown: `why`.
    case open(String)

    init(_ scope: CompiledPolicy.Scope, _ profile: SubjectIndex.Profile) {
        let subject = profile.subject
        var open: String?
        if !scope.providers.isEmpty, !scope.providers.contains(subject.provider) {
            self = .excluded
            return
        }
        if !scope.homes.isEmpty {
            if profile.homes.isEmpty {
                open = profile.homesMissing
            } else if !profile.homes.contains(where: scope.homes.contains) {
                self = .excluded
                return
            }
        }
        for (wanted, has, word) in [
            (scope.tenants, subject.tenant, "tenant"), (scope.systems, subject.system, "system"),
            (scope.accounts, subject.account.isEmpty ? nil : subject.account, "account"),
        ] where !wanted.isEmpty {
            guard let has else {
                open = open ?? "its \(word) is not known"
                continue
            }
            if !wanted.contains(where: { Glob.matches($0, has) }) {
                self = .excluded
                return
            }
        }
        if !scope.data.isEmpty {
            guard let data = subject.data else {
                self = .unclassified
                return
            }
            if !scope.data.contains(where: { $0.lowercased() == data.lowercased() }) {
                self = .excluded
                return
            }
        }
        self = open.map { .open($0) } ?? .applies
    }
}
