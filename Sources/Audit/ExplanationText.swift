public import CEL

extension Explanation {
    /// The tree as text: each part with its value, the parts of a part indented below it.
    public func rendered(indent: Int = 0) -> String {
        var line = String(repeating: "  ", count: indent) + text.split(separator: "\n").map { $0.trimming }.joined(separator: " ")
        switch result {
        case .success(let value): line += "  =  " + Self.short(value)
        case .failure(let error): line += "  ->  error: " + error.message
        case nil: line += "  (not evaluated)"
        }
        if let decidedBy { line += "  (decided by element \(Self.short(decidedBy)))" }
        // A constant's own line would say its text twice.
        let parts = children.filter { !$0.children.isEmpty || $0.label != "literal" }
        return ([line] + parts.map { $0.rendered(indent: indent + 1) }).joined(separator: "\n")
    }

    private static func short(_ value: Value) -> String {
        let text = String(decoding: JSON.write(value, canonical: true), as: UTF8.self)
        return text.count > 120 ? text.prefix(117) + "..." : text
    }
}

extension Substring {
    fileprivate var trimming: Substring {
        var text = drop { $0 == " " || $0 == "\t" }
        while text.last == " " || text.last == "\t" { text.removeLast() }
        return text
    }
}
