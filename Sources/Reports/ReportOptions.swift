public import Residency

/// How a report is to look, and what it needs beside the run. All of it by value: a report reads no file and no clock.
public struct ReportOptions: Sendable, Hashable {
    /// Colours on the terminal. Each verdict has its word and sign as well.
    public var color: Bool
    /// Columns of the terminal.
    public var width: Int
    /// The language of the fixed texts; what policies and vectors say stays as they say it.
    public var language: ReportLanguage
    /// The PDF's paper.
    public var paper: ReportPaper
    /// What was signed; `nil` when the run is not.
    public var evidence: EvidenceSummary?
    /// How long the audit took, for JUnit's `time`; the only report that shows it.
    public var elapsedSeconds: Double?
    /// A report that has such a thing as a limit leaves out detail, and says so, until it fits.
    public var maxBytes: Int
    /// How many findings of one verdict are listed one by one where people read; the counts are always whole.
    public var maxListed: Int
    /// What changed since an earlier run.
    public var comparison: BaselineComparison?
    /// The other reports of this run, for the terminal: what they are called and where they are.
    public var files: [ReportFile]
    /// Set when the run was restricted to one customer or period.
    public var scope: ReportScope?
    /// SARIF as GitHub's code scanning wants it: without what was waived (it would open that as an alert again), within its limits.
    public var forCodeScanning: Bool

    /// The runs of the period that the report is about, the last of which it shows.
    public var history: [PeriodHistory.Moment] = []
    /// What the catalogue says the inputs cannot show, in the report's language, by its own sentence.
    public var told: [String: String] = [:]
    /// SHA-256 of the run's findings.json, which stands at the foot of what people read.
    public var findingsDigest: String?
    /// Line and column of records, where they are known.
    public var positions: [RecordReference: TextPosition] = [:]

    public init(
        color: Bool = false, width: Int = 100, language: ReportLanguage = .english, paper: ReportPaper = .a4,
        evidence: EvidenceSummary? = nil,
        elapsedSeconds: Double? = nil, maxBytes: Int = 20_000_000, maxListed: Int = 5_000, comparison: BaselineComparison? = nil,
        files: [ReportFile] = [], scope: ReportScope? = nil, forCodeScanning: Bool = false
    ) {
        self.color = color
        self.width = width
        self.language = language
        self.paper = paper
        self.evidence = evidence
        self.elapsedSeconds = elapsedSeconds
        self.maxBytes = maxBytes
        self.maxListed = maxListed
        self.comparison = comparison
        self.files = files
        self.scope = scope
        self.forCodeScanning = forCodeScanning
    }
}

/// The signed evidence that belongs to a run, as far as a report tells of it.
public struct EvidenceSummary: Sendable, Hashable {
    public var signed: Bool
    /// The signing key: lower-case SHA-256 of its public half in DER.
    public var keyID: String?
    /// What was signed and where it stands, by name: `findings.json` -> SHA-256, `log index` -> `17`.
    public var facts: [Fact]
    /// Commands that check it with tools that are not ours, one a line.
    public var commands: [String]

    public struct Fact: Sendable, Hashable {
        public var name: String
        public var value: String

        public init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    public init(signed: Bool, keyID: String? = nil, facts: [Fact] = [], commands: [String] = []) {
        self.signed = signed
        self.keyID = keyID
        self.facts = facts
        self.commands = commands
    }
}

/// A report that was written, for the list at the end of the terminal's summary.
public struct ReportFile: Sendable, Hashable {
    public var title: String
    public var path: String

    public init(title: String, path: String) {
        self.title = title
        self.path = path
    }
}

/// Whom and when a restricted report is about.
public struct ReportScope: Sendable, Hashable {
    public var tenant: String?
    /// RFC 3339, or a date.
    public var from: String?
    public var to: String?

    public init(tenant: String? = nil, from: String? = nil, to: String? = nil) {
        self.tenant = tenant
        self.from = from
        self.to = to
    }
}
