/// A language of SQL, as far as the statements need it: how to look into JSON, and what the dialects write differently.
///
/// A JSON value that is missing is SQL NULL; JSON's own null is not.
public enum Dialect: String, Sendable, CaseIterable {
    case duckdb
    case sparkSQL = "spark-sql"
    case clickhouse
    case postgres
    case trino

    /// Whether our own tests run the statements of this dialect on its engine, over a layout.
    public func isExecuted(_ layout: Layout) -> Bool { self == .sparkSQL || self == .duckdb && layout == .documents }

    /// The layouts over which our own tests run its statements.
    public var executed: [Layout] { Layout.allCases.filter(isExecuted) }

    /// What a JSON value is, as far as conditions tell values apart.
    enum Kind: CaseIterable { case string, null, bool, number, list, map }

    // MARK: looking into JSON

    /// The JSON value at a path.
    func value(_ json: String, _ path: [String]) -> String {
        switch self {
        case .duckdb: "json_extract(\(json), \(text(pointer(path))))"
        case .sparkSQL: "try_variant_get(\(json), \(text(pointer(path))), 'variant')"
        case .clickhouse: "if(JSONHas(\(json), \(texts(path))), JSONExtractRaw(\(json), \(texts(path))), NULL)"
        case .postgres: "(\(json) #> \(array(path.map(text))))"
        case .trino: "json_extract(\(json), \(text(pointer(path))))"
        }
    }

    /// What the JSON value at a path is: a word of the dialect, NULL if it is missing.
    func kind(_ json: String, _ path: [String]) -> String {
        switch self {
        case .duckdb: "json_type(\(json), \(text(pointer(path))))"
        case .sparkSQL: "left(to_json(\(value(json, path))), 1)"
        case .clickhouse: "if(JSONHas(\(json), \(texts(path))), toString(JSONType(\(json), \(texts(path)))), NULL)"
        case .postgres: "jsonb_typeof(\(value(json, path)))"
        case .trino: "substr(json_format(\(value(json, path))), 1, 1)"
        }
    }

    /// The text of a JSON string at a path; what it gives for other values does not matter.
    func string(_ json: String, _ path: [String]) -> String {
        switch self {
        case .duckdb: "json_extract_string(\(json), \(text(pointer(path))))"
        case .sparkSQL: "try_variant_get(\(json), \(text(pointer(path))), 'string')"
        case .clickhouse: "JSONExtractString(\(json), \(texts(path)))"
        case .postgres: "(\(json) #>> \(array(path.map(text))))"
        case .trino: "json_extract_scalar(\(json), \(text(pointer(path))))"
        }
    }

    /// The JSON values at some paths, as a list.
    func values(_ json: String, _ paths: [[String]]) -> String {
        self == .duckdb ? "json_extract(\(json), \(self.paths(paths)))" : array(paths.map { value(json, $0) })
    }

    /// What the JSON values at some paths are, as a list.
    func kinds(_ json: String, _ paths: [[String]]) -> String {
        self == .duckdb ? "json_type(\(json), \(self.paths(paths)))" : array(paths.map { kind(json, $0) })
    }

    /// An element of a list, the first by 0.
    func element(_ list: String, _ index: Int) -> String {
        self == .sparkSQL ? "get(\(list), \(index))" : "\(list)[\(index + 1)]"
    }

    /// A JSON value as text.
    func written(_ value: String) -> String {
        switch self {
        case .duckdb: "CAST(\(value) AS VARCHAR)"
        case .sparkSQL: "to_json(\(value))"
        case .clickhouse: value
        case .postgres: "CAST(\(value) AS text)"
        case .trino: "json_format(\(value))"
        }
    }

    /// A text as JSON that can be looked into.
    func parsed(_ text: String) -> String {
        switch self {
        case .duckdb: "CAST(\(text) AS JSON)"
        case .sparkSQL: "try_parse_json(\(text))"
        case .clickhouse: text
        case .postgres: "CAST(\(text) AS jsonb)"
        case .trino: "TRY(json_parse(\(text)))"
        }
    }

