/// The named, dated, versioned sets of places that policies speak of.
public struct Jurisdictions: Sendable {
    /// One version of one jurisdiction.
    public struct Definition: Sendable, Hashable {
        public var id: String
        /// The first day on which this version counts, `2026-01-01`; empty for the only one.
        public var version: String
        public var title: String
        public var source: String
        public var members: PlaceSet

        public init(id: String, version: String = "", title: String = "", source: String = "", members: PlaceSet) {
            self.id = id
            self.version = version
            self.title = title
            self.source = source
            self.members = members
        }

        /// `eu-adequate@2026-01-01`, or the bare id.
        public var name: String { version.isEmpty ? id : "\(id)@\(version)" }
    }

    /// What is in a jurisdiction: everything that `countries`, `places` or `any` hold, of that what each of `all` holds, less
    /// what `except` holds. With nothing but `all`, what each of them holds.
    public struct PlaceSet: Sendable, Hashable {
        public var countries: [DatedCountry] = []
        /// Names of places: `aws:eusc-de-east-1`.
        public var places: [String] = []
        public var any: [Operand] = []
        public var all: [Operand] = []
        public var except: [Operand] = []

        public init() {}

        /// Says nothing at all, so holds nothing.
        public var isEmpty: Bool { countries.isEmpty && places.isEmpty && any.isEmpty && all.isEmpty }
    }

    /// A country, with the first and the last day on which it belongs (`2020-01-31`, empty for without end).
    public struct DatedCountry: Sendable, Hashable {
        public var country: Country
        public var from: String
        public var until: String

        public init(_ country: Country, from: String = "", until: String = "") {
            self.country = country
            self.from = from
            self.until = until
        }

        func holds(on day: String) -> Bool { (from.isEmpty || from <= day) && (until.isEmpty || day <= until) }
    }

    /// A part of the set algebra.
    public indirect enum Operand: Sendable, Hashable {
        /// Another jurisdiction by id, perhaps with a version.
        case reference(String)
        case set(PlaceSet)
    }

    /// Is a place inside?
    public enum Membership: Sendable, Hashable {
        /// Yes; which of the jurisdictions it is in. Where only several together cover the place, joined by ` + `.
        case inside(String)
        /// No; the countries that are out, in order. Empty where the places of a jurisdiction are listed by name.
        case outside([Country])
        /// It can't be told, and why.
        case unknown(String)
    }

    /// What a jurisdiction holds on a day.
    public struct Members: Sendable, Hashable {
        public var countries: [Country]
        public var places: [String]
    }

    /// All versions, by id; each list in the order of versions.
    private var definitions: [String: [Definition]] = [:]

    /// No jurisdiction; countries and names of places can be asked for without any.
    public init() {}

    /// Adds a version, or replaces the same version of the same id.
    public mutating func add(_ definition: Definition) {
        var versions = definitions[definition.id] ?? []
        versions.removeAll { $0.version == definition.version }
        versions.append(definition)
        versions.sort { $0.version < $1.version }
        definitions[definition.id] = versions
    }

    /// Forgets every version of an id.
    public mutating func remove(_ id: String) { definitions[id] = nil }

    /// The ids without versions, in order.
    public var ids: [String] { definitions.keys.sorted() }

    /// Every version of every jurisdiction, in the order of ids and versions.
    public var all: [Definition] { ids.flatMap { definitions[$0] ?? [] } }

    /// The version that an id means on a day: the one it names, else the newest that is not after the day.
    public func definition(of id: String, on day: String) -> Definition? {
        guard let at = id.firstIndex(of: "@") else { return definitions[id]?.last { $0.version <= day } }
        let version = String(id[id.index(after: at)...])
        return definitions[String(id[..<at])]?.first { $0.version == version }
    }
}

extension Jurisdictions {
    /// Whether a jurisdiction of this id, and of this version if the id names one, is defined, whatever the day.
    public func isDefined(_ id: String) -> Bool {
        guard let at = id.firstIndex(of: "@") else { return definitions[id] != nil }
        let version = id[id.index(after: at)...]
        return definitions[String(id[..<at])]?.contains { $0.version == version } ?? false
    }
}

// MARK: - Judging

extension Jurisdictions {
    /// Whether a place is inside any one of the jurisdictions, or covered, country by country, by all of them together.
    ///
    /// - Parameters:
    ///   - ids: ids of jurisdictions, perhaps with a version; countries in capitals (`DE`, `CA-QC`); names of places
    ///     (`aws:eu-west-1`).
    ///   - day: `2026-11-22`.
    public func judge(_ place: Place, in ids: [String], on day: String) -> Membership {
        let countries: [Country]
        switch place.location {
        case .unknown(let why):
            if let id = ids.first(where: { part($0, place.name, nil, day) == .yes }) { return .inside(id) }
            if !ids.isEmpty, ids.allSatisfy({ excepts($0, place.name, day) }) { return .outside([]) }
            return .unknown(why)
        case .countries(let set): countries = set.sorted()
        }
        let parts = countries.map { country in ids.map { part($0, place.name, country, day) } }
        let outside = zip(countries, parts).filter { !$0.1.contains(.yes) && !$0.1.contains(.maybe) }.map(\.0)
        if !outside.isEmpty { return .outside(outside) }
        if let (country, _) = zip(countries, parts).first(where: { !$0.1.contains(.yes) }) {
            return .unknown(doubt(country, ids, day))
        }
        if let one = ids.indices.first(where: { index in parts.allSatisfy { $0[index] == .yes } }) { return .inside(ids[one]) }
        let needed = ids.indices.filter { index in parts.contains { $0[index] == .yes } }
        return .inside(needed.map { ids[$0] }.joined(separator: " + "))
    }

