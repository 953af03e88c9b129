public import Residency

/// Decides what follows from the policies alone, by trying every place of the tables and every country, for every activity and
/// every class of data that the policies name. It samples nothing, so what it says holds.
public struct PolicyAnalysis {
    /// Something that is true of one clause, or of two together.
    public struct Conclusion: Sendable, Hashable {
        public enum Kind: String, Sendable, Hashable, CaseIterable {
            /// No place is outside: the clause forbids nothing.
            case neverViolated = "never-violated"
            /// No place is inside: whatever is done breaks the clause.
            case neverSatisfied = "never-satisfied"
            /// Whoever keeps the other clause keeps this one.
            case implied
            /// No place keeps both, and some data is under both.
            case contradiction
        }

        public var kind: Kind
        public var clause: Clause
        /// The other clause of a pair.
        public var other: Clause?
        /// A place that shows it: inside the other clause and outside this one.
        public var witness: String?
        /// One sentence.
        public var message: String

        /// The sentence with the positions of both clauses.
        public var rendered: String {
            var lines = ["\(clause.file):\(clause.line):\(clause.column): \(kind.rawValue): \(message)"]
            if let other {
                lines.append("   other: \(other.file):\(other.line):\(other.column): `\(other.policy)`, `\(other.activity.rawValue)`")
            }
            if let witness { lines.append("   witness: \(witness)") }
            return lines.joined(separator: "\n")
        }
    }

    /// A requirement and where it stands.
    public struct Clause: Sendable, Hashable {
        public var policy: String
        public var activity: Activity
        public var file: String
        public var line: Int
        public var column: Int
    }

    private struct Entry {
        let policy: CompiledPolicy
        let requirement: CompiledPolicy.Requirement
        /// It allows nothing outside, not even for a time or under a condition.
        var isFirm: Bool { requirement.within == nil && requirement.unless == nil }
        let sides: [PlaceUniverse.Side]
        let places: [Int]

        var clause: Clause {
            Clause(
                policy: policy.id, activity: requirement.activity, file: policy.file, line: requirement.line, column: requirement.column)
        }
        func has(_ side: PlaceUniverse.Side) -> Bool { places.contains { sides[$0] == side } }
    }

    private let universe: PlaceUniverse
    private let tenants: [Tenant]
    private var entries: [Entry] = []

    /// - Parameter now: seconds since 1970: ids of jurisdictions without a version mean the one of that day.
    /// - Returns: the conclusions in the order of policies, activities and kinds.
    public static func conclusions(_ rules: RuleBook, now: Int64) -> [Conclusion] {
        let analysis = PolicyAnalysis(rules, now)
        return analysis.alone() + analysis.pairs()
    }

    private init(_ rules: RuleBook, _ now: Int64) {
        universe = PlaceUniverse(rules, on: CalendarDay(containing: now).description)
        tenants = rules.tenants
        var known: [[String]: [PlaceUniverse.Side]] = [:]
        for policy in rules.policies {
            for requirement in policy.requirements {
                let ids = requirement.jurisdictions
                let sides = known[ids] ?? universe.all.map { universe.membership($0, in: ids) }
                known[ids] = sides
                entries.append(
                    Entry(
                        policy: policy, requirement: requirement, sides: sides, places: places(requirement.activity, policy.scope.providers)
                    ))
            }
        }
    }

    /// The places where an activity of a provider may be: what is stored at AWS is in a region of AWS; readers and recipients
    /// may be anywhere.
    private func places(_ activity: Activity, _ providers: [String]) -> [Int] {
        switch activity {
        case .accessed, .transferred: return Array(universe.all.indices)
        case .stored, .processed, .copied, .backedUp, .keyHeld, .logged:
            guard !providers.isEmpty else { return Array(universe.all.indices) }
            return universe.all.indices.filter { index in providers.contains { universe.all[index].name.hasPrefix($0 + ":") } }
        }
    }

    // MARK: One clause

