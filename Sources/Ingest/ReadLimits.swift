/// How much of an input is read before it is refused. Each default stands here by name, and an option can raise it.
public struct ReadLimits: Sendable, Hashable {
    /// The most bytes that one input may inflate to.
    public static let defaultMaxInflatedBytes = 1 << 40
    /// The most bytes that one compressed byte may become, once `ratioFloor` bytes have come out. Logs reach 10 to 40,
    /// what is made to exhaust a machine 1,000.
    public static let defaultMaxRatio = 250
    /// Below this size no ratio is refused.
    public static let ratioFloor = 64 << 20
    /// How deep objects and arrays may be nested.
    public static let defaultMaxDepth = 512
    /// The longest record. A longer one is malformed.
    public static let defaultMaxRecordBytes = 16 << 20
    /// The largest document that is held as a whole while its parts are read (a Terraform plan).
    public static let defaultMaxDocumentBytes = 1 << 30
    /// The largest document that is made into a tree as a whole (one of YAML, a template, a register, a list of a storage's
    /// objects): the tree takes many times the memory of the text.
    public static let defaultMaxTreeBytes = 32 << 20
    /// The most diagnostics an input is given; a last one says how many more there were.
    public static let defaultMaxDiagnostics = 20

    public var maxInflatedBytes: Int
    public var maxRatio: Int
    public var maxDepth: Int
    public var maxRecordBytes: Int
    public var maxDocumentBytes: Int
    public var maxTreeBytes: Int
    public var maxDiagnostics: Int

    public init(
        maxInflatedBytes: Int = defaultMaxInflatedBytes, maxRatio: Int = defaultMaxRatio, maxDepth: Int = defaultMaxDepth,
        maxRecordBytes: Int = defaultMaxRecordBytes, maxDocumentBytes: Int = defaultMaxDocumentBytes,
        maxTreeBytes: Int = defaultMaxTreeBytes, maxDiagnostics: Int = defaultMaxDiagnostics
    ) {
        self.maxInflatedBytes = maxInflatedBytes
        self.maxRatio = maxRatio
        self.maxDepth = maxDepth
        self.maxRecordBytes = maxRecordBytes
        self.maxDocumentBytes = maxDocumentBytes
        self.maxTreeBytes = maxTreeBytes
        self.maxDiagnostics = maxDiagnostics
    }

    private static let members: KeyValuePairs<String, any WritableKeyPath<ReadLimits, Int> & Sendable> = [
        "depth": \.maxDepth, "diagnostics": \.maxDiagnostics, "document-bytes": \.maxDocumentBytes, "inflated-bytes": \.maxInflatedBytes,
        "ratio": \.maxRatio, "record-bytes": \.maxRecordBytes, "tree-bytes": \.maxTreeBytes,
    ]

    /// The names by which an option sets the limits.
    public static var names: [String] { members.map(\.key) }

    /// Sets a limit by its name; false if there is none of it.
    public mutating func set(_ name: String, to value: Int) -> Bool {
        guard let member = Self.members.first(where: { $0.key == name })?.value else { return false }
        self[keyPath: member] = value
        return true
    }
}
