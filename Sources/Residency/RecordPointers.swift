/// Where the records of an input stand, by ordinal: runs of neighbours, so that a million records cost a few words.
public struct RecordPointers: Sendable, Hashable {
    /// Consecutive records whose places differ by one.
    public struct Run: Sendable, Hashable {
        public var firstOrdinal: Int
        /// `/Records/` or `line:`.
        public var prefix: String
        /// -1: the place is the prefix alone.
        public var firstIndex: Int
        /// What follows the index: `/detail`.
        public var suffix: String

        public init(firstOrdinal: Int, prefix: String, firstIndex: Int, suffix: String) {
            self.firstOrdinal = firstOrdinal
            self.prefix = prefix
            self.firstIndex = firstIndex
            self.suffix = suffix
        }
    }

    /// In the order of their first ordinals.
    public private(set) var runs: [Run] = []

    public init() {}

    /// - Parameter runs: as `runs` gives them.
    public init(runs: [Run]) { self.runs = runs }

    /// Beyond this many runs the places are no longer told one by one.
    static let maxRuns = 65_536

    /// The place of a record: a JSON pointer (`/Records/17`), or `line:18` where records are lines or documents of their own.
    public func pointer(_ ordinal: Int) -> String {
        var low = 0
        var high = runs.count
        while low < high {
            let middle = (low + high) / 2
            if runs[middle].firstOrdinal <= ordinal { low = middle + 1 } else { high = middle }
        }
        guard low > 0 else { return "record:\(ordinal)" }
        let run = runs[low - 1]
        if low == Self.maxRuns && run.firstOrdinal != ordinal { return "record:\(ordinal)" }
        if run.firstIndex < 0 { return run.prefix }
        return "\(run.prefix)\(run.firstIndex + ordinal - run.firstOrdinal)\(run.suffix)"
    }

    /// Says that from this ordinal on, records stand at `prefix`, `index`, `suffix` and the indexes after it.
    public mutating func append(ordinal: Int, prefix: String, index: Int, suffix: String = "") {
        if let last = runs.last, last.prefix == prefix, last.suffix == suffix, last.firstIndex >= 0,
            index - last.firstIndex == ordinal - last.firstOrdinal
        {
            return
        }
        guard runs.count < Self.maxRuns else { return }
        runs.append(Run(firstOrdinal: ordinal, prefix: prefix, firstIndex: index, suffix: suffix))
    }

    /// Says that the record stands at a place that has no number of its own.
    public mutating func append(ordinal: Int, place: String) {
        guard runs.count < Self.maxRuns else { return }
        runs.append(Run(firstOrdinal: ordinal, prefix: place, firstIndex: -1, suffix: ""))
    }
}
