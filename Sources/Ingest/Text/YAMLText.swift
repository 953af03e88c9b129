import CEL
import Yams

/// YAML as values, with the line of each entry.
enum YAMLText {
    /// A document's value could not be made.
    struct Fault: Error {
        var message: String
        var line: Int?
        var column: Int?
    }

    /// Beyond this many values a text is refused: a few lines of aliases can stand for billions.
    static let maxValues = 200_000
    static let maxDepth = 100

    /// The documents of a text.
    static func documents(_ text: String) throws(Fault) -> [Node] {
        if let line = AliasKeys.line(text) { throw Fault(message: "a key is an alias, a list or a map", line: line) }
        do {
            var found: [Node] = []
            // The sequence ends at an error without throwing it, and `for` would walk a copy: so it is asked by hand.
            var documents = try Yams.compose_all(yaml: text)
            while let document = documents.next() { found.append(document) }
            if let error = documents.error { throw error }
            return found
        } catch let error as YamlError {
            throw fault(error)
        } catch {
            throw Fault(message: "not YAML: \(error)")
        }
    }

    /// A node as a value: scalars by YAML's core schema, aliases expanded as long as they are few.
    /// `budget` is how many values may still be made; it begins as `maxValues` for a text.
    static func value(_ node: Node, _ budget: inout Int) throws(Fault) -> Value {
        try value(node, depth: 0, &budget)
    }

    private static func value(_ node: Node, depth: Int, _ budget: inout Int) throws(Fault) -> Value {
        budget -= 1
        guard budget > 0 else { throw Fault(message: "its aliases expand to more than \(maxValues) values", line: node.mark?.line) }
        guard depth < maxDepth else { throw Fault(message: "nested more than \(maxDepth) deep", line: node.mark?.line) }
        switch node {
        case .scalar(let scalar):
            if scalar.style == .plain {
                if ["", "~", "null", "Null", "NULL"].contains(scalar.string) { return .null }
                if ["true", "True", "TRUE"].contains(scalar.string) { return .bool(true) }
                if ["false", "False", "FALSE"].contains(scalar.string) { return .bool(false) }
                if let number = Int64(scalar.string), !scalar.string.hasPrefix("+") { return .int(number) }
                if let first = scalar.string.utf8.first, first == UInt8(ascii: "-") || 48...57 ~= first, let number = Double(scalar.string)
                {
                    return .double(number)
                }
            }
            return .string(scalar.string)
        case .sequence(let sequence):
            var elements: [Value] = []
            for element in sequence { elements.append(try value(element, depth: depth + 1, &budget)) }
            return .array(elements)
        case .mapping(let mapping):
            var members: [(String, Value)] = []
            for (key, element) in mapping {
                guard case .scalar(let name) = key else { throw Fault(message: "a name is not a text", line: key.mark?.line) }
                members.append((name.string, try value(element, depth: depth + 1, &budget)))
            }
            return .object(members)
        case .alias: throw Fault(message: "an alias that stands for nothing", line: node.mark?.line)
        }
    }

    private static func fault(_ error: YamlError) -> Fault {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _), .composer(_, let problem, let mark, _):
            Fault(message: problem, line: mark.line, column: mark.column)
        case .reader(let problem, _, _, _): Fault(message: problem)
        case .duplicatedKeysInMapping(let names, let context):
            Fault(
                message: "`\(names.sorted().joined(separator: "`, `"))` stands twice", line: context.mark.line, column: context.mark.column)
        default: Fault(message: "not YAML")
        }
    }
}
