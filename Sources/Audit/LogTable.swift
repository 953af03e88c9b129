import Engine
import Foundation
import Ingest
import Policy
public import Pushdown
import Residency

/// A table of events that an engine has: it counts them there, and no file is read.
public struct LogTable: Sendable {
    private let engine: SparkSQL
    /// As SQL names it: `logs.cloudtrail`, or ``parquet.`/data/cloudtrail` ``.
    private let name: String
    private let layout: Layout

    public init(_ name: String, layout: Layout, engine: SparkSQL) {
        self.engine = engine
        self.name = name
        self.layout = layout
    }

    /// What a table shows.
    struct Count {
        var partial: Partial
        var summary: InputSummary
        /// What the layout keeps from being answered, a sentence each.
        var shortfalls: [String]
        var blindSpots: [String]
    }

    /// - Parameter input: the table's number among the inputs.
    func count(_ rules: RuleBook, input: Int) throws(AuditError) -> Count {
        guard let events = EventLayouts.of(layout.format) else { throw .other("there is no layout of \(layout.format)") }
        let statement = Statement(rules.catalogue, events: events, dialect: .sparkSQL, layout: layout, table: name)
        let lines = try engine.answer(statement, name)
        do {
            let answer = try Answer(lines: lines)
            let partial = try answer.partial(statement, rules, events: events, table: input)
            let spans = answer.spans[0]
            let summary = InputSummary(
                path: name, sha256: Digest.hexadecimal(lines), bytes: lines.count, format: layout.rawValue, records: partial.events,
                malformed: answer.oddities, first: spans.map { Clock.text($0.first) }, last: spans.map { Clock.text($0.last) })
            let unasked = answer.unasked(statement, rules, events: events)
            let shortfalls = unasked.isEmpty ? [] : ["the table `\(name)` lacks what these vectors read, so that they were not asked: \(unasked.joined(separator: ", ")); judge the raw logs for them"]
            return Count(partial: partial, summary: summary, shortfalls: shortfalls, blindSpots: [CoverageSentence(.table, [name]).text])
        } catch { throw .other(error.message) }
    }
}
