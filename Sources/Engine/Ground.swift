import Policy
import Residency

/// What a judgement stands on: the observations of every subject, resolved and in order, under small numbers.
struct Ground {
    /// One observation of a subject. It holds numbers only, so that sorting and sifting costs next to nothing.
    struct Shown {
        /// Into `vectors`.
        var vector: Int32
        /// Into `places`.
        var place: Int32
        /// Into `tallies`.
        var tally: Int32
        var attempted: Bool
    }

    /// One subject. All that was observed of it lies together, activity by activity, each in the order of the records. Every
    /// requirement asks for it, so it lies in one place and is not copied.
    final class Group: Sendable {
        let profile: SubjectIndex.Profile

        init(_ profile: SubjectIndex.Profile) { self.profile = profile }
    }

    /// What a judgement asks of a vector for every observation.
    struct Kind {
        var activity: Activity
        var isHint: Bool
        var isDeclared: Bool
    }

    let index: SubjectIndex
    let vectors: [Vector]
    /// Of the vectors, one by one.
    let kinds: [Kind]
    private(set) var places: [Place] = []
    /// Of the places: how they are called in a sentence.
    private(set) var placeTexts: [String] = []
    private(set) var tallies: [Tally] = []
    /// In the order of their subjects' ids.
    private(set) var groups: [Group] = []
    /// Of the groups, into `places`: where the inventory says each is; -1 if it does not.
    private(set) var homes: ContiguousArray<Int32> = []
    private var shown: ContiguousArray<Shown> = []
    /// Into `shown`: where each activity of each group begins; one more for the end.
    private var starts: ContiguousArray<Int32> = []
    private let pointers: [Int: RecordPointers]
    /// Of the resources, in order.
    private let records: [RecordReference]

    init(_ partial: Partial, _ rules: RuleBook, _ workers: Workers) {
        var resources = partial.resources
        // One worker hands them over in order.
        if resources.indices.dropFirst().contains(where: { resources[$0].record < resources[$0 - 1].record }) { resources.sort { $0.record < $1.record } }
        records = resources.map(\.record)
        index = SubjectIndex(resources, rules)
        // By their numbers: a vector has many parts, and copying each would take longer than all else here.
        let vectors = rules.catalogue.vectors
        self.vectors = vectors
        kinds = vectors.indices.map { Kind(activity: vectors[$0].activity, isHint: vectors[$0].isHint, isDeclared: vectors[$0].isDeclared) }
        pointers = partial.pointers
        let vectorNumbers = Dictionary(vectors.indices.map { (vectors[$0].id, Int32($0)) }, uniquingKeysWith: { first, _ in first })
        let known = (0..<Int32(partial.names.count)).map { vectorNumbers[partial.names[$0]] }
        // A name means the same to all vectors of a provider that call things alike.
        let calls = vectors.indices.map { "\(vectors[$0].provider) \(vectors[$0].form)" }
        let owners = Dictionary(Set(calls).sorted().enumerated().map { ($0.element, $0.offset) }, uniquingKeysWith: { first, _ in first })
        let ownerOf = calls.map { owners[$0] ?? 0 }
        var subjects = NumberTable(owners: owners.count, names: partial.names.count)
        let behind = Self.behind(partial, vectors, known, owners: (ownerOf, owners.count), index, workers)
        var next = 0
        var resolved = subjects
        var numbers = GroupNumbers(resources: index.all.count)
        var byName: [Place: Int32] = [:]
        tallies.reserveCapacity(partial.tallies.count)
        var found: ContiguousArray<(group: Int32, shown: Shown)> = []
        found.reserveCapacity(partial.tallies.count)
        for entry in partial.tallies.entries {
            let (key, tally) = (entry.key, entry.tally)
            guard let vector = known[Int(key.vector)] else { continue }
            let owner = ownerOf[Int(vector)]
            let group: Int32
            if let number = subjects[owner, key.subject] {
                group = number
            } else {
                let subject = behind[next]
                next += 1
                group = numbers[subject.profile] ?? (subject.profile.isDataless ? -1 : Int32(groups.count))
                if group == groups.count {
                    groups.append(subject)
                    homes.append(subject.profile.place.map { number(of: rules.gazetteer.place($0), &byName) } ?? -1)
                }
                numbers[subject.profile] = group
                subjects[owner, key.subject] = group
            }
            if group < 0 { continue }
            let place: Int32
            if let number = resolved[owner, key.place] {
                place = number
            } else {
                place = number(of: Self.resolve(PlaceReference(text: partial.names[key.place]), vectors[Int(vector)].provider, index, rules.gazetteer), &byName)
                resolved[owner, key.place] = place
            }
            found.append((group, Shown(vector: vector, place: place, tally: Int32(tallies.count), attempted: key.attempted)))
            tallies.append(tally)
        }
        share(&found, numbers)
        arrange(found)
    }

