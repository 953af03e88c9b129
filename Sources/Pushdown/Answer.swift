import CEL
public import Engine
public import Policy
public import Residency

/// What a statement answered: one JSON object a line, its columns by their names.
public struct Answer: Sendable {
    /// Why an answer cannot be taken.
    public struct Fault: Error, Sendable {
        public var message: String
    }

    struct Row {
        var part: String
        var question: Int
        var holds: Bool
        var attempted: Bool
        var texts: [String?]
        var events: Int
        var first: Int64?
        var last: Int64?
        var record: Int64
        /// Of a table, the event's own id.
        var recordName: String?
        var oddities: Int

        init?(_ value: Value) {
            guard let part = value.member("part")?.stringValue else { return nil }
            self.part = part
            question = Int(value.member("question")?.intValue ?? -1)
            holds = value.member("holds")?.boolValue ?? false
            attempted = value.member("attempted")?.boolValue ?? false
            texts = (value.member("texts")?.elements ?? []).map(\.stringValue)
            events = Int(value.member("events")?.intValue ?? 0)
            first = value.member("first")?.intValue
            last = value.member("last")?.intValue
            record = value.member("record")?.intValue ?? 0
            recordName = value.member("record")?.stringValue
            oddities = Int(value.member("oddities")?.intValue ?? 0)
        }
    }

    private let rows: [Row]

    /// - Parameter lines: as the engine wrote them.
    public init(lines: [UInt8]) throws(Fault) {
        var rows: [Row] = []
        for line in lines.split(separator: UInt8(ascii: "\n")) {
            guard let value = try? JSON.parse(Array(line)), let row = Row(value) else {
                throw Fault(message: "the engine answered with a line that is no row of the statement: \(String(decoding: line.prefix(200), as: UTF8.self))")
            }
            rows.append(row)
        }
        self.rows = rows
    }

    /// The inputs that the engine read to their end, by number, and how many events each has.
    public var events: [Int: Int] {
        var events: [Int: Int] = [:]
        for row in rows where row.part == "input" { events[Int(row.record >> 32)] = row.events }
        return events
    }

    /// When the first and the last event of an input was, seconds since 1970, by its number.
    public var spans: [Int: (first: Int64, last: Int64)] {
        var spans: [Int: (first: Int64, last: Int64)] = [:]
        for row in rows where row.part == "input" {
            if let first = row.first, let last = row.last { spans[Int(row.record >> 32)] = (first, last) }
        }
        return spans
    }

    /// The inputs with records that only a reader of files can judge.
    public var oddInputs: Set<Int> { Set(rows.filter { $0.part == "input" && $0.oddities > 0 }.map { Int($0.record >> 32) }) }

    /// What the answer says, as if it had been observed here.
    ///
    /// - Parameter input: the number of an input among those of the run, by its number in the statement.
    public func partial(_ statement: Statement, _ rules: RuleBook, events layout: EventLayout, input: (Int) -> Int) throws(Fault) -> Partial {
        try partial(statement, rules, layout) { (input(Int($0.record >> 32)), Int($0.record & 0xFFFF_FFFF)) }
    }

    /// The same of a table, which is one input. Its records are known by the ids of their events: of each group the first by its id.
    public func partial(_ statement: Statement, _ rules: RuleBook, events layout: EventLayout, table input: Int) throws(Fault) -> Partial {
        let names = Set(rows.compactMap(\.recordName)).sorted()
        let ordinals = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($0.element, $0.offset) })
        var partial = try partial(statement, rules, layout) { (input, $0.recordName.flatMap { ordinals[$0] } ?? 0) }
        var places = RecordPointers()
        for (ordinal, name) in names.enumerated() { places.append(ordinal: ordinal, place: "event \(name)") }
        partial.pointers[input] = places
        return partial
    }

    /// How many rows of a table are no events, or have a time that is none.
    public var oddities: Int { rows.reduce(0) { $0 + $1.oddities } }

    /// The vectors that would have looked at some of the events, and that the statement does not ask.
    public func unasked(_ statement: Statement, _ rules: RuleBook, events layout: EventLayout) -> [String] {
        let lost = Set(statement.refusals.filter(\.isLost).map(\.vector))
        let observer = AnswerObserver(rules, layout: layout)
        let meant = rows.filter { $0.part == "class" }.flatMap { observer.vectors(service: $0.text(0), action: $0.text(1)) }
        return lost.intersection(meant).sorted()
    }

    private func partial(
        _ statement: Statement, _ rules: RuleBook, _ layout: EventLayout, _ record: (Row) -> (input: Int, ordinal: Int)
    ) throws(Fault) -> Partial {
        var observer = AnswerObserver(rules, layout: layout)
        for row in rows {
            switch row.part {
            case "input": observer.note(input: record(row).input, events: row.events)
            case "class": observer.note(service: row.text(0), action: row.text(1), events: row.events)
            case "activity":
                guard let first = row.first, let last = row.last else { continue }
                observer.note(account: row.text(0), region: row.text(1), first: first, last: last)
            case "vector":
                let (input, ordinal) = record(row)
                let tally = Tally(count: row.events, first: row.first, last: row.last, record: RecordNumber(input: input, ordinal: ordinal))
                if statement.wholeEvents.contains(row.question) {
                    guard (try? observer.observe(question: row.question, event: row.text(0), attempted: row.attempted, tally: tally)) != nil else {
                        throw Fault(message: "the engine gave back an event that is not JSON: \(row.text(0).prefix(200))")
                    }
                } else {
                    observer.observe(question: row.question, fields: row.texts, holds: row.holds, attempted: row.attempted, tally: tally)
                }
            default: throw Fault(message: "the engine answered with a part `\(row.part)` that the statement does not have")
            }
        }
        return observer.finish()
    }
}

extension Answer.Row {
    fileprivate func text(_ index: Int) -> String { texts.indices.contains(index) ? texts[index] ?? "" : "" }
}
