import Residency

/// Reads a table that says whose data things hold: a mapping of one's own, or what a data catalogue exports. A line is a rule for
/// the thing that it names; the columns are known by the words that tags are known by.
enum SubjectsTable {
    private static let nameColumns = ["name", "names", "resource", "resourcename", "asset", "assetname", "arn", "id", "fullyqualifiedname"]

    /// Whether a file's first line names things and says something of them.
    static func isOne(_ source: SourceText, _ subjects: SubjectRules) -> Bool {
        guard source.path.lowercased().hasSuffix(".csv"), let first = source.lines.first(where: { !$0.isEmpty && !$0.hasPrefix("#") }) else { return false }
        let names = first.split(separator: ",").map { plain(String($0)) }
        let keys = Set((subjects.dataTags + subjects.tenantTags + subjects.homeTags + subjects.systemTags + ["home"]).map(plain))
        return names.contains(where: nameColumns.contains) && names.contains(where: keys.contains)
    }

    static func read(into subjects: inout SubjectRules, _ problems: inout Problems) {
        let rows = CSVTable.rows(&problems)
        guard let header = rows.first else { return }
        let columns = header.map { plain($0.text) }
        func column(_ keys: [String]) -> Int? {
            let keys = keys.map(plain)
            return columns.firstIndex { keys.contains($0) }
        }
        guard let name = column(nameColumns) else { return }
        let (data, tenant, system) = (column(subjects.dataTags), column(subjects.tenantTags), column(subjects.systemTags))
        let home = column(subjects.homeTags + ["home"])
        for row in rows.dropFirst() {
            func cell(_ index: Int?) -> String? {
                guard let index, index < row.count, !row[index].text.isEmpty else { return nil }
                return row[index].text
            }
            guard let names = cell(name) else {
                problems.error(row[0].mark, length: 1, "the line names nothing")
                continue
            }
            let homes = cell(home)?.split(separator: ";").map { String($0).trimmed } ?? []
            if let home, let first = homes.first { problems.use(jurisdiction: first, row[home].mark, length: first.unicodeScalars.count) }
            let rule = SubjectRules.Rule(names: names.split(separator: ";").map { String($0).trimmed }, data: cell(data), tenant: cell(tenant), homes: homes, system: cell(system))
            // A line that says nothing yet is a thing that nobody has classified: it stays unknown.
            if rule.data != nil || rule.tenant != nil || !rule.homes.isEmpty || rule.system != nil { subjects.rules.append(rule) }
        }
    }

    private static func plain(_ key: String) -> String { key.lowercased().filter { $0.isLetter || $0.isNumber } }
}
