import Residency

/// Reads `places`, `networks`, `zones`, `hosts`, `names`, `kinds`, `region_in_names` and `customer_names_before`.
enum PlacesDocument {
    static let keys = ["places", "networks", "zones", "hosts", "names", "kinds", "region_in_names", "customer_names_before", "provider", "source", "date"]

    private struct Defaults {
        var provider: String?
        var source: String
        var date: String
    }

    static func read(_ fields: Fields, into gazetteer: inout Gazetteer, _ problems: inout Problems) {
        let defaults = Defaults(
            provider: fields.text("provider", &problems), source: fields.text("source", &problems) ?? "",
            date: fields["date"].flatMap { Words.day($0, "date", &problems) }?.description ?? "")
        var pairs: [(name: String, node: Node)] = []
        for node in fields.items("places", &problems) {
            guard let entry = place(node, defaults, &problems) else { continue }
            gazetteer.add(entry)
            if let pair = entry.pair, let node = node["pair"] { pairs.append((pair, node)) }
        }
        for pair in pairs { check(place: pair.name, pair.node, gazetteer, &problems) }
        zones(fields, defaults, &gazetteer, &problems)
        hosts(fields, defaults, &gazetteer, &problems)
        for (pattern, node) in fields.texts("names", &problems) where !gazetteer.nameForms.add(pattern, provider: defaults.provider ?? "") {
            problems.error(node, "`\(pattern)` is not a pattern of names", hint: "holes in braces with text between them, `{name}` last: `/things/{account}/{name}`")
        }
        for (pattern, node) in fields.texts("kinds", &problems) where !gazetteer.nameForms.addKinds(pattern, provider: defaults.provider ?? "") {
            problems.error(node, "`\(pattern)` tells no kind", hint: "a hole `{service}`, text, and `{name}` last: `//{service}.example.com/{name}`")
        }
        for (path, node) in fields.texts("region_in_names", &problems) {
            guard let provider = defaults.provider, gazetteer.nameForms.addRegionPath(path, provider: provider) else {
                let hint = defaults.provider == nil ? "the file needs the key `provider`" : "parts with slashes between them, `{region}` last: `things/{name}/regions/{region}`"
                problems.error(node, "`\(path)` tells no region", hint: hint)
                continue
            }
        }
        for (label, _) in fields.texts("customer_names_before", &problems) {
            if let provider = defaults.provider { gazetteer.addCustomerLabel(label, provider: provider) }
        }
        for node in fields.items("networks", &problems) { network(node, defaults, &gazetteer, &problems) }
    }

    /// Each a pattern with `{region}` in it, or a domain whose hosts are all at one place.
    private static func hosts(_ fields: Fields, _ defaults: Defaults, _ gazetteer: inout Gazetteer, _ problems: inout Problems) {
        guard let node = fields["hosts"] else { return }
        for node in node.items ?? [node] {
            if node.entries != nil {
                domain(node, defaults, &gazetteer, &problems)
                continue
            }
            guard let pattern = Fields.text(node, "hosts", &problems) else { continue }
            guard let provider = defaults.provider, gazetteer.addHost(pattern: pattern, provider: provider) else {
                let hint =
                    defaults.provider == nil ? "the file needs the key `provider`" : "such as `{region}.example.com` or `{region}-*.example.com`"
                problems.error(node, "`\(pattern)` is not a pattern of hosts", hint: hint)
                continue
            }
        }
    }

    private static func domain(_ node: Node, _ defaults: Defaults, _ gazetteer: inout Gazetteer, _ problems: inout Problems) {
        guard let fields = Fields(node, "a host", ["domain", "place"], &problems), fields.required("domain", &problems) != nil,
            let placeNode = fields.required("place", &problems), let name = Fields.text(placeNode, "place", &problems)
        else { return }
        let full = full(name, defaults.provider ?? "")
        guard check(place: full, placeNode, gazetteer, &problems) else { return }
        for (domain, _) in fields.texts("domain", &problems) { gazetteer.addDomain(domain, place: full) }
    }

    /// A name with its provider; those of other providers are given so.
    private static func full(_ name: String, _ provider: String) -> String { name.contains(":") ? name : "\(provider):\(name)" }

