public import CEL
public import Policy
public import Residency

/// What would have to change in a record for its findings to go: edits that were tried, by evaluating the record's vectors
/// again and holding what they show against every policy. It knows no attribute and no provider: the fields are those that
/// the vectors read, the values the places that the policies' jurisdictions hold.
public struct Counterfactual {
    private let rules: RuleBook
    private let index: SubjectIndex
    private let day: String
    private let refresh: (Resource, Value) -> Value?
    private var vectors: [String: [Vector]] = [:]
    /// How many resources stand at a place: a place that is used already is proposed first.
    private var usage: [String: Int] = [:]
    private var ranked: [String: [Gazetteer.Entry]] = [:]

    /// So many edits of one kind are proposed for a finding and record, so many values tried for an attribute, and so many
    /// attributes looked at.
    private static let proposals = 1
    private static let attempts = 6
    private static let leaves = 200

    /// - Parameter refresh: a record's attributes after an edit, with what its reader made of others made anew; `nil` if it makes
    ///   nothing of others.
    public init(_ judged: Judged, _ rules: RuleBook, now: Int64, refresh: @escaping (Resource, Value) -> Value? = { _, _ in nil }) {
        self.rules = rules
        self.refresh = refresh
        day = Clock.day(now)
        index = judged.index
        for resource in index.all { usage[rules.gazetteer.place(resource.place).name, default: 0] += 1 }
    }

    /// What settles these findings in this record, the plainest edit first. A finding that no single edit of the record
    /// settles has none.
    public mutating func changes(for findings: [Finding], in resource: Resource, input: Int) -> [ProposedChange] {
        let type = resource.provider + "/" + resource.type
        if vectors[type] == nil {
            let (named, general) = rules.catalogue.vectors(of: resource.type, provider: resource.provider)
            vectors[type] = named + general
        }
        let before = offences(resource.attributes, resource)
        var changes: [ProposedChange] = []
        for finding in findings where finding.verdict == .violated || finding.verdict == .waived {
            let own = before.filter { $0.policy == finding.policy && $0.requirement == finding.requirement && $0.subject == finding.subject.id }
            guard let offence = own.min(by: { $0.place < $1.place }), let requirement = requirement(of: finding) else { continue }
            let entries = places(inside: requirement, provider: resource.provider)
            // A manifest runs in somebody's cloud: then the places are that cloud's.
            let provider = entries.isEmpty ? String(offence.place.prefix { $0 != ":" }) : resource.provider
            let trial = Trial(finding: finding, requirement: requirement, offence: offence, before: before, resource: resource, provider: provider)
            let record = RecordReference(input: input, ordinal: resource.ordinal, pointer: resource.pointer)
            changes += propose(trial).map { path, action, value in
                let shown = Self.shown(path, in: resource.attributes)
                return ProposedChange(
                    finding: finding.id, record: record, attribute: shown, before: value.map(Self.text), action: action)
            }
        }
        return changes
    }

    // MARK: what a record shows

    /// A place that a requirement does not allow, shown of a subject by a vector.
    private struct Offence: Hashable {
        var policy: String
        var requirement: String
        var subject: String
        var place: String
        var vector: String

        /// The same whichever vector shows it.
        var core: [String] { [policy, requirement, subject, place] }
    }

    private func vectors(of resource: Resource) -> [Vector] { vectors[resource.provider + "/" + resource.type] ?? [] }

    private func offences(_ attributes: Value, _ resource: Resource) -> Set<Offence> {
        var found: Set<Offence> = []
        for vector in vectors(of: resource) {
            guard case .pairs(let pairs) = Decode.whole(vector, resource: attributes, event: .null, defaultSubject: resource.id) else { continue }
            for pair in pairs {
                let profile = index.subject(pair.subject, provider: vector.provider, form: vector.form)
                if profile.isDataless { continue }
                let place = Ground.resolve(PlaceReference(text: pair.place), vector.provider, index, rules.gazetteer)
                for policy in rules.policies where ScopeMatch(policy.scope, profile) == .applies {
                    for requirement in policy.requirements where requirement.activity == vector.activity && !isInside(place, requirement) {
                        found.insert(
                            Offence(
                                policy: policy.id, requirement: requirement.activity.rawValue, subject: profile.subject.id, place: place.name, vector: vector.id))
                    }
                }
            }
        }
        return found
    }

