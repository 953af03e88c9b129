extension Jurisdictions {
    /// Says, of a country that is outside today, that it was inside once and until when: a decision has run out, or a newer
    /// version leaves it out. `nil` if it never was, as far as the tables go.
    ///
    /// - Parameter day: `2026-11-22`.
    public func lapse(of country: Country, in ids: [String], on day: String) -> String? {
        ids.lazy.compactMap { lapse(of: country, in: $0, on: day) }.first
    }

    private func lapse(of country: Country, in id: String, on day: String) -> String? {
        let place = Place(name: "country:\(country)", location: .countries([country]))
        func isInside(_ id: String, on day: String) -> Bool {
            if case .inside = judge(place, in: [id], on: day) { true } else { false }
        }
        guard !isInside(id, on: day) else { return nil }
        // Within the version that holds today, membership can only end on a day that some entry names.
        let ends = lastDays(of: id, on: day).filter { $0 < day }
        if let end = ends.sorted(by: >).first(where: { isInside(id, on: $0) }) {
            return "\(country.title) was in `\(id)` until \(end)"
        }
        guard let current = definition(of: id, on: day), !current.version.isEmpty, !id.contains("@") else { return nil }
        let before = all.filter { $0.id == id && $0.version < current.version }
        guard let previous = before.last(where: { isInside($0.name, on: current.version) }) else { return nil }
        return "\(country.title) was in `\(previous.name)`, and is not in the version of \(current.version)"
    }

    /// The last days that the entries of a jurisdiction, and of those that it is made from, name.
    private func lastDays(of id: String, on day: String) -> Set<String> {
        var found: Set<String> = []
        var seen: Set<String> = []
        var open = definition(of: id, on: day).map { [$0.members] } ?? []
        while let set = open.popLast() {
            found.formUnion(set.countries.map(\.until).filter { !$0.isEmpty })
            for operand in set.any + set.all + set.except {
                switch operand {
                case .set(let set): open.append(set)
                case .reference(let id):
                    guard seen.insert(id).inserted, let definition = definition(of: id, on: day) else { continue }
                    open.append(definition.members)
                }
            }
        }
        return found
    }
}
