/// The parsed form in which the built-in files are embedded: parsing YAML took most of every start.
///
/// A node is a letter (`p`, `s`, `d`, `l`, `f`: a scalar by its style; `[` a list; `{` a map; `<` a list to be left alone until
/// it is asked for), line, column, and its length in bytes or number of members; then follow its bytes or members. A list to be
/// left alone has its length in bytes, and in them the list itself. A map's keys are scalars.
struct NodeTree {
    /// A part of a tree, not decoded.
    struct Part: Sendable, Equatable {
        fileprivate let tree: StaticString
        fileprivate let range: Range<Int>

        /// The list's elements.
        var items: [Node] { NodeTree.decode(tree, range)?.first?.items ?? [] }

        static func == (left: Part, right: Part) -> Bool { left.items == right.items }
    }

    private let tree: StaticString
    private let bytes: UnsafeBufferPointer<UInt8>
    private var position: Int

    /// The documents of a file; `nil` if the text is no tree, and then the file's own text counts.
    static func decode(_ tree: StaticString) -> [Node]? { decode(tree, 0..<tree.utf8CodeUnitCount) }

    private static func decode(_ tree: StaticString, _ range: Range<Int>) -> [Node]? {
        tree.withUTF8Buffer { bytes in
            var reader = NodeTree(tree: tree, bytes: UnsafeBufferPointer(rebasing: bytes[..<range.upperBound]), position: range.lowerBound)
            var documents: [Node] = []
            while reader.position < range.upperBound {
                guard let node = reader.node() else { return nil }
                documents.append(node)
            }
            return documents
        }
    }

    private mutating func node() -> Node? {
        guard position < bytes.count else { return nil }
        let letter = bytes[position]
        position += 1
        guard let line = number(before: UInt8(ascii: ",")), let column = number(before: UInt8(ascii: ",")), let count = number(before: UInt8(ascii: ":"))
        else { return nil }
        let mark = Mark(line: line, column: column)
        switch letter {
        case UInt8(ascii: "["):
            var items: [Node] = []
            items.reserveCapacity(min(count, bytes.count))
            for _ in 0..<count {
                guard let item = node() else { return nil }
                items.append(item)
            }
            return Node(content: .list(items), mark: mark)
        case UInt8(ascii: "{"):
            var entries: [Node.Entry] = []
            entries.reserveCapacity(min(count, bytes.count))
            for _ in 0..<count {
                guard let key = node(), case .scalar(let name) = key.content, let value = node() else { return nil }
                entries.append(Node.Entry(key: name.text, keyMark: key.mark, value: value))
            }
            return Node(content: .map(entries), mark: mark)
        case UInt8(ascii: "<"):
            let start = position
            guard take(count) != nil else { return nil }
            return Node(content: .packed(Part(tree: tree, range: start..<position)), mark: mark)
        default:
            guard let style = Node.Scalar.Style(letter), let text = take(count) else { return nil }
            return Node(content: .scalar(Node.Scalar(text: String(decoding: text, as: UTF8.self), style: style)), mark: mark)
        }
    }

    private mutating func take(_ count: Int) -> UnsafeBufferPointer<UInt8>? {
        guard count <= bytes.count - position else { return nil }
        defer { position += count }
        return UnsafeBufferPointer(rebasing: bytes[position..<(position + count)])
    }

    private mutating func number(before end: UInt8) -> Int? {
        var value = 0
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            if byte == end { return value }
            guard 48...57 ~= byte, value < 1 << 32 else { return nil }
            value = value * 10 + Int(byte - 48)
        }
        return nil
    }
}

extension Node.Scalar.Style {
    fileprivate init?(_ letter: UInt8) {
        switch letter {
        case UInt8(ascii: "p"): self = .plain
        case UInt8(ascii: "s"): self = .singleQuoted
        case UInt8(ascii: "d"): self = .doubleQuoted
        case UInt8(ascii: "l"): self = .literal
        case UInt8(ascii: "f"): self = .folded
        default: return nil
        }
    }
}
