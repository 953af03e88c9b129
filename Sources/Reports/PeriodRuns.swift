/// Which runs speak of a period.
public enum PeriodRuns {
    /// The ids of the runs judged within the period, and of the first one after its end, which saw the period whole; in the order of
    /// their times. Without a period it is the run that was appended last. If none was judged within it or after, the latest.
    ///
    /// - Parameters:
    ///   - runs: in the order in which they were appended.
    ///   - from: RFC 3339, or a date: from its beginning, UTC.
    ///   - to: RFC 3339, or a date: to its end, UTC.
    public static func select(_ runs: [(id: String, now: String)], from: String?, to: String?) -> [String] {
        guard let latest = runs.last else { return [] }
        guard from != nil || to != nil else { return [latest.id] }
        let start = from.flatMap(Timestamp.milliseconds) ?? Int.min
        let end = to.flatMap { text in Timestamp.milliseconds(text).map { $0 + (text.utf8.count == 10 ? 86_400_000 : 1) } } ?? Int.max
        let timed = runs.enumerated().compactMap { index, run in Timestamp.milliseconds(run.now).map { (time: $0, index: index, id: run.id) } }
            .sorted { ($0.time, $0.index) < ($1.time, $1.index) }
        var chosen = timed.filter { start <= $0.time && $0.time < end }
        if let after = timed.first(where: { $0.time >= end }) { chosen.append(after) }
        return chosen.isEmpty ? [latest.id] : chosen.map(\.id)
    }
}