    @discardableResult
    private static func check(place: String, _ node: Node, _ gazetteer: Gazetteer, _ problems: inout Problems) -> Bool {
        if gazetteer.entry(named: place) != nil { return true }
        problems.error(node, "no place is called `\(place)`", hint: gazetteer.suggestions(for: place).first.map { "did you mean `\($0)`?" })
        return false
    }

    private static func zones(_ fields: Fields, _ defaults: Defaults, _ gazetteer: inout Gazetteer, _ problems: inout Problems) {
        guard let node = fields["zones"], let zones = Fields(node, "`zones`", ["pattern"], &problems) else { return }
        for (pattern, node) in zones.texts("pattern", &problems) {
            guard let provider = defaults.provider, gazetteer.addZonePattern(provider: provider, pattern: pattern) else {
                let hint =
                    defaults.provider == nil ? "the file needs the key `provider`" : "such as `{region}{letter}` or `{region}-{number}`"
                problems.error(node, "`\(pattern)` is not a pattern of zones", hint: hint)
                continue
            }
        }
    }

    private static let placeKeys = ["name", "kind", "country", "why", "title", "source", "date", "provider", "confidence", "pair"]
    private static let kinds = Gazetteer.Kind.allCases.map(\.rawValue)

    private static func place(_ node: Node, _ defaults: Defaults, _ problems: inout Problems) -> Gazetteer.Entry? {
        guard let fields = Fields(node, "a place", placeKeys, &problems) else { return nil }
        let name = fields.requiredText("name", &problems)
        let kind = fields["kind"].flatMap { Words.one($0, of: kinds, "kind", &problems) }.flatMap(Gazetteer.Kind.init(rawValue:))
        let location = location(fields, &problems)
        let date = fields["date"].flatMap { Words.day($0, "date", &problems) }?.description
        guard let name, let location else { return nil }
        guard let provider = fields.text("provider", &problems) ?? defaults.provider else {
            problems.error(node.mark, length: 1, "the place `\(name)` has no provider", hint: "say `provider: aws` at the top of the file")
            return nil
        }
        let confidence = fields["confidence"].flatMap { Words.one($0, of: ["low", "high"], "confidence", &problems) }
        var entry = Gazetteer.Entry(
            name: "\(provider):\(name)", kind: kind ?? .region, location: location, title: fields.text("title", &problems) ?? name,
            source: fields.text("source", &problems) ?? defaults.source, date: date ?? defaults.date)
        entry.isUnchecked = confidence == "low"
        if let pair = fields.text("pair", &problems) { entry.pair = pair == "none" ? entry.name : full(pair, provider) }
        return entry
    }

    private static func location(_ fields: Fields, _ problems: inout Problems) -> Location? {
        guard let node = fields.required("country", &problems, hint: "a code (`DE`), a list of codes, or `unknown` with `why`") else {
            return nil
        }
        if node.text == "unknown" {
            let why = fields.requiredText("why", &problems, hint: "say why its countries are not known")
            return .unknown(why ?? "")
        }
        let countries = Words.countries(node, &problems)
        if let items = node.items, items.isEmpty { problems.error(node, "a place needs at least one country") }
        return countries.isEmpty ? nil : .countries(Set(countries))
    }

    private static func network(_ node: Node, _ defaults: Defaults, _ gazetteer: inout Gazetteer, _ problems: inout Problems) {
        guard let fields = Fields(node, "a network", ["cidr", "country", "place", "why", "title", "source", "date"], &problems) else {
            return
        }
        let location: Location?
        if let placeNode = fields["place"] {
            let name = Fields.text(placeNode, "place", &problems) ?? ""
            location = check(place: name, placeNode, gazetteer, &problems) ? gazetteer.entry(named: name)?.location : nil
        } else {
            location = Self.location(fields, &problems)
        }
        _ = fields.required("cidr", &problems)
        let title = fields.text("title", &problems) ?? ""
        let source = fields.text("source", &problems) ?? defaults.source
        let date = fields["date"].flatMap { Words.day($0, "date", &problems) }?.description ?? defaults.date
        for (cidr, node) in fields.texts("cidr", &problems) {
            guard let location else { continue }
            if !gazetteer.addNetwork(cidr: cidr, location: location, title: title, source: source, date: date) {
                problems.error(
                    node, "`\(cidr)` is not a range of addresses",
                    hint: "an address, a slash and the number of fixed bits, all others zero: `203.0.113.0/24`")
            }
        }
    }
}
