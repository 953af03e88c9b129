import CEL
import Residency

/// Reads the cases of vectors.
enum VectorCases {
    static func read(_ node: Node, _ trigger: Vector.Trigger?, _ problems: inout Problems) -> VectorCase? {
        guard let fields = Fields(node, "a case", ["name", "resource", "event", "expect"], &problems) else { return nil }
        let record: VectorCase.Record
        switch (fields["resource"], fields["event"]) {
        case (.some(let resource), nil): record = .resource(resource.value)
        case (nil, .some(let event)): record = .event(event.value)
        default:
            problems.error(node.mark, length: 1, "a case needs the key `resource` or the key `event`, and not both")
            return nil
        }
        switch (trigger, record) {
        case (.resource, .event), (.words, .event): problems.error(node.mark, length: 1, "a case of a vector of resources has an event")
        case (.event, .resource): problems.error(node.mark, length: 1, "a case of a vector of events has a resource")
        default: break
        }
        guard node["expect"] != nil else {
            problems.error(node.mark, length: 1, "a case needs the key `expect`", hint: "`expect: []` if nothing must be seen")
            return nil
        }
        let expect = fields.items("expect", &problems).compactMap { expectation($0, &problems) }
        return VectorCase(
            name: fields.text("name", &problems) ?? "line \(node.mark.line)", record: record, expect: expect, file: problems.source.path,
            line: node.mark.line)
    }

    private static func expectation(_ node: Node, _ problems: inout Problems) -> ExpectedObservation? {
        guard let fields = Fields(node, "an expected observation", ["place", "subject", "attempted"], &problems),
            let placeNode = fields.required("place", &problems), let place = Fields.text(placeNode, "place", &problems)
        else { return nil }
        let text = place == "unknown" ? place : Places.check(place, placeNode, &problems).text
        return ExpectedObservation(
            place: text, subject: fields.text("subject", &problems), attempted: fields.boolean("attempted", &problems) ?? false)
    }
}

/// Reads the cases of policies.
enum PolicyCases {
    private static let givenKeys = [
        "activity", "place", "attempted", "id", "data", "tenant", "home", "account", "system", "provider", "type", "lasting",
    ]

    static func read(_ node: Node, _ problems: inout Problems) -> PolicyCase? {
        guard let fields = Fields(node, "a case", ["name", "given", "expect"], &problems) else { return nil }
        _ = fields.required("given", &problems)
        let given = fields.items("given", &problems).compactMap { observation($0, &problems) }
        guard let expect = fields.required("expect", &problems, hint: "a verdict, or a map of activities to verdicts") else { return nil }
        var single: PolicyCase.Expected?
        var byRequirement: [String: PolicyCase.Expected] = [:]
        if let entries = expect.entries {
            for entry in entries {
                if entry.key != "coverage" {
                    guard Words.activity(entry.key, entry.keyMark, entry.key.unicodeScalars.count, &problems) != nil else { continue }
                }
                byRequirement[entry.key] = verdict(entry.value, &problems)
            }
        } else {
            single = verdict(expect, &problems)
        }
        return PolicyCase(
            name: fields.text("name", &problems) ?? "line \(node.mark.line)", given: given, overall: single, expect: byRequirement,
            file: problems.source.path, line: node.mark.line)
    }

    private static func verdict(_ node: Node, _ problems: inout Problems) -> PolicyCase.Expected? {
        Words.one(node, of: PolicyCase.Expected.allCases.map(\.rawValue), "expect", &problems).flatMap(PolicyCase.Expected.init(rawValue:))
    }

    private static func observation(_ node: Node, _ problems: inout Problems) -> GivenObservation? {
        guard let fields = Fields(node, "a given observation", givenKeys, &problems) else { return nil }
        let activity = fields.required("activity", &problems).flatMap { Words.activity($0, &problems) }
        let placeNode = fields.required("place", &problems)
        let place = placeNode.flatMap { Fields.text($0, "place", &problems) }
        if let home = fields["home"], let text = Fields.text(home, "home", &problems) { problems.use(jurisdiction: text, home) }
        guard let activity, let place, let placeNode else { return nil }
        let reference = Places.check(place, placeNode, &problems)
        return GivenObservation(
            activity: activity, place: reference, attempted: fields.boolean("attempted", &problems) ?? false,
            lasting: fields["lasting"].flatMap { Words.duration($0, "lasting", &problems) }, id: fields.text("id", &problems) ?? "the-subject", data: fields.text("data", &problems),
            tenant: fields.text("tenant", &problems), home: fields.text("home", &problems),
            account: fields.text("account", &problems) ?? "",
            system: fields.text("system", &problems), provider: fields.text("provider", &problems) ?? provider(reference),
            type: fields.text("type", &problems) ?? "")
    }

    private static func provider(_ place: PlaceReference) -> String {
        if case .region(let provider, _) = place { provider } else { "" }
    }
}

/// Reads the texts of places in cases.
enum Places {
    /// The canonical text (`region:aws/eu-west-1`), the name of a table (`aws:eu-west-1`), or `unknown`.
    static func check(_ text: String, _ node: Node, _ problems: inout Problems) -> PlaceReference {
        if text == "unknown" { return .unknown("the case says so") }
        guard let colon = text.firstIndex(of: ":") else {
            problems.error(
                node, "`\(text)` is not a place",
                hint: "a kind, a colon and a name: `aws:eu-west-1`, `country:DE`, `ip:192.0.2.7`, `unknown`")
            return .unknown(text)
        }
        if ["region", "resource", "country", "ip", "host", "paired", "unknown"].contains(text[..<colon]) { return PlaceReference(text: text) }
        return .region(provider: String(text[..<colon]), name: String(text[text.index(after: colon)...]))
    }
}

extension Node {
    /// As an expression sees it: numbers without a point are ints.
    var value: Value {
        switch content {
        case .list, .packed: .array((items ?? []).map(\.value))
        case .map(let entries): .object(entries.map { ($0.key, $0.value.value) })
        case .scalar(let scalar):
            if isNull {
                .null
            } else if let boolean {
                .bool(boolean)
            } else if let number {
                Int64(scalar.text).map(Value.int) ?? .double(number)
            } else {
                .string(scalar.text)
            }
        }
    }
}
