import Policy
import Residency

/// What tags, rules and lists say of one subject, in the order in which they count, and where they disagree.
struct SubjectClaims {
    /// What is told of a subject.
    enum Matter: String, CaseIterable { case data = "data class", tenant, home, system }

    struct Claim: Hashable {
        var value: String
        /// Who says so: `its tags`.
        var source: String
        /// It speaks of this very thing; a pattern that happens to match it does not.
        var isFirm: Bool
    }

    private var claims: [Matter: [Claim]] = [:]

    mutating func add(_ matter: Matter, _ value: String?, _ source: String, isFirm: Bool) {
        guard let value, !value.isEmpty else { return }
        claims[matter, default: []].append(Claim(value: value, source: source, isFirm: isFirm))
    }

    mutating func add(_ other: SubjectClaims) {
        for (matter, more) in other.claims { claims[matter, default: []] += more }
    }

    /// What counts: the first that says anything.
    func value(_ matter: Matter) -> String? { claims[matter]?.first?.value }

    /// A sentence for each matter in which two that speak of this very thing disagree.
    var conflicts: [SubjectConflict] {
        Matter.allCases.compactMap { matter in
            let firm = (claims[matter] ?? []).filter(\.isFirm)
            guard matter != .system, let first = firm.first, let other = firm.first(where: { $0.value.lowercased() != first.value.lowercased() }) else { return nil }
            return SubjectConflict(
                matter: matter, says: "\(first.source) say\(first.isSingular ? "s" : "") \(matter.rawValue) `\(first.value)`, \(other.source) say\(other.isSingular ? "s" : "") `\(other.value)`")
        }
    }
}

extension SubjectClaims.Claim {
    fileprivate var isSingular: Bool { !source.hasSuffix("tags") }
}

/// Two that speak of one subject disagree on whose data it is.
struct SubjectConflict: Hashable {
    var matter: SubjectClaims.Matter
    var says: String
}

/// The keys of the tags that tell whose data it is, in one spelling.
struct TagKeys {
    private let keys: [SubjectClaims.Matter: Set<String>]
    /// The matters of keys as they are spelled, so that a million resources with the same keys cost a look-up each.
    private var matters: [String: [SubjectClaims.Matter]] = [:]

    init(_ rules: SubjectRules) {
        func plain(_ keys: [String]) -> Set<String> { Set(keys.map(Self.plain)) }
        keys = [.data: plain(rules.dataTags), .tenant: plain(rules.tenantTags), .home: plain(rules.homeTags), .system: plain(rules.systemTags)]
    }

    /// Remembers what the keys of a resource's tags tell of.
    mutating func learn(_ tags: [String: String]) {
        for key in tags.keys where matters[key] == nil { matters[key] = told(by: key) }
    }

    private func told(by key: String) -> [SubjectClaims.Matter] {
        let plain = Self.plain(key)
        return SubjectClaims.Matter.allCases.filter { keys[$0]?.contains(plain) ?? false }
    }

    /// What a resource's tags say.
    func claims(_ tags: [String: String], source: String) -> SubjectClaims {
        var claims = SubjectClaims()
        if tags.isEmpty { return claims }
        // Of several tags of one matter the first by its key counts.
        var first: [SubjectClaims.Matter: (key: String, value: String)] = [:]
        for (key, value) in tags where !value.isEmpty {
            for matter in matters[key] ?? told(by: key) where first[matter].map({ key < $0.key }) ?? true { first[matter] = (key, value) }
        }
        for (matter, tag) in first { claims.add(matter, tag.value, source, isFirm: true) }
        return claims
    }

    private static func plain(_ key: String) -> String {
        String(decoding: key.lowercased().utf8.filter { !("-_: /".utf8.contains($0)) }, as: UTF8.self)
    }
}
