import Engine
import Foundation
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
    /// What nothing was read from, by what it looks like, most files first.
    public var unread: [Unread]

    /// Inputs in no format that is read, of one kind.
    public struct Unread: Sendable, Hashable {
        /// `is a zip archive (unpack it first)`.
        public var what: String
        public var files: Int
        /// The path of the first.
        public var example: String
    }

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
        resources = partial.counts.values.reduce(0, +)
        events = partial.events
        from = partial.activity.first.map(Clock.text)
        to = partial.activity.last.map(Clock.text)
        var accounts: Set<String> = []
        var places: [Place: PlaceCount] = [:]
        var types: [String: Int] = [:]
        for (kind, count) in partial.counts {
            if !kind.account.isEmpty { accounts.insert(kind.account) }
            types["\(kind.provider)/\(kind.type)", default: 0] += count
            let place = gazetteer.place(kind.place)
            places[place, default: PlaceCount(place: place, resources: 0, activeMinutes: 0)].resources += count
        }
        for (scope, minutes) in partial.activity.minutes {
            if !scope.account.isEmpty { accounts.insert(scope.account) }
            guard !scope.region.isEmpty else { continue }
            let place = Self.place(of: scope, gazetteer)
            places[place, default: PlaceCount(place: place, resources: 0, activeMinutes: 0)].activeMinutes += minutes.count
        }
        self.accounts = accounts.sorted()
        self.places = places.values.sorted { ($0.place.name, $0.place.location.reason) < ($1.place.name, $1.place.location.reason) }
        unread = Self.unread(inputs, diagnostics)
        self.types = Self.ranked(types)
        actions = Self.ranked(partial.knownActions.merging(partial.unknownActions, uniquingKeysWith: +))
    }

    /// Where a log says that things happened. The region is the provider's own; a log that is no provider's (a trace) may name one of
    /// any, and it is known which if only one has it.
    private static func place(of scope: LogActivity.Scope, _ gazetteer: Gazetteer) -> Place {
        let own = gazetteer.place(.region(provider: scope.provider, name: scope.region))
        guard own.location.codes.isEmpty, !gazetteer.hasPlaces(of: scope.provider) else { return own }
        let others = gazetteer.lookup(scope.region)
        if others.count == 1 { return others[0].place }
        let names = others.map(\.name).joined(separator: ", ")
        return Place(
            name: scope.region, location: .unknown(others.isEmpty ? "no such place is known" : "several places have this name: \(names)"))
    }

    private static func unread(_ inputs: [InputSummary], _ diagnostics: [Diagnostic]) -> [Unread] {
        var said: [String: String] = [:]
        for one in diagnostics where said[one.path] == nil { said[one.path] = one.message }
        var found: [String: Unread] = [:]
        for input in inputs where input.format == "unknown" {
            var what = said[input.path].map { $0.components(separatedBy: "; nothing was read")[0] } ?? "is of a kind that is not known"
            // Without the names and places in it.
            for end in [", with `", ", its root", ": "] { what = what.components(separatedBy: end)[0] }
            found[what, default: Unread(what: what, files: 0, example: input.path)].files += 1
        }
        return found.values.sorted { ($1.files, $0.what) < ($0.files, $1.what) }
    }

    private static func ranked(_ counts: [String: Int]) -> [(name: String, count: Int)] {
        counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { (name: $0.key, count: $0.value) }
    }
}

extension AuditRun {
    /// Looks at the inputs without judging them: no vector is asked, so only what every event has is read of it.
    public func survey(progress: @escaping @Sendable (Progress) -> Void = { _ in }) async throws(AuditError) -> Survey {
        var look = self
        look.rules.catalogue.vectors = []
        look.isCounting = true
        let (partial, inputs, diagnostics) = try await look.observe(progress: progress)
        return Survey(partial, inputs, diagnostics, rules.gazetteer)
    }
}
