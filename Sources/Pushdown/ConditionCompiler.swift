import CEL

/// A condition as SQL, of three values: TRUE and FALSE where it certainly comes to that, NULL where it errs or where the
/// statement cannot tell. What is NULL is decided from the fields themselves, by the program that the condition is.
struct ConditionCompiler {
    var fields: EventFields
    /// Why parts of it are NULL.
    private(set) var refusals: [String] = []

    init(_ fields: EventFields) { self.fields = fields }

    private var dialect: Dialect { fields.dialect }

    /// A value, told by its kind (NULL where it errs or is unknown) and, where it is a text or a bool, by its text.
    private struct Term {
        var kind: String
        var text: String
    }

    mutating func condition(_ outline: Outline) -> String {
        switch outline {
        case .literal(.bool(let flag)): return flag ? "TRUE" : "FALSE"
        case .and(let terms): return "(" + terms.map { condition($0) }.joined(separator: " AND ") + ")"
        case .or(let terms): return "(" + terms.map { condition($0) }.joined(separator: " OR ") + ")"
        case .conditional(let test, let yes, let no):
            let test = condition(test)
            return "CASE WHEN \(test) THEN \(condition(yes)) WHEN NOT \(test) THEN \(condition(no)) END"
        case .test(let operand, let field): return presence(operand, field)
        case .call("!_", let arguments) where arguments.count == 1: return "NOT (\(condition(arguments[0])))"
        case .call("_==_", let arguments) where arguments.count == 2: return equality(arguments[0], arguments[1])
        case .call("_!=_", let arguments) where arguments.count == 2: return "NOT (\(equality(arguments[0], arguments[1])))"
        case .call(let name, let arguments) where ["_>_", "_>=_", "_<_", "_<=_"].contains(name) && arguments.count == 2:
            return comparison(String(name.dropFirst().dropLast()), arguments[0], arguments[1])
        case .call("hasValue", let arguments) where arguments.count == 1: return hasValue(arguments[0])
        case .call(let name, let arguments) where ["startsWith", "endsWith", "contains"].contains(name) && arguments.count == 2:
            return textTest(name, arguments[0], arguments[1])
        default:
            guard let term = term(outline) else { return "NULL" }
            return "CASE WHEN \(dialect.isKind(term.kind, .bool)) THEN \(term.text) = 'true' END"
        }
    }

    // MARK: fields

    /// The path below `event`, and from which of its steps on it may be absent.
    private func path(_ outline: Outline) -> (path: [String], optionalFrom: Int?)? {
        switch outline {
        case .variable("event"): return ([], nil)
        case .select(let operand, let field, let isOptional):
            guard let (path, from) = path(operand) else { return nil }
            return (path + [field], from ?? (isOptional ? path.count : nil))
        default: return nil
        }
    }

    private func plainPath(_ outline: Outline) -> [String]? {
        guard let found = path(outline), found.optionalFrom == nil else { return nil }
        return found.path
    }

    private mutating func refuse(_ why: String) -> String {
        if !refusals.contains(why) { refusals.append(why) }
        return "NULL"
    }

    private mutating func refused(_ why: String) -> Term? {
        _ = refuse(why)
        return nil
    }

    private func check(_ path: [String]) -> String? {
        fields.has(path) ? nil : "`event.\(path.joined(separator: "."))` is not in the layout `\(fields.layout.rawValue)`"
    }

    private mutating func presence(_ operand: Outline, _ field: String) -> String {
        guard let base = plainPath(operand) else { return refuse("`has()` of something else than a field of the event") }
        let whole = base + [field]
        if let why = check(whole) { return refuse(why) }
        guard fields.tellsPresence(whole) else {
            return refuse("`has(event.\(whole.joined(separator: ".")))`: the layout does not tell missing from null")
        }
        let present = "\(fields.kind(whole)) IS NOT NULL"
        return base.isEmpty ? present : "CASE WHEN \(dialect.isKind(fields.kind(base), .map)) THEN \(present) END"
    }

    private mutating func term(_ outline: Outline) -> Term? {
        switch outline {
        case .literal(.string(let text)):
            guard !text.contains("\\"), !text.contains("\u{0}") else { return refused("a text with a backslash") }
            return Term(kind: dialect.text(dialect.words(.string)[0]), text: dialect.text(text))
        case .literal(.bool(let flag)): return Term(kind: dialect.text(dialect.words(.bool)[0]), text: flag ? "'true'" : "'false'")
        case .literal(.null): return Term(kind: dialect.text(dialect.words(.null)[0]), text: "NULL")
        case .literal: return refused("a number, whose exactness the engines do not share")
        case .call("orValue", let arguments) where arguments.count == 2: return orValue(arguments[0], arguments[1])
        case .select:
            guard let path = plainPath(outline) else { return refused("a field of something else than the event") }
            if let why = check(path) { return refused(why) }
            return Term(kind: fields.kind(path), text: fields.string(path))
        case .other(let what): return refused(what)
        case .call(let name, _): return refused("`\(name)`")
        default: return refused("an expression of this form")
        }
    }

