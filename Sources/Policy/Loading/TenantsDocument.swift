import Residency

/// Reads `tenants`: a list of maps, a map of names to homes, or CSV.
enum TenantsDocument {
    static let keys = ["tenants"]

    /// A tenant and where it stands.
    struct Located {
        let tenant: Tenant
        let mark: Mark
        let length: Int
    }

    static func read(_ node: Node, _ problems: inout Problems) -> [Located] {
        if let items = node.items { return items.compactMap { tenant($0, &problems) } }
        guard let entries = node.entries else {
            problems.error(
                node, "`tenants` must be a list or a map, not \(node.kind)", hint: "write `acme: eu`, or `- {tenant: acme, home: eu}`")
            return []
        }
        return entries.compactMap { entry in
            if entry.value.entries != nil { return tenant(entry.value, named: entry, &problems) }
            guard let home = Fields.text(entry.value, entry.key, &problems) else { return nil }
            problems.use(jurisdiction: home, entry.value)
            return Located(
                tenant: Tenant(name: entry.key, home: home), mark: entry.keyMark, length: entry.key.unicodeScalars.count)
        }
    }

    private static func tenant(_ node: Node, named entry: Node.Entry? = nil, _ problems: inout Problems) -> Located? {
        let keys = (entry == nil ? ["tenant"] : []) + ["home", "names", "accounts"]
        guard let fields = Fields(node, "a tenant", keys, &problems) else { return nil }
        let nameNode = entry == nil ? fields.required("tenant", &problems) : nil
        let name = entry?.key ?? nameNode.flatMap { Fields.text($0, "tenant", &problems) }
        let homeNode = fields.required("home", &problems, hint: "the jurisdiction in which its data was promised to stay")
        let home = homeNode.flatMap { Fields.text($0, "home", &problems) }
        if let home, let homeNode { problems.use(jurisdiction: home, homeNode) }
        guard let name, let home else { return nil }
        let tenant = Tenant(
            name: name, home: home, names: fields.texts("names", &problems).map(\.text),
            accounts: fields.texts("accounts", &problems).map(\.text))
        return Located(tenant: tenant, mark: entry?.keyMark ?? (nameNode ?? node).mark, length: name.unicodeScalars.count)
    }

    // MARK: CSV

    /// Whether a file is CSV: it says so, or its first line has a comma and names the column `tenant`.
    static func isCSV(_ source: SourceText) -> Bool {
        if source.path.lowercased().hasSuffix(".csv") { return true }
        guard let first = source.lines.first(where: { !$0.isEmpty && !$0.hasPrefix("#") }), first.contains(",") else { return false }
        return first.split(separator: ",").contains { $0.lowercased().filter { $0 != "\"" && $0 != " " && $0 != "\u{FEFF}" } == "tenant" }
    }

    /// A header with `tenant` and `home`, perhaps `names` and `accounts` (several are parted by `;`), then one line for each.
    static func readCSV(_ problems: inout Problems) -> [Located] {
        let rows = CSVTable.rows(&problems)
        guard let header = rows.first else {
            problems.error(Mark(line: 1, column: 1), length: 1, "the file of tenants is empty", hint: "its first line is `tenant,home`")
            return []
        }
        var columns: [String: Int] = [:]
        for (index, cell) in header.enumerated() {
            let name = cell.text.lowercased()
            let known = ["tenant", "home", "names", "accounts"]
            if !known.contains(name) {
                problems.error(cell.mark, length: cell.text.count, "unknown column `\(cell.text)`", hint: Words.hint(name, known))
            }
            columns[name] = index
        }
        guard let nameColumn = columns["tenant"], let homeColumn = columns["home"] else {
            problems.error(header[0].mark, length: 1, "the first line must name the columns `tenant` and `home`")
            return []
        }
        return rows.dropFirst().compactMap { row in
            guard row.count > max(nameColumn, homeColumn), !row[nameColumn].text.isEmpty, !row[homeColumn].text.isEmpty else {
                problems.error(row[0].mark, length: 1, "the line lacks a tenant or its home")
                return nil
            }
            let home = row[homeColumn]
            problems.use(jurisdiction: home.text, home.mark, length: home.text.unicodeScalars.count)
            func several(_ column: String) -> [String] {
                guard let index = columns[column], index < row.count else { return [] }
                return row[index].text.split(separator: ";").map { String($0).trimmed }
            }
            let tenant = Tenant(name: row[nameColumn].text, home: home.text, names: several("names"), accounts: several("accounts"))
            return Located(tenant: tenant, mark: row[nameColumn].mark, length: tenant.name.unicodeScalars.count)
        }
    }
}
