public import Residency

/// What records show, before any policy was asked: *this subject's data is ACTIVITY at PLACE*, by vector, counted.
///
/// It depends on the records and the catalogue alone: not on policies, waivers, tenants or the rest of the inventory. So it
/// can be kept for a file and merged with what other files show, in any order.
public struct Observed: Sendable, Hashable {
    /// The vector's id.
    public var vector: String
    /// The name by which the record knows the subject; empty if the record does not tell.
    public var subject: String
    public var place: PlaceReference
    /// The call was refused or failed.
    public var attempted: Bool

    public init(vector: String, subject: String, place: PlaceReference, attempted: Bool) {
        self.vector = vector
        self.subject = subject
        self.place = place
        self.attempted = attempted
    }
}

/// How often something was observed, when, and where it can be seen.
public struct Tally: Sendable, Hashable {
    public var count: Int
    /// Seconds since 1970; `nil` in inventories.
    public var first: Int64?
    public var last: Int64?
    /// The first record that shows it, in the order of the inputs.
    public var record: RecordReference

    public init(count: Int, first: Int64?, last: Int64?, record: RecordReference) {
        self.count = count
        self.first = first
        self.last = last
        self.record = record
    }

    mutating func merge(_ other: Tally) {
        count += other.count
        first = Swift.min(first ?? .max, other.first ?? .max) == .max ? nil : Swift.min(first ?? .max, other.first ?? .max)
        last = Swift.max(last ?? .min, other.last ?? .min) == .min ? nil : Swift.max(last ?? .min, other.last ?? .min)
        record = Swift.min(record, other.record)
    }
}

/// A resource as the judgement needs it: its names, its tags and where it is, without its attributes.
public struct ResourceFacts: Sendable, Hashable {
    public var provider: String
    public var type: String
    public var id: String
    public var aliases: [String]
    public var account: String
    public var place: PlaceReference
    public var tags: [String: String]
    public var record: RecordReference
    /// Some vector speaks of its type, or the catalogue says that the type holds no data.
    public var isKnown: Bool
    /// The catalogue says that the type holds no data.
    public var isDataless: Bool

    init(_ resource: Resource, record: RecordReference, isKnown: Bool, isDataless: Bool) {
        provider = resource.provider
        type = resource.type
        id = resource.id
        aliases = resource.aliases
        account = resource.account
        place = resource.place
        tags = resource.tags
        self.record = record
        self.isKnown = isKnown
        self.isDataless = isDataless
    }
}

/// What some inputs show, ready to be merged: the unit that caches keep and machines exchange.
public struct Partial: Sendable {
    public var observations: [Observed: Tally] = [:]
    public var resources: [ResourceFacts] = []
    public var events = 0
    /// `provider/service/action` and how many events, for actions that some vector judges and for the others.
    public var knownActions: [String: Int] = [:]
    public var unknownActions: [String: Int] = [:]
    public var activity = LogActivity()

    public init() {}

    /// Gives the records of events their pointers: `pointer` tells it by input and number.
    public mutating func locate(_ pointer: (_ input: Int, _ ordinal: Int) -> String) {
        for key in observations.keys {
            guard let record = observations[key]?.record, record.pointer.isEmpty else { continue }
            observations[key]?.record.pointer = pointer(record.input, record.ordinal)
        }
    }

    /// Adds what other inputs show. The order of merging does not change what a judgement makes of it.
    public mutating func merge(_ other: Partial) {
        observations.merge(other.observations) { left, right in
            var sum = left
            sum.merge(right)
            return sum
        }
        resources += other.resources
        events += other.events
        knownActions.merge(other.knownActions, uniquingKeysWith: +)
        unknownActions.merge(other.unknownActions, uniquingKeysWith: +)
        activity.merge(other.activity)
    }
}

/// When and where there was any event at all, to find the gaps.
public struct LogActivity: Sendable, Hashable {
    /// Account and region as the events name them.
    public struct Scope: Sendable, Hashable {
        public var account: String
        public var region: String
    }

    /// The minutes since 1970 in which the scope had an event.
    public var minutes: [Scope: Set<Int32>] = [:]
    /// Seconds since 1970 of the first and last event.
    public var first: Int64?
    public var last: Int64?

    public init() {}

    mutating func merge(_ other: LogActivity) {
        minutes.merge(other.minutes) { $0.union($1) }
        if let theirs = other.first { first = Swift.min(first ?? theirs, theirs) }
        if let theirs = other.last { last = Swift.max(last ?? theirs, theirs) }
    }
}
