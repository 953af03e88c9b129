import Residency

/// Collects what is wrong in one file, so that all of it is told in one go.
struct Problems {
    let source: SourceText
    /// The file was tested when the program was built.
    let isTested: Bool
    private(set) var list: [PolicyDiagnostic] = []
    /// Jurisdictions that the file names; whether they exist is known when every file is read.
    private(set) var uses: [Use] = []

    struct Use {
        let id: String
        let mark: Mark
        let length: Int
        /// The definition in which it stands, for finding cycles.
        let definition: String?
    }

    init(_ source: SourceText, isTested: Bool = false) {
        self.source = source
        self.isTested = isTested
    }

    mutating func error(_ mark: Mark, length: Int, _ message: String, hint: String? = nil) {
        add(.error, mark, length, message, hint)
    }

    mutating func error(_ node: Node, _ message: String, hint: String? = nil) {
        add(.error, node.mark, source.length(of: node), message, hint)
    }

    mutating func warning(_ node: Node, _ message: String, hint: String? = nil) {
        add(.warning, node.mark, source.length(of: node), message, hint)
    }

    mutating func use(jurisdiction id: String, _ node: Node, in definition: String? = nil) {
        uses.append(Use(id: id, mark: node.mark, length: source.length(of: node), definition: definition))
    }

    mutating func use(jurisdiction id: String, _ mark: Mark, length: Int) {
        uses.append(Use(id: id, mark: mark, length: length, definition: nil))
    }

    mutating func note(_ mark: Mark, _ message: String, hint: String? = nil) { add(.note, mark, 1, message, hint) }

    private mutating func add(_ level: PolicyDiagnostic.Level, _ mark: Mark, _ length: Int, _ message: String, _ hint: String?) {
        let message = message.utf8.count > Self.longest ? String(message.unicodeScalars.prefix(Self.longest)) + "…" : message
        list.append(
            PolicyDiagnostic(
                level: level, file: source.path, line: mark.line, column: mark.column, length: max(1, length), message: message, hint: hint)
        )
    }

    /// What a file says is quoted in messages, and may be as long as the file.
    private static let longest = 300
}

extension SourceText {
    /// How many characters of its first line a node takes.
    func length(of node: Node) -> Int {
        guard let line = line(node.mark.line) else { return 1 }
        let rest = line.unicodeScalars.dropFirst(node.mark.column - 1)
        guard case .scalar(let scalar) = node.content else { return 1 }
        switch scalar.style {
        case .plain: return min(rest.count, scalar.text.unicodeScalars.count)
        case .literal, .folded: return 1
        case .singleQuoted, .doubleQuoted:
            guard let quote = rest.first, let end = rest.dropFirst().firstIndex(of: quote) else { return rest.count }
            return rest.distance(from: rest.startIndex, to: end) + 1
        }
    }
}

/// The keys of one map, each asked for by name and kind. Keys that nobody may use are errors with the nearest name.
struct Fields {
    let node: Node
    /// What the map is, for messages: `a policy`.
    let what: String

    /// Reports a node that is not a map, and unknown keys.
    init?(_ node: Node, _ what: String, _ allowed: [String], _ problems: inout Problems) {
        guard let entries = node.entries else {
            problems.error(node, "\(what) must be a map, not \(node.kind)", hint: "its keys are \(list(allowed))")
            return nil
        }
        for entry in entries where !problems.isTested && !allowed.contains(entry.key) {
            let near = NearMatch.best(to: entry.key, among: allowed)
            problems.error(
                entry.keyMark, length: entry.key.unicodeScalars.count, "unknown key `\(entry.key)` in \(what)",
                hint: near.map { "did you mean `\($0)`?" } ?? "its keys are \(list(allowed))")
        }
        self.node = node
        self.what = what
    }

    /// The value of a key, if it is there and not null.
    subscript(_ key: String) -> Node? {
        guard let value = node[key], !value.isNull else { return nil }
        return value
    }

    /// The value of a key that must be there.
    func required(_ key: String, _ problems: inout Problems, hint: String? = nil) -> Node? {
        if let value = self[key] { return value }
        if let entry = node.entries?.first(where: { $0.key == key }) {
            problems.error(entry.keyMark, length: key.unicodeScalars.count, "`\(key)` is empty", hint: hint)
        } else {
            problems.error(node.mark, length: 1, "\(what) needs the key `\(key)`", hint: hint)
        }
        return nil
    }

    /// A text; numbers and the like are taken as they are written.
    func text(_ key: String, _ problems: inout Problems) -> String? { self[key].flatMap { Self.text($0, key, &problems) } }

    func requiredText(_ key: String, _ problems: inout Problems, hint: String? = nil) -> String? {
        required(key, &problems, hint: hint).flatMap { Self.text($0, key, &problems) }
    }

    /// A text or a list of texts, each with its node.
    func texts(_ key: String, _ problems: inout Problems) -> [(text: String, node: Node)] {
        self[key].map { Self.texts($0, key, &problems) } ?? []
    }

    func boolean(_ key: String, _ problems: inout Problems) -> Bool? {
        guard let value = self[key] else { return nil }
        if value.boolean == nil { problems.error(value, "`\(key)` must be true or false, not \(value.kind)") }
        return value.boolean
    }

    /// The elements of a list; one map alone counts as a list of one.
    func items(_ key: String, _ problems: inout Problems) -> [Node] {
        guard let value = self[key] else { return [] }
        if let items = value.items { return items }
        if case .map = value.content { return [value] }
        problems.error(value, "`\(key)` must be a list, not \(value.kind)")
        return []
    }

    static func text(_ node: Node, _ key: String, _ problems: inout Problems) -> String? {
        if let text = node.text { return text.trimmed }
        problems.error(node, "`\(key)` must be a text, not \(node.kind)")
        return nil
    }

    static func texts(_ node: Node, _ key: String, _ problems: inout Problems) -> [(text: String, node: Node)] {
        if let items = node.items {
            return items.compactMap { item in text(item, key, &problems).map { ($0, item) } }
        }
        guard let text = node.text else {
            problems.error(node, "`\(key)` must be a text or a list of texts, not \(node.kind)")
            return []
        }
        return [(text.trimmed, node)]
    }
}

/// `a`, `b` and `c`, in backticks.
func list(_ words: [String], _ last: String = "and") -> String {
    let quoted = words.map { "`\($0)`" }
    guard let end = quoted.last, quoted.count > 1 else { return quoted.first ?? "" }
    return quoted.dropLast().joined(separator: ", ") + " \(last) " + end
}

extension String {
    /// Without white space at both ends.
    var trimmed: String {
        guard let first = utf8.first, let last = utf8.last, first <= 32 || last <= 32 else { return self }
        let isSpace: (Unicode.Scalar) -> Bool = { $0 == " " || $0 == "\n" || $0 == "\t" || $0 == "\r" }
        let head = unicodeScalars.drop(while: isSpace)
        guard let last = head.lastIndex(where: { !isSpace($0) }) else { return "" }
        return String(head[...last])
    }
}
