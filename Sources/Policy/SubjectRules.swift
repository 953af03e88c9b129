/// How a record tells whose data it is: which tags carry the data class, the tenant and the system, and what names and
/// accounts say where tags are missing.
public struct SubjectRules: Sendable {
    /// Tag keys, compared without case and with `-`, `_`, `:` and spaces taken for the same.
    public var dataTags: [String] = ["data-class", "data-classification", "data", "classification"]
    public var tenantTags: [String] = ["tenant", "customer", "tenant-id"]
    public var homeTags: [String] = ["tenant-home", "residency", "data-residency"]
    public var systemTags: [String] = ["system", "service", "application", "app"]
    public var rules: [Rule] = []
    /// How events tell the tenant.
    public var attributions: [EventAttribution] = []

    /// What holds for every subject that a rule matches; tags on the resource itself come first.
    public struct Rule: Sendable, Hashable {
        /// Globs (`*` any text, `?` one character); an empty list does not restrict; within a list any match will do.
        public var names: [String]
        public var accounts: [String]
        public var types: [String]
        public var data: String?
        public var tenant: String?
        public var homes: [String]
        public var system: String?

        public init(
            names: [String] = [], accounts: [String] = [], types: [String] = [], data: String? = nil, tenant: String? = nil,
            homes: [String] = [], system: String? = nil
        ) {
            self.names = names
            self.accounts = accounts
            self.types = types
            self.data = data
            self.tenant = tenant
            self.homes = homes
            self.system = system
        }
    }

    public init() {}
}

extension SubjectRules.Rule {
    /// It speaks of things by their very names, not of what a pattern happens to match.
    public var isExact: Bool {
        !names.isEmpty && accounts.isEmpty && types.isEmpty && !names.contains { $0.contains("*") || $0.contains("?") }
    }
}

/// How the events of a service tell whose data they touch: by a field's text that is made after a pattern.
public struct EventAttribution: Sendable, Hashable {
    /// Patterns: `*` for all.
    public var provider: String
    public var service: String
    /// The way to the field in the event: `requestParameters`, `key`.
    public var field: [String]
    /// `tenants/{tenant}/*`.
    public var pattern: String
    /// Other fields and the patterns of which they must match one.
    public var conditions: [Condition]

    public struct Condition: Sendable, Hashable {
        public var field: [String]
        public var patterns: [String]
    }
}
