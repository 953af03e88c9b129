import Policy
import Residency

/// Where two records say different things of one subject: an inventory and a log, a declaration and what is seen, two that
/// tell whose data it is. Which of them is right nobody here can know.
struct CrossCheck {
    /// The requirement of its findings.
    static let word = "cross-check"

    /// Two records that do not agree.
    struct Contradiction {
        /// Into the ground's groups.
        var group: Int
        var says: String
        var remedy: String
        /// What was seen, for the policies' scopes and clauses: the group it was seen of, and what.
        var seen: [(group: Int, shown: Ground.Shown)]
        /// What it is held against.
        var against: [Ground.Shown]
        /// The inventory's own word, where no vector repeats it.
        var record: (place: Place, reference: RecordReference)?
        var matter: SubjectClaims.Matter?
    }

    private let ground: Ground
    private let gazetteer: Gazetteer

    init(_ ground: Ground, _ gazetteer: Gazetteer) {
        self.ground = ground
        self.gazetteer = gazetteer
    }

    /// All of them, in the order of their subjects.
    var contradictions: [Contradiction] {
        let declared = declarations
        var all: [Contradiction] = []
        for number in ground.groups.indices {
            if let one = elsewhere(number) { all.append(one) }
            if let more = declared[number] { all += more }
            if !ground.groups[number].profile.conflicts.isEmpty { all += disputes(number) }
        }
        return all
    }

    // MARK: an inventory and a log

    /// Activities that are done where the thing is: a copy may well be elsewhere.
    private static let atHome: [Activity] = [.stored, .processed]

    private func elsewhere(_ number: Int) -> Contradiction? {
        if ground.homes[number] < 0 || !ground.all(number).contains(where: ground.isTimed) { return nil }
        let (group, home) = (ground.groups[number], place(ground.homes[number]))
        guard case .countries = home.location, let record = ground.index.record(of: group.profile.subject) else { return nil }
        let timeless = ground.all(number).filter { !ground.isTimed($0) && !ground.kind($0).isHint }
        let known = [home] + timeless.map { place($0.place) }
        let seen = ground.all(number).filter { shown in
            guard ground.isTimed(shown), !shown.attempted, Self.atHome.contains(ground.kind(shown).activity), !ground.kind(shown).isHint else { return false }
            return !known.contains { Self.holds($0, place(shown.place)) }
        }
        guard let first = seen.first else { return nil }
        let name = self.name(group.profile.subject)
        return Contradiction(
            group: number,
            says: "the inventory says that \(name) is at \(Wording.place(home)), and the logs show it \(ground.kind(first).activity.rawValue) at \(Wording.place(place(first.place)))",
            remedy: CoverageSentence(.tellRight, []).text,
            seen: seen.map { (number, $0) }, against: [], record: (home, record))
    }

    /// Whether what was seen at one place agrees with another: the same, or in one of the several countries of a wider one. What
    /// is not known contradicts nothing.
    private static func holds(_ known: Place, _ seen: Place) -> Bool {
        guard case .countries(let wide) = known.location, case .countries(let narrow) = seen.location else { return true }
        return known.name == seen.name || (wide.count > 1 && narrow.isSubset(of: wide))
    }

    // MARK: a declaration and what is seen

    private var declarations: [Int: [Contradiction]] {
        var found: [Int: [Contradiction]] = [:]
        let declaring = ground.groups.indices.filter { number in ground.all(number).contains { ground.kind($0).isDeclared } }
        if declaring.isEmpty { return found }
        let byOperator = seenByOperator(besides: Set(declaring))
        for number in declaring {
            let said = ground.all(number).filter { ground.kind($0).isDeclared }
            var countries: Set<Country> = []
            for shown in said {
                guard case .countries(let more) = place(shown.place).location else { continue }
                countries.formUnion(more)
            }
            if countries.isEmpty { continue }
            let operators = operators(of: ground.groups[number].profile.subject)
            let seen = operators.flatMap { byOperator[$0] ?? [] }.filter { one in
                guard case .countries(let at) = place(one.shown.place).location else { return false }
                return !at.allSatisfy { countries.contains($0) || countries.contains($0.sovereign) }
            }
            guard let first = seen.first else { continue }
            let codes = countries.map(\.code).sorted().joined(separator: ", ")
            found[number] = [
                Contradiction(
                    group: number,
                    says: "the register says that \(name(ground.groups[number].profile.subject)) works in \(codes), and \(name(ground.groups[first.group].profile.subject)) goes to \(Wording.place(place(first.shown.place)))",
                    remedy: CoverageSentence(.mendRegister, []).text, seen: seen, against: said, record: nil)
            ]
        }
        return found
    }

    /// Who runs the hosts that a declaration names, by the tables of places, and the declared name itself.
    private func operators(of subject: Subject) -> [String] {
        let hosts = ground.index.aliases(of: subject.id, provider: subject.provider)
        let owners = hosts.compactMap { host -> String? in
            let place = gazetteer.resolve(.host(host))
            return gazetteer.entry(named: place.name)?.provider
        }
        return Set(owners + [subject.id.lowercased()]).sorted()
    }

    /// What was seen to go to whose places.
    private func seenByOperator(besides declaring: Set<Int>) -> [String: [(group: Int, shown: Ground.Shown)]] {
        var found: [String: [(group: Int, shown: Ground.Shown)]] = [:]
        for number in ground.groups.indices where !declaring.contains(number) {
            for shown in ground.all(number) where !shown.attempted {
                let name = place(shown.place).name
                let provider = name.prefix { $0 != ":" }
                if provider.count < name.count { found[String(provider), default: []].append((number, shown)) }
            }
        }
        return found
    }

    // MARK: whose data it is

    private func disputes(_ number: Int) -> [Contradiction] {
        let (profile, home) = (ground.groups[number].profile, ground.homes[number])
        let stands = home >= 0 ? place(home) : Place(name: "unknown", location: .unknown("the inventory does not say"))
        let record = ground.index.record(of: profile.subject).map { (place: stands, reference: $0) }
        return profile.conflicts.map { conflict in
            Contradiction(
                group: number, says: "of \(self.name(profile.subject)) \(conflict.says)", remedy: CoverageSentence(.mendWrong, []).text, seen: [], against: [],
                record: record, matter: conflict.matter)
        }
    }

    private func name(_ subject: Subject) -> String { Wording.name(subject, gazetteer.nameForms) }
    private func place(_ number: Int32) -> Place { ground.places[Int(number)] }
}
