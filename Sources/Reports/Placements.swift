import Residency

/// Which findings speak of which activity at which place: the ground of the matrix and of the map. A finding's observations
/// are those that its verdict stands on.
struct Placements {
    /// What a cell counts: a verdict, a transfer that the policy allows, or an attempt that failed.
    enum Kind: CaseIterable, Hashable { case violated, unresolved, waived, allowed, satisfied, attempted }

    struct Row {
        /// Empty for all places together of which nothing is known.
        let place: String
        let codes: [String]
        var cells: [Activity: [Kind: Int]] = [:]
    }

    /// By place; what is not known comes last.
    let rows: [Row]
    /// How many findings speak of each country, by its code.
    let countries: [String: [Kind: Int]]
    /// The activities that some row has, in their order.
    let activities: [Activity]

    init(_ run: Run) {
        var table: [String: Row] = [:]
        var countries: [String: [Kind: Int]] = [:]
        for finding in run.findings {
            var seen: Set<Cell> = []
            var counted: Set<Mark> = []
            for observation in finding.observations {
                let codes = observation.place.location.codes
                let place = codes.isEmpty ? "" : observation.place.name
                let kind = observation.attempted ? .attempted : Self.kind(finding)
                for code in codes where counted.insert(Mark(code: code, kind: kind)).inserted { countries[code, default: [:]][kind, default: 0] += 1 }
                guard seen.insert(Cell(place: place, activity: observation.activity, kind: kind)).inserted else { continue }
                table[place, default: Row(place: place, codes: codes)].cells[observation.activity, default: [:]][kind, default: 0] += 1
            }
        }
        self.countries = countries
        rows = table.values.sorted { ($0.place.isEmpty ? 1 : 0, $0.place) < ($1.place.isEmpty ? 1 : 0, $1.place) }
        let used = Set(rows.flatMap(\.cells.keys))
        activities = Activity.allCases.filter(used.contains)
    }

    static func kind(_ finding: Finding) -> Kind {
        switch finding.verdict {
        case .satisfied: finding.allowance == nil ? .satisfied : .allowed
        case .violated: .violated
        case .unresolved: .unresolved
        case .waived: .waived
        }
    }

    private struct Mark: Hashable {
        var code: String
        var kind: Kind
    }

    private struct Cell: Hashable {
        var place: String
        var activity: Activity
        var kind: Kind
    }
}