    /// Who is behind each name that observations give, in the order in which they come for the first time.
    ///
    /// - Parameter owners: of the vectors, the numbers of those to whom a name means the same, and how many there are.
    private static func behind(
        _ partial: Partial, _ vectors: [Vector], _ known: [Int32?], owners: ([Int], Int), _ index: SubjectIndex, _ workers: Workers
    ) -> [Group] {
        var isMet = NumberTable(owners: owners.1, names: partial.names.count)
        var met: ContiguousArray<(name: Int32, vector: Int32)> = []
        for entry in partial.tallies.entries {
            guard let vector = known[Int(entry.key.vector)], isMet[owners.0[Int(vector)], entry.key.subject] == nil else { continue }
            isMet[owners.0[Int(vector)], entry.key.subject] = 0
            met.append((entry.key.subject, vector))
        }
        let ranges = workers.ranges(met.count)
        return workers.map(ranges.count) { [met] piece in
            met[ranges[piece]].map { Group(index.subject(partial.names[$0.name], provider: vectors[Int($0.vector)].provider, form: vectors[Int($0.vector)].form)) }
        }.flatMap(\.self)
    }

    /// What was observed of a group.
    func all(_ group: Int) -> ArraySlice<Shown> { slice(group * Activity.allCases.count, (group + 1) * Activity.allCases.count) }

    func shown(_ group: Int, _ activity: Activity) -> ArraySlice<Shown> {
        let start = group * Activity.allCases.count + activity.number
        return slice(start, start + 1)
    }

    func kind(_ shown: Shown) -> Kind { kinds[Int(shown.vector)] }

    private func slice(_ start: Int, _ end: Int) -> ArraySlice<Shown> { shown[Int(starts[start])..<Int(starts[end])] }

    /// A record with its place in its input.
    func record(_ number: RecordNumber) -> RecordReference {
        let (input, ordinal) = (Int(number.input), Int(number.ordinal))
        var low = 0
        var high = records.count
        while low < high {
            let middle = (low + high) / 2
            if (records[middle].input, records[middle].ordinal) < (input, ordinal) { low = middle + 1 } else { high = middle }
        }
        if low < records.count, records[low].input == input, records[low].ordinal == ordinal { return records[low] }
        return RecordReference(input: input, ordinal: ordinal, pointer: pointers[input]?.pointer(ordinal) ?? "")
    }

    private mutating func number(of place: Place, _ byName: inout [Place: Int32]) -> Int32 {
        if let known = byName[place] { return known }
        let number = Int32(places.count)
        places.append(place)
        placeTexts.append(Wording.place(place))
        byName[place] = number
        return number
    }

    /// What is said of a whole thing holds for every tenant whose data events show in it: its place, its copies, its keys. Who
    /// read or changed what is said of one of them.
    private func share(_ found: inout ContiguousArray<(group: Int32, shown: Shown)>, _ numbers: GroupNumbers) {
        var parts: [Int32: [Int32]] = [:]
        for (number, group) in groups.enumerated() where group.profile.isAttributed {
            var whole = group.profile
            whole.isAttributed = false
            if let base = numbers[whole], base >= 0 { parts[base, default: []].append(Int32(number)) }
        }
        if parts.isEmpty { return }
        for (base, shown) in found {
            let activity = kind(shown).activity
            if isTimed(shown), activity == .accessed || activity == .processed { continue }
            for part in parts[base] ?? [] { found.append((part, shown)) }
        }
    }

    /// Whether events show it; an inventory has no time.
    func isTimed(_ shown: Shown) -> Bool { tallies[Int(shown.tally)].first != nil }

