import Residency

/// Checks, when every file is read, that the jurisdictions which the files name exist and do not go in circles.
struct JurisdictionCheck {
    private let jurisdictions: Jurisdictions
    private let gazetteer: Gazetteer
    private let names: Set<String>

    init(_ jurisdictions: Jurisdictions, _ gazetteer: Gazetteer) {
        self.jurisdictions = jurisdictions
        self.gazetteer = gazetteer
        names = Set(jurisdictions.all.flatMap { [$0.id, $0.name] })
    }

    /// Reports what a file names and nobody defines.
    func uses(_ problems: inout Problems) {
        for use in problems.uses where !names.contains(use.id) {
            if use.id.contains(":") {
                checkPlace(use, &problems)
            } else if !Jurisdictions.isLiteral(use.id) {
                problems.error(use.mark, length: use.length, "no jurisdiction is called `\(use.id)`", hint: hint(use.id))
            }
        }
    }

    private func checkPlace(_ use: Problems.Use, _ problems: inout Problems) {
        if use.id.hasPrefix("country:") {
            guard Country(String(use.id.dropFirst(8)))?.isAssigned != true else { return }
            problems.error(use.mark, length: use.length, "`\(use.id)` is not a country", hint: "codes are those of ISO 3166: `country:DE`")
        } else if gazetteer.entry(named: use.id) == nil {
            let near = gazetteer.suggestions(for: use.id).first
            problems.error(use.mark, length: use.length, "no place is called `\(use.id)`", hint: near.map { "did you mean `\($0)`?" })
        }
    }

    private func hint(_ id: String) -> String {
        if let at = id.firstIndex(of: "@") {
            let versions = jurisdictions.all.filter { $0.id == id[..<at] }
            if versions.allSatisfy(\.version.isEmpty), let only = versions.first { return "it has no versions: write `\(only.id)`" }
            if !versions.isEmpty { return "it has the versions \(list(versions.map(\.name)))" }
        }
        if Country(id)?.isAssigned == true { return "the country is `\(id.uppercased())`, in capitals" }
        if let near = NearMatch.best(to: id, among: names.sorted()) { return "did you mean `\(near)`?" }
        return jurisdictions.ids.isEmpty ? "no jurisdiction is defined" : "the jurisdictions are \(list(jurisdictions.ids))"
    }

    // MARK: Cycles

    private struct Edge {
        let to: String
        let file: Int
        let use: Problems.Use
    }

    /// Reports each cycle of definitions once, at the reference that closes it.
    func cycles(_ files: inout [Problems]) {
        var edges: [String: [Edge]] = [:]
        for (index, file) in files.enumerated() {
            for use in file.uses {
                guard let definition = use.definition else { continue }
                // A bare id may mean any of its versions.
                let targets = jurisdictions.all.filter { $0.name == use.id || $0.id == use.id }.map(\.name)
                edges[definition, default: []] += targets.map { Edge(to: $0, file: index, use: use) }
            }
        }
        var done: Set<String> = []
        for start in edges.keys.sorted() { visit(start, edges, path: [], &done, &files) }
    }

    private func visit(
        _ name: String, _ edges: [String: [Edge]], path: [String], _ done: inout Set<String>, _ files: inout [Problems]
    ) {
        guard !done.contains(name) else { return }
        let path = path + [name]
        for edge in edges[name] ?? [] {
            if let start = path.firstIndex(of: edge.to) {
                let circle = (path[start...] + [edge.to]).map { "`\($0)`" }.joined(separator: " -> ")
                files[edge.file].error(
                    edge.use.mark, length: edge.use.length, "jurisdictions in a circle: \(circle)",
                    hint: "a jurisdiction can't be made from itself: name countries in one of them")
            } else {
                visit(edge.to, edges, path: path, &done, &files)
            }
        }
        done.insert(name)
    }
}
