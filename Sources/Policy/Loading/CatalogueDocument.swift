import CEL
import Residency

/// Reads `vectors`, `types`, `blind` and `safeguards`.
enum CatalogueDocument {
    static let keys = ["vectors", "types", "blind", "safeguards", "provider"]

    static func read(
        _ fields: Fields, path: String, _ compiler: inout ExpressionCompiler, _ problems: inout Problems
    ) -> Catalogue {
        var catalogue = Catalogue()
        for node in fields.items("vectors", &problems) {
            if let vector = vector(node, &compiler, &problems) { catalogue.vectors.append(vector) }
        }
        let provider = fields.text("provider", &problems) ?? catalogue.vectors.first?.provider ?? folder(path)
        for node in fields.items("types", &problems) {
            if let entry = dataless(node, provider, &problems) { catalogue.dataless.append(entry) }
        }
        for node in fields.items("blind", &problems) {
            guard let entry = Fields(node, "an entry of `blind`", ["source", "types", "says", "told"], &problems) else { continue }
            let types = entry.texts("types", &problems).map(\.text)
            guard let source = entry.requiredText("source", &problems), let says = entry.requiredText("says", &problems) else { continue }
            catalogue.blindSpots.append(Catalogue.BlindSpot(source: source, types: types, says: says))
            tell(says, entry, &catalogue, &problems)
        }
        for node in fields.items("safeguards", &problems) {
            guard let entry = Fields(node, "an entry of `safeguards`", ["source", "types", "vectors", "says", "told"], &problems) else { continue }
            let (types, vectors) = (entry.texts("types", &problems).map(\.text), entry.texts("vectors", &problems).map(\.text))
            _ = entry.required("vectors", &problems, hint: "the ids of the vectors that see it")
            guard let source = entry.requiredText("source", &problems), let says = entry.requiredText("says", &problems) else { continue }
            catalogue.safeguards.append(Catalogue.Safeguard(source: source, types: types, vectors: vectors, says: says))
            tell(says, entry, &catalogue, &problems)
        }
        return catalogue
    }

    /// Reads what a sentence is in other languages.
    private static func tell(_ sentence: String, _ entry: Fields, _ catalogue: inout Catalogue, _ problems: inout Problems) {
        guard let node = entry["told"], let told = Fields(node, "`told`", ["de", "fr", "pt"], &problems) else { return }
        for language in node.entries ?? [] { catalogue.told[language.key, default: [:]][sentence] = told.text(language.key, &problems) }
    }

    private static func dataless(_ node: Node, _ provider: String, _ problems: inout Problems) -> Catalogue.Dataless? {
        guard let entry = Fields(node, "an entry of `types`", ["holds", "why", "types", "provider"], &problems) else { return nil }
        if let holds = entry.required("holds", &problems), holds.text != "nothing" {
            problems.error(holds, "`holds` must be `nothing`", hint: "types that hold data have vectors instead")
        }
        guard let why = entry.requiredText("why", &problems), entry.required("types", &problems) != nil else { return nil }
        let types = entry.texts("types", &problems).map(\.text)
        return Catalogue.Dataless(provider: entry.text("provider", &problems) ?? provider, types: types, why: why)
    }

    private static func folder(_ path: String) -> String {
        let parts = path.split(separator: "/")
        return parts.count > 1 ? String(parts[parts.count - 2]) : ""
    }

    // MARK: Vectors

    private static let vectorKeys = [
        "id", "says", "activity", "resource", "event", "words", "when", "each", "subject", "form", "place", "confidence", "declared", "note", "reference",
        "since", "cases",
    ]

