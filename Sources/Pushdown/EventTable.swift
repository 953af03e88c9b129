import Residency

/// The events as a relation: `event(input, record, is_event, is_odd, service, word, action, account, region, seconds,
/// attempted)`, with the JSON of the event or its columns beside.
extension StatementBuilder {
    /// Files: each a document `{"Records": [...]}`.
    ///
    /// What the engine's reader takes for JSON and ours does not, a name that comes twice, a record that is no event, a time
    /// in another form: a file with any of these is *odd*, and read by ours.
    func documentEvents() -> String {
        switch dialect {
        case .duckdb: duckdbEvents()
        case .sparkSQL: sparkEvents()
        case .clickhouse, .postgres, .trino: otherEvents()
        }
    }

    private func duckdbEvents() -> String {
        func text(_ path: [String]) -> String { dialect.string("event", path) }
        func kind(_ path: [String]) -> String { dialect.kind("event", path) }
        let (service, action) = (events.service, events.action)
        let simple = [events.account, events.region].map { "coalesce(\(kind($0)) NOT IN ('VARCHAR', 'NULL'), FALSE)" }
        return """
            input AS (
              SELECT unnest(getvariable('inputs')) AS path, generate_subscripts(getvariable('inputs'), 1) - 1 AS number
            ),
            document AS (
              -- One object whose one member is a list; what stands before a closing bracket is no comma, and nothing is NaN.
              SELECT filename AS path, json,
                count(*) OVER (PARTITION BY filename) > 1 OR json_keys(json) IS DISTINCT FROM ['Records']
                  OR json_type(json, '$.Records') IS DISTINCT FROM 'ARRAY'
                  OR regexp_matches(json, ',\\s*[\\]}]|(?i)[:,\\[]\\s*[-+]?(nan|inf|infinity)\\s*[,\\]}]') AS is_odd
              FROM read_json_objects(getvariable('inputs'), format = 'unstructured', filename = TRUE, maximum_object_size = 67108864)
            ),
            element AS (
              SELECT path, is_odd, unnest(list) AS event, generate_subscripts(list, 1) - 1 AS ordinal
              FROM (
                SELECT path, is_odd, CASE WHEN is_odd OR json_array_length(json, '$.Records') = 0 THEN [NULL] ELSE json_extract(json, '$.Records[*]') END AS list
                FROM document
              )
            ),
            event AS (
              SELECT number AS input, (CAST(number AS BIGINT) << 32) + ordinal AS record, event IS NOT NULL AS is_event,
                is_odd OR event IS NOT NULL AND (json_type(event) <> 'OBJECT' OR length(event) > 8388608
                  OR coalesce(\(kind(service)), '') <> 'VARCHAR' OR coalesce(\(kind(action)), '') <> 'VARCHAR'
                  OR \(simple.joined(separator: " OR "))
                  OR CASE \(kind(events.time)) WHEN 'VARCHAR' THEN length(\(text(events.time))) <> 20 OR \(dialect.seconds(text(events.time))) IS NULL OR \(dialect.seconds(text(events.time))) < 0 WHEN 'NULL' THEN FALSE ELSE \(kind(events.time)) IS NOT NULL END
                  -- A name that comes twice.
                  OR coalesce(list_bool_or(list_transform(json_keys(event, \(dialect.paths(ways))), lambda names: len(names) <> len(list_distinct(names)))), FALSE)
                  -- Deeper than a reader goes, perhaps.
                  OR (length(event) > 1000 AND length(event) - length(replace(replace(event, '[', ''), '{', '')) > 500)) AS is_odd,
                \(text(service)) AS service, \(word(text(service))) AS word, \(text(action)) AS action,
                \(text(events.account)) AS account, \(text(events.region)) AS region, \(dialect.seconds(text(events.time))) AS seconds,
                coalesce(\(kind(events.error)) <> 'NULL' AND \(text(events.error)) <> '', FALSE) AS attempted, event
              FROM element JOIN input USING (path)
            )
            """
    }

