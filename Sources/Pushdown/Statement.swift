import CEL
import Engine
public import Policy
public import Residency

/// The event vectors of a catalogue as one SQL statement: it filters the events by the conditions, takes the fields that
/// each vector reads, and counts the events that have the same. Where a place is, and whether it is where it may be, is
/// told from the answer by the programs that judge files too.
///
/// The answer's rows, by `part`:
///
///     input     record = the input's number << 32; events, first, last; oddities = how many of its records only a reader of files can judge
///     class     texts = [service, action]; events
///     activity  texts = [account, region]; first, last: the events of one minute
///     vector    question, holds, attempted, texts = the question's fields as JSON; events, first, last, record
public struct Statement: Sendable {
    /// A part of a vector that the statement does not answer.
    public struct Refusal: Sendable, Hashable {
        public var vector: String
        public var expression: String
        public var reason: String
        /// What is done instead.
        public var instead: String
        /// Nothing is: the vector is not asked at all.
        public var isLost = false
    }

    public let dialect: Dialect
    public let layout: Layout
    public let sql: String
    public let refusals: [Refusal]
    /// The questions whose events come back whole, as the one text of their rows.
    public let wholeEvents: Set<Int>
    /// The fields whose JSON an answer holds.
    public let values: [[String]]
    /// The fields of which an answer says what they are; of a number, which.
    public let kinds: [[String]]

    /// Whether our own tests run statements like this on their engine.
    public var isExecuted: Bool { dialect.isExecuted(layout) }

    /// - Parameter table: where the events are; the layout's own name for it if `nil`.
    public init(_ catalogue: Catalogue, events: EventLayout, dialect: Dialect, layout: Layout, table: String? = nil) {
        var builder = StatementBuilder(dialect, layout, events, table: table ?? layout.table)
        let questions = Question.all(catalogue, layout: events)
        builder.named = Question.named(catalogue, layout: events)
        let isOpen = Question.areNamedByConditions(catalogue, layout: events)
        for question in questions { builder.add(question, isOpen: isOpen) }
        builder.note(Question.paths(catalogue, layout: events))
        self.dialect = dialect
        self.layout = layout
        sql = builder.sql()
        refusals = builder.refusals
        wholeEvents = builder.wholeEvents
        let fields = questions.flatMap(\.fields)
        let whole: [[String]] = builder.wholeEvents.isEmpty ? [] : [[]]
        values = Self.sorted(whole + fields.filter { $0.need >= .fill }.map(\.path))
        kinds = Self.sorted(fields.filter { $0.need == .kind }.map(\.path))
    }

    private static func sorted(_ paths: [[String]]) -> [[String]] { Set(paths).sorted { $0.lexicographicallyPrecedes($1) } }
}

/// Puts the statement together.
struct StatementBuilder {
    let dialect: Dialect
    let layout: Layout
    let events: EventLayout
    let table: String
    private var compiler: ConditionCompiler
    private var rows: [String] = []
    private var conditions: [String] = []
    private var answers: [String] = []
    /// Where fields are taken out first: those of each question, and what they are.
    private var values: [String] = []
    private var kinds: [String] = []
    private var hasServicePatterns = false
    /// The numbers of the questions that are sweeps, and what vectors name, of which no sweep is made.
    private var sweeps: [Int] = []
    var named: [(service: String, actions: [String])] = []
    private(set) var ways: [[String]] = []
    private(set) var refusals: [Statement.Refusal] = []
    private(set) var wholeEvents: Set<Int> = []

    init(_ dialect: Dialect, _ layout: Layout, _ events: EventLayout, table: String) {
        self.dialect = dialect
        self.layout = layout
        self.events = events
        self.table = table
        compiler = ConditionCompiler(EventFields(dialect, layout))
    }

    /// Remembers the members below which fields are looked for: a name that one of them has twice makes a record odd.
    mutating func note(_ paths: [[String]]) {
        var all: Set<[String]> = [[]]
        for path in paths { for length in 0..<path.count { all.insert(Array(path.prefix(length))) } }
        ways = all.sorted { $0.lexicographicallyPrecedes($1) }.filter(Dialect.canName)
    }

