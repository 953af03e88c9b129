public import Residency

/// The runs of a period, and what earlier ones found that the last one does not.
///
/// A promise for October is not kept because it was kept on the last day: what any run of the period saw violated stays
/// violated in the period's report, with the run that saw it. What was unresolved counts as the last run has it: it may have been
/// found out since.
public struct PeriodHistory: Sendable, Hashable {
    /// One run, restricted as the report is.
    public struct Moment: Sendable, Hashable {
        public var run: String
        public var now: String
        public var outcome: Run.Outcome
        public var summary: Run.Summary
        /// What it found violated that no run before it did.
        public var new: Int
        /// What the run before it found violated and it does not.
        public var settled: Int
    }

    /// In the order of their times; the last one is the run that the report shows.
    public private(set) var moments: [Moment] = []
    private var before: Set<String> = []
    private var seen: Set<String> = []
    private var earlier: [String: (finding: Finding, run: String, now: String, inputs: [InputSummary])] = [:]

    public init() {}

    /// Takes in the runs one after the other, the oldest first, each restricted already.
    public mutating func add(_ run: Run) {
        let violated = run.findings.filter { $0.verdict == .violated }
        let ids = Set(violated.map(\.id))
        moments.append(
            Moment(
                run: run.id, now: run.now, outcome: run.outcome, summary: run.summary, new: ids.subtracting(seen).count,
                settled: before.subtracting(ids).count))
        for finding in violated { earlier[finding.id] = (finding, run.id, run.now, run.inputs) }
        seen.formUnion(ids)
        before = ids
    }

    /// The last run, with what earlier runs of the period found violated and it does not.
    public func joined(to run: Run) -> Run {
        var run = run
        let open = Set(run.findings.filter { $0.verdict == .violated }.map(\.id))
        for (id, seen) in earlier.sorted(by: { $0.key < $1.key }) where !open.contains(id) {
            let (finding, place) = Self.moved(seen, into: &run)
            if let place { run.findings[place] = finding } else { run.findings.append(finding) }
        }
        run.findings.sort(by: Finding.canonicalOrder)
        run.recount()
        return run
    }

    /// A finding of an earlier run, whose records stand in that run's inputs; and where the run has the same finding.
    private static func moved(_ seen: (finding: Finding, run: String, now: String, inputs: [InputSummary]), into run: inout Run) -> (Finding, Int?) {
        var finding = seen.finding
        finding.message += " (seen in run `\(seen.run)` of \(seen.now); not in the last run)"
        for index in finding.observations.indices where seen.inputs.indices.contains(finding.observations[index].record.input) {
            let input = seen.inputs[finding.observations[index].record.input]
            if let known = run.inputs.firstIndex(where: { $0.path == input.path && $0.sha256 == input.sha256 }) {
                finding.observations[index].record.input = known
            } else {
                finding.observations[index].record.input = run.inputs.count
                run.inputs.append(input)
            }
        }
        return (finding, run.findings.firstIndex { $0.id == finding.id })
    }

    public static func == (left: Self, right: Self) -> Bool { left.moments == right.moments && left.earlier.keys == right.earlier.keys }

    public func hash(into hasher: inout Hasher) { hasher.combine(moments) }
}
