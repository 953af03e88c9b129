public import Engine
import Ingest
public import Policy
import Residency

/// Somebody else who counts the events of logs, on an engine that exists.
public protocol LogEngine: Sendable {
    /// The id of the log format that the engine reads.
    var format: String { get }

    /// Counts the events of files that this process has found to be of that format.
    ///
    /// - Parameter files: their numbers among the inputs, and their paths.
    /// - Returns: what the files show. A file that is not in `events` has to be read here.
    func count(_ files: [(input: Int, path: String)], _ rules: RuleBook) throws(AuditError) -> LogCount
}

/// What an engine counted.
public struct LogCount: Sendable {
    public var partial = Partial()
    /// How many events each input has, by its number.
    public var events: [Int: Int] = [:]
    /// When the first and the last of them were, seconds since 1970.
    public var spans: [Int: (first: Int64, last: Int64)] = [:]

    public init() {}
}

extension AuditRun {
    /// The inventories are read here, the logs by an engine; files in which it met something odd are read here after all, so
    /// that the answer is whole and the same.
    func work(
        _ files: [InputFile], mappings: [InputMapping], _ engine: any LogEngine, _ progress: @escaping @Sendable (Progress) -> Void
    ) async throws(AuditError) -> [WorkerResult] {
        let format = engine.format
        var results = try await work(files, mappings: mappings, keepsParts: false, leaving: [format], progress)
        var left: [Int: InputSummary] = [:]
        for index in results.indices {
            for (input, outcome) in results[index].outcomes where outcome.0.format == format {
                left[input] = outcome.0
                results[index].outcomes[input] = nil
            }
        }
        // What the user states of records that do not say it, the statement does not know.
        let readable = stated == StatedOrigin() ? left.keys.sorted().filter { files[$0].path != "-" } : []
        let counted = readable.isEmpty ? LogCount() : try engine.count(readable.map { ($0, files[$0].path) }, rules)
        var pushed = WorkerResult(partial: counted.partial)
        for (input, events) in counted.events {
            guard var summary = left.removeValue(forKey: input) else { continue }
            summary.records = events
            (summary.first, summary.last) = (counted.spans[input].map { Clock.text($0.first) }, counted.spans[input].map { Clock.text($0.last) })
            pushed.outcomes[input] = (summary, [])
        }
        results.append(pushed)
        if !left.isEmpty { results += try await work(files, mappings: mappings, keepsParts: false, only: left.keys.sorted(), progress) }
        return results
    }
}