    /// - Parameter isOpen: vectors name actions in their conditions alone.
    mutating func add(_ question: Question, isOpen: Bool) {
        let vector = question.vector
        guard case .event(let service, let actions) = vector.trigger else { return }
        if !vector.sweeps.isEmpty {
            guard !isOpen else {
                refusals.append(
                    .init(
                        vector: vector.id, expression: vector.place.source, reason: "which actions vectors name is told by their conditions",
                        instead: "not in the statement: judge the raw logs for it", isLost: true))
                return
            }
            sweeps.append(question.number)
        }
        let lacking = question.fields.filter { !compiler.fields.has($0.path) }.map { "event." + $0.path.joined(separator: ".") }
        if let first = lacking.first {
            guard layout == .documents else {
                refusals.append(
                    .init(
                        vector: vector.id, expression: vector.place.source, reason: "`\(first)` is not in the layout `\(layout.rawValue)`",
                        instead: "not in the statement: judge the raw logs for it", isLost: true))
                return
            }
            refusals.append(
                .init(
                    vector: vector.id, expression: vector.place.source, reason: "`\(first)` cannot be named in SQL",
                    instead: "its events come back whole and are judged here"))
        }
        compiler.fields.removeAll()
        defer { takeOut(question) }
        let triggers = self.triggers(question.number, service, actions)
        if lacking.isEmpty {
            var holds = vector.when.map { condition(vector, $0) } ?? "TRUE"
            if !vector.sweeps.isEmpty {
                // Without a word that may name a place there is nothing to tell.
                let marked = vector.sweeps.map { dialect.matches(compiler.fields.written($0), Self.marks(question)) }.joined(separator: " OR ")
                holds = "CASE WHEN \(holds) THEN coalesce(\(marked), FALSE) WHEN NOT (\(holds)) THEN FALSE END"
            }
            let sql = triggers.map { "\($0) AND \(holds)" } ?? holds
            if sql != "TRUE" { conditions.append("WHEN \(question.number) /* \(vector.id) */ THEN \(sql)") }
            answers.append("WHEN \(question.number) /* \(vector.id) */ THEN \(dialect.array(question.fields.map { answer($0, question) }))")
        } else {
            wholeEvents.insert(question.number)
            // The programs have the last word on a condition too.
            let open = vector.when == nil ? "TRUE" : "NULL"
            let sql = triggers.map { "CASE WHEN \($0) THEN \(open) ELSE FALSE END" } ?? open
            conditions.append("WHEN \(question.number) /* \(vector.id) */ THEN \(sql)")
            answers.append("WHEN \(question.number) /* \(vector.id) */ THEN \(dialect.array([compiler.fields.written([])]))")
        }
    }

    private mutating func takeOut(_ question: Question) {
        guard compiler.fields.isTogether else { return }
        let mark = "WHEN \(question.number) /* \(question.vector.id) */ THEN"
        if !compiler.fields.values.isEmpty { values.append("\(mark) \(dialect.values("event", compiler.fields.values))") }
        if !compiler.fields.kinds.isEmpty { kinds.append("\(mark) \(dialect.kinds("event", compiler.fields.kinds))") }
    }

    private mutating func condition(_ vector: Vector, _ when: Policy.Expression) -> String {
        var own = ConditionCompiler(compiler.fields)
        let sql = own.condition(when.program.outline)
        compiler.fields = own.fields
        for why in own.refusals {
            refusals.append(
                .init(
                    vector: vector.id, expression: when.source, reason: "\(why) is not put into SQL",
                    instead: "the condition is decided here, once for each group"))
        }
        return sql
    }

    private mutating func answer(_ field: Question.Field, _ question: Question) -> String {
        let kind = compiler.fields.kind(field.path)
        switch field.need {
        case .presence: return "CASE WHEN \(kind) IS NOT NULL THEN 'true' END"
        case .kind:
            let stubs: [(Dialect.Kind, String)] = [(.map, "{}"), (.list, "[]"), (.null, "null"), (.string, "\"\""), (.bool, "true")]
            // Of a number it counts whether it is an int.
            let number = compiler.fields.written(field.path)
            return "CASE " + stubs.map { "WHEN \(dialect.isKind(kind, $0.0)) THEN '\($0.1)'" }.joined(separator: " ") + " WHEN \(kind) IS NOT NULL THEN \(number) END"
        case .words: return dialect.words(compiler.fields.written(field.path), Self.word, marks: Self.marks(question))
        case .fill, .value:
            let written = compiler.fields.written(field.path)
            return field.isForCondition ? "CASE WHEN holds IS NULL THEN \(written) END" : written
        }
    }