    private static func vector(_ node: Node, _ compiler: inout ExpressionCompiler, _ problems: inout Problems) -> Vector? {
        guard let fields = Fields(node, "a vector", vectorKeys, &problems) else { return nil }
        let id = identifier(fields, &problems)
        let provider = id.map { $0[..<($0.utf8.firstIndex(of: UInt8(ascii: ".")) ?? $0.endIndex)] }.map(String.init) ?? ""
        let says = fields.requiredText("says", &problems, hint: "a sentence with `{place}` in it")
        let activity = fields.required("activity", &problems).flatMap { Words.activity($0, &problems) }
        let trigger = trigger(fields, &problems)
        let when = compiler.vector(fields["when"], provider: provider, type: .bool, &problems)
        let each = compiler.vector(fields["each"], provider: provider, &problems)
        let subject = compiler.vector(fields["subject"], provider: provider, &problems)
        let place = compiler.vector(fields.required("place", &problems), provider: provider, &problems)
        let reference = fields.requiredText("reference", &problems, hint: "where it is documented that the provider behaves so")
        let confidence = fields["confidence"].flatMap { Words.one($0, of: ["hint", "low", "high"], "confidence", &problems) }
        _ = fields.text("since", &problems)
        let cases = cases(fields, trigger, isTested: compiler.isLazy, &problems)
        guard let id, let says, let activity, let trigger, let place, let reference else { return nil }
        var vector = Vector(
            id: id, provider: provider, says: says, activity: activity, trigger: trigger, when: when, each: each, subject: subject,
            place: place, lowConfidence: confidence == "low" || confidence == "hint", reference: reference, note: fields.text("note", &problems),
            file: problems.source.path, line: node.mark.line)
        vector.column = node.mark.column
        vector.isHint = confidence == "hint"
        vector.form = fields.text("form", &problems) ?? ""
        vector.sweeps = sweeps(fields, trigger, &problems)
        vector.isDeclared = fields.boolean("declared", &problems) ?? false
        vector.written = cases
        return vector
    }

    /// Those of a file that was tested are read when they are asked for.
    private static func cases(_ fields: Fields, _ trigger: Vector.Trigger?, isTested: Bool, _ problems: inout Problems) -> Lazy<[VectorCase]> {
        guard isTested else {
            let cases = fields.items("cases", &problems).compactMap { VectorCases.read($0, trigger, &problems) }
            return Lazy { cases }
        }
        let source = problems.source
        let node = fields["cases"]
        return Lazy {
            var problems = Problems(source)
            return (node?.items ?? []).compactMap { VectorCases.read($0, trigger, &problems) }
        }
    }

    private static func identifier(_ fields: Fields, _ problems: inout Problems) -> String? {
        guard let node = fields.required("id", &problems), let id = Fields.text(node, "id", &problems) else { return nil }
        guard id.utf8.contains(UInt8(ascii: ".")), Words.isIdentifier(id) else {
            problems.error(
                node, "`\(id)` is not an id of a vector",
                hint: "ids are lower-case words with dots, the provider first: `aws.s3.replication`")
            return nil
        }
        return id
    }

    /// The members that a sweep over events goes through: `event.requestParameters`.
    private static func sweeps(_ fields: Fields, _ trigger: Vector.Trigger?, _ problems: inout Problems) -> [[String]] {
        guard let node = fields["words"], case .event = trigger else { return [] }
        return Fields.texts(node, "words", &problems).compactMap { member in
            let path = member.text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
            if path.count > 1, path[0] == "event", !path.contains("") { return Array(path.dropFirst()) }
            problems.error(node, "`\(member.text)` is no member of an event", hint: "write it as `event.requestParameters`")
            return nil
        }
    }

    private static func trigger(_ fields: Fields, _ problems: inout Problems) -> Vector.Trigger? {
        if let words = fields["words"], fields["resource"] == nil, fields["event"] == nil {
            return .words(containing: Fields.texts(words, "words", &problems).map(\.text))
        }
        switch (fields["resource"], fields["event"]) {
        case (.some(let resource), nil): return .resource(types: Fields.texts(resource, "resource", &problems).map(\.text))
        case (nil, .some(let node)):
            guard let event = Fields(node, "an event", ["service", "action"], &problems) else { return nil }
            let service = event.requiredText("service", &problems, hint: "`*` stands for all")
            guard let action = event.required("action", &problems, hint: "`*` stands for all"), let service else { return nil }
            return .event(service: service, actions: Fields.texts(action, "action", &problems).map(\.text))
        case (nil, nil):
            problems.error(fields.node.mark, length: 1, "a vector needs the key `resource`, `event` or `words`")
            return nil
        case (.some, .some(let event)):
            problems.error(event, "a vector looks at resources or at events, not at both", hint: "write two vectors")
            return nil
        }
    }
}
