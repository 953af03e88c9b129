/// What a cloud's own evidence says of the logs that it wrote: a chain of signed digest files, of which each names log files
/// with their hashes.
public struct LogIntegrity: Sendable, Hashable {
    /// What is wrong with one file.
    public struct Problem: Sendable, Hashable {
        public enum Kind: String, Sendable, Hashable, CaseIterable { case unreadable, moved, key, signature, chain, gap, missing, changed }
        public var kind: Kind
        /// The object, `bucket/key`.
        public var path: String
        public var detail: String

        public init(kind: Kind, path: String, detail: String) {
            self.kind = kind
            self.path = path
            self.detail = detail
        }
    }

    public var digests = 0
    /// Log files that a good digest covers and that are what it says.
    public var logs = 0
    /// In the order of the digests.
    public var problems: [Problem] = []
    /// Log files that no digest given covers: too new, or put there by someone else.
    public var uncovered: [String] = []
    public var from: String?
    public var to: String?

    public init() {}

    /// Every digest and every log that a digest names is as the cloud made it.
    public var holds: Bool { problems.isEmpty && digests > 0 }

    /// For the statement and for coverage. Problems and names are bounded, their numbers are not.
    public var canonical: CanonicalValue {
        [
            "digests": .int(digests), "from": .optional(from), "holds": .bool(holds), "logs": .int(logs),
            "problems": [
                "count": .int(problems.count),
                "first": .array(
                    problems.prefix(Self.listed).map {
                        ["detail": .string($0.detail), "kind": .string($0.kind.rawValue), "path": .string($0.path)]
                    }),
            ],
            "to": .optional(to), "uncovered": ["count": .int(uncovered.count), "first": .strings(Array(uncovered.prefix(Self.listed)))],
        ]
    }

    private static let listed = 20
}
