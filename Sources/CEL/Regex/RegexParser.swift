/// Parses the syntax of RE2. What would need backtracking (references, looking around) is an error.
struct RegexParser {
    let scalars: [Unicode.Scalar]
    var position = 0
    var flags = Flags()
    private var depth = 0
    private var groupNames: Set<String> = []

    static let maxDepth = 100
    static let maxRepeat = 1000

    struct Flags {
        var ignoresCase = false
        var isMultiline = false
        var dotMatchesNewline = false
    }

    init(_ pattern: String) { scalars = Array(pattern.unicodeScalars) }

    mutating func parse() throws(RegexError) -> RegexNode {
        let node = try parseAlternatives()
        if position < scalars.count { throw error("an unexpected `)`") }
        return node
    }

    func error(_ message: String, at place: Int? = nil) -> RegexError {
        let offset = scalars[..<min(place ?? position, scalars.count)].reduce(0) { $0 + UTF8.width($1) }
        return RegexError(message: "the regular expression has \(message) at offset \(offset)", offset: offset)
    }

    var next: Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }

    func peek(_ offset: Int) -> Unicode.Scalar? { position + offset < scalars.count ? scalars[position + offset] : nil }

    mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard next == scalar else { return false }
        position += 1
        return true
    }

    mutating func take(_ text: String) -> Bool {
        let wanted = Array(text.unicodeScalars)
        guard scalars[position...].starts(with: wanted) else { return false }
        position += wanted.count
        return true
    }

    // MARK: rules

    private mutating func parseAlternatives() throws(RegexError) -> RegexNode {
        depth += 1
        defer { depth -= 1 }
        if depth > Self.maxDepth { throw error("groups nested more than \(Self.maxDepth) deep") }
        var alternatives = [try parseSequence()]
        while take("|") { alternatives.append(try parseSequence()) }
        return alternatives.count == 1 ? alternatives[0] : .alternatives(alternatives)
    }

    private mutating func parseSequence() throws(RegexError) -> RegexNode {
        var nodes: [RegexNode] = []
        while let scalar = next, scalar != "|", scalar != ")" {
            let start = position
            if take("\\Q") {
                nodes += parseQuoted()
                // What repeats stands for the last of them.
                if let last = nodes.popLast() { nodes.append(try parseRepeats(of: last, start)) }
                continue
            }
            guard let node = try parseAtom() else { continue }
            nodes.append(try parseRepeats(of: node, start))
        }
        return nodes.count == 1 ? nodes[0] : (nodes.isEmpty ? .empty : .sequence(nodes))
    }

    /// The literal text up to `\E` or the end.
    private mutating func parseQuoted() -> [RegexNode] {
        var nodes: [RegexNode] = []
        while let scalar = next, !take("\\E") {
            nodes.append(literal(scalar.value))
            position += 1
        }
        return nodes
    }

    func literal(_ code: UInt32) -> RegexNode { .set(folded(ScalarSet(code))) }

    func folded(_ set: ScalarSet) -> ScalarSet { flags.ignoresCase ? set.caseFolded : set }

    /// One atom; nil for flags, which are none.
    private mutating func parseAtom() throws(RegexError) -> RegexNode? {
        guard let scalar = next else { return .empty }
        switch scalar {
        case "(": return try parseGroup()
        case "[": return .set(try parseClass())
        case "*", "+", "?": throw error("nothing before the `\(scalar)`")
        case ".":
            position += 1
            return .set(flags.dotMatchesNewline ? .any : .notNewline)
        case "^":
            position += 1
            return .assertion(flags.isMultiline ? .lineStart : .textStart)
        case "$":
            position += 1
            return .assertion(flags.isMultiline ? .lineEnd : .textEnd)
        case "\\": return try parseEscape()
        default:
            position += 1
            return literal(scalar.value)
        }
    }

    private mutating func parseRepeats(of node: RegexNode, _ start: Int) throws(RegexError) -> RegexNode {
        var node = node
        var isRepeated = false
        while let scalar = next {
            let least: Int
            let most: Int?
            let at = position
            switch scalar {
            case "*": (least, most) = (0, nil)
            case "+": (least, most) = (1, nil)
            case "?": (least, most) = (0, 1)
            case "{":
                guard let counts = try parseCounts() else { return node }
                (least, most) = counts
            default: return node
            }
            if scalar != "{" { position += 1 }
            if isRepeated { throw error("a repetition of a repetition", at: at) }
            isRepeated = true
            _ = take("?")
            node = .repeated(node, least: least, most: most)
        }
        return node
    }

    /// `{n}`, `{n,}` or `{n,m}`; nil, and nothing read, for anything else: the brace is a literal then.
    private mutating func parseCounts() throws(RegexError) -> (Int, Int?)? {
        let start = position
        position += 1
        guard let least = parseCount() else {
            position = start
            return nil
        }
        var most: Int? = least
        if take(",") { most = next == "}" ? nil : parseCount() }
        let isComplete = (scalars[position - 1] == "," || most != nil) && take("}")
        guard isComplete else {
            position = start
            return nil
        }
        if least > Self.maxRepeat || most ?? 0 > Self.maxRepeat {
            throw error("a repetition of more than \(Self.maxRepeat)", at: start)
        }
        if let most, most < least { throw error("a repetition from \(least) to \(most)", at: start) }
        return (least, most)
    }

    private mutating func parseCount() -> Int? {
        var number: Int?
        while let scalar = next, scalar >= "0", scalar <= "9" {
            number = min((number ?? 0) * 10 + Int(scalar.value - 48), 1_000_000)
            position += 1
        }
        return number
    }

    // MARK: groups

    private mutating func parseGroup() throws(RegexError) -> RegexNode? {
        let start = position
        position += 1
        let outer = flags
        if take("?") {
            if take("P<") || (next == "<" && peek(1) != "=" && peek(1) != "!" && take("<")) {
                try parseGroupName(start)
            } else if let isScoped = try parseFlags(start) {
                if !isScoped { return nil }
            }
        }
        let node = try parseAlternatives()
        guard take(")") else { throw error("a group without an end", at: start) }
        flags = outer
        return node
    }

    private mutating func parseGroupName(_ start: Int) throws(RegexError) {
        var name = ""
        while let scalar = next, scalar != ">" {
            guard ScalarSet.word.contains(scalar.value) else { throw error("a malformed group name", at: start) }
            name.unicodeScalars.append(scalar)
            position += 1
        }
        guard take(">"), !name.isEmpty else { throw error("a malformed group name", at: start) }
        guard groupNames.insert(name).inserted else { throw error("a group name twice", at: start) }
    }

    /// Reads `i`, `m`, `s`, `U` with `-` up to `:` or `)`; true where they hold for a group that follows.
    private mutating func parseFlags(_ start: Int) throws(RegexError) -> Bool? {
        var isOn = true
        var count = 0
        while let scalar = next {
            position += 1
            switch scalar {
            case "i": flags.ignoresCase = isOn
            case "m": flags.isMultiline = isOn
            case "s": flags.dotMatchesNewline = isOn
            case "U": break
            case "-" where isOn:
                isOn = false
                count = 0
                continue
            case ":" where isOn || count > 0: return true
            case ")" where count > 0: return false
            case "=", "!", "<": throw error("a look-around, which is not supported", at: start)
            default: throw error("an unknown kind of group", at: start)
            }
            count += 1
        }
        throw error("a group without an end", at: start)
    }
}
