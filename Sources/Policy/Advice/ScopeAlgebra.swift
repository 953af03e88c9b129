import Residency

/// Decides how two scopes lie to each other, over the classes that they and the tenants name.
enum ScopeAlgebra {
    static func areSame(_ left: CompiledPolicy.Scope, _ right: CompiledPolicy.Scope) -> Bool {
        Set(left.data.map { $0.lowercased() }) == Set(right.data.map { $0.lowercased() }) && Set(left.homes) == Set(right.homes)
            && Set(left.tenants) == Set(right.tenants)
            && Set(left.systems) == Set(right.systems) && Set(left.accounts) == Set(right.accounts)
            && Set(left.providers) == Set(right.providers)
    }

    /// Whether some data may be in both; what of it is known, in words.
    static func overlap(_ left: CompiledPolicy.Scope, _ right: CompiledPolicy.Scope, _ tenants: [Tenant]) -> String? {
        var words: [String] = []
        for (a, b, word) in [
            (left.data.map { $0.lowercased() }, right.data.map { $0.lowercased() }, "data"), (left.homes, right.homes, "home"),
            (left.tenants, right.tenants, "tenant"),
            (left.systems, right.systems, "system"), (left.accounts, right.accounts, "account"),
            (left.providers, right.providers, "provider"),
        ] {
            if a.isEmpty, b.isEmpty { continue }
            if a.isEmpty || b.isEmpty {
                words.append("\(word) `\((a + b)[0])`")
                continue
            }
            let common = a.lazy.flatMap { x in b.lazy.filter { Glob.overlap(x, $0) }.map { x.contains("*") ? $0 : x } }
            guard let both = common.first else { return nil }
            words.append("\(word) `\(both)`")
        }
        guard tenantsAgree(left, right, tenants) else { return nil }
        return words.isEmpty ? "all data" : words.joined(separator: ", ")
    }

    /// A tenant has one home: a scope by home and one by name meet only if a tenant of that name may have that home.
    private static func tenantsAgree(_ left: CompiledPolicy.Scope, _ right: CompiledPolicy.Scope, _ tenants: [Tenant]) -> Bool {
        let names = left.tenants + right.tenants
        let homes = [left.homes, right.homes].filter { !$0.isEmpty }
        guard !names.isEmpty, !homes.isEmpty else { return true }
        let known = tenants.filter { tenant in
            [left.tenants, right.tenants].allSatisfy { $0.isEmpty || $0.contains { Glob.matches($0, tenant.name) } }
        }
        // Of a tenant that nobody lists the home is not known: it may be any.
        return known.isEmpty || known.contains { tenant in homes.allSatisfy { $0.contains(tenant.home) } }
    }

    /// Whether all data of the inner scope is in the outer one.
    static func contains(_ outer: CompiledPolicy.Scope, _ inner: CompiledPolicy.Scope, _ tenants: [Tenant]) -> Bool {
        for (wide, narrow) in [
            (outer.data.map { $0.lowercased() }, inner.data.map { $0.lowercased() }), (outer.tenants, inner.tenants),
            (outer.systems, inner.systems), (outer.accounts, inner.accounts),
            (outer.providers, inner.providers),
        ] where !wide.isEmpty {
            guard !narrow.isEmpty, narrow.allSatisfy({ name in wide.contains { Glob.covers($0, name) } }) else { return false }
        }
        guard !outer.homes.isEmpty else { return true }
        if !inner.homes.isEmpty { return inner.homes.allSatisfy(outer.homes.contains) }
        guard !inner.tenants.isEmpty else { return false }
        return inner.tenants.allSatisfy { name in
            tenants.contains { $0.name == name && outer.homes.contains($0.home) }
        }
    }
}

/// Every place that an audit can name: the rows of the table, and all countries.
struct PlaceUniverse {
    enum Side { case inside, outside, unknown }

    let all: [Place]
    let countries: [Place]
    private let jurisdictions: Jurisdictions
    private let day: String

    init(_ rules: RuleBook, on day: String) {
        jurisdictions = rules.jurisdictions
        self.day = day
        countries = Country.titles.keys.sorted().compactMap { Country($0) }
            .map { Place(name: "country:\($0)", location: .countries([$0])) }
        all = rules.gazetteer.entries.map(\.place).sorted { $0.name < $1.name } + countries
    }

    func membership(_ place: Place, in ids: [String]) -> Side {
        switch jurisdictions.judge(place, in: ids, on: day) {
        case .inside: .inside
        case .outside: .outside
        case .unknown: .unknown
        }
    }
}