    /// What a jurisdiction, a country or a place's name holds on a day; `nil` if there is none of that name then.
    public func members(of id: String, on day: String) -> Members? {
        guard let expression = operand(id, day) else { return nil }
        var named = Members(countries: [], places: [])
        gather(expression, day, depth: 0, into: &named)
        let countries = Set(named.countries).filter { part(id, "", $0, day) == .yes }
        let redundant = countries.filter { $0.sovereign != $0 && countries.contains($0.sovereign) }
        let places = Set(named.places).filter { part(id, $0, nil, day) == .yes }
        return Members(countries: countries.subtracting(redundant).sorted(), places: places.sorted())
    }

    /// The ids of the jurisdictions that a place is inside on a day, in order.
    public func holding(_ place: Place, on day: String) -> [String] {
        ids.filter { if case .inside = judge(place, in: [$0], on: day) { true } else { false } }
    }

    /// Whether a jurisdiction excepts a place by its name: then it is outside, wherever it is.
    private func excepts(_ id: String, _ place: String, _ day: String) -> Bool {
        guard let set = operand(id, day) else { return false }
        return set.except.contains { part($0, place, nil, day, 0) == .yes }
    }

    private func doubt(_ country: Country, _ ids: [String], _ day: String) -> String {
        for id in ids where !Self.isLiteral(id) && definition(of: id, on: day) == nil {
            return definitions[String(id.prefix { $0 != "@" })] == nil
                ? "no jurisdiction is called `\(id)`" : "no version of the jurisdiction `\(id)` holds on \(day)"
        }
        return "only a part of \(country.title) is in \(ids.joined(separator: ", "))"
    }

    /// Three-valued, so that a part of a country is neither in nor out.
    private enum Part { case no, maybe, yes }

    /// Whether a place of this name in this country is in the jurisdiction; without a country, whatever the country.
    private func part(_ id: String, _ place: String, _ country: Country?, _ day: String) -> Part {
        guard let expression = operand(id, day) else { return .maybe }
        return part(expression, place, country, day, depth: 0)
    }

    private func operand(_ id: String, _ day: String) -> PlaceSet? {
        if id.contains(":") {
            var set = PlaceSet()
            if id.hasPrefix("country:"), let country = Country(String(id.dropFirst(8))) {
                set.countries = [DatedCountry(country)]
            } else {
                set.places = [id]
            }
            return set
        }
        if let definition = definition(of: id, on: day) { return definition.members }
        guard Self.isLiteral(id), let country = Country(id) else { return nil }
        var set = PlaceSet()
        set.countries = [DatedCountry(country)]
        return set
    }

    /// A country's code in capitals, or the name of a place.
    public static func isLiteral(_ id: String) -> Bool {
        id.contains(":") || (id == id.uppercased() && Country(id)?.isAssigned == true)
    }

    private func part(_ set: PlaceSet, _ place: String, _ country: Country?, _ day: String, depth: Int) -> Part {
        // A cycle is an error when the files are loaded; here it must only end.
        guard depth < Self.maximumDepth, !set.isEmpty else { return .no }
        var result = Part.no
        if set.countries.isEmpty, set.places.isEmpty, set.any.isEmpty { result = .yes }
        if !set.places.isEmpty, set.places.contains(place) { result = .yes }
        for entry in set.countries where result != .yes && entry.holds(on: day) {
            if let country, entry.country == country || entry.country == country.sovereign {
                result = .yes
            } else if country == nil || entry.country.sovereign == country {
                result = .maybe
            }
        }
        for operand in set.any where result != .yes { result = Self.either(result, part(operand, place, country, day, depth)) }
        for operand in set.all where result != .no { result = Self.both(result, part(operand, place, country, day, depth)) }
        for operand in set.except where result != .no {
            result = Self.both(result, Self.opposite(part(operand, place, country, day, depth)))
        }
        return result
    }

    private func part(_ operand: Operand, _ place: String, _ country: Country?, _ day: String, _ depth: Int) -> Part {
        switch operand {
        case .set(let set): return part(set, place, country, day, depth: depth + 1)
        case .reference(let id):
            guard let set = self.operand(id, day) else { return .maybe }
            return part(set, place, country, day, depth: depth + 1)
        }
    }

    private static func either(_ left: Part, _ right: Part) -> Part {
        left == .yes || right == .yes ? .yes : left == .no && right == .no ? .no : .maybe
    }

    private static func both(_ left: Part, _ right: Part) -> Part {
        left == .no || right == .no ? .no : left == .yes && right == .yes ? .yes : .maybe
    }

    private static func opposite(_ part: Part) -> Part { part == .yes ? .no : part == .no ? .yes : .maybe }

    /// Every country and place that an expression names.
    private func gather(_ set: PlaceSet, _ day: String, depth: Int, into found: inout Members) {
        guard depth < Self.maximumDepth else { return }
        found.countries += set.countries.map(\.country)
        found.places += set.places
        for operand in set.any + set.all + set.except {
            switch operand {
            case .set(let set): gather(set, day, depth: depth + 1, into: &found)
            case .reference(let id): self.operand(id, day).map { gather($0, day, depth: depth + 1, into: &found) }
            }
        }
    }

    private static let maximumDepth = 32
}
