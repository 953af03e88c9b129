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

    /// One subject and all that was observed of it, activity by activity, each in the order of the records.
    struct Group {
        var profile: SubjectIndex.Profile
        /// Into `places`: where the inventory says it is; -1 if it does not.
        fileprivate(set) var home: Int32 = -1
        fileprivate(set) var all: [Shown] = []
        /// Where each activity's observations begin; one more for the end.
        fileprivate var starts: [Int] = []

        func shown(_ activity: Activity) -> ArraySlice<Shown> { all[starts[activity.number]..<starts[activity.number + 1]] }
    }

    let index: SubjectIndex
    let vectors: [Vector]
    private(set) var places: [Place] = []
    private(set) var tallies: [Tally] = []
    /// In the order of their subjects' ids.
    private(set) var groups: [Group] = []
    private let pointers: [Int: RecordPointers]
    /// Of the resources, in order.
    private let records: [RecordReference]

    init(_ partial: Partial, _ rules: RuleBook) {
        let resources = partial.resources.sorted { $0.record < $1.record }
        records = resources.map(\.record)
        index = SubjectIndex(resources, rules)
        vectors = rules.catalogue.vectors
        pointers = partial.pointers
        let vectorNumbers = Dictionary(vectors.enumerated().map { ($0.element.id, Int32($0.offset)) }, uniquingKeysWith: { first, _ in first })
        let known = (0..<Int32(partial.names.count)).map { vectorNumbers[partial.names[$0]] }
        let providers = Dictionary(Set(vectors.map(\.provider)).sorted().enumerated().map { ($0.element, $0.offset) }, uniquingKeysWith: { first, _ in first })
        let provider = vectors.map { providers[$0.provider] ?? 0 }
        var subjects: [Int: Int] = [:]
        var byIdentity: [String: Int] = [:]
        var resolved: [Int: Int32] = [:]
        var byName: [Place: Int32] = [:]
        tallies.reserveCapacity(partial.tallies.count)
        for entry in partial.tallies.entries {
            let (key, tally) = (entry.key, entry.tally)
            guard let vector = known[Int(key.vector)] else { continue }
            let owner = provider[Int(vector)]
            let subjectKey = owner << 32 | Int(key.subject)
            let group: Int
            if let number = subjects[subjectKey] {
                group = number
            } else {
                let profile = index.subject(partial.names[key.subject], provider: vectors[Int(vector)].provider)
                let identity = profile.subject.provider + "\u{0}" + profile.subject.id + (profile.isAttributed ? "\u{0}" + (profile.subject.tenant ?? "") : "")
                group = byIdentity[identity] ?? (profile.isDataless ? -1 : groups.count)
                if group == groups.count { groups.append(Group(profile: profile)) }
                byIdentity[identity] = group
                subjects[subjectKey] = group
            }
            if group < 0 { continue }
            let placeKey = owner << 32 | Int(key.place)
            let place: Int32
            if let number = resolved[placeKey] {
                place = number
            } else {
                place = number(of: Self.resolve(PlaceReference(text: partial.names[key.place]), vectors[Int(vector)].provider, index, rules.gazetteer), &byName)
                resolved[placeKey] = place
            }
            groups[group].all.append(Shown(vector: vector, place: place, tally: Int32(tallies.count), attempted: key.attempted))
            tallies.append(tally)
        }
        for number in groups.indices {
            if let home = groups[number].profile.place { groups[number].home = self.number(of: rules.gazetteer.place(home), &byName) }
        }
        share()
        for number in groups.indices { sort(number) }
        groups.sort {
            ($0.profile.subject.id, $0.profile.subject.provider, $0.profile.subject.tenant ?? "") < ($1.profile.subject.id, $1.profile.subject.provider, $1.profile.subject.tenant ?? "")
        }
    }

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
        byName[place] = number
        return number
    }

    /// What is said of a whole thing holds for every tenant whose data events show in it: its place, its copies, its keys. Who
    /// read or changed what is said of one of them.
    private mutating func share() {
        var whole: [String: Int] = [:]
        for (number, group) in groups.enumerated() where !group.profile.isAttributed { whole[group.profile.subject.provider + "\u{0}" + group.profile.subject.id] = number }
        for number in groups.indices where groups[number].profile.isAttributed {
            let subject = groups[number].profile.subject
            guard let base = whole[subject.provider + "\u{0}" + subject.id] else { continue }
            groups[number].all += groups[base].all.filter { shown in
                let activity = vectors[Int(shown.vector)].activity
                return !isTimed(shown) || (activity != .accessed && activity != .processed)
            }
        }
    }

    /// Whether events show it; an inventory has no time.
    func isTimed(_ shown: Shown) -> Bool { tallies[Int(shown.tally)].first != nil }

    private mutating func sort(_ number: Int) {
        let (vectors, places, tallies) = (vectors, places, tallies)
        groups[number].all.sort { left, right in
            let (leftActivity, rightActivity) = (vectors[Int(left.vector)].activity.number, vectors[Int(right.vector)].activity.number)
            if leftActivity != rightActivity { return leftActivity < rightActivity }
            let (leftRecord, rightRecord) = (tallies[Int(left.tally)].record, tallies[Int(right.tally)].record)
            if leftRecord != rightRecord { return leftRecord < rightRecord }
            if left.vector != right.vector { return left.vector < right.vector }
            if left.place != right.place { return places[Int(left.place)].name < places[Int(right.place)].name }
            return !left.attempted && right.attempted
        }
        var starts = Array(repeating: 0, count: Activity.allCases.count + 1)
        for shown in groups[number].all { starts[vectors[Int(shown.vector)].activity.number + 1] += 1 }
        for activity in 1..<starts.count { starts[activity] += starts[activity - 1] }
        groups[number].starts = starts
    }

    static func resolve(_ reference: PlaceReference, _ provider: String, _ index: SubjectIndex, _ gazetteer: Gazetteer) -> Place {
        guard case .resource(let name) = reference else { return gazetteer.place(reference) }
        let found = index.place(of: name, provider: provider)
        if case .unknown(let why) = found { return Place(name: "unknown", location: .unknown(why)) }
        return gazetteer.place(found)
    }
}