    /// The rows that lead from services and actions to a question, each event by one of them at most; a condition where
    /// patterns overlap.
    private mutating func triggers(_ number: Int, _ service: String, _ actions: [String]) -> String? {
        if service.contains(where: { "*?".contains($0) }) { hasServicePatterns = true }
        let patterns = actions.filter { $0.contains(where: { "*?".contains($0) }) }
        func row(_ action: String) { rows.append("(\(number), \(dialect.text(Self.like(service))), \(dialect.text(Self.like(action))))") }
        if patterns.count > 1 {
            row("*")
            return "(" + actions.map { "action LIKE \(dialect.text(Self.like($0))) ESCAPE '!'" }.joined(separator: " OR ") + ")"
        }
        patterns.forEach(row)
        for action in Set(actions).subtracting(patterns).sorted() where !patterns.contains(where: { Glob.matches($0, action) }) { row(action) }
        return nil
    }

    /// What a word is, and one that may name a place.
    private static var word: String {
        func hex(_ byte: UInt8) -> String { "\\x" + (byte < 16 ? "0" : "") + String(byte, radix: 16) }
        return "[^" + Question.separators.map { hex($0.lowerBound) + ($0.count > 1 ? "-" + hex($0.upperBound) : "") }.joined() + "]{4,}"
    }
    private static func marks(_ question: Question) -> String {
        question.marks.map { mark in mark.map { ".+*?()[]{}|^$\\".contains($0) ? "[\($0)]" : "\($0)" }.joined() }.joined(separator: "|")
    }

    /// The condition that no vector names an event.
    private func unnamed() -> String {
        func isPattern(_ text: String) -> Bool { text.contains { "*?".contains($0) } }
        let pairs = named.flatMap { entry in entry.actions.map { (service: entry.service, action: $0) } }
        let exact = Set(pairs.filter { !isPattern($0.service) && !isPattern($0.action) }.map { "(\(dialect.text($0.service)), \(dialect.text($0.action)))" })
        let patterns = Set(pairs.filter { isPattern($0.service) || isPattern($0.action) }.map { pair in
            "e.word LIKE \(dialect.text(Self.like(pair.service))) ESCAPE '!' AND e.action LIKE \(dialect.text(Self.like(pair.action))) ESCAPE '!'"
        })
        let tests = (exact.isEmpty ? [] : ["(e.word, e.action) IN (\(exact.sorted().joined(separator: ", ")))"]) + patterns.sorted()
        return tests.isEmpty ? "TRUE" : "NOT (\(tests.joined(separator: "\n      OR ")))"
    }

    /// A pattern of ours as one of SQL, with `!` before what is meant as it stands.
    private static func like(_ pattern: String) -> String {
        String(pattern.flatMap { character -> [Character] in
            switch character {
            case "*": ["%"]
            case "?": ["_"]
            case "%", "_", "!": ["!", character]
            default: [character]
            }
        })
    }

    // MARK: the text

    func sql() -> String {
        let event = layout == .documents ? documentEvents() : tableEvents()
        let questions = rows.isEmpty ? ["(-1, '', '')"] : rows
        return """
            -- The event vectors of the catalogue, \(dialect.rawValue), \(layout.rawValue).
            -- \(dialect.isExecuted(layout) ? "Run by Domicile's own tests." : "Not executed by us: its syntax is checked, its answers are not.")
            WITH \(event),
            question\(dialect == .clickhouse ? "" : "(number, service, action)") AS (
              \(values(questions))
            ),
            \(joined())
            asked AS (
              -- TRUE, FALSE, or NULL where the fields have to tell.
              SELECT *, CASE question
            \((conditions + ["ELSE TRUE"]).map { "      " + $0 }.joined(separator: "\n"))
                END AS holds
              FROM joined
            ),
            answered AS (
              SELECT question, holds, attempted, seconds, record,
                CASE question
            \(answers.map { "      " + $0 }.joined(separator: "\n"))
                END AS texts
              FROM asked WHERE holds IS DISTINCT FROM FALSE
            ),
            \(dialect == .duckdb ? "census AS MATERIALIZED (SELECT input, record, is_event, is_odd, service, action, account, region, seconds FROM event)" : "census AS (SELECT * FROM event)")
            \(parts())
            """
    }

