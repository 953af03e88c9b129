import Residency

/// Reads one policy.
enum PolicyDocument {
    static let keys = ["policy", "title", "basis", "severity", "applies_to", "require", "allow", "coverage", "cases", "note"]

    static func read(_ fields: Fields, digest: String, _ problems: inout Problems) -> CompiledPolicy? {
        let idNode = fields.required("policy", &problems)
        let id = idNode.flatMap { Fields.text($0, "policy", &problems) }
        if let idNode, let id, !Words.isIdentifier(id) {
            problems.error(idNode, "`\(id)` is not an id of a policy", hint: "ids are lower-case words: `eu-hosting`")
        }
        let title = fields.requiredText("title", &problems, hint: "one sentence that a lawyer can sign")
        let basis = fields.texts("basis", &problems).map(\.text)
        let severity = fields["severity"].flatMap { Words.severity($0, &problems) } ?? .high
        let scope = scope(fields["applies_to"], &problems)
        let requirements = requirements(fields["require"], severity, basis, &problems)
        let allowed = fields.items("allow", &problems).flatMap { allowances($0, &problems) }
        let coverage = coverage(fields["coverage"], &problems)
        let cases = fields.items("cases", &problems).compactMap { PolicyCases.read($0, &problems) }
        if fields["require"] == nil, fields["coverage"] == nil {
            problems.error(fields.node.mark, length: 1, "a policy needs the key `require`", hint: "or `coverage`, if it demands no more")
        }
        _ = fields.text("note", &problems)
        guard let id, let title else { return nil }
        var policy = CompiledPolicy(
            id: id, title: title, basis: basis, severity: severity, scope: scope, requirements: requirements, allowances: allowed,
            coverage: coverage, file: problems.source.path, line: (idNode ?? fields.node).mark.line, digest: digest, prose: [])
        policy.column = (idNode ?? fields.node).mark.column
        policy.cases = cases
        return policy
    }

    private static func scope(_ node: Node?, _ problems: inout Problems) -> CompiledPolicy.Scope {
        let keys = ["data", "tenants", "systems", "accounts", "providers"]
        guard let node, let fields = Fields(node, "`applies_to`", keys, &problems) else { return CompiledPolicy.Scope() }
        var scope = CompiledPolicy.Scope(
            data: fields.texts("data", &problems).map(\.text), systems: fields.texts("systems", &problems).map(\.text),
            accounts: fields.texts("accounts", &problems).map(\.text), providers: fields.texts("providers", &problems).map(\.text))
        guard let tenantsNode = fields["tenants"] else { return scope }
        guard tenantsNode.entries != nil else {
            problems.error(
                tenantsNode, "`tenants` must be a map, not \(tenantsNode.kind)",
                hint: "write `tenants: {home: eu}` or `tenants: {names: [acme]}`")
            return scope
        }
        guard let tenants = Fields(tenantsNode, "`tenants`", ["home", "names"], &problems) else { return scope }
        for (home, node) in tenants.texts("home", &problems) {
            problems.use(jurisdiction: home, node)
            scope.homes.append(home)
        }
        scope.tenants = tenants.texts("names", &problems).map(\.text)
        return scope
    }