    private func isInside(_ place: Place, _ requirement: CompiledPolicy.Requirement) -> Bool {
        if case .inside = rules.jurisdictions.judge(place, in: requirement.jurisdictions, on: day) { true } else { false }
    }

    private func requirement(of finding: Finding) -> CompiledPolicy.Requirement? {
        rules.policies.first { $0.id == finding.policy }?.requirements.first { $0.activity.rawValue == finding.requirement }
    }

    // MARK: edits

    private struct Trial {
        var finding: Finding
        var requirement: CompiledPolicy.Requirement
        var offence: Offence
        var before: Set<Offence>
        var resource: Resource
        /// Whose places are proposed.
        var provider: String
    }

    private typealias Edit = (path: AttributePath, action: ProposedChange.Action, before: Value?)

    /// Whether nothing of the finding is left, and nothing came in its place.
    private func settles(_ trial: Trial, _ attributes: Value) -> Bool {
        let after = offences(refresh(trial.resource, attributes) ?? attributes, trial.resource)
        let known = Set(trial.before.map(\.core))
        return after.allSatisfy { offence in
            known.contains(offence.core)
                && (offence.policy, offence.requirement, offence.subject) != (trial.finding.policy, trial.finding.requirement, trial.finding.subject.id)
        }
    }

    private mutating func propose(_ trial: Trial) -> [Edit] {
        let attributes = trial.resource.attributes
        let guilty = Set(
            trial.before.filter { ($0.policy, $0.requirement, $0.subject) == (trial.finding.policy, trial.finding.requirement, trial.finding.subject.id) }.map(\.vector))
        let references = Set(
            vectors(of: trial.resource).filter { guilty.contains($0.id) }.flatMap { vector in
                [vector.place, vector.each, vector.when].compactMap(\.self).flatMap(\.program.references).filter { $0.variable == "resource" }
            }
        ).sorted()
        let entries = places(inside: trial.requirement, provider: trial.provider)
        var leaves = written(trial).map { [$0] } ?? []
        var missing: [AttributePath] = []
        for reference in references {
            let path = AttributePath(steps: reference.path.map { .member($0) })
            let here = path.leaves(in: attributes, limit: Self.leaves - leaves.count)
            leaves += here.filter { !leaves.contains($0) }
            if path.value(in: attributes)?.isNull ?? true, !path.steps.isEmpty { missing.append(path) }
        }
        var (set, other): ([Edit], [Edit]) = ([], [])
        for path in leaves {
            guard let value = path.value(in: attributes) else { continue }
            switch value {
            case .string(let text):
                if set.count < Self.proposals, let edit = settingText(path, text, trial, entries) { set.append(edit) }
            case .bool(let flag):
                guard other.count < Self.proposals else { continue }
                let new = Value.bool(!flag)
                if settles(trial, path.replacing(in: attributes, with: new)) { other.append((path, .set(Self.text(new)), value)) }
            default:
                guard other.count < Self.proposals else { continue }
                if settles(trial, path.replacing(in: attributes, with: nil)) { other.append((path, .remove, nil)) }
            }
        }
        if set.isEmpty {
            for path in missing where set.isEmpty {
                for entry in entries.prefix(Self.attempts) {
                    let new = Value.string(entry.bareName)
                    guard settles(trial, path.replacing(in: attributes, with: new)) else { continue }
                    set.append((path, .set(Self.text(new)), nil))
                    break
                }
            }
        }
        return set + other
    }

    /// The attribute from which a reader made the place: the one text of the record that names it and that the reader did not make
    /// itself. Of several none alone would do.
    private func written(_ trial: Trial) -> AttributePath? {
        let attributes = trial.resource.attributes
        guard let bare = rules.gazetteer.entry(named: trial.offence.place)?.bareName, refresh(trial.resource, attributes) != nil else { return nil }
        let named = AttributePath().leaves(in: attributes, limit: Self.leaves).filter { path in
            guard path.value(in: attributes)?.stringValue?.contains(bare) == true else { return false }
            let other = Value.string("")
            return refresh(trial.resource, path.replacing(in: attributes, with: other)).flatMap(path.value) == other
        }
        return named.count == 1 ? named[0] : nil
    }

