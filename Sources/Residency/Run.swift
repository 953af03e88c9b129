/// One input of a run, by digest.
public struct InputSummary: Hashable, Sendable {
    /// As the user named it, or relative to the folder the user named.
    public var path: String
    /// Of the bytes as they lie on disk, lower-case hexadecimal.
    public var sha256: String
    public var bytes: Int
    /// The format that was found in it (`aws-cloudtrail`), or `unknown`.
    public var format: String
    public var records: Int
    public var malformed: Int
    /// The times of the earliest and the latest event in it, as it writes them; `nil` where it holds none.
    public var first: String?
    public var last: String?
    /// Its size or time changed between the first byte that was read and the last: the digest is of what was read.
    public var changedWhileRead: Bool
    /// What the storage that it was copied from calls it, with its version: `gs://bucket/name#generation`.
    public var object: String?
    /// While a run is made, and nowhere after: the SHA-256 of what it inflates to, if that was asked for; the checksums that a
    /// storage names, by their kind; the whole of an input that holds no records but speaks of others.
    public var content: String?
    public var checksums: [String: String] = [:]
    public var document: [UInt8]?

    public init(
        path: String, sha256: String, bytes: Int, format: String, records: Int, malformed: Int, first: String? = nil, last: String? = nil,
        changedWhileRead: Bool = false, object: String? = nil
    ) {
        self.path = path
        self.sha256 = sha256
        self.bytes = bytes
        self.format = format
        self.records = records
        self.malformed = malformed
        self.first = first
        self.last = last
        self.changedWhileRead = changedWhileRead
        self.object = object
    }

    /// Its chain of custody as a value: what goes into the manifest of inputs and into findings.json.
    public var canonical: CanonicalValue {
        var members: [String: CanonicalValue] = [
            "bytes": .int(bytes), "format": .string(format), "malformed": .int(malformed), "path": .string(path), "records": .int(records),
            "sha256": .string(sha256),
        ]
        members["first"] = first.map(CanonicalValue.string)
        members["last"] = last.map(CanonicalValue.string)
        members["object"] = object.map(CanonicalValue.string)
        if changedWhileRead { members["changedWhileRead"] = true }
        return .object(members)
    }
}

/// A policy that was applied, by digest of its file.
public struct PolicySummary: Hashable, Sendable {
    public var id: String
    public var sha256: String
    public var title: String
    public var basis: [String]
    /// The policy as sentences that a lawyer reads, one a clause.
    public var prose: [String]
    /// The ids of the jurisdictions in which each activity has to be.
    public var require: [Activity: [String]]

    public init(id: String, sha256: String, title: String, basis: [String], prose: [String], require: [Activity: [String]] = [:]) {
        self.id = id
        self.sha256 = sha256
        self.title = title
        self.basis = basis
        self.prose = prose
        self.require = require
    }

    /// As findings.json and the store have it.
    public var canonical: CanonicalValue {
        [
            "basis": .strings(basis), "id": .string(id), "prose": .strings(prose),
            "require": .object(Dictionary(uniqueKeysWithValues: require.map { ($0.key.rawValue, .strings($0.value)) })),
            "sha256": .string(sha256), "title": .string(title),
        ]
    }
}

/// Something in the inputs that a person should mend: neither a finding nor the end of the run.
public struct Diagnostic: Hashable, Sendable {
    public enum Level: String, Sendable, Hashable { case error, warning, note }
    public var level: Level
    /// `inputs/trail.json`, with line and column when the place is known.
    public var path: String
    public var line: Int?
    public var column: Int?
    /// Byte offset in the (inflated) input, where that is the better place.
    public var byte: Int?
    /// Lower case, no full stop, the user's text in backticks.
    public var message: String
    public var hint: String?

    public init(
        _ level: Level, path: String, line: Int? = nil, column: Int? = nil, byte: Int? = nil, message: String, hint: String? = nil
    ) {
        self.level = level
        self.path = path
        self.line = line
        self.column = column
        self.byte = byte
        self.message = message
        self.hint = hint
    }

    /// `path:line:column: error: message`, without the source line.
    public var headline: String {
        var place = path
        if let line { place += ":\(line)" }
        if let column { place += ":\(column)" }
        if line == nil, let byte { place += ": byte \(byte)" }
        return "\(place): \(level.rawValue): \(message)"
    }
}

/// A stretch of time for which logs were asked and none was seen.
public struct LogGap: Hashable, Sendable {
    public var from: String
    public var to: String
    /// `account 111122223333`, or the whole of the inputs.
    public var scope: String

    /// The scope of an account is this and its name.
    public static let account = "account "
    public static let everything = "all inputs"

    public init(from: String, to: String, scope: String) {
        self.from = from
        self.to = to
        self.scope = scope
    }
}

/// What was looked at, and what was not. It stands beside the verdict, at the same size.
public struct Coverage: Hashable, Sendable {
    public var accounts: [String]
    public var regions: [String]
    public var knownTypes: [String: Int]
    public var unknownTypes: [String: Int]
    /// Event actions (`s3.amazonaws.com/GetObject`) that some vector judges, and those that none does, with their counts.
    public var knownActions: [String: Int]
    public var unknownActions: [String: Int]
    /// Resources without a data class: their number, and the first of them.
    public var unclassified: Int
    public var unclassifiedSample: [String]
    public var logsFrom: String?
    public var logsTo: String?
    public var gaps: [LogGap]
    public var malformed: Int
    /// What falls short of what a policy's `coverage` clause asks, a sentence each.
    public var shortfalls: [String]
    /// What the inputs cannot show whatever they hold ("Config cannot show EFS replication"), a sentence each.
    public var blindSpots: [String]
    /// What the cloud's own digest files say of its logs; `nil` if none were given. Its sentences are among the others.
    public var integrity: CanonicalValue?

