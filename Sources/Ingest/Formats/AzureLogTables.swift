import CEL
import Residency

/// Rows of Log Analytics as its interface answers a query: tables with their columns.
///
///     {"tables": [{"name": "PrimaryResult", "columns": [{"name": "TimeGenerated", "type": "datetime"}, {"name": "OperationNameValue", "type": "string"}],
///                  "rows": [["2026-11-19T10:00:00Z", "MICROSOFT.STORAGE/STORAGEACCOUNTS/WRITE"]]}]}
///
/// Each row is written as the record that it is, and read as one.
enum AzureLogTables: InputFormat {
    static let id = AzureLogs.id
    static let title = "rows of Log Analytics"

    static let lists = ["tables", "Tables"]

    static func recognises(_ head: Head) -> Bool {
        head.candidates.contains { object in
            lists.contains { name in
                let table = object.members[name].flatMap { head.firstElement(at: $0) }.flatMap { head.object(at: $0) }
                return table.map { isTable($0.has) } ?? false
            }
        }
    }

    private static func isTable(_ has: (String) -> Bool) -> Bool { (has("columns") || has("Columns")) && (has("rows") || has("Rows")) }

    static func read(_ session: ReadSession) throws(ReadError) {
        let records = LogReading(session, AzureLogs.shape)
        let maxDepth = session.plan.limits.maxDepth
        var stopped: ReadError?
        try ValueWalk.walk(session, lists: lists) { table, place in
            guard let columns = (table.member("columns") ?? table.member("Columns"))?.elements else {
                return session.malformed(byte: place.byte, place: place.pointer, "a table without `columns` cannot be read")
            }
            let named = columns.map { (name: $0.text("name", "ColumnName") ?? "", isDynamic: $0.text("type", "ColumnType", "DataType") == "dynamic") }
            let (rows, word) = (table.member("rows")?.elements ?? table.member("Rows")?.elements ?? [], table.member("rows") == nil ? "Rows" : "rows")
            for (index, row) in rows.enumerated() where stopped == nil {
                let members = zip(named, row.elements ?? []).map { column, value in (column.name, column.isDynamic ? value.decodingText(maxDepth: maxDepth) : value) }
                JSON.write(.object(members)).withUnsafeBufferPointer { text in
                    do throws(ReadError) {
                        try records.read(text, at: "\(place.pointer)/\(word)/\(index)", position: nil, byte: place.byte, depth: 1)
                    } catch {
                        stopped = error
                    }
                }
            }
        }
        if let stopped { throw stopped }
        records.finish()
    }
}
