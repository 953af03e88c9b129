/// The fields of an event in SQL. Where statements are run, the fields that a question asks for are taken out first: `f`
/// holds the values, `k` what they are. Elsewhere each mention looks for itself.
struct EventFields {
    let dialect: Dialect
    let layout: Layout
    private(set) var values: [[String]] = []
    private(set) var kinds: [[String]] = []

    init(_ dialect: Dialect, _ layout: Layout) {
        self.dialect = dialect
        self.layout = layout
    }

    /// Whether a question's fields are taken out together.
    var isTogether: Bool { (dialect == .duckdb || dialect == .sparkSQL) && layout == .documents }

    /// Begins the fields of another question.
    mutating func removeAll() {
        values = []
        kinds = []
    }

    /// Whether the layout has the field, and the dialect can name it.
    func has(_ path: [String]) -> Bool {
        Dialect.canName(path) && layout.source(path) != .absent
    }

    /// The field as JSON text; NULL if it is missing.
    mutating func written(_ path: [String]) -> String {
        if isTogether { return dialect.written(dialect.element("f", index(path, &values))) }
        switch layout.source(path) {
        case .json(let column, let path): return dialect.written(dialect.value(column, path))
        case .written(let column, let path):
            return path.isEmpty ? column : dialect.written(dialect.value(dialect.parsed(column), path))
        case .text(let column): return quoted(column)
        case .absent: return "NULL"
        }
    }

    /// What the field is, in the dialect's words; NULL if it is missing, and where the layout cannot tell.
    mutating func kind(_ path: [String]) -> String {
        if isTogether { return dialect.element("k", index(path, &kinds)) }
        switch layout.source(path) {
        case .json(let column, let path): return dialect.kind(column, path)
        case .written(let column, let path):
            return path.isEmpty ? "CASE WHEN \(column) IS NOT NULL THEN \(dialect.text(dialect.words(.map)[0])) END" : dialect.kind(dialect.parsed(column), path)
        case .text(let column): return "CASE WHEN \(column) IS NOT NULL THEN \(dialect.text(dialect.words(.string)[0])) END"
        case .absent: return "NULL"
        }
    }

    /// The field's text, where it is one.
    mutating func string(_ path: [String]) -> String {
        if isTogether { return dialect.string(dialect.element("f", index(path, &values)), []) }
        switch layout.source(path) {
        case .json(let column, let path): return dialect.string(column, path)
        case .written(let column, let path): return path.isEmpty ? column : dialect.string(dialect.parsed(column), path)
        case .text(let column): return column
        case .absent: return "NULL"
        }
    }

    /// The number of elements of the field, where it is a list.
    mutating func length(_ path: [String]) -> String {
        if isTogether { return dialect.length(dialect.element("f", index(path, &values)), []) }
        switch layout.source(path) {
        case .json(let column, let path): return dialect.length(column, path)
        case .written(let column, let path): return dialect.length(dialect.parsed(column), path)
        case .text, .absent: return "NULL"
        }
    }

    /// Whether the layout tells a missing field from one that is there.
    func tellsPresence(_ path: [String]) -> Bool {
        switch layout.source(path) {
        case .json: true
        case .written(_, let rest): !rest.isEmpty
        case .text, .absent: false
        }
    }

    private func index(_ path: [String], _ list: inout [[String]]) -> Int {
        if let index = list.firstIndex(of: path) { return index }
        list.append(path)
        return list.count - 1
    }

    /// A text column as the JSON of its text.
    private func quoted(_ column: String) -> String {
        let (quote, slash) = (dialect.text("\""), dialect.text("\\"))
        let escaped = "replace(replace(\(column), \(slash), \(dialect.text("\\\\"))), \(quote), \(dialect.text("\\\"")))"
        return dialect == .clickhouse || dialect == .sparkSQL ? "concat(\(quote), \(escaped), \(quote))" : "\(quote) || \(escaped) || \(quote)"
    }
}
