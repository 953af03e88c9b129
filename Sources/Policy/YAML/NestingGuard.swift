/// Looks through a file before the YAML library does. The library recurses into nested nodes and takes the hash of keys, so what
/// could exhaust the stack or the time there has to be found by looking at the text alone: it may refuse a little too much.
enum NestingGuard {
    struct Refusal {
        var mark: Mark
        var message: String
        var hint: String?
    }

    /// More than a reader can follow; well below what the stack of a thread holds.
    static let maximumDepth = 64

    /// What is wrong with the file, if anything.
    static func check(_ source: SourceText) -> Refusal? {
        var open = 0
        let hasAnchors = source.lines.contains { $0.utf8.contains(UInt8(ascii: "&")) && hasAnchor(Array($0.utf8)) }
        for (index, line) in source.lines.enumerated() {
            // Each level of a block takes a column at least; of a flow, a bracket.
            let indent = line.utf8.prefix { $0 == 32 || $0 == 45 || $0 == 63 }.count
            var column = 0
            for byte in line.utf8 where byte & 0xC0 != 0x80 {
                column += 1
                if byte == UInt8(ascii: "[") || byte == UInt8(ascii: "{") { open += 1 }
                if byte == UInt8(ascii: "]") || byte == UInt8(ascii: "}") { open = max(0, open - 1) }
                if open > 4 * maximumDepth || indent > 4 * maximumDepth {
                    return Refusal(mark: Mark(line: index + 1, column: column), message: "nested more than \(maximumDepth) levels deep")
                }
            }
            if hasAnchors, hasComplexKey(Array(line.utf8)) {
                return Refusal(
                    mark: Mark(line: index + 1, column: min(indent, max(0, column - 1)) + 1), message: "a key is not a plain text",
                    hint: "write keys as words, not as lists, maps or aliases")
            }
        }
        return nil
    }

    /// `&name` at the beginning of a value.
    private static func hasAnchor(_ line: [UInt8]) -> Bool {
        line.indices.contains { line[$0] == UInt8(ascii: "&") && isStart($0, line) && isName($0 + 1, line) }
    }

    /// `? key`, `*alias :`, `[list]: `: keys whose hash is that of everything in them.
    private static func hasComplexKey(_ line: [UInt8]) -> Bool {
        line.indices.contains { index in
            switch line[index] {
            case UInt8(ascii: "?"): isStart(index, line) && isBlank(index + 1, line)
            case UInt8(ascii: "]"), UInt8(ascii: "}"): isColon(after: index + 1, line)
            case UInt8(ascii: "*"): isStart(index, line) && isName(index + 1, line) && isColon(after: endOfName(index + 1, line), line)
            default: false
            }
        }
    }

    private static func isStart(_ index: Int, _ line: [UInt8]) -> Bool {
        index == 0 || [32, 9, UInt8(ascii: "["), UInt8(ascii: "{"), UInt8(ascii: ",")].contains(line[index - 1])
    }

    private static func isBlank(_ index: Int, _ line: [UInt8]) -> Bool { index >= line.count || line[index] == 32 || line[index] == 9 }

    private static func isName(_ index: Int, _ line: [UInt8]) -> Bool {
        guard index < line.count else { return false }
        switch line[index] {
        case 48...57, 65...90, 97...122, UInt8(ascii: "_"), UInt8(ascii: "-"): return true
        default: return false
        }
    }

    private static func endOfName(_ index: Int, _ line: [UInt8]) -> Int {
        var end = index
        while isName(end, line) { end += 1 }
        return end
    }

    private static func isColon(after index: Int, _ line: [UInt8]) -> Bool {
        var next = index
        while next < line.count, line[next] == 32 || line[next] == 9 { next += 1 }
        return next < line.count && line[next] == UInt8(ascii: ":") && isBlank(next + 1, line)
    }
}
