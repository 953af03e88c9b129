import Policy
import Residency

/// Who is who: what the inventory, the tenants and the rules of subjects say of a name.
struct SubjectIndex {
    /// A subject with the homes of its tenants, which the policies' scopes ask for.
    struct Profile: Hashable {
        var subject: Subject
        /// Ids of jurisdictions; empty if unknown.
        var homes: [String]
        /// Why the homes are empty.
        var homesMissing: String
        /// Where the inventory says it is, if it is in the inventory.
        var place: PlaceReference?
        var isDataless: Bool
        /// Where those who speak of it disagree.
        var conflicts: [SubjectConflict] = []
        /// The event itself tells the tenant (by a key's prefix, a session's name), so that one thing is several subjects.
        var isAttributed = false
        /// The number of the one resource that it is; `nil` if the inventory lacks it or has several of its name.
        var resource: Int?
    }

    private let rules: RuleBook
    private let names: NameForms
    private let resources: [ResourceFacts]
    private var byName = NumbersByName()
    private let tags: TagKeys
    private let tenantHomes: [String: String]
    /// What the homes of tenants name, made once for all that is theirs.
    private let knownHomes: [String: [String]]
    /// What entries of one id say besides the first, by its number.
    private var more: [Int: SubjectClaims] = [:]
    /// The numbers of the rules that name things exactly, by name, and of the others.
    private var exactRules: [String: [Int]] = [:]
    private var patternRules: [Int] = []
    /// Whether a rule or a tenant may ask how else a thing is called.
    private let isRuled: Bool

    /// - Parameter resources: in canonical order; of several entries with one id the first counts, and the others add what it lacks.
    init(_ resources: [ResourceFacts], _ rules: RuleBook) {
        self.rules = rules
        isRuled = !(rules.subjects.rules.isEmpty && rules.tenants.isEmpty)
        names = rules.gazetteer.nameForms
        var tags = TagKeys(rules.subjects)
        for resource in resources { tags.learn(resource.tags.tags.lazy.map(\.key)) }
        self.tags = tags
        tenantHomes = Dictionary(rules.tenants.map { ($0.name.lowercased(), $0.home) }, uniquingKeysWith: { first, _ in first })
        knownHomes = Dictionary(rules.tenants.map { ($0.home, Self.homes($0.home)) }, uniquingKeysWith: { first, _ in first })
        byName.reserveCapacity(resources.count)
        // Without a second entry of any id, these are they: nothing is copied.
        var merged: [ResourceFacts] = []
        var count = 0
        for number in resources.indices {
            let (name, provider) = (names.key(resources[number].id), resources[number].provider)
            if let index = byName[name].first(where: { (merged.isEmpty ? resources[$0] : merged[$0]).provider == provider }) {
                if merged.isEmpty { merged = Array(resources[..<number]) }
                more[index, default: SubjectClaims()].add(tags.claims(resources[number].tags, source: .otherTags))
                merged[index].aliases += resources[number].aliases
                merged[index].tags.add(resources[number].tags)
                if case .unknown = merged[index].place { merged[index].place = resources[number].place }
            } else {
                byName.add(name, count)
                if !merged.isEmpty { merged.append(resources[number]) }
                count += 1
            }
        }
        self.resources = merged.isEmpty ? resources : merged
        // What has no name is not found by it.
        byName.remove("")
        for number in self.resources.indices {
            for alias in self.resources[number].aliases {
                let name = names.key(alias)
                if !name.isEmpty { byName.add(name, number) }
            }
        }
        for (number, rule) in rules.subjects.rules.enumerated() {
            if rule.isExact { for name in rule.names { exactRules[name, default: []].append(number) } } else { patternRules.append(number) }
        }
    }

    var all: [ResourceFacts] { resources }