    /// Another text for an attribute: the name of a place, a text in which the place's name was replaced, or the name of a
    /// thing that stands inside.
    private func settingText(_ path: AttributePath, _ text: String, _ trial: Trial, _ entries: [Gazetteer.Entry]) -> Edit? {
        let attributes = trial.resource.attributes
        let provider = trial.provider
        // Two elements of a list are not the same place, nor one the place of the whole.
        var taken = Set(path.siblings(in: attributes).compactMap(\.stringValue))
        if path.isInList, case .region(_, let own) = trial.resource.place { taken.insert(own) }
        let entries = entries.filter { !taken.contains($0.bareName) }
        func edit(_ new: String, _ action: (String) -> ProposedChange.Action) -> Edit? {
            guard new != text, settles(trial, path.replacing(in: attributes, with: .string(new))) else { return nil }
            return (path, action(Self.text(.string(new))), .string(text))
        }
        let here = rules.gazetteer.place(.region(provider: provider, name: text))
        if case .countries = here.location {
            return entries.prefix(Self.attempts).lazy.compactMap { edit($0.bareName, ProposedChange.Action.set) }.first
        }
        let bare = rules.gazetteer.entry(named: trial.offence.place)?.bareName ?? ""
        if !bare.isEmpty, text.contains(bare) {
            return entries.prefix(Self.attempts).lazy.compactMap { edit(text.replacing(bare, with: $0.bareName), ProposedChange.Action.name) }.first
        }
        let type = index.profile(text, provider: provider).subject.type
        guard !type.isEmpty else { return nil }
        var tried = 0
        let forms = rules.gazetteer.nameForms
        for resource in index.all where resource.type == type && tried < Self.attempts && isInside(rules.gazetteer.place(resource.place), trial.requirement) {
            for name in [resource.id] + resource.aliases where forms.isFull(name) == forms.isFull(text) {
                tried += 1
                if let found = edit(name, ProposedChange.Action.name) { return found }
            }
        }
        return nil
    }

    /// The provider's places that a requirement allows: those in use first, then in the order of the table.
    private mutating func places(inside requirement: CompiledPolicy.Requirement, provider: String) -> [Gazetteer.Entry] {
        let key = provider + "\u{0}" + requirement.jurisdictions.joined(separator: "\u{0}")
        if let known = ranked[key] { return known }
        let entries = rules.gazetteer.entries.filter { entry in
            entry.provider == provider && (entry.kind == .region || entry.kind == .multiRegion) && isInside(entry.place, requirement)
        }
        let sorted = entries.enumerated().sorted { left, right in
            let (a, b) = (usage[left.element.name] ?? 0, usage[right.element.name] ?? 0)
            if a != b { return a > b }
            let (multi, other) = (left.element.kind == .multiRegion, right.element.kind == .multiRegion)
            return multi != other ? !multi : left.offset < right.offset
        }.map(\.element)
        ranked[key] = sorted
        return sorted
    }

    // MARK: how an edit is shown

    /// The attribute as its author wrote it. What a reader made of others (`region`) is shown under the name of the one that
    /// it came from, where that can be told.
    private static func shown(_ path: AttributePath, in attributes: Value) -> String {
        if path.steps.count > 1, case .member(let first) = path.steps[0], Self.containers.contains(first) { return AttributePath(steps: Array(path.steps.dropFirst())).text }
        guard path.steps.count == 1, let name = path.name, let value = path.value(in: attributes), case .string(let text) = value, !text.isEmpty else {
            return path.text
        }
        let plain = Self.plain(text)
        let same = Self.containers.compactMap { attributes.member($0) }.flatMap { own in
            (own.keys ?? []).compactMap(\.stringValue).filter { own.member($0)?.stringValue.map { Self.plain($0) == plain } ?? false }
        }
        if same.contains(name) { return name }
        if same.count == 1 { return same[0] }
        if let inherited = attributes.member("provider_" + name)?.stringValue, inherited == text { return "\(name) of the provider" }
        return path.text
    }

    /// Names of places are written with and without spaces and capitals.
    private static func plain(_ text: String) -> String { text.lowercased().filter { $0 != " " } }

    /// Under which readers put a record's own attributes.
    private static let containers = ["values", "properties"]

    private static func text(_ value: Value) -> String { String(decoding: JSON.write(value, canonical: true), as: UTF8.self) }
}
