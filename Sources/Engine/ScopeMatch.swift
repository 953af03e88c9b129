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

    init(_ scope: CompiledPolicy.Scope, _ profile: borrowing SubjectIndex.Profile) {
        var open: String?
        if !scope.providers.isEmpty, !scope.providers.contains(profile.subject.provider) {
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
        func holds(_ wanted: [String], _ has: String?, _ word: String) -> Bool {
            if wanted.isEmpty { return true }
            guard let has else {
                open = open ?? "its \(word) is not known"
                return true
            }
            return wanted.contains { Glob.matches($0, has) }
        }
        guard holds(scope.tenants, profile.subject.tenant, "tenant"), holds(scope.systems, profile.subject.system, "system"),
            holds(scope.accounts, profile.subject.account.isEmpty ? nil : profile.subject.account, "account")
        else {
            self = .excluded
            return
        }
        if !scope.data.isEmpty {
            guard let data = profile.subject.data else {
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