    private static func requirements(
        _ node: Node?, _ severity: Severity, _ basis: [String], _ problems: inout Problems
    ) -> [CompiledPolicy.Requirement] {
        guard let node else { return [] }
        guard let entries = node.entries else {
            problems.error(node, "`require` must be a map of activities, not \(node.kind)", hint: "write `stored: {in: eu}` below it")
            return []
        }
        var found: [CompiledPolicy.Requirement] = []
        for entry in entries {
            let activity = Words.activity(entry.key, entry.keyMark, entry.key.unicodeScalars.count, &problems)
            guard entry.value.entries != nil else {
                let example = entry.value.text.map { "write `\(entry.key): {in: \($0)}`" }
                problems.error(entry.value, "a requirement must be a map, not \(entry.value.kind)", hint: example ?? "write `{in: eu}`")
                continue
            }
            guard let fields = Fields(entry.value, "a requirement", ["in", "severity", "basis", "within", "unless"], &problems) else { continue }
            _ = fields.required("in", &problems, hint: "the jurisdictions in which it must be: `{in: [eu, eu-adequate]}`")
            let ids = fields.texts("in", &problems)
            for (id, node) in ids { problems.use(jurisdiction: id, node) }
            let own = fields["severity"].flatMap { Words.severity($0, &problems) }
            let ownBasis = fields.texts("basis", &problems).map(\.text)
            guard let activity, !ids.isEmpty else { continue }
            var requirement = CompiledPolicy.Requirement(
                activity: activity, jurisdictions: ids.map(\.text), severity: own ?? severity, basis: ownBasis.isEmpty ? basis : ownBasis,
                line: entry.keyMark.line)
            requirement.column = entry.keyMark.column
            requirement.within = fields["within"].flatMap { Words.duration($0, "within", &problems) }
            requirement.unless = fields.text("unless", &problems)
            if let within = fields["within"], !activity.isRest {
                problems.error(
                    within, "`within` is for what rests at a place, and `\(activity.rawValue)` does not",
                    hint: "what is done there again and again is seen for as long: write `unless: \"it is deleted there within 24 hours\"`")
            }
            found.append(requirement)
        }
        return found.sorted { $0.activity < $1.activity }
    }

    private static func allowances(_ node: Node, _ problems: inout Problems) -> [CompiledPolicy.Allowance] {
        let keys = ["processor", "resource", "activity", "to", "basis", "until"]
        guard let fields = Fields(node, "an entry of `allow`", keys, &problems) else { return [] }
        let processor = fields.text("processor", &problems)
        let resource = fields.text("resource", &problems)
        if (processor == nil) == (resource == nil) {
            problems.error(
                node.mark, length: 1, "an entry of `allow` needs `processor` or `resource`, and not both",
                hint: "`processor` is an entry of the register, `resource` the name of a resource")
        }
        _ = fields.required("to", &problems, hint: "jurisdictions, countries or places")
        let to = fields.texts("to", &problems)
        for (id, node) in to { problems.use(jurisdiction: id, node) }
        let basis = fields.requiredText("basis", &problems, hint: "what makes it lawful: `SCC 2021/914 module 2`")
        let until = fields["until"].flatMap { Words.day($0, "until", &problems) }
        let activities: [Activity]
        if let activity = fields["activity"] {
            activities = Fields.texts(activity, "activity", &problems).compactMap { Words.activity($0.node, &problems) }
        } else {
            activities = [.transferred]
        }
        guard let basis, !to.isEmpty else { return [] }
        return activities.map { activity in
            var allowance = CompiledPolicy.Allowance(
                processor: processor, resource: resource, activity: activity, to: to.map(\.text), basis: basis, until: until?.end,
                untilText: until?.description, line: node.mark.line)
            allowance.column = node.mark.column
            return allowance
        }
    }

    private static func coverage(_ node: Node?, _ problems: inout Problems) -> CompiledPolicy.CoverageDemand {
        guard let node, let fields = Fields(node, "`coverage`", ["accounts", "regions", "logs", "guardrails"], &problems) else {
            return CompiledPolicy.CoverageDemand()
        }
        var every: Int64?
        if let logs = fields["logs"], let fields = Fields(logs, "`logs`", ["every"], &problems) {
            every = fields.required("every", &problems).flatMap { Words.duration($0, "every", &problems) }
        }
        return CompiledPolicy.CoverageDemand(
            accounts: fields.texts("accounts", &problems).map(\.text), regions: fields.texts("regions", &problems).map(\.text),
            logsEvery: every, guardrails: fields.texts("guardrails", &problems).map(\.text))
    }
}
