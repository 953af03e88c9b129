/// The HTML report, read again as a tree. The PDF is made from it, so that the two cannot say different things.
///
/// It reads what `HTMLWriter` writes and nothing else: quoted attributes, five entities, an end tag for each element that is not
/// void.
indirect enum PageNode {
    case text(String)
    case element(String, [String: String], [PageNode])

    static func parse(_ bytes: [UInt8]) -> PageNode {
        var parser = Parser(bytes: bytes)
        return .element("page", [:], parser.children(until: nil))
    }

    /// All text below, as it is.
    var text: String {
        switch self {
        case .text(let text): text
        case .element(_, _, let children): children.map(\.text).joined()
        }
    }

    /// The first element of this name below, in the order of the page.
    func first(_ name: String) -> PageNode? {
        guard case .element(let own, _, let children) = self else { return nil }
        if own == name { return self }
        for child in children { if let found = child.first(name) { return found } }
        return nil
    }

    var children: [PageNode] {
        guard case .element(_, _, let children) = self else { return [] }
        return children
    }

    private struct Parser {
        let bytes: [UInt8]
        var index = 0

        mutating func children(until name: String?) -> [PageNode] {
            var nodes: [PageNode] = []
            while index < bytes.count {
                if bytes[index] != UInt8(ascii: "<") {
                    nodes.append(.text(text(until: UInt8(ascii: "<"))))
                    continue
                }
                index += 1
                if index < bytes.count, bytes[index] == UInt8(ascii: "/") || bytes[index] == UInt8(ascii: "!") {
                    let isEnd = bytes[index] == UInt8(ascii: "/")
                    skip(past: UInt8(ascii: ">"))
                    if isEnd { return nodes }
                    continue
                }
                nodes.append(element())
            }
            return nodes
        }

        private mutating func element() -> PageNode {
            let name = word()
            var attributes: [String: String] = [:]
            while index < bytes.count, bytes[index] == UInt8(ascii: " ") {
                index += 1
                let key = word()
                index += 2  // ="
                attributes[key] = text(until: UInt8(ascii: "\""))
                index += 1
            }
            index += 1  // >
            if ["meta", "input", "!DOCTYPE"].contains(name) { return .element(name, attributes, []) }
            if name == "script" || name == "style" {
                while index < bytes.count,
                    !(bytes[index] == UInt8(ascii: "<") && index + 1 < bytes.count && bytes[index + 1] == UInt8(ascii: "/"))
                {
                    index += 1
                }
            }
            return .element(name, attributes, children(until: name))
        }

        private mutating func word() -> String {
            let start = index
            while index < bytes.count, !" =>\n".utf8.contains(bytes[index]) { index += 1 }
            return String(decoding: bytes[start..<index], as: UTF8.self)
        }

        private mutating func skip(past end: UInt8) {
            while index < bytes.count, bytes[index] != end { index += 1 }
            index += 1
        }

        private mutating func text(until end: UInt8) -> String {
            let start = index
            while index < bytes.count, bytes[index] != end { index += 1 }
            let raw = String(decoding: bytes[start..<min(index, bytes.count)], as: UTF8.self)
            guard raw.utf8.contains(UInt8(ascii: "&")) else { return raw }
            return raw.replacing("&lt;", with: "<").replacing("&gt;", with: ">").replacing("&quot;", with: "\"").replacing(
                "&#39;", with: "'"
            )
            .replacing("&amp;", with: "&")
        }
    }
}
