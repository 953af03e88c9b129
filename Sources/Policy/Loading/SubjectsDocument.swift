import Residency

/// Reads `subjects`.
enum SubjectsDocument {
    static let keys = ["subjects"]

    static func read(_ node: Node, into subjects: inout SubjectRules, _ problems: inout Problems) {
        guard let fields = Fields(node, "`subjects`", ["tags", "rules", "events"], &problems) else { return }
        if let node = fields["tags"], let tags = Fields(node, "`tags`", ["data", "tenant", "home", "system"], &problems) {
            if tags["data"] != nil { subjects.dataTags = tags.texts("data", &problems).map(\.text) }
            if tags["tenant"] != nil { subjects.tenantTags = tags.texts("tenant", &problems).map(\.text) }
            if tags["home"] != nil { subjects.homeTags = tags.texts("home", &problems).map(\.text) }
            if tags["system"] != nil { subjects.systemTags = tags.texts("system", &problems).map(\.text) }
        }
        for node in fields.items("rules", &problems) {
            if let rule = rule(node, &problems) { subjects.rules.append(rule) }
        }
        for node in fields.items("events", &problems) {
            if let attribution = EventAttributionDocument.read(node, &problems) { subjects.attributions.append(attribution) }
        }
    }

    private static func rule(_ node: Node, _ problems: inout Problems) -> SubjectRules.Rule? {
        let conditions = ["names", "accounts", "types"]
        let results = ["data", "tenant", "home", "system"]
        guard let fields = Fields(node, "a rule", conditions + results, &problems) else { return nil }
        if !results.contains(where: { fields[$0] != nil }) {
            problems.error(node.mark, length: 1, "the rule says nothing", hint: "give it \(list(results, "or"))")
        }
        let homes = fields.texts("home", &problems)
        for (home, node) in homes { problems.use(jurisdiction: home, node) }
        return SubjectRules.Rule(
            names: fields.texts("names", &problems).map(\.text), accounts: fields.texts("accounts", &problems).map(\.text),
            types: fields.texts("types", &problems).map(\.text), data: fields.text("data", &problems),
            tenant: fields.text("tenant", &problems), homes: homes.map(\.text), system: fields.text("system", &problems))
    }
}