    /// Puts the groups in the order of their names, and what was observed after its group.
    private mutating func arrange(_ found: ContiguousArray<(group: Int32, shown: Shown)>) {
        let ids = groups.map(\.profile.subject.id)
        let order = groups.indices.sorted { left, right in
            if ids[left] != ids[right] { return ids[left] < ids[right] }
            let (left, right) = (groups[left].profile.subject, groups[right].profile.subject)
            return (left.provider, left.tenant ?? "") < (right.provider, right.tenant ?? "")
        }
        var rank = ContiguousArray(repeating: 0, count: groups.count)
        for (position, group) in order.enumerated() { rank[group] = position }
        groups = order.map { groups[$0] }
        homes = ContiguousArray(order.map { homes[$0] })

        func slot(_ group: Int32, _ shown: Shown) -> Int { rank[Int(group)] * Activity.allCases.count + kind(shown).activity.number }
        starts = ContiguousArray(repeating: 0, count: groups.count * Activity.allCases.count + 1)
        for (group, shown) in found { starts[slot(group, shown) + 1] += 1 }
        for index in starts.indices.dropFirst() { starts[index] += starts[index - 1] }
        var next = starts
        shown = ContiguousArray(repeating: Shown(vector: 0, place: 0, tally: 0, attempted: false), count: found.count)
        for (group, one) in found {
            let slot = slot(group, one)
            shown[Int(next[slot])] = one
            next[slot] += 1
        }
        for slot in 0..<(starts.count - 1) where starts[slot + 1] - starts[slot] > 1 {
            shown[Int(starts[slot])..<Int(starts[slot + 1])].sort { [tallies, places] left, right in
                let (leftRecord, rightRecord) = (tallies[Int(left.tally)].record, tallies[Int(right.tally)].record)
                if leftRecord != rightRecord { return leftRecord < rightRecord }
                if left.vector != right.vector { return left.vector < right.vector }
                if left.place != right.place { return places[Int(left.place)].name < places[Int(right.place)].name }
                return !left.attempted && right.attempted
            }
        }
    }

    static func resolve(_ reference: PlaceReference, _ provider: String, _ index: SubjectIndex, _ gazetteer: Gazetteer) -> Place {
        if case .paired(let other) = reference { return gazetteer.pair(of: resolve(other, provider, index, gazetteer)) }
        guard case .resource(let name) = reference else { return gazetteer.place(reference) }
        let found = index.place(of: name, provider: provider)
        if case .unknown(let why) = found { return Place(name: "unknown", location: .unknown(why)) }
        return gazetteer.place(found)
    }
}

/// The number of each subject's group, whatever names led there. Of a million resources each has a place of its own; only what the
/// inventory lacks, or has several of, is found by its name.
private struct GroupNumbers {
    private struct Identity: Hashable {
        var provider: String
        var id: String
        /// Of what is parted by tenants alone.
        var tenant: String?

        init(_ profile: SubjectIndex.Profile) {
            provider = profile.subject.provider
            id = profile.subject.id
            tenant = profile.isAttributed ? profile.subject.tenant ?? "" : nil
        }
    }

    private var byResource: ContiguousArray<Int32>
    private var byIdentity: [Identity: Int32] = [:]

    init(resources: Int) { byResource = ContiguousArray(repeating: .min, count: resources) }

    subscript(profile: SubjectIndex.Profile) -> Int32? {
        get {
            guard let resource = profile.resource, !profile.isAttributed else { return byIdentity[Identity(profile)] }
            return byResource[resource] == .min ? nil : byResource[resource]
        }
        set {
            guard let resource = profile.resource, !profile.isAttributed else { return byIdentity[Identity(profile)] = newValue }
            byResource[resource] = newValue ?? .min
        }
    }
}

/// A number for each name that an owner knows. Most runs are about one owner or two, and only those take room.
private struct NumberTable {
    private let names: Int
    private var numbers: [ContiguousArray<Int32>]

    init(owners: Int, names: Int) {
        self.names = names
        numbers = Array(repeating: [], count: owners)
    }

    subscript(owner: Int, name: Int32) -> Int32? {
        get {
            if numbers[owner].isEmpty { return nil }
            let number = numbers[owner][Int(name)]
            return number == .min ? nil : number
        }
        set {
            if numbers[owner].isEmpty { numbers[owner] = ContiguousArray(repeating: .min, count: names) }
            numbers[owner][Int(name)] = newValue ?? .min
        }
    }
}
