import Residency
import Yams

/// Reads YAML into nodes with marks; what is wrong becomes diagnostics.
struct YAMLReader {
    /// Sizes beyond these are no policies but an accident or an attack.
    static let maximumBytes = 16 << 20
    static let maximumNodes = 200_000

    let source: SourceText
    private var nodes = 0

    private init(_ source: SourceText) { self.source = source }

    /// The documents of a file.
    static func read(_ file: SourceFile, _ source: SourceText, _ problems: inout Problems) -> [Node] {
        if let tree = file.tree, tree.utf8CodeUnitCount > 0, let documents = NodeTree.decode(tree) { return documents }
        var reader = YAMLReader(source)
        do throws(Trouble) {
            return try reader.documents(file)
        } catch {
            problems.error(error.mark, length: error.length, error.message, hint: error.hint)
            return []
        }
    }

    private struct Trouble: Error {
        var mark: Mark
        var length = 1
        var message: String
        var hint: String?
    }

    private mutating func documents(_ file: SourceFile) throws(Trouble) -> [Node] {
        let start = Mark(line: 1, column: 1)
        let bytes = file.bytes
        guard bytes.count <= Self.maximumBytes else {
            throw Trouble(mark: start, message: "the file has \(bytes.count) bytes; the most is \(Self.maximumBytes)")
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw Trouble(mark: firstInvalid(bytes), message: "the file is not UTF-8", hint: "save it as UTF-8")
        }
        if let refusal = NestingGuard.check(source) { throw Trouble(mark: refusal.mark, message: refusal.message, hint: refusal.hint) }
        var found: [Node] = []
        do {
            // What a scalar means is decided here, by YAML 1.2: the library's own resolver takes `NO` for false, and time.
            let parser = try Yams.Parser(yaml: text, resolver: .basic, encoding: .utf8)
            while let root = try parser.nextRoot() { found.append(try convert(root, depth: 0)) }
        } catch let error as Trouble {
            throw error
        } catch {
            throw trouble(error)
        }
        return found
    }

    private mutating func convert(_ node: Yams.Node, depth: Int) throws -> Node {
        let mark = node.mark.map { Mark(line: $0.line, column: $0.column) } ?? Mark(line: 1, column: 1)
        nodes += 1
        guard nodes <= Self.maximumNodes else {
            throw Trouble(
                mark: mark, message: "the file has more than \(Self.maximumNodes) values",
                hint: "aliases (`*name`) count each time they are used")
        }
        guard depth < NestingGuard.maximumDepth else {
            throw Trouble(mark: mark, message: "nested more than \(NestingGuard.maximumDepth) levels deep")
        }
        switch node {
        case .scalar(let scalar):
            return Node(content: .scalar(Node.Scalar(text: scalar.string, style: Node.Scalar.Style(scalar.style))), mark: mark)
        case .sequence(let sequence):
            return Node(content: .list(try sequence.map { try convert($0, depth: depth + 1) }), mark: mark)
        case .mapping(let mapping):
            var entries: [Node.Entry] = []
            var first: [String: Mark] = [:]
            for (key, value) in mapping {
                let keyMark = key.mark.map { Mark(line: $0.line, column: $0.column) } ?? mark
                guard case .scalar(let scalar) = key else {
                    throw Trouble(mark: keyMark, message: "a key is not a plain text", hint: "write keys as words")
                }
                if let other = first.updateValue(keyMark, forKey: scalar.string) { throw twice(scalar.string, keyMark, other) }
                entries.append(Node.Entry(key: scalar.string, keyMark: keyMark, value: try convert(value, depth: depth + 1)))
            }
            return Node(content: .map(entries), mark: mark)
        case .alias: throw Trouble(mark: mark, message: "an alias without a value")
        }
    }

    private func twice(_ key: String, _ mark: Mark, _ first: Mark) -> Trouble {
        Trouble(
            mark: mark, length: key.unicodeScalars.count, message: "the key `\(key)` stands twice in one map",
            hint: "the first one is in line \(first.line)")
    }

    private func trouble(_ error: any Error) -> Trouble {
        guard let error = error as? YamlError else { return Trouble(mark: Mark(line: 1, column: 1), message: "\(error)") }
        switch error {
        case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
            .composer(let context, let problem, let mark, _):
            let hint = context.map { "\($0.text), which begins in line \($0.mark.line)" }
            return Trouble(mark: clamp(mark), message: "this is not YAML: \(problem)", hint: hint)
        case .duplicatedKeysInMapping(let keys, let context):
            let first = clamp(context.mark)
            return twice(keys.first ?? "", second(keys.first ?? "", after: first) ?? first, first)
        case .reader(let problem, _, _, _): return Trouble(mark: Mark(line: 1, column: 1), message: "this is not YAML: \(problem)")
        default: return Trouble(mark: Mark(line: 1, column: 1), message: "this is not YAML")
        }
    }

    /// The library tells where a key stands first; the second one has the same column, or follows in a `{…}`.
    private func second(_ key: String, after first: Mark) -> Mark? {
        for number in first.line...max(first.line, source.lines.count) {
            guard let line = source.line(number) else { return nil }
            let scalars = Array(line.unicodeScalars)
            let length = key.unicodeScalars.count
            var column = number == first.line ? first.column + length : first.column
            while column - 1 + length <= scalars.count {
                let rest = scalars[(column - 1 + length)...].drop { $0 == "\"" || $0 == "'" || $0 == " " }
                if scalars[(column - 1)..<(column - 1 + length)].elementsEqual(key.unicodeScalars), rest.first == ":" {
                    return Mark(line: number, column: column)
                }
                if number != first.line { break }
                column += 1
            }
        }
        return nil
    }

    private func clamp(_ mark: Yams.Mark) -> Mark {
        let line = min(max(1, mark.line), max(1, source.lines.count))
        let width = source.line(line)?.unicodeScalars.count ?? 0
        return Mark(line: line, column: min(max(1, mark.column), width + 1))
    }

    private func firstInvalid(_ bytes: [UInt8]) -> Mark {
        var mark = Mark(line: 1, column: 1)
        for line in bytes.split(separator: 10, omittingEmptySubsequences: false) {
            if String(validating: line, as: UTF8.self) == nil { return mark }
            mark.line += 1
        }
        return Mark(line: 1, column: 1)
    }
}

extension Node.Scalar.Style {
    fileprivate init(_ style: Yams.Node.Scalar.Style) {
        switch style {
        case .any, .plain: self = .plain
        case .singleQuoted: self = .singleQuoted
        case .doubleQuoted: self = .doubleQuoted
        case .literal: self = .literal
        case .folded: self = .folded
        }
    }
}