    /// What is known of the subject that a record names, under the name that the inventory gives it: the same whatever name
    /// led there.
    ///
    /// - Parameter form: what makes a bare name a full one, if its kind is known.
    func subject(_ name: String, provider: String, form: String = "") -> Profile {
        let attribution = Attribution(name)
        var name = attribution.name
        var profile: Profile
        if !form.isEmpty, !names.isFull(name) {
            // What else is called the same is not meant, whether the inventory has the thing or not.
            let isListed = !candidates(form + name, provider: provider).isEmpty
            profile = isListed ? self.profile(form + name, provider: provider) : self.profile(name: name, provider: provider, resource: nil)
        } else {
            profile = self.profile(name, provider: provider)
            for _ in 0..<4 where profile.subject.id != name {
                name = profile.subject.id
                profile = self.profile(name, provider: provider)
            }
        }
        if let tenant = attribution.tenant { attribute(&profile, to: tenant) }
        return profile
    }

    /// Whether nothing says what class of data a resource holds.
    ///
    /// - Parameter number: of the resource in `all`.
    func isUnclassified(_ number: Int) -> Bool {
        let (id, provider) = (resources[number].id, resources[number].provider)
        // Its own tags count before all else, so mostly nothing else has to be asked.
        if tags.tell(.data, resources[number].tags), byName.isOfOne(names.key(id)) { return false }
        return subject(id, provider: provider).subject.data == nil
    }

    /// The aliases under which the inventory knows a thing.
    func aliases(of id: String, provider: String) -> [String] {
        byName[names.key(id)].filter { resources[$0].provider == provider }.flatMap { resources[$0].aliases }
    }

    /// The record of the inventory that tells of a subject.
    func record(of subject: Subject) -> RecordReference? {
        byName[names.key(subject.id)].first { resources[$0].provider == subject.provider && resources[$0].id == subject.id }.map { resources[$0].record }
    }

    private func attribute(_ profile: inout Profile, to tenant: String) {
        if let own = profile.subject.tenant, own.lowercased() != tenant.lowercased() {
            profile.conflicts.append(SubjectConflict(matter: .tenant, says: "the inventory says tenant `\(own)`, the events say `\(tenant)`"))
        }
        let known = rules.tenants.first { $0.name.lowercased() == tenant.lowercased() }
        profile.subject.tenant = known?.name ?? tenant
        profile.homes = known.map { [$0.home] } ?? []
        profile.homesMissing = "tenant `\(tenant)` is not in the list of tenants"
        profile.isAttributed = true
    }

    /// What is known under one name. A name that the inventory lacks is a subject all the same.
    func profile(_ name: String, provider: String) -> Profile {
        let candidates = candidates(name, provider: provider)
        if candidates.count < 2 { return profile(name: name, provider: provider, resource: candidates.first) }
        let profiles = candidates.map { profile(name: name, provider: provider, resource: $0) }
        var all = whole(profiles, candidates, name: name)
        all.resource = nil
        return all
    }

    /// What several entries of one name say together.
    private func whole(_ profiles: [Profile], _ candidates: [Int], name: String) -> Profile {
        guard areFacets(candidates) else { return profiles.dropFirst().reduce(profiles[0]) { agree($0, $1, name: name) } }
        // Parts of one thing (a bucket and its versioning): what one of them does not say, another may.
        let order = candidates.indices.sorted { rank(resources[candidates[$0]]) < rank(resources[candidates[$1]]) }
        return order.dropFirst().reduce(profiles[order[0]]) { complete($0, profiles[$1]) }
    }

    /// Several entries of one name in one account and place are parts of one thing.
    private func areFacets(_ candidates: [Int]) -> Bool {
        let accounts = Set(candidates.map { resources[$0].account }.filter { !$0.isEmpty })
        let places = Set(candidates.map { resources[$0].place }.filter { if case .unknown = $0 { false } else { true } })
        return accounts.count <= 1 && places.count <= 1
    }

    /// The thing itself before its parts: what holds data, what has a full name.
    private func rank(_ resource: ResourceFacts) -> (Int, Int, String, String) {
        (resource.isDataless ? 1 : 0, names.isFull(resource.id) ? 0 : 1, resource.id, resource.type)
    }