    public init(
        accounts: [String] = [], regions: [String] = [], knownTypes: [String: Int] = [:], unknownTypes: [String: Int] = [:],
        knownActions: [String: Int] = [:], unknownActions: [String: Int] = [:], unclassified: Int = 0, unclassifiedSample: [String] = [],
        logsFrom: String? = nil, logsTo: String? = nil, gaps: [LogGap] = [], malformed: Int = 0, shortfalls: [String] = [],
        blindSpots: [String] = [], integrity: CanonicalValue? = nil
    ) {
        self.accounts = accounts
        self.regions = regions
        self.knownTypes = knownTypes
        self.unknownTypes = unknownTypes
        self.knownActions = knownActions
        self.unknownActions = unknownActions
        self.unclassified = unclassified
        self.unclassifiedSample = unclassifiedSample
        self.logsFrom = logsFrom
        self.logsTo = logsTo
        self.gaps = gaps
        self.malformed = malformed
        self.shortfalls = shortfalls
        self.blindSpots = blindSpots
        self.integrity = integrity
    }
}

/// What the exceptions did in this run: which lawful transfers and waivers were used, unused, expired or about to expire.
public struct ExceptionSummary: Hashable, Sendable {
    public enum State: String, Sendable, Hashable { case used, unused, expired, expiring }
    public enum Kind: String, Sendable, Hashable { case waiver, allowance }
    public var kind: Kind
    public var state: State
    public var policy: String
    /// What it covers: a waiver's subject, an allowance's processor or resource.
    public var covers: String
    public var reason: String
    public var owner: String
    public var until: String?
    /// How many findings it excuses.
    public var findings: Int

    public init(kind: Kind, state: State, policy: String, covers: String, reason: String, owner: String, until: String?, findings: Int) {
        self.kind = kind
        self.state = state
        self.policy = policy
        self.covers = covers
        self.reason = reason
        self.owner = owner
        self.until = until
        self.findings = findings
    }
}

/// One audit, done: what went in (each by digest) and what came out. Reports and evidence are made from this value alone.
public struct Run: Hashable, Sendable {
    /// Derived from the inputs, policies, catalogue, tool and `now`: the same audit has the same id.
    public var id: String
    /// RFC 3339; the only clock that the judgement saw.
    public var now: String
    public var toolName: String
    public var toolVersion: String
    public var inputs: [InputSummary]
    public var policies: [PolicySummary]
    public var catalogueDigest: String
    public var catalogueVectors: Int
    public var jurisdictionsDigest: String
    public var summary: Summary
    /// In canonical order.
    public var findings: [Finding] {
        get { list.all }
        _modify { yield &list.all }
    }
    /// What wrote the findings, if that was an earlier run; `nil` if they were made in this one.
    public var written: WrittenFindings? { list.written }
    private var list: FindingList
    public var coverage: Coverage
    public var exceptions: [ExceptionSummary]
    /// In the order of the inputs; a bounded number.
    public var diagnostics: [Diagnostic]

    /// The counts of a run; exact whatever the reports leave out.
    public struct Summary: Hashable, Sendable {
        public var satisfied: Int
        public var violated: Int
        public var unresolved: Int
        public var waived: Int
        public var resources: Int
        public var events: Int

        public init(satisfied: Int = 0, violated: Int = 0, unresolved: Int = 0, waived: Int = 0, resources: Int = 0, events: Int = 0) {
            self.satisfied = satisfied
            self.violated = violated
            self.unresolved = unresolved
            self.waived = waived
            self.resources = resources
            self.events = events
        }
    }

    public init(
        id: String, now: String, toolName: String, toolVersion: String, inputs: [InputSummary], policies: [PolicySummary],
        catalogueDigest: String, catalogueVectors: Int, jurisdictionsDigest: String, summary: Summary, findings: [Finding],
        coverage: Coverage, exceptions: [ExceptionSummary] = [], diagnostics: [Diagnostic] = []
    ) {
        self.id = id
        self.now = now
        self.toolName = toolName
        self.toolVersion = toolVersion
        self.inputs = inputs
        self.policies = policies
        self.catalogueDigest = catalogueDigest
        self.catalogueVectors = catalogueVectors
        self.jurisdictionsDigest = jurisdictionsDigest
        self.summary = summary
        list = FindingList(findings)
        self.coverage = coverage
        self.exceptions = exceptions
        self.diagnostics = diagnostics
    }

    /// Takes findings as an earlier run wrote them.
    public mutating func take(_ written: WrittenFindings) { list = FindingList(written) }

    /// The highest severity of what is violated.
    public var worstViolation: Severity? {
        if let written { return written.worst }
        if summary.violated == 0 { return nil }
        let findings = findings
        var worst: Severity?
        for index in findings.indices where findings[index].verdict == .violated && worst.map({ $0 < findings[index].severity }) ?? true {
            worst = findings[index].severity
        }
        return worst
    }

    /// What a whole run says, in one word.
    public enum Outcome: String, Sendable, Hashable {
        /// Nothing violated, nothing unresolved, coverage as asked.
        case proven
        case violated
        case notProven = "not proven"
    }

    /// The run's outcome: violations weigh more than gaps, and a gap is never a pass.
    public var outcome: Outcome {
        if summary.violated > 0 { return .violated }
        if summary.unresolved > 0 || !coverage.shortfalls.isEmpty || coverage.malformed > 0 { return .notProven }
        return .proven
    }
}
