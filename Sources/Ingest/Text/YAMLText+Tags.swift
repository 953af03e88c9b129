import CEL
import Yams

extension YAMLText {
    /// A node as a value in which short tags are what they stand for: `!Ref a` is `{Ref: a}`, `!GetAtt a.Arn` is
    /// `{Fn::GetAtt: [a, Arn]}`, any other `!Name` is `{Fn::Name: ...}`.
    static func expandingTags(_ node: Node, _ budget: inout Int) throws(Fault) -> Value {
        try expandingTags(node, depth: 0, &budget)
    }

    private static func expandingTags(_ node: Node, depth: Int, _ budget: inout Int) throws(Fault) -> Value {
        let tag = node.tag.description
        let isShort = tag.hasPrefix("!") && !tag.hasPrefix("!!") && tag.count > 1
        var made: Value
        switch node {
        case .sequence(let sequence):
            budget -= 1
            try check(node, depth: depth, budget)
            var elements: [Value] = []
            for element in sequence { elements.append(try expandingTags(element, depth: depth + 1, &budget)) }
            made = .array(elements)
        case .mapping(let mapping):
            budget -= 1
            try check(node, depth: depth, budget)
            var members: [(String, Value)] = []
            for (key, element) in mapping {
                guard case .scalar(let name) = key else { throw Fault(message: "a name is not a text", line: key.mark?.line) }
                members.append((name.string, try expandingTags(element, depth: depth + 1, &budget)))
            }
            made = .object(members)
        case .scalar(let scalar) where isShort:
            made = .string(scalar.string)
        default:
            made = try value(node, &budget)
        }
        guard isShort else { return made }
        let name = String(tag.dropFirst())
        switch name {
        case "Ref", "Condition": return .object([(name, made)])
        case "GetAtt":
            if case .string(let text) = made {
                made = .array(text.split(separator: ".", maxSplits: 1).map { .string(String($0)) })
            }
            return .object([("Fn::GetAtt", made)])
        default: return .object([("Fn::" + name, made)])
        }
    }

    static func check(_ node: Node, depth: Int, _ budget: Int) throws(Fault) {
        guard budget > 0 else { throw Fault(message: "its aliases expand to more than is in it", line: node.mark?.line) }
        guard depth < maxDepth else { throw Fault(message: "nested more than \(maxDepth) deep", line: node.mark?.line) }
    }
}
