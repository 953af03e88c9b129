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
    /// Seconds since 1970; `first` is greater than `last` in inventories, which have no time.
    var earliest: Int64
    var latest: Int64
    /// The first record that shows it, in the order of the inputs.
    var record: RecordNumber

    public init(count: Int, first: Int64?, last: Int64?, record: RecordNumber) {
        self.count = count
        earliest = first ?? .max
        latest = last ?? .min
        self.record = record
    }

    public var first: Int64? { earliest == .max ? nil : earliest }
    public var last: Int64? { latest == .min ? nil : latest }

    mutating func merge(_ other: Tally) {
        count += other.count
        earliest = Swift.min(earliest, other.earliest)
        latest = Swift.max(latest, other.latest)
        if other.record < record { record = other.record }
    }
}

/// A record by its input and its number in it; where it stands is looked up when somebody asks.
public struct RecordNumber: Sendable, Hashable, Comparable {
    var input: Int32
    var ordinal: Int32

    public init(input: Int, ordinal: Int) {
        self.input = Int32(input)
        self.ordinal = Int32(clamping: ordinal)
    }

    public static func < (left: Self, right: Self) -> Bool {
        left.input != right.input ? left.input < right.input : left.ordinal < right.ordinal
    }
}

/// A type of resource, as its provider calls it.
struct TypeName: Hashable {
    var provider: String
    var type: String
}

/// What resources have in common that a first look counts together.
public struct ResourceKind: Sendable, Hashable {
    public var provider: String
    public var type: String
    public var account: String
    public var place: PlaceReference
}

/// A resource as the judgement needs it: its names, its tags and where it is, without its attributes.
public struct ResourceFacts: Sendable, Hashable {
    public var provider: String
    public var type: String
    public var id: String
    public var aliases: [String]
    public var account: String
    public var place: PlaceReference
    public var tags: TagList
    public var record: RecordReference
    /// Some vector speaks of its type, or the catalogue says that the type holds no data.
    public var isKnown: Bool
    /// The catalogue says that the type holds no data.
    public var isDataless: Bool

    init(
        provider: String, type: String, id: String, aliases: [String], account: String, place: PlaceReference, tags: TagList,
        record: RecordReference, isKnown: Bool, isDataless: Bool
    ) {
        self.provider = provider
        self.type = type
        self.id = id
        self.aliases = aliases
        self.account = account
        self.place = place
        self.tags = tags
        self.record = record
        self.isKnown = isKnown
        self.isDataless = isDataless
    }

    init(_ resource: Resource, tags: TagList, record: RecordReference, isKnown: Bool, isDataless: Bool) {
        provider = resource.provider
        type = resource.type
        id = resource.id
        aliases = resource.aliases
        account = resource.account
        place = resource.place
        self.tags = tags
        self.record = record
        self.isKnown = isKnown
        self.isDataless = isDataless
    }
}

/// What some inputs show, ready to be merged: the unit that caches keep and machines exchange.
public struct Partial: Sendable {
    var names = NameTable()
    var tallies = TallyTable()
    public var resources: [ResourceFacts] = []
    /// How many resources there are of a kind, where nobody asks which they are.
    public var counts: [ResourceKind: Int] = [:]
    public var events = 0
    /// `provider/service/action` and how many events, for actions that some vector judges and for the others.
    public var knownActions: [String: Int] = [:]
    public var unknownActions: [String: Int] = [:]
    /// The classes of all events.
    var classes: Set<EventClass> = []
    public var activity = LogActivity()
    /// Where the events of each input stand in it.
    public var pointers: [Int: RecordPointers] = [:]

    public init() {}

    /// The observations by their names.
    public var observations: [Observed: Tally] {
        Dictionary(
            tallies.entries.map { entry in
                let key = entry.key
                return (
                    Observed(
                        vector: names[key.vector], subject: names[key.subject], place: PlaceReference(text: names[key.place]), attempted: key.attempted),
                    entry.tally
                )
            }, uniquingKeysWith: { first, _ in first })
    }

    /// Counts an observation in.
    public mutating func add(_ observed: Observed, _ tally: Tally) {
        tallies.add(
            ObservationKey(
                vector: names.number(observed.vector), subject: names.number(observed.subject), place: names.number(observed.place.text),
                attempted: observed.attempted), tally)
    }

    /// Adds what other inputs show. The order of merging does not change what a judgement makes of it.
    public mutating func merge(_ other: Partial) {
        if tallies.isEmpty, names.count == 0 {
            names = other.names
            tallies = other.tallies
        } else {
            let numbers = (0..<Int32(other.names.count)).map { name in other.names.withBytes(of: name) { names.number($0) } }
            for entry in other.tallies.entries {
                var key = entry.key
                key.vector = numbers[Int(key.vector)]
                key.subject = numbers[Int(key.subject)]
                key.place = numbers[Int(key.place)]
                tallies.add(key, entry.tally)
            }
        }
        mergeRest(other)
    }

    /// The same for what is counted under the same numbers of names.
    mutating func absorb(_ other: Partial) {
        if tallies.isEmpty {
            tallies = other.tallies
        } else {
            for entry in other.tallies.entries { tallies.add(entry.key, entry.tally) }
        }
        mergeRest(other)
    }

    private mutating func mergeRest(_ other: Partial) {
        if resources.isEmpty { resources = other.resources } else { resources += other.resources }
        counts.merge(other.counts, uniquingKeysWith: +)
        classes.formUnion(other.classes)
        events += other.events
        knownActions.merge(other.knownActions, uniquingKeysWith: +)
        unknownActions.merge(other.unknownActions, uniquingKeysWith: +)
        activity.merge(other.activity)
        pointers.merge(other.pointers) { first, _ in first }
    }
}

/// When and where there was any event at all, to find the gaps.
public struct LogActivity: Sendable, Hashable {
    /// Account and region as the events name them, and whose events they are.
    public struct Scope: Sendable, Hashable {
        public var provider: String
        public var account: String
        public var region: String

        public init(provider: String, account: String, region: String) {
            self.provider = provider
            self.account = account
            self.region = region
        }
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
