public import CEL
public import Residency

/// Everything that a run judges by, checked and compiled.
public struct RuleBook: Sendable {
    public var catalogue = Catalogue()
    public var gazetteer = Gazetteer()
    public var jurisdictions = Jurisdictions()
    /// In the order of their ids.
    public var policies: [CompiledPolicy] = []
    /// In the order of their names.
    public var tenants: [Tenant] = []
    /// In the order of the files.
    public var waivers: [Waiver] = []
    public var subjects = SubjectRules()
    /// SHA-256 over the SHA-256s, sorted, of the files that hold the catalogue; does not depend on where the files are.
    public var catalogueDigest = ""
    /// The same over the files of jurisdictions, places and networks.
    public var jurisdictionsDigest = ""
    /// The same over the files of places and networks alone: what records show depends on these.
    public var placesDigest = ""

    /// No rules: judges nothing.
    public init() {}
}

/// How records reveal where data is.
public struct Catalogue: Sendable {
    /// In the order of their ids.
    public var vectors: [Vector] = []
    public var dataless: [Dataless] = []
    public var blindSpots: [BlindSpot] = []
    public var safeguards: [Safeguard] = []
    /// What blind spots and safeguards say, in other languages: by language, then by the sentence.
    public var told: [String: [String: String]] = [:]

    public init() {}

    /// Types that hold no customer data: known, and judged as holding nothing.
    public struct Dataless: Sendable, Hashable {
        public var provider: String
        /// Globs.
        public var types: [String]
        public var why: String

        public init(provider: String, types: [String], why: String) {
            self.provider = provider
            self.types = types
            self.why = why
        }
    }

    /// What a source cannot show, whatever it holds.
    public struct BlindSpot: Sendable, Hashable {
        /// A format's id: `aws-config`.
        public var source: String
        /// Globs.
        public var types: [String]
        public var says: String

        public init(source: String, types: [String], says: String) {
            self.source = source
            self.types = types
            self.says = says
        }
    }
}

extension Catalogue {
    /// What an inventory of some kind would show if it were there; its absence is said beside the verdict.
    public struct Safeguard: Sendable, Hashable {
        /// A format's id.
        public var source: String
        /// Globs: an inventory with resources of these types would show it.
        public var types: [String]
        /// Globs over the ids of the vectors that see it.
        public var vectors: [String]
        /// What is said where none of them sees anything.
        public var says: String
    }
}

extension Catalogue {
    /// The vectors of a provider that look at its resources of one type.
    ///
    /// - Returns: those that speak of the type by name, and those of every type.
    public func vectors(of type: String, provider: String) -> (named: [Vector], general: [Vector]) {
        var (named, general): ([Vector], [Vector]) = ([], [])
        for index in vectors.indices where vectors[index].provider == provider {
            guard case .resource(let types) = vectors[index].trigger else { continue }
            if types.contains(type) { named.append(vectors[index]) }
            if types.contains("*") { general.append(vectors[index]) }
        }
        return (named, general)
    }
}

/// A customer, and the jurisdiction in which its data was promised to stay.
public struct Tenant: Sendable, Hashable {
    public var name: String
    /// The id of a jurisdiction: `eu`.
    public var home: String
    /// Globs over the names of resources that are this tenant's.
    public var names: [String]
    public var accounts: [String]

    public init(name: String, home: String, names: [String] = [], accounts: [String] = []) {
        self.name = name
        self.home = home
        self.names = names
        self.accounts = accounts
    }
}

/// A case of a vector: a record, and what the vector must see in it.
public struct VectorCase: Sendable {
    public enum Record: Sendable {
        case resource(Value)
        case event(Value)
    }

    public var name: String
    public var record: Record
    /// Empty: the vector must see nothing.
    public var expect: [ExpectedObservation]
    public var file: String
    public var line: Int
}

/// An observation that a vector must make.
public struct ExpectedObservation: Sendable, Hashable {
    /// The canonical text of a place (`region:aws/eu-west-1`); `unknown` stands for any unknown place.
    public var place: String
    /// `nil` leaves it open.
    public var subject: String?
    public var attempted: Bool
}

/// A case of a policy: observations, and what the policy must say of them.
public struct PolicyCase: Sendable {
    /// A verdict, or that the policy says nothing because it does not apply.
    public enum Expected: String, Sendable, Hashable, CaseIterable { case satisfied, violated, unresolved, waived, none }

    public var name: String
    public var given: [GivenObservation]
    /// Of the policy as a whole: the gravest verdict; `nil` if the case speaks of requirements.
    public var overall: Expected?
    /// By requirement: an activity's word, or `coverage`.
    public var expect: [String: Expected]
    public var file: String
    public var line: Int
}

/// An observation that a case supposes, with whose data it is.
public struct GivenObservation: Sendable, Hashable {
    public var activity: Activity
    public var place: PlaceReference
    public var attempted: Bool
    /// Events show it, the last so many seconds after the first; `nil` if an inventory does.
    public var lasting: Int64?
    public var id: String
    public var data: String?
    public var tenant: String?
    public var home: String?
    public var account: String
    public var system: String?
    public var provider: String
    public var type: String
}
