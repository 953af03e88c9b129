import Policy
import Residency

/// What tags, rules and lists say of one subject, in the order in which they count, and where they disagree.
struct SubjectClaims {
    /// What is told of a subject.
    enum Matter: String, CaseIterable { case data = "data class", tenant, home, system }

    /// Who says so.
    enum Source: Hashable {
        case tags, otherTags, rule, tenants
        case exactRule(String)
        case homeOf(tenant: String)

        fileprivate var says: String {
            switch self {
            case .tags: "its tags say"
            case .otherTags: "another record's tags say"
            case .rule: "a rule says"
            case .tenants: "the list of tenants says"
            case .exactRule(let name): "a rule for `\(name)` says"
            case .homeOf(let tenant): "the home of tenant `\(tenant)` says"
            }
        }

        /// It speaks of this very thing; a pattern that happens to match it does not.
        fileprivate var isFirm: Bool { self != .rule }
    }

    private struct Claim: Hashable {
        var matter: Matter
        var value: String
        var source: Source
    }

    private var claims: [Claim] = []

    mutating func add(_ matter: Matter, _ value: String?, _ source: Source) {
        guard let value, !value.isEmpty else { return }
        claims.append(Claim(matter: matter, value: value, source: source))
    }

    mutating func add(_ other: SubjectClaims) { claims += other.claims }

    /// What counts: the first that says anything.
    func value(_ matter: Matter) -> String? { claims.first { $0.matter == matter }?.value }

    /// A sentence for each matter in which two that speak of this very thing disagree.
    var conflicts: [SubjectConflict] {
        if claims.count < 2 { return [] }
        return Matter.allCases.compactMap { matter in
            guard matter != .system, let first = claims.first(where: { $0.matter == matter && $0.source.isFirm }),
                let other = claims.first(where: { $0.matter == matter && $0.source.isFirm && $0.value.lowercased() != first.value.lowercased() })
            else { return nil }
            return SubjectConflict(matter: matter, says: "\(first.source.says) \(matter.rawValue) `\(first.value)`, \(other.source.says) `\(other.value)`")
        }
    }
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

    /// So many keys are remembered; whoever has more of them pays a little for each.
    private static let memoryLimit = 1 << 12

    /// Remembers what the keys of a resource's tags tell of.
    mutating func learn(_ keys: some Sequence<String>) {
        for key in keys where matters[key] == nil && matters.count < Self.memoryLimit { matters[key] = told(by: key) }
    }

    /// The tags that tell anything, and names: of a million resources the others would only take room.
    mutating func telling(_ tags: [String: String]) -> TagList {
        learn(tags.keys)
        return TagList(tags) { key in Self.isName(key) || !(matters[key] ?? told(by: key)).isEmpty }
    }

    private func told(by key: String) -> [SubjectClaims.Matter] {
        let plain = Self.plain(key)
        return SubjectClaims.Matter.allCases.filter { keys[$0]?.contains(plain) ?? false }
    }

    /// What a resource's tags say.
    func claims(_ list: TagList, source: SubjectClaims.Source) -> SubjectClaims {
        var claims = SubjectClaims()
        var told: [SubjectClaims.Matter] = []
        for tag in list.tags where !tag.value.isEmpty {
            // Of several tags of one matter the first by its key counts.
            for matter in matters[tag.key] ?? self.told(by: tag.key) where !told.contains(matter) {
                told.append(matter)
                claims.add(matter, tag.value, source)
            }
        }
        return claims
    }

    /// Whether a tag tells of a matter.
    func tell(_ matter: SubjectClaims.Matter, _ list: TagList) -> Bool {
        list.tags.contains { !$0.value.isEmpty && (matters[$0.key] ?? told(by: $0.key)).contains(matter) }
    }

    /// The name that a tag gives.
    func name(_ list: TagList) -> String? {
        (list.tags.first { $0.key == "Name" } ?? list.tags.first { Self.isName($0.key) })?.value
    }

    private static func isName(_ key: String) -> Bool { key.utf8.count == 4 && key.lowercased() == "name" }

    private static func plain(_ key: String) -> String {
        String(decoding: key.lowercased().utf8.filter { !("-_: /".utf8.contains($0)) }, as: UTF8.self)
    }
}