    /// The words that `kind` gives for a kind.
    func words(_ kind: Kind) -> [String] {
        switch self {
        case .duckdb:
            switch kind {
            case .string: ["VARCHAR"]
            case .null: ["NULL"]
            case .bool: ["BOOLEAN"]
            case .number: ["UBIGINT", "BIGINT", "DOUBLE", "HUGEINT", "UHUGEINT"]
            case .list: ["ARRAY"]
            case .map: ["OBJECT"]
            }
        case .clickhouse:
            switch kind {
            case .string: ["String"]
            case .null: ["Null"]
            case .bool: ["Bool"]
            case .number: ["Int64", "UInt64", "Double"]
            case .list: ["Array"]
            case .map: ["Object"]
            }
        case .postgres:
            switch kind {
            case .string: ["string"]
            case .null: ["null"]
            case .bool: ["boolean"]
            case .number: ["number"]
            case .list: ["array"]
            case .map: ["object"]
            }
        case .sparkSQL, .trino:
            switch kind {
            case .string: ["\""]
            case .null: ["n"]
            case .bool: ["t", "f"]
            case .number: ["-", "0", "1", "2", "3", "4", "5", "6", "7", "8", "9"]
            case .list: ["["]
            case .map: ["{"]
            }
        }
    }

    func isKind(_ sql: String, _ kind: Kind) -> String {
        let words = words(kind)
        return words.count == 1 ? "\(sql) = \(text(words[0]))" : "\(sql) IN (\(words.map(text).joined(separator: ", ")))"
    }

    // MARK: words of texts

    /// Whether a text matches a pattern.
    func matches(_ text: String, _ pattern: String) -> String {
        switch self {
        case .duckdb: "regexp_matches(\(text), \(self.text(pattern)))"
        case .sparkSQL: "\(text) RLIKE \(self.text(pattern))"
        case .clickhouse: "match(\(text), \(self.text(pattern)))"
        case .postgres: "\(text) ~ \(self.text(pattern))"
        case .trino: "regexp_like(\(text), \(self.text(pattern)))"
        }
    }

    /// What of some JSON matches a pattern and holds one of the marks, each once, as a JSON list. Escapes count as spaces: what an engine
    /// still writes with one is no part of a word.
    func words(_ json: String, _ pattern: String, marks: String) -> String {
        let (escape, space, word) = (text("\\\\(u[0-9a-fA-F]{4}|.)"), text(" "), text(pattern))
        let joint = text("\",\"")
        let list =
            switch self {
            case .duckdb:
                "array_to_string(list_sort(list_distinct(list_filter(regexp_extract_all(regexp_replace(\(json), \(escape), \(space), 'g'), \(word)), lambda w: \(matches("w", marks))))), \(joint))"
            case .sparkSQL:
                "array_join(array_sort(array_distinct(filter(regexp_extract_all(regexp_replace(\(json), \(escape), \(space)), \(word), 0), w -> \(matches("w", marks))))), \(joint))"
            case .clickhouse:
                "arrayStringConcat(arraySort(arrayDistinct(arrayFilter(w -> \(matches("w", marks)), extractAll(replaceRegexpAll(assumeNotNull(\(json)), \(escape), \(space)), \(word))))), \(joint))"
            case .postgres:
                "array_to_string(ARRAY(SELECT DISTINCT w[1] FROM regexp_matches(regexp_replace(\(json), \(escape), \(space), 'g'), \(text("(\(pattern))")), 'g') AS found(w) WHERE \(matches("w[1]", marks)) ORDER BY 1), \(joint))"
            case .trino:
                "array_join(array_sort(array_distinct(filter(regexp_extract_all(regexp_replace(\(json), \(escape), \(space)), \(word)), w -> \(matches("w", marks))))), \(joint))"
            }
        let (open, close) = (text("[\""), text("\"]"))
        return self == .clickhouse || self == .sparkSQL ? "concat(\(open), \(list), \(close))" : "\(open) || \(list) || \(close)"
    }

    // MARK: lengths

