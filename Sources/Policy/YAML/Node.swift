/// A piece of a YAML file and where it stands.
struct Node: Sendable, Equatable {
    enum Content: Sendable, Equatable {
        case scalar(Scalar)
        case list([Node])
        /// In the order of the file; a key comes once.
        case map([Entry])
        /// A list that is decoded when somebody looks into it.
        case packed(NodeTree.Part)
    }

    struct Entry: Sendable, Equatable {
        let key: String
        let keyMark: Mark
        let value: Node
    }

    struct Scalar: Sendable, Equatable {
        enum Style: Sendable { case plain, singleQuoted, doubleQuoted, literal, folded }
        let text: String
        let style: Style
    }

    let content: Content
    let mark: Mark

    var isNull: Bool {
        guard case .scalar(let scalar) = content, scalar.style == .plain else { return false }
        switch scalar.text.utf8.first {
        case nil: return true
        case UInt8(ascii: "~"), UInt8(ascii: "n"), UInt8(ascii: "N"): return ["~", "null", "Null", "NULL"].contains(scalar.text)
        default: return false
        }
    }

    /// What it is, for messages: `a list`.
    var kind: String {
        switch content {
        case .list, .packed: "a list"
        case .map: "a map"
        case .scalar(let scalar):
            isNull
                ? "nothing" : scalar.style != .plain ? "a text" : boolean != nil ? "true or false" : number != nil ? "a number" : "a text"
        }
    }

    /// The text of any scalar that is not null.
    var text: String? {
        guard case .scalar(let scalar) = content, !isNull else { return nil }
        return scalar.text
    }

    /// YAML 1.2's `true` and `false` only: `NO` is Norway.
    var boolean: Bool? {
        guard case .scalar(let scalar) = content, scalar.style == .plain else { return nil }
        switch scalar.text {
        case "true", "True", "TRUE": return true
        case "false", "False", "FALSE": return false
        default: return nil
        }
    }

    /// An integer or a decimal as YAML 1.2's core schema has them.
    var number: Double? {
        guard case .scalar(let scalar) = content, scalar.style == .plain, let first = scalar.text.utf8.first,
            48...57 ~= first || first == 43 || first == 45 || first == 46,
            scalar.text.utf8.allSatisfy({ 48...57 ~= $0 || [43, 45, 46, 69, 101].contains($0) })
        else { return nil }
        return Double(scalar.text)
    }

    var items: [Node]? {
        switch content {
        case .list(let items): items
        case .packed(let part): part.items
        default: nil
        }
    }
    var entries: [Entry]? { if case .map(let entries) = content { entries } else { nil } }
    subscript(_ key: String) -> Node? { entries?.first { $0.key == key }?.value }
}

/// A place in a file: line and column from 1, the column in Unicode scalars.
struct Mark: Sendable, Hashable {
    var line: Int
    var column: Int
}