    private func joined() -> String {
        let service = hasServicePatterns ? "e.word LIKE q.service ESCAPE '!'" : "e.word = q.service"
        let action = "e.action LIKE q.action" + (hasServicePatterns || rows.contains { $0.contains("!") } ? " ESCAPE '!'" : "")
        let lists = [("f", values), ("k", kinds)].filter { !$0.1.isEmpty }.map { name, cases in
            (name: name, sql: "CASE question\n\(cases.map { "      " + $0 }.joined(separator: "\n"))\n    END")
        }
        let swept = sweeps.isEmpty ? "" : " AND (q.number NOT IN (\(sweeps.map { "\($0)" }.joined(separator: ", "))) OR \(unnamed()))"
        let pairs = "SELECT e.*, q.number AS question FROM event e JOIN question q ON \(service) AND \(action)\(swept)"
        guard dialect == .sparkSQL, !lists.isEmpty else {
            return """
                joined AS (
                  SELECT *\(lists.map { ",\n    \($0.sql) AS \($0.name)" }.joined())
                  FROM (\(pairs)) AS pairs
                ),
                """
        }
        // Out of a generator: Spark's optimizer would put every mention of a field's list in its place, and not come to an end.
        return """
            joined AS (
              SELECT * FROM (\(pairs)), LATERAL inline(array(struct(
                \(lists.map(\.sql).joined(separator: ",\n    "))))) AS fields(\(lists.map(\.name).joined(separator: ", ")))
            ),
            """
    }

    private func values(_ rows: [String]) -> String {
        if dialect == .clickhouse {
            return "SELECT * FROM values('number Int32, service String, action String',\n    \(rows.joined(separator: ",\n    ")))"
        }
        return "\(dialect == .trino || dialect == .sparkSQL ? "SELECT * FROM (" : "")VALUES\n    \(rows.joined(separator: ",\n    "))\(dialect == .trino || dialect == .sparkSQL ? ")" : "")"
    }

    private func parts() -> String {
        let none = "CAST(NULL AS \(dialect.integerType))"
        let noBool = dialect == .clickhouse ? "CAST(NULL AS Nullable(Bool))" : "CAST(NULL AS boolean)"
        let noTexts = dialect.array(["CAST(NULL AS \(dialect.textType))"])
        let inputs = layout == .documents
        return """
            SELECT 'input' AS part, \(none) AS question, \(noBool) AS holds, \(noBool) AS attempted, \(noTexts) AS texts,
              sum(CASE WHEN is_event THEN 1 ELSE 0 END) AS events, min(seconds) AS \(dialect.name("first")), max(seconds) AS \(dialect.name("last")),
              \(inputs ? "min(record)" : "NULL") AS record, sum(CASE WHEN is_odd THEN 1 ELSE 0 END) AS oddities
            FROM census\(inputs ? " GROUP BY input" : "")
            UNION ALL
            SELECT 'class', \(none), \(noBool), \(noBool), \(dialect.array(["service", "action"])), count(*), \(none), \(none), NULL, 0
            FROM census WHERE is_event GROUP BY service, action
            UNION ALL
            SELECT 'activity', \(none), \(noBool), \(noBool), \(dialect.array(["coalesce(account, '')", "coalesce(region, '')"])), count(*), min(seconds), max(seconds), NULL, 0
            FROM census WHERE is_event AND seconds IS NOT NULL GROUP BY coalesce(account, ''), coalesce(region, ''), floor(seconds / 60.0)
            UNION ALL
            SELECT 'vector', question, holds, attempted, texts, count(*), min(seconds), max(seconds), min(record), 0
            FROM answered GROUP BY question, holds, attempted, texts
            """
    }
}