    /// Documents that somebody has found to be faithful, since Spark's own reader tells little: `SparkSQL`'s job does. What
    /// VARIANT cannot hold is odd here as well.
    private func sparkEvents() -> String {
        func text(_ path: [String]) -> String { dialect.string("event", path) }
        let (service, time) = (text(events.service), dialect.seconds(text(events.time)))
        return """
            -- \(table)(input: the number of the file, document: its text)
            document AS (
              -- The document itself must not go on beside each of its events.
              SELECT input, json, json IS NULL AS is_odd FROM (SELECT input, try_parse_json(document) AS json FROM \(table))
            ),
            element AS (
              SELECT input, is_odd, coalesce(pos, 0) AS ordinal, value AS event
              FROM document, LATERAL variant_explode_outer(try_variant_get(json, '$.Records', 'variant'))
            ),
            event AS (
              SELECT input, CAST(input AS bigint) * 4294967296 + ordinal AS record, event IS NOT NULL AS is_event, is_odd,
                \(service) AS service, \(word(service)) AS word, \(text(events.action)) AS action,
                \(text(events.account)) AS account, \(text(events.region)) AS region, \(time) AS seconds,
                coalesce(\(text(events.error)), '') <> '' AS attempted, event
              FROM element
            )
            """
    }

    private func otherEvents() -> String {
        func text(_ path: [String]) -> String { dialect.string("event", path) }
        let elements =
            switch dialect {
            case .clickhouse: "SELECT input, ordinal, event FROM \(table) ARRAY JOIN JSONExtractArrayRaw(document, 'Records') AS event, arrayEnumerate(JSONExtractArrayRaw(document, 'Records')) AS ordinal"
            case .postgres:
                "SELECT input, ordinal, event FROM \(table), LATERAL jsonb_array_elements(CAST(document AS jsonb) -> 'Records') WITH ORDINALITY AS records(event, ordinal)"
            default: "SELECT input, ordinal, event FROM \(table) CROSS JOIN UNNEST(CAST(json_extract(json_parse(document), '$.Records') AS array(json))) WITH ORDINALITY AS records(event, ordinal)"
            }
        return """
            -- \(table)(input: the number of the file, document: its text)
            element AS (
              \(elements)
            ),
            event AS (
              SELECT input, CAST(input AS bigint) * 4294967296 + ordinal - 1 AS record, TRUE AS is_event,
                \(text(events.service)) IS NULL OR \(text(events.action)) IS NULL AS is_odd,
                \(text(events.service)) AS service, \(word(text(events.service))) AS word, \(text(events.action)) AS action,
                \(text(events.account)) AS account, \(text(events.region)) AS region, \(dialect.seconds(text(events.time))) AS seconds,
                coalesce(\(text(events.error)), '') <> '' AS attempted, event
              FROM element
            )
            """
    }

    /// A table with columns. A row without a service or an action is no event, and one whose time is none is odd: both are told.
    func tableEvents() -> String {
        let columns = layout.columns.map { "\($0.sql) AS \($0.name)" }.joined(separator: ", ")
        let seconds = layout == .ocsfAPIActivity ? times() : dialect.seconds("c_eventtime")
        return """
            source AS (
              SELECT \(columns) FROM \(table)
            ),
            event AS (
              SELECT 0 AS input, c_eventid AS record, c_eventsource IS NOT NULL AND c_eventname IS NOT NULL AS is_event,
                c_eventsource IS NULL OR c_eventname IS NULL OR c_eventtime IS NOT NULL AND \(seconds) IS NULL AS is_odd,
                c_eventsource AS service, \(word("c_eventsource")) AS word, c_eventname AS action,
                c_recipientaccountid AS account, c_awsregion AS region, \(seconds) AS seconds,
                coalesce(c_errorcode, '') <> '' AS attempted, \(layout.columns.map(\.name).joined(separator: ", "))
              FROM source
            )
            """
    }

    /// Seconds of a column that is a time already.
    private func times() -> String {
        switch dialect {
        case .duckdb: "CAST(epoch(c_eventtime) AS BIGINT)"
        case .sparkSQL: "unix_seconds(c_eventtime)"
        case .clickhouse: "toInt64(toUnixTimestamp(c_eventtime))"
        case .postgres: "CAST(extract(epoch FROM c_eventtime) AS bigint)"
        case .trino: "CAST(to_unixtime(c_eventtime) AS bigint)"
        }
    }

    /// The word of a service without what every service's name ends with.
    private func word(_ service: String) -> String {
        let suffix = events.serviceSuffix
        guard !suffix.isEmpty else { return service }
        return "CASE WHEN \(dialect.end(service, suffix.count)) = \(dialect.text(suffix)) THEN \(dialect.start(service, 0).replacing(", 0)", with: ", length(\(service)) - \(suffix.count))")) ELSE \(service) END"
    }
}
