import Residency

/// Reads `jurisdictions`.
enum JurisdictionsDocument {
    static let keys = ["jurisdictions"]
    private static let setKeys = ["countries", "places", "any", "all", "except"]

    /// A definition and where it stands.
    struct Located {
        let definition: Jurisdictions.Definition
        let mark: Mark
        let length: Int
    }

    static func read(_ fields: Fields, _ problems: inout Problems) -> [Located] {
        fields.items("jurisdictions", &problems).compactMap { definition($0, &problems) }
    }

    private static func definition(_ node: Node, _ problems: inout Problems) -> Located? {
        let keys = ["id", "version", "title", "source", "date", "note"] + setKeys
        guard let fields = Fields(node, "a jurisdiction", keys, &problems),
            let idNode = fields.required("id", &problems), let id = Fields.text(idNode, "id", &problems)
        else { return nil }
        guard Words.isIdentifier(id) else {
            problems.error(idNode, "`\(id)` is not an id of a jurisdiction", hint: "ids are lower-case words: `eu-adequate`")
            return nil
        }
        let version = fields["version"].flatMap { Words.day($0, "version", &problems) }?.description ?? ""
        if let date = fields["date"] { _ = Words.day(date, "date", &problems) }
        let name = version.isEmpty ? id : "\(id)@\(version)"
        let members = set(fields, in: name, &problems)
        if members.isEmpty {
            problems.error(
                idNode, "the jurisdiction `\(name)` holds no country and no place", hint: "give it `countries`, `places`, `any` or `all`")
        }
        let definition = Jurisdictions.Definition(
            id: id, version: version, title: fields.text("title", &problems) ?? id, source: fields.text("source", &problems) ?? "",
            members: members)
        return Located(definition: definition, mark: idNode.mark, length: problems.source.length(of: idNode))
    }

    private static func set(_ fields: Fields, in name: String, _ problems: inout Problems) -> Jurisdictions.PlaceSet {
        var set = Jurisdictions.PlaceSet()
        if let countries = fields["countries"] {
            for node in countries.items ?? [countries] {
                if let country = country(node, &problems) { set.countries.append(country) }
            }
        }
        for (place, node) in fields.texts("places", &problems) {
            if !place.contains(":") {
                problems.error(node, "`\(place)` is not the name of a place", hint: "the provider comes first: `aws:\(place)`")
            }
            set.places.append(place)
        }
        set.any = operands(fields["any"], in: name, "any", &problems)
        set.all = operands(fields["all"], in: name, "all", &problems)
        set.except = operands(fields["except"], in: name, "except", &problems)
        return set
    }

    private static func country(_ node: Node, _ problems: inout Problems) -> Jurisdictions.DatedCountry? {
        guard node.entries != nil else {
            guard let text = Fields.text(node, "countries", &problems) else { return nil }
            return Words.country(text, node, &problems).map { Jurisdictions.DatedCountry($0) }
        }
        guard let fields = Fields(node, "a country", ["country", "from", "until", "source"], &problems),
            let codeNode = fields.required("country", &problems), let code = Fields.text(codeNode, "country", &problems),
            let country = Words.country(code, codeNode, &problems)
        else { return nil }
        let from = fields["from"].flatMap { Words.day($0, "from", &problems) }
        let until = fields["until"].flatMap { Words.day($0, "until", &problems) }
        if let from, let until, until < from, let node = fields["until"] { problems.error(node, "`until` is before `from`") }
        return Jurisdictions.DatedCountry(country, from: from?.description ?? "", until: until?.description ?? "")
    }

    private static func operands(
        _ node: Node?, in name: String, _ key: String, _ problems: inout Problems
    ) -> [Jurisdictions.Operand] {
        guard let node else { return [] }
        return (node.items ?? [node]).compactMap { item in
            if item.entries != nil {
                guard let fields = Fields(item, "a part of `\(key)`", setKeys, &problems) else { return nil }
                let part = set(fields, in: name, &problems)
                if part.isEmpty { problems.error(item.mark, length: 1, "this part of `\(key)` holds no country and no place") }
                return .set(part)
            }
            guard let id = Fields.text(item, key, &problems) else { return nil }
            problems.use(jurisdiction: id, item, in: name)
            return .reference(id)
        }
    }
}