    private func complete(_ main: Profile, _ part: Profile) -> Profile {
        var whole = main
        whole.subject.data = main.subject.data ?? part.subject.data
        whole.subject.system = main.subject.system ?? part.subject.system
        if main.subject.tenant == nil, main.homes.isEmpty {
            whole.subject.tenant = part.subject.tenant
            whole.homes = part.homes
            whole.homesMissing = part.homesMissing
        }
        return whole
    }

    /// Where the named resource is: the place on which all of that name agree, else unknown.
    func place(of name: String, provider: String) -> PlaceReference {
        let candidates = candidates(name, provider: provider).filter { mayBe(resources[$0], called: name) }
        guard let first = candidates.first else { return .unknown(CoverageSentence(.unlisted, [names.bare(name)]).text) }
        let place = resources[first].place
        guard candidates.allSatisfy({ resources[$0].place == place }) else { return .unknown(CoverageSentence(.severalPlaces, [names.bare(name)]).text) }
        return place
    }

    /// Whether a place may be told by a resource that was found by a name. A table is not the bucket that is called the same: a bare name
    /// is all that the full one ends with, not the end of `table/orders`.
    private func mayBe(_ resource: ResourceFacts, called name: String) -> Bool {
        guard names.isFull(resource.id), resource.id != name else { return true }
        return names.isFull(name) || names.short(resource.id) == name || resource.aliases.contains { $0 == name && !names.short(resource.id).hasSuffix(name) }
    }

    /// The resources that a name may stand for, by their numbers: those of the provider, if it has any.
    private func candidates(_ name: String, provider: String) -> [Int] {
        if resources.isEmpty { return [] }
        // Nearly every name is that of a resource as it stands.
        var found = byName[names.key(name)]
        if found.isEmpty { found = shorter(name) }
        if found.count < 2 { return found }
        let own = found.filter { resources[$0].provider == provider }
        return own.isEmpty ? found : own
    }

    /// What a shorter form of a full name leads to, without what is of another kind.
    private func shorter(_ name: String) -> [Int] {
        for form in names.all(name).dropFirst() {
            let found = byName[names.key(form)].filter { !names.areOfDifferentKinds(name, resources[$0].id) }
            if !found.isEmpty { return found }
        }
        return []
    }

    /// - Parameter resource: the number of the resource that has the name.
    private func profile(name: String, provider: String, resource: Int?) -> Profile {
        var subject = Subject(id: name, type: "", provider: provider, account: "")
        var names = [name]
        var claims = SubjectClaims()
        func add(_ other: String) { if !names.contains(other) { names.append(other) } }
        if let resource {
            subject = Subject(
                id: resources[resource].id, type: resources[resource].type, provider: resources[resource].provider,
                account: resources[resource].account)
            if isRuled {
                names.reserveCapacity(8)
                names[0] = subject.id
                add(name)
                add(self.names.short(subject.id))
                for alias in resources[resource].aliases { add(alias) }
                if let given = tags.name(resources[resource].tags) { add(given) }
            }
            claims = tags.claims(resources[resource].tags, source: .tags)
            if !more.isEmpty, let other = byName[self.names.key(subject.id)].first.flatMap({ more[$0] }) { claims.add(other) }
        } else {
            subject.account = self.names.account(of: name)
            if isRuled { add(self.names.short(name)) }
        }
        for number in rulesNaming(names) where applies(number, names: names, subject: subject) {
            let rule = rules.subjects.rules[number]
            let source: SubjectClaims.Source = rule.isExact ? .exactRule(rule.names.first ?? "") : .rule
            claims.add(.data, rule.data, source)
            claims.add(.tenant, rule.tenant, source)
            claims.add(.system, rule.system, source)
            claims.add(.home, rule.homes.joined(separator: ","), source)
        }
        for index in rules.tenants.indices where owns(index, names: names, subject: subject) { claims.add(.tenant, rules.tenants[index].name, .tenants) }
        subject.data = claims.value(.data)
        subject.tenant = claims.value(.tenant)
        subject.system = claims.value(.system)
        var missing = "nothing says which tenant's it is"
        if let tenant = subject.tenant {
            if let home = tenantHomes[tenant.lowercased()] {
                claims.add(.home, home, .homeOf(tenant: tenant))
            } else {
                missing = "tenant `\(tenant)` is not in the list of tenants"
            }
        }
        let homes = claims.value(.home).map { knownHomes[$0] ?? Self.homes($0) } ?? []
        return Profile(
            subject: subject, homes: homes, homesMissing: missing, place: resource.map { resources[$0].place },
            isDataless: resource.map { resources[$0].isDataless } ?? false, conflicts: claims.conflicts, resource: resource)
    }

