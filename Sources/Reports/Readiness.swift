public import Residency

/// Whether a jurisdiction can be opened: systems by requirements, what blocks, what is not known, and what the home region has
/// that the new one lacks. Computed elsewhere; reports only show it.
public struct Readiness: Sendable, Hashable {
    /// The worst first.
    public enum State: String, Sendable, Hashable, CaseIterable {
        /// Something is violated.
        case blocked
        /// Nothing is violated, and something cannot be told.
        case unknown
        /// It stands in the home region only: nothing is there to judge, so a launch goes without it.
        case absent
        /// Violated in part, and excused by waivers that end.
        case waived
        case ready
    }

    /// The findings of one system under one requirement, counted.
    public struct Cell: Sendable, Hashable {
        public var violated = 0
        public var unresolved = 0
        public var waived = 0
        public var satisfied = 0

        public init() {}

        public mutating func count(_ verdict: Verdict) {
            switch verdict {
            case .violated: violated += 1
            case .unresolved: unresolved += 1
            case .waived: waived += 1
            case .satisfied: satisfied += 1
            }
        }
    }

    public struct System: Sendable, Hashable {
        /// As tags or rules name it; empty for what nothing assigns to a system.
        public var name: String
        public var state: State
        /// By requirement.
        public var cells: [String: Cell]
        /// Each worst first.
        public var blockers: [Finding]
        public var open: [Finding]
        public var waived: [Finding]
        /// Types of what stands in the home region and in the new one, with their numbers.
        public var home: [String: Int]
        public var here: [String: Int]

        public init(
            name: String, state: State, cells: [String: Cell], blockers: [Finding], open: [Finding], waived: [Finding], home: [String: Int], here: [String: Int]
        ) {
            self.name = name
            self.state = state
            self.cells = cells
            self.blockers = blockers
            self.open = open
            self.waived = waived
            self.home = home
            self.here = here
        }

        /// Types that the home region has and the new one lacks, in order.
        public var lacking: [String] { home.keys.filter { here[$0] == nil }.sorted() }

        func title(_ say: Wording) -> String { name.isEmpty ? say(.noSystem) : name }
    }

    public var jurisdiction: String
    public var title: String
    /// The jurisdiction that parity is held against; `nil` means everywhere else.
    public var home: String?
    public var run: String
    public var now: String
    public var policies: [PolicySummary]
    /// The columns, in order.
    public var requirements: [String]
    /// The worst first, then by name.
    public var systems: [System]
    /// What the run's inputs lack of what these policies ask for.
    public var shortfalls: [String]

    public init(
        jurisdiction: String, title: String, home: String?, run: String, now: String, policies: [PolicySummary], requirements: [String], systems: [System],
        shortfalls: [String]
    ) {
        self.jurisdiction = jurisdiction
        self.title = title
        self.home = home
        self.run = run
        self.now = now
        self.policies = policies
        self.requirements = requirements
        self.systems = systems
        self.shortfalls = shortfalls
    }

    /// The answer for the whole: what is absent does not hold a launch back.
    public var state: State {
        if systems.contains(where: { $0.state == .blocked }) { return .blocked }
        if systems.contains(where: { $0.state == .unknown }) || !shortfalls.isEmpty { return .unknown }
        return systems.contains { $0.state == .waived } ? .waived : .ready
    }

    /// What to do about a finding; about a waived one, why and until when.
    static func note(_ finding: Finding, _ say: Wording, _ retelling: Retelling?) -> String {
        finding.waiver.map { say(.waiverNote, $0.reason, $0.owner, $0.expires) } ?? retelling?.remedy(finding) ?? finding.remedy
    }

    func homeName(_ say: Wording) -> String { home ?? say(.elsewhere) }

    /// The answer in a sentence.
    func answer(_ say: Wording) -> String {
        let blockers = systems.reduce(0) { $0 + $1.blockers.count }
        let open = systems.reduce(0) { $0 + $1.open.count }
        func systemsIn(_ states: State...) -> Int { systems.count { states.contains($0.state) } }
        switch state {
        case .blocked:
            return say(
                .readyBlockedWhy, say.number(blockers), say.number(systemsIn(.blocked)), say.number(systems.count), say.number(open),
                say.number(systemsIn(.ready, .waived)))
        case .unknown: return say(.readyUnknownWhy, say.number(open)) + (shortfalls.isEmpty ? "" : " " + say(.readyShort))
        case .waived: return say(.readyWaivedWhy)
        case .absent, .ready: return say(.readyReadyWhy)
        }
    }
}