    private func alone() -> [Conclusion] {
        entries.compactMap { entry in
            let places = list(entry.requirement.jurisdictions, "or")
            let clause = "`\(entry.policy.id)`: `\(entry.requirement.activity.rawValue)` in \(places)"
            if !entry.has(.inside) {
                let why = entry.places.isEmpty ? "no place of its providers is known" : "no known place is inside"
                return Conclusion(kind: .neverSatisfied, clause: entry.clause, message: "\(clause) can't be satisfied: \(why)")
            }
            if !entry.has(.outside) {
                return Conclusion(
                    kind: .neverViolated, clause: entry.clause, message: "\(clause) can't be violated: no known place is outside")
            }
            return nil
        }
    }

    // MARK: Two clauses

    private func pairs() -> [Conclusion] {
        var found: [Conclusion] = []
        for (index, entry) in entries.enumerated() {
            for (position, other) in entries.enumerated() where other.policy.id != entry.policy.id {
                if position < index, let conclusion = contradiction(entry, other) { found.append(conclusion) }
                if let conclusion = implication(entry, by: other, isFirst: index < position) { found.append(conclusion) }
            }
        }
        return found
    }

    private func contradiction(_ entry: Entry, _ other: Entry) -> Conclusion? {
        guard entry.isFirm, other.isFirm, areOne(entry, other), entry.has(.inside), other.has(.inside),
            !universe.all.indices.contains(where: { entry.sides[$0] == .inside && other.sides[$0] == .inside }),
            let data = ScopeAlgebra.overlap(entry.policy.scope, other.policy.scope, tenants)
        else { return nil }
        // What is inside the one and outside the other; the names of regions say more than those of countries.
        let witness = other.places.first { other.sides[$0] == .inside && entry.sides[$0] == .outside }
        let same = entry.requirement.activity == other.requirement.activity
        let activity = entry.requirement.activity.rawValue
        let what = same ? "`\(activity)`" : "`\(activity)` and `\(other.requirement.activity.rawValue)` (a copy is stored where it is)"
        return Conclusion(
            kind: .contradiction, clause: entry.clause, other: other.clause, witness: witness.map { universe.all[$0].name },
            message: "`\(entry.policy.id)` and `\(other.policy.id)` can't both be kept for \(data): \(what) in "
                + "\(list(entry.requirement.jurisdictions, "or")) against \(list(other.requirement.jurisdictions, "or"))")
    }

    /// The same activity, or one that includes the other: copies and backups are stored. Where the other policy speaks of copies
    /// itself, its clause for what is stored says nothing new of them.
    private func areOne(_ left: Entry, _ right: Entry) -> Bool {
        let (a, b) = (left.requirement.activity, right.requirement.activity)
        if a == b { return true }
        let stores: Set<Activity> = [.copied, .backedUp]
        let isOfCopies = (a == .stored && stores.contains(b)) || (b == .stored && stores.contains(a))
        return isOfCopies && !left.policy.requirements.contains { $0.activity == b }
            && !right.policy.requirements.contains { $0.activity == a }
    }

    private func implication(_ entry: Entry, by other: Entry, isFirst: Bool) -> Conclusion? {
        guard other.isFirm, entry.requirement.activity == other.requirement.activity, other.has(.inside),
            ScopeAlgebra.contains(other.policy.scope, entry.policy.scope, tenants), Self.isWithin(other, entry)
        else { return nil }
        let isMutual = ScopeAlgebra.contains(entry.policy.scope, other.policy.scope, tenants) && Self.isWithin(entry, other)
        // Of two clauses that say the same, the later one is called superfluous.
        if isMutual, isFirst { return nil }
        let words = isMutual ? "says the same as" : "is implied by"
        return Conclusion(
            kind: .implied, clause: entry.clause, other: other.clause,
            message:
                "`\(entry.policy.id)`: `\(entry.requirement.activity.rawValue)` in \(list(entry.requirement.jurisdictions, "or")) \(words) "
                + "`\(other.policy.id)`, which demands \(list(other.requirement.jurisdictions, "or"))")
    }

    private static func isWithin(_ narrow: Entry, _ wide: Entry) -> Bool {
        wide.places.allSatisfy { narrow.sides[$0] != .inside || wide.sides[$0] == .inside }
    }
}
