import Residency

/// Reads `subjects.events`: how the events of a service tell whose data they touch.
enum EventAttributionDocument {
    static func read(_ node: Node, _ problems: inout Problems) -> EventAttribution? {
        guard let fields = Fields(node, "an entry of `events`", ["provider", "service", "field", "tenant", "where"], &problems) else { return nil }
        let service = fields.requiredText("service", &problems, hint: "`*` stands for all")
        let field = fields.required("field", &problems, hint: "the way to the field: `requestParameters.key`").flatMap { path($0, &problems) }
        let patternNode = fields.required("tenant", &problems, hint: "the pattern of its text: `tenants/{tenant}/*`")
        let pattern = patternNode.flatMap { Fields.text($0, "tenant", &problems) }
        if let patternNode, let pattern, pattern.ranges(of: "{tenant}").count != 1 {
            problems.error(patternNode, "`\(pattern)` must hold `{tenant}` once", hint: "such as `tenants/{tenant}/*`")
            return nil
        }
        var conditions: [EventAttribution.Condition] = []
        for entry in fields["where"]?.entries ?? [] {
            guard let way = path(entry.key, entry.keyMark, &problems) else { continue }
            conditions.append(.init(field: way, patterns: Fields.texts(entry.value, entry.key, &problems).map(\.text)))
        }
        if let node = fields["where"], node.entries == nil { problems.error(node, "`where` must be a map of fields to patterns, not \(node.kind)") }
        guard let service, let field, let pattern else { return nil }
        return EventAttribution(
            provider: fields.text("provider", &problems) ?? "*", service: service, field: field, pattern: pattern, conditions: conditions)
    }

    private static func path(_ node: Node, _ problems: inout Problems) -> [String]? {
        Fields.text(node, "field", &problems).flatMap { path($0, node.mark, &problems) }
    }

    private static func path(_ text: String, _ mark: Mark, _ problems: inout Problems) -> [String]? {
        let names = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        let isPath = names.allSatisfy { name in
            guard let first = name.utf8.first, isLetter(first) else { return false }
            return name.utf8.allSatisfy { isLetter($0) || 48...57 ~= $0 }
        }
        if isPath { return names }
        problems.error(mark, length: text.unicodeScalars.count, "`\(text)` is not the way to a field", hint: "names with dots: `requestParameters.key`")
        return nil
    }

    private static func isLetter(_ byte: UInt8) -> Bool { 65...90 ~= byte || 97...122 ~= byte || byte == 95 }
}

extension EventAttribution {
    /// The expression of a subject, wrapped so that it carries the tenant that the event tells.
    static func wrap(_ subject: String, _ attributions: [EventAttribution]) -> String {
        "attributed(\(subject)\n, [\(attributions.map(\.expression).joined(separator: ", "))])"
    }

    private var expression: String {
        let capture = "capture(\(Self.optional(field)), \(Self.quoted(pattern)))"
        if conditions.isEmpty { return capture }
        let tests = conditions.map { condition in
            "(" + condition.patterns.map { "like(\(Self.optional(condition.field)), \(Self.quoted($0)))" }.joined(separator: " || ") + ")"
        }
        return "(\(tests.joined(separator: " && ")) ? \(capture) : '')"
    }

    private static func optional(_ path: [String]) -> String { "event.?" + path.joined(separator: ".") }

    private static func quoted(_ text: String) -> String {
        "'" + text.map { $0 == "'" || $0 == "\\" ? "\\\($0)" : String($0) }.joined() + "'"
    }

    /// Whether it speaks of what a vector looks at.
    func concerns(_ vector: Vector) -> Bool {
        guard case .event(let wanted, _) = vector.trigger, Glob.matches(provider, vector.provider) else { return false }
        return wanted == "*" || Glob.matches(service, wanted) || Glob.matches(wanted, service)
    }
}
