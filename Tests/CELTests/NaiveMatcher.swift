@testable import CEL

/// A matcher that tries every way, one after the other: slow, and easy to believe.
struct NaiveMatcher {
    private let scalars: [Unicode.Scalar]

    init(_ text: String) { scalars = Array(text.unicodeScalars) }

    func matches(_ node: RegexNode) -> Bool {
        (0...scalars.count).contains { match(node, $0) { _ in true } }
    }

    private func match(_ node: RegexNode, _ position: Int, _ next: (Int) -> Bool) -> Bool {
        switch node {
        case .empty: next(position)
        case .set(let set): position < scalars.count && set.contains(scalars[position].value) && next(position + 1)
        case .sequence(let nodes): matchAll(nodes[...], position, next)
        case .alternatives(let nodes): nodes.contains { match($0, position, next) }
        case .repeated(let inner, let least, let most): matchRepeated(inner, least, most, position, next)
        case .assertion(let assertion): holds(assertion, position) && next(position)
        }
    }

    private func matchAll(_ nodes: ArraySlice<RegexNode>, _ position: Int, _ next: (Int) -> Bool) -> Bool {
        guard let first = nodes.first else { return next(position) }
        return match(first, position) { matchAll(nodes.dropFirst(), $0, next) }
    }

    private func matchRepeated(
        _ node: RegexNode, _ least: Int, _ most: Int?, _ position: Int, _ next: (Int) -> Bool
    ) -> Bool {
        if least == 0, next(position) { return true }
        if most == 0 { return false }
        return match(node, position) { end in
            // A round that reads nothing leads nowhere new, once the least number is reached.
            (end > position || least > 0) && matchRepeated(node, max(0, least - 1), most.map { $0 - 1 }, end, next)
        }
    }

    private func isWord(_ position: Int) -> Bool {
        scalars.indices.contains(position) && ScalarSet.word.contains(scalars[position].value)
    }

    private func holds(_ assertion: RegexNode.Assertion, _ position: Int) -> Bool {
        switch assertion {
        case .textStart: position == 0
        case .textEnd: position == scalars.count
        case .lineStart: position == 0 || scalars[position - 1] == "\n"
        case .lineEnd: position == scalars.count || scalars[position] == "\n"
        case .wordBoundary: isWord(position - 1) != isWord(position)
        case .notWordBoundary: isWord(position - 1) == isWord(position)
        }
    }
}

/// Makes small patterns as nodes and as text.
struct PatternGenerator {
    private var random: SeededGenerator

    init(seed: UInt64) { random = SeededGenerator(seed: seed) }

    mutating func node(_ depth: Int) -> RegexNode {
        switch Int.random(in: 0..<(depth > 0 ? 9 : 5), using: &random) {
        case 0: .set(ScalarSet(97))
        case 1: .set(ScalarSet(98))
        case 2: .set(ScalarSet([97...99]))
        case 3: .set(.notNewline)
        case 4:
            .assertion(
                [.textStart, .textEnd, .lineStart, .lineEnd, .wordBoundary, .notWordBoundary][Int.random(in: 0..<6, using: &random)])
        case 5: .sequence([node(depth - 1), node(depth - 1)])
        case 6: .alternatives([node(depth - 1), node(depth - 1)])
        case 7: .sequence([node(depth - 1), node(depth - 1), node(depth - 1)])
        default: repeated(depth)
        }
    }

    private mutating func repeated(_ depth: Int) -> RegexNode {
        let least = Int.random(in: 0...2, using: &random)
        let most = Bool.random(using: &random) ? nil : Optional(least + Int.random(in: 0...2, using: &random))
        return .repeated(node(depth - 1), least: least, most: most)
    }

    static func text(_ node: RegexNode) -> String {
        switch node {
        case .empty: "()"
        case .set(let set): set == .notNewline ? "." : (set.ranges == [97...97] ? "a" : (set.ranges == [98...98] ? "b" : "[a-c]"))
        case .sequence(let nodes): nodes.map(text).joined()
        case .alternatives(let nodes): "(" + nodes.map(text).joined(separator: "|") + ")"
        case .repeated(let node, let least, let most): "(?:\(text(node))){\(least),\(most.map(String.init) ?? "")}"
        case .assertion(let assertion):
            switch assertion {
            case .textStart: #"\A"#
            case .textEnd: #"\z"#
            case .lineStart: "(?m:^)"
            case .lineEnd: "(?m:$)"
            case .wordBoundary: #"\b"#
            case .notWordBoundary: #"\B"#
            }
        }
    }
}