    /// `eu, ch`: the jurisdictions that a home names.
    private static func homes(_ text: String) -> [String] {
        text.utf8.split(whereSeparator: { ", /".utf8.contains($0) }).map { String(Substring($0)) }
    }

    /// The rules that may speak of one of the names, in their order.
    private func rulesNaming(_ names: [String]) -> [Int] {
        if exactRules.isEmpty { return patternRules }
        let exact = names.flatMap { exactRules[$0] ?? [] }
        return exact.isEmpty ? patternRules : Set(exact + patternRules).sorted()
    }

    /// Whether a subject is the tenant's of this number.
    private func owns(_ number: Int, names: [String], subject: Subject) -> Bool {
        if rules.tenants[number].names.contains(where: { pattern in names.contains { Glob.matches(pattern, $0) } }) { return true }
        return !subject.account.isEmpty && rules.tenants[number].accounts.contains(subject.account)
    }

    /// Whether the rule of this number speaks of a subject. It is asked for every rule and subject, so that no rule is copied.
    private func applies(_ number: Int, names: [String], subject: Subject) -> Bool {
        let patterns = rules.subjects.rules[number].names
        if !patterns.isEmpty, !patterns.contains(where: { pattern in names.contains { Glob.matches(pattern, $0) } }) { return false }
        let (accounts, types) = (rules.subjects.rules[number].accounts, rules.subjects.rules[number].types)
        return (accounts.isEmpty || accounts.contains(subject.account)) && (types.isEmpty || types.contains { Glob.matches($0, subject.type) })
    }

    /// Several things of one name: only what they agree on is known, and the name stands for itself.
    private func agree(_ left: Profile, _ right: Profile, name: String) -> Profile {
        var agreed = left
        agreed.subject.id = name
        if left.subject.type != right.subject.type { agreed.subject.type = "" }
        if left.subject.account != right.subject.account { agreed.subject.account = "" }
        if left.subject.data != right.subject.data { agreed.subject.data = nil }
        if left.subject.tenant != right.subject.tenant { agreed.subject.tenant = nil }
        if left.subject.system != right.subject.system { agreed.subject.system = nil }
        if Set(left.homes) != Set(right.homes) {
            agreed.homes = []
            agreed.homesMissing = "several resources have this name, of different tenants"
        }
        agreed.isDataless = left.isDataless && right.isDataless
        return agreed
    }
}

/// The numbers of resources by their names, in order. Nearly every name is that of one, which needs no list.
private struct NumbersByName {
    /// The number of the one resource, or the complement of a list's.
    private var first: [String: Int] = [:]
    private var lists: [[Int]] = []

    mutating func reserveCapacity(_ count: Int) { first.reserveCapacity(count) }

    subscript(name: String) -> [Int] { first[name].map { $0 < 0 ? lists[~$0] : [$0] } ?? [] }

    /// Whether one resource has the name, and no other.
    func isOfOne(_ name: String) -> Bool { first[name].map { $0 >= 0 } ?? false }

    mutating func add(_ name: String, _ number: Int) {
        guard let known = first[name] else {
            first[name] = number
            return
        }
        if known == number { return }
        if known >= 0 {
            first[name] = ~lists.count
            lists.append([min(known, number), max(known, number)])
            return
        }
        // Mostly at the end.
        let before = lists[~known].lastIndex { $0 <= number }
        if before.map({ lists[~known][$0] }) != number { lists[~known].insert(number, at: before.map { $0 + 1 } ?? 0) }
    }

    mutating func remove(_ name: String) { first[name] = nil }
}
