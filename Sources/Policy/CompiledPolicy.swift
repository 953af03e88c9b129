public import Residency

/// A policy, checked: what must be where, for whose data.
public struct CompiledPolicy: Sendable {
    public var id: String
    public var title: String
    public var basis: [String]
    public var severity: Severity
    public var scope: Scope
    /// In the order of the activities' words.
    public var requirements: [Requirement]
    public var allowances: [Allowance]
    public var coverage: CoverageDemand
    public var file: String
    public var line: Int
    public var column = 1
    /// SHA-256 of the file it stands in, lower-case hexadecimal.
    public var digest: String
    /// The policy as sentences.
    public var prose: [String]
    /// Observations and what the policy must say of them.
    public var cases: [PolicyCase] = []

    /// Whose data a policy speaks of. An empty list does not restrict; every list that is not empty must match.
    public struct Scope: Sendable {
        /// Data classes.
        public var data: [String]
        /// Homes of tenants: ids of jurisdictions (`eu`).
        public var homes: [String]
        /// Tenants by name.
        public var tenants: [String]
        public var systems: [String]
        public var accounts: [String]
        /// Providers: `aws`.
        public var providers: [String]

        public init(
            data: [String] = [], homes: [String] = [], tenants: [String] = [], systems: [String] = [], accounts: [String] = [],
            providers: [String] = []
        ) {
            self.data = data
            self.homes = homes
            self.tenants = tenants
            self.systems = systems
            self.accounts = accounts
            self.providers = providers
        }
    }

    /// One clause: ACTIVITY must be in one of the jurisdictions.
    public struct Requirement: Sendable {
        public var activity: Activity
        /// Ids of jurisdictions, perhaps with a version (`eu-adequate@2026-01-01`); inside any one of them is inside.
        public var jurisdictions: [String]
        /// Its own, or the policy's.
        public var severity: Severity
        public var basis: [String]
        /// For so many seconds it may be outside; `nil` if not at all.
        public var within: Int64?
        /// What makes it lawful outside and no record shows; `nil` if nothing does.
        public var unless: String?
        public var line: Int
        public var column = 1

        public init(activity: Activity, jurisdictions: [String], severity: Severity, basis: [String], line: Int) {
            self.activity = activity
            self.jurisdictions = jurisdictions
            self.severity = severity
            self.basis = basis
            self.line = line
        }
    }

    /// A lawful transfer: reported, never hidden.
    public struct Allowance: Sendable {
        /// The id of an entry of the register of processors; or
        public var processor: String?
        /// a glob over subjects' ids.
        public var resource: String?
        public var activity: Activity
        /// Jurisdictions, or places (`aws:us-east-1`), or countries.
        public var to: [String]
        public var basis: String
        /// The last day on which it holds, to its end in UTC: seconds since 1970 of the first moment after it; and its text.
        public var until: Int64?
        public var untilText: String?
        public var line: Int
        public var column = 1

        public init(
            processor: String?, resource: String?, activity: Activity, to: [String], basis: String, until: Int64?, untilText: String?,
            line: Int
        ) {
            self.processor = processor
            self.resource = resource
            self.activity = activity
            self.to = to
            self.basis = basis
            self.until = until
            self.untilText = untilText
            self.line = line
        }
    }

    /// What a policy wants to have been looked at.
    public struct CoverageDemand: Sendable {
        public var accounts: [String]
        public var regions: [String]
        /// The longest stretch without any log, in seconds.
        public var logsEvery: Int64?
        /// The providers of which some input must show a guardrail, as `safeguards` of the catalogue tell.
        public var guardrails: [String]

        public init(accounts: [String] = [], regions: [String] = [], logsEvery: Int64? = nil, guardrails: [String] = []) {
            self.accounts = accounts
            self.regions = regions
            self.logsEvery = logsEvery
            self.guardrails = guardrails
        }
    }

    public init(
        id: String, title: String, basis: [String], severity: Severity, scope: Scope, requirements: [Requirement], allowances: [Allowance],
        coverage: CoverageDemand, file: String, line: Int, digest: String, prose: [String]
    ) {
        self.id = id
        self.title = title
        self.basis = basis
        self.severity = severity
        self.scope = scope
        self.requirements = requirements
        self.allowances = allowances
        self.coverage = coverage
        self.file = file
        self.line = line
        self.digest = digest
        self.prose = prose
    }
}

/// A dated, owned exception.
public struct Waiver: Sendable {
    /// A policy's id, or `*`.
    public var policy: String
    /// Activities; empty means all.
    public var requirements: [String]
    /// A glob over subjects' ids; or
    public var subject: String?
    /// an expression over `subject` (id, type, provider, account, data, tenant, system) and `finding` (requirement, places).
    public var match: Expression?
    public var note: WaiverNote
    /// Seconds since 1970 of the first moment after its last day.
    public var expires: Int64
    public var file: String
    public var line: Int
    public var column = 1

    public init(
        policy: String, requirements: [String], subject: String?, match: Expression?, note: WaiverNote, expires: Int64, file: String,
        line: Int
    ) {
        self.policy = policy
        self.requirements = requirements
        self.subject = subject
        self.match = match
        self.note = note
        self.expires = expires
        self.file = file
        self.line = line
    }
}
