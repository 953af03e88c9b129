public import Residency
import Yams

/// Where records stand in a text that people edit: line and column for JSON pointers.
public enum RecordPositions {
    /// Larger texts are not searched: nobody reads them by line.
    public static let maxBytes = 64 << 20
    private static let maxYAMLBytes = 4 << 20

    /// The positions of the values at these pointers, in JSON or YAML; what is not found, or is no text, is left out.
    public static func locate(_ pointers: Set<String>, in bytes: [UInt8]) -> [String: TextPosition] {
        guard bytes.count <= maxBytes, !bytes.contains(0), let first = bytes.first(where: { $0 > 0x20 && $0 < 0x80 }) else { return [:] }
        let root = PointerNode(pointers)
        if first == UInt8(ascii: "{") || first == UInt8(ascii: "[") { return locateJSON(root, bytes) }
        guard bytes.count <= maxYAMLBytes else { return [:] }
        var found: [String: TextPosition] = [:]
        guard let node = try? Yams.compose(yaml: String(decoding: bytes, as: UTF8.self)) else { return [:] }
        search(root, node, into: &found)
        return found
    }

    private static func locateJSON(_ root: PointerNode, _ bytes: [UInt8]) -> [String: TextPosition] {
        var offsets: [(offset: Int, pointer: String)] = []
        bytes.withUnsafeBufferPointer { buffer in
            let scanner = Scanner(maxDepth: ReadLimits.defaultMaxDepth)
            guard let document = JSONSpan(buffer, from: 0, scanner: scanner) else { return }
            search(root, document, into: &offsets)
        }
        var found: [String: TextPosition] = [:]
        var (at, line, column) = (0, 1, 1)
        for (offset, pointer) in offsets.sorted(by: { $0.offset < $1.offset }) {
            while at < offset {
                if bytes[at] == UInt8(ascii: "\n") {
                    line += 1
                    column = 1
                } else if bytes[at] & 0xC0 != 0x80 {
                    column += 1
                }
                at += 1
            }
            found[pointer] = TextPosition(line: line, column: column)
        }
        return found
    }

    /// One look at each object and list on the way, however many records are in it.
    private static func search(_ wanted: PointerNode, _ span: JSONSpan, into found: inout [(offset: Int, pointer: String)]) {
        if let pointer = wanted.pointer { found.append((span.range.lowerBound, pointer)) }
        guard !wanted.children.isEmpty else { return }
        if span.isList {
            let elements = span.elements
            for (name, child) in wanted.children {
                guard let index = Int(name), elements.indices.contains(index) else { continue }
                search(child, elements[index], into: &found)
            }
        } else {
            let members = span.members
            for (name, child) in wanted.children { if let member = members[name] { search(child, member, into: &found) } }
        }
    }

    private static func search(_ wanted: PointerNode, _ node: Node, into found: inout [String: TextPosition]) {
        if let pointer = wanted.pointer, let mark = node.mark { found[pointer] = TextPosition(line: mark.line, column: mark.column) }
        for (name, child) in wanted.children {
            switch node {
            case .sequence(let elements):
                if let index = Int(name), elements.indices.contains(index) { search(child, elements[index], into: &found) }
            case .mapping(let members):
                for (key, value) in members {
                    guard case .scalar(let scalar) = key, scalar.string == name else { continue }
                    search(child, value, into: &found)
                    // The line with its name is where an editor should jump.
                    if let pointer = child.pointer, let mark = key.mark { found[pointer] = TextPosition(line: mark.line, column: mark.column) }
                }
            default: break
            }
        }
    }
}

/// Pointers, by their parts.
private struct PointerNode {
    var pointer: String?
    var children: [String: PointerNode] = [:]

    init(_ pointers: Set<String>) {
        for pointer in pointers where pointer.hasPrefix("/") {
            let parts = pointer.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
            insert(parts.map { String($0).replacing("~1", with: "/").replacing("~0", with: "~") }[...], pointer)
        }
    }

    private init() {}

    private mutating func insert(_ parts: ArraySlice<String>, _ pointer: String) {
        guard let first = parts.first else {
            self.pointer = pointer
            return
        }
        children[first, default: PointerNode()].insert(parts.dropFirst(), pointer)
    }
}
