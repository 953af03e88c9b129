import Engine
public import Policy
public import Reports
public import Residency

extension Readiness {
    /// Counts a run's findings for a jurisdiction about to open. Nothing is judged again: the policies tell which findings are
    /// promises of the jurisdiction, the jurisdictions which places are inside.
    ///
    /// - Parameter home: the jurisdiction that parity is held against; `nil` for everywhere else.
    public init(of run: Run, jurisdiction: String, home: String?, rules: RuleBook) throws(AuditError) {
        let day = String(run.now.prefix(10))
        for id in [jurisdiction, home].compactMap(\.self) where rules.jurisdictions.members(of: id, on: day) == nil {
            throw .other("no jurisdiction is called `\(id)`")
        }
        let policies = rules.policies.filter { Self.concerns($0, jurisdiction) }
        let ids = Set(policies.map(\.id)).intersection(run.policies.map(\.id))
        guard !ids.isEmpty else {
            throw .other("no policy of run `\(run.id)` promises anything for `\(jurisdiction)`: give the run's policies with `--policies`")
        }
        let places = PlaceSides(rules.jurisdictions, here: jurisdiction, home: home, day: day)
        var builders: [String: Builder] = [:]
        for finding in run.findings {
            let name = finding.subject.system ?? ""
            if ids.contains(finding.policy) { builders[name, default: Builder()].take(finding) }
            builders[name, default: Builder()].place(finding, places)
        }
        let systems = builders.filter { !$0.value.isEmpty }.map { $0.value.system($0.key) }
        let requirements = Set(systems.flatMap(\.cells.keys))
        self.init(
            jurisdiction: jurisdiction, title: rules.jurisdictions.definition(of: jurisdiction, on: day)?.title ?? jurisdiction, home: home, run: run.id, now: run.now,
            policies: run.policies.filter { ids.contains($0.id) },
            requirements: Activity.allCases.map(\.rawValue).filter(requirements.contains) + (requirements.contains("coverage") ? ["coverage"] : []),
            systems: systems.sorted { left, right in
                let order = Readiness.State.allCases
                let (a, b) = (order.firstIndex(of: left.state) ?? 0, order.firstIndex(of: right.state) ?? 0)
                return a == b ? left.name < right.name : a < b
            },
            shortfalls: run.coverage.shortfalls.filter { text in !run.policies.contains { !ids.contains($0.id) && text.contains("`\($0.id)`") } })
    }

    /// A policy for tenants at home there, or for everybody with a clause that names the jurisdiction.
    private static func concerns(_ policy: CompiledPolicy, _ jurisdiction: String) -> Bool {
        func bare(_ id: String) -> Substring { id.prefix { $0 != "@" } }
        if !policy.scope.homes.isEmpty { return policy.scope.homes.contains { bare($0) == bare(jurisdiction) } }
        return policy.requirements.contains { $0.jurisdictions.contains { bare($0) == bare(jurisdiction) } }
    }
}

/// On which side a place is; each place is asked once.
private final class PlaceSides {
    private let jurisdictions: Jurisdictions
    private let here: String
    private let home: String?
    private let day: String
    private var known: [Place: (here: Bool, home: Bool)] = [:]

    init(_ jurisdictions: Jurisdictions, here: String, home: String?, day: String) {
        self.jurisdictions = jurisdictions
        self.here = here
        self.home = home
        self.day = day
    }

    func side(_ place: Place) -> (here: Bool, home: Bool) {
        if let side = known[place] { return side }
        func isInside(_ id: String) -> Bool { if case .inside = jurisdictions.judge(place, in: [id], on: day) { true } else { false } }
        var side = (here: isInside(here), home: false)
        if let home { side.home = isInside(home) } else if case .countries = place.location { side.home = !side.here }
        known[place] = side
        return side
    }
}

/// One system while the findings are gone through.
private struct Builder {
    var cells: [String: Readiness.Cell] = [:]
    var findings: [Verdict: [Finding]] = [:]
    /// Subjects by their types.
    var home: [String: Set<String>] = [:]
    var here: [String: Set<String>] = [:]

    var isEmpty: Bool { cells.isEmpty && home.isEmpty && here.isEmpty }

    mutating func take(_ finding: Finding) {
        cells[finding.requirement, default: .init()].count(finding.verdict)
        if finding.verdict != .satisfied { findings[finding.verdict, default: []].append(finding) }
    }

    mutating func place(_ finding: Finding, _ places: PlaceSides) {
        guard !finding.subject.type.isEmpty else { return }
        for observation in finding.observations where !observation.attempted && (observation.activity == .stored || observation.activity == .processed) {
            let side = places.side(observation.place)
            if side.here { here[finding.subject.type, default: []].insert(finding.subject.id) }
            if side.home { home[finding.subject.type, default: []].insert(finding.subject.id) }
        }
    }

    func system(_ name: String) -> Readiness.System {
        func items(_ verdict: Verdict) -> [Finding] {
            (findings[verdict] ?? []).enumerated().sorted { left, right in
                left.element.severity == right.element.severity ? left.offset < right.offset : left.element.severity > right.element.severity
            }.map(\.element)
        }
        let state: Readiness.State =
            if findings[.violated] != nil { .blocked } else if findings[.unresolved] != nil { .unknown } else if cells.isEmpty { .absent } else if findings[.waived] != nil { .waived } else { .ready }
        return Readiness.System(
            name: name, state: state, cells: cells, blockers: items(.violated), open: items(.unresolved), waived: items(.waived), home: home.mapValues(\.count),
            here: here.mapValues(\.count))
    }
}