    /// The number of elements of the JSON list at a path.
    func length(_ json: String, _ path: [String]) -> String {
        switch self {
        case .duckdb: "json_array_length(\(json), \(text(pointer(path))))"
        case .sparkSQL: "size(try_variant_get(\(json), \(text(pointer(path))), 'array<variant>'))"
        case .clickhouse: "JSONLength(\(json), \(texts(path)))"
        case .postgres: "jsonb_array_length(\(value(json, path)))"
        case .trino: "json_array_length(\(value(json, path)))"
        }
    }

    /// A path that a statement can name: the engines do not agree on how to write any other.
    static func canName(_ path: [String]) -> Bool {
        path.allSatisfy { name in
            !name.isEmpty && name.utf8.allSatisfy { byte in
                (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte) || byte == 95 || byte == 45
            } && !(48...57).contains(name.utf8.first ?? 48)
        }
    }

    private func pointer(_ path: [String]) -> String {
        switch self {
        case .trino, .sparkSQL: "$" + path.map { "[\"\($0)\"]" }.joined()
        default: "$" + path.map { ".\"\($0)\"" }.joined()
        }
    }

    // MARK: words

    /// A text as a literal.
    public func literal(_ text: String) -> String { self.text(text) }

    func text(_ text: String) -> String {
        // Spark and ClickHouse read escapes in literals.
        guard self == .clickhouse || self == .sparkSQL else { return "'" + text.replacing("'", with: "''") + "'" }
        return "'" + text.replacing("\\", with: "\\\\").replacing("'", with: "\\'") + "'"
    }

    private func texts(_ path: [String]) -> String { path.map(text).joined(separator: ", ") }

    func array(_ elements: [String]) -> String {
        switch self {
        case .duckdb, .clickhouse: "[\(elements.joined(separator: ", "))]"
        case .sparkSQL: "array(\(elements.joined(separator: ", ")))"
        case .postgres: "CAST(ARRAY[\(elements.joined(separator: ", "))] AS text[])"
        case .trino: "ARRAY[\(elements.joined(separator: ", "))]"
        }
    }

    /// A name that is a word of the language.
    func name(_ word: String) -> String { self == .sparkSQL ? "`\(word)`" : "\"\(word)\"" }

    /// A list of paths into JSON.
    func paths(_ paths: [[String]]) -> String { array(paths.map { text(pointer($0)) }) }

    /// The seconds since 1970 of a time as CloudTrail writes it, `2026-10-31T23:59:59Z`; NULL if it is not one.
    func seconds(_ text: String) -> String {
        switch self {
        case .duckdb: "CAST(epoch(try_strptime(\(text), '%Y-%m-%dT%H:%M:%SZ')) AS BIGINT)"
        case .sparkSQL: "unix_seconds(try_to_timestamp(\(text)))"
        case .clickhouse: "toInt64(toUnixTimestamp(parseDateTimeBestEffortOrNull(\(text), 'UTC')))"
        case .postgres: "CAST(extract(epoch FROM CAST(\(text) AS timestamptz)) AS bigint)"
        case .trino: "CAST(to_unixtime(TRY(from_iso8601_timestamp(\(text)))) AS bigint)"
        }
    }

    /// The characters of a text from its first, and from its last.
    func start(_ text: String, _ count: Int) -> String {
        switch self {
        case .clickhouse: "leftUTF8(\(text), \(count))"
        case .trino: "substr(\(text), 1, \(count))"
        default: "left(\(text), \(count))"
        }
    }

    func end(_ text: String, _ count: Int) -> String {
        switch self {
        case .clickhouse: "rightUTF8(\(text), \(count))"
        case .trino: "substr(\(text), -\(count))"
        default: "right(\(text), \(count))"
        }
    }

    /// Where a literal begins in a text, 0 if nowhere.
    func position(_ text: String, _ literal: String) -> String {
        switch self {
        case .duckdb, .postgres, .trino: "strpos(\(text), \(self.text(literal)))"
        case .sparkSQL: "instr(\(text), \(self.text(literal)))"
        case .clickhouse: "position(\(text), \(self.text(literal)))"
        }
    }

    var textType: String { self == .clickhouse ? "Nullable(String)" : self == .sparkSQL ? "STRING" : "varchar" }
    var integerType: String { self == .clickhouse ? "Nullable(Int64)" : "bigint" }
}
