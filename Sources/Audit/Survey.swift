import Engine
import Policy
public import Residency

/// A first look at some inputs, with no policy at all: what is it, from when, and where are things?
public struct Survey: Sendable {
    public var inputs: [InputSummary]
    public var diagnostics: [Diagnostic]
    public var resources: Int
    public var events: Int
    /// RFC 3339; `nil` without logs.
    public var from: String?
    public var to: String?
    public var accounts: [String]
    public var places: [PlaceCount]
    /// Resource types with their numbers, most first.
    public var types: [(name: String, count: Int)]
    /// Event actions with their numbers, most first.
    public var actions: [(name: String, count: Int)]

    /// How many resources and minutes with events a place has.
    public struct PlaceCount: Sendable, Hashable {
        public var place: Place
        public var resources: Int
        /// Minutes with any event.
        public var activeMinutes: Int
    }

    init(_ partial: Partial, _ inputs: [InputSummary], _ diagnostics: [Diagnostic], _ gazetteer: Gazetteer) {
        self.inputs = inputs
        self.diagnostics = diagnostics
        resources = partial.resources.count
        events = partial.events
        from = partial.activity.first.map(Clock.text)
        to = partial.activity.last.map(Clock.text)
        var accounts: Set<String> = []
        var places: [Place: PlaceCount] = [:]
        var types: [String: Int] = [:]
        for resource in partial.resources {
            if !resource.account.isEmpty { accounts.insert(resource.account) }
            types["\(resource.provider)/\(resource.type)", default: 0] += 1
            let place = gazetteer.place(resource.place)
            places[place, default: PlaceCount(place: place, resources: 0, activeMinutes: 0)].resources += 1
        }
        for (scope, minutes) in partial.activity.minutes {
            if !scope.account.isEmpty { accounts.insert(scope.account) }
            guard !scope.region.isEmpty else { continue }
            let entry = gazetteer.lookup(scope.region).first
            let place = entry?.place ?? Place(name: scope.region, location: .unknown("no such place is known"))
            places[place, default: PlaceCount(place: place, resources: 0, activeMinutes: 0)].activeMinutes += minutes.count
        }
        self.accounts = accounts.sorted()
        self.places = places.values.sorted { $0.place.name < $1.place.name }
        self.types = Self.ranked(types)
        actions = Self.ranked(partial.knownActions.merging(partial.unknownActions, uniquingKeysWith: +))
    }

    private static func ranked(_ counts: [String: Int]) -> [(name: String, count: Int)] {
        counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { (name: $0.key, count: $0.value) }
    }
}

extension AuditRun {
    /// Looks at the inputs without judging them.
    public func survey(progress: @escaping @Sendable (Progress) -> Void = { _ in }) async throws(AuditError) -> Survey {
        let (partial, inputs, diagnostics) = try await observe(progress: progress)
        return Survey(partial, inputs, diagnostics, rules.gazetteer)
    }
}