    /// Whether an optional field is certainly absent: a member on its way is an object without the next.
    private mutating func isAbsent(_ path: [String], from: Int) -> String {
        var ways: [String] = []
        for index in from..<path.count {
            let way = Array(path.prefix(index))
            let missing = "\(fields.kind(Array(path.prefix(index + 1)))) IS NULL"
            ways.append(index == 0 ? missing : "(\(dialect.isKind(fields.kind(way), .map)) AND \(missing))")
        }
        return "(" + ways.joined(separator: " OR ") + ")"
    }

    private mutating func optional(_ outline: Outline) -> (absent: String, path: [String])? {
        guard let (path, start) = path(outline), let from = start else {
            _ = refuse("an optional that is no field of the event")
            return nil
        }
        if let why = check(path) {
            _ = refuse(why)
            return nil
        }
        guard (from..<path.count).allSatisfy({ fields.tellsPresence(Array(path.prefix($0 + 1))) || ($0 == 0 && path.count > 1) }) else {
            _ = refuse("`event.?\(path.joined(separator: "."))`: the layout does not tell missing from null")
            return nil
        }
        return (isAbsent(path, from: from), path)
    }

    private mutating func orValue(_ operand: Outline, _ fallback: Outline) -> Term? {
        guard let (absent, path) = optional(operand), let other = term(fallback) else { return nil }
        return Term(
            kind: "CASE WHEN \(absent) THEN \(other.kind) ELSE \(fields.kind(path)) END",
            text: "CASE WHEN \(absent) THEN \(other.text) ELSE \(fields.string(path)) END")
    }

    private mutating func hasValue(_ operand: Outline) -> String {
        guard let (absent, path) = optional(operand) else { return "NULL" }
        // Of a null it is left to the program whether that is a value.
        return "CASE WHEN \(absent) THEN FALSE WHEN NOT (\(dialect.isKind(fields.kind(path), .null))) THEN TRUE END"
    }

    // MARK: relations

    /// Texts, bools and null are told apart; of numbers, lists and objects no more than that they are no text.
    private mutating func equality(_ left: Outline, _ right: Outline) -> String {
        guard let left = term(left), let right = term(right) else { return "NULL" }
        let both = { (dialect: Dialect, kind: Dialect.Kind) in "\(dialect.isKind(left.kind, kind)) AND \(dialect.isKind(right.kind, kind))" }
        let simple = { (dialect: Dialect, term: Term) in
            dialect.isKind(term.kind, .string) + " OR " + dialect.isKind(term.kind, .bool) + " OR " + dialect.isKind(term.kind, .null)
        }
        return """
            CASE WHEN \(left.kind) IS NULL OR \(right.kind) IS NULL THEN NULL WHEN \(both(dialect, .null)) THEN TRUE \
            WHEN (\(both(dialect, .string))) OR (\(both(dialect, .bool))) THEN \(left.text) = \(right.text) \
            WHEN \(simple(dialect, left)) OR \(simple(dialect, right)) THEN FALSE END
            """
    }

    private mutating func comparison(_ sign: String, _ left: Outline, _ right: Outline) -> String {
        guard case .call("size", let arguments) = left, arguments.count == 1, case .literal(.int(let number)) = right,
            let path = plainPath(arguments[0])
        else { return refuse("`\(sign)` between something else than a size and a number") }
        if let why = check(path) { return refuse(why) }
        return "CASE WHEN \(dialect.isKind(fields.kind(path), .list)) THEN \(fields.length(path)) \(sign) \(number) END"
    }

    private mutating func textTest(_ name: String, _ operand: Outline, _ argument: Outline) -> String {
        guard case .literal(.string(let wanted)) = argument else { return refuse("`\(name)` with something else than a text") }
        guard !wanted.isEmpty, !wanted.contains("\\"), wanted.utf8.allSatisfy({ 32..<127 ~= $0 }) else {
            return refuse("`\(name)` with a text that is not plain")
        }
        guard let term = term(operand) else { return "NULL" }
        let test =
            switch name {
            case "startsWith": "\(dialect.start(term.text, wanted.count)) = \(dialect.text(wanted))"
            case "endsWith": "\(dialect.end(term.text, wanted.count)) = \(dialect.text(wanted))"
            default: "\(dialect.position(term.text, wanted)) > 0"
            }
        return "CASE WHEN \(dialect.isKind(term.kind, .string)) THEN \(test) END"
    }
}
