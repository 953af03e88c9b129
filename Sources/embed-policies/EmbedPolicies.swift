import Foundation
import Yams

/// `embed-policies OUTPUT ROOT FILE...`: writes a Swift file that holds the files' texts under their paths below ROOT, and
/// each text as a parsed tree, so that the program need not parse it at every start.
@main
struct EmbedPolicies {
    static func main() throws {
        let arguments = CommandLine.arguments
        guard arguments.count >= 3 else {
            FileHandle.standardError.write(Data("usage: embed-policies OUTPUT ROOT FILE...\n".utf8))
            exit(64)
        }
        var swift = "extension Builtin {\n    /// Path below `policies`, text and tree, in the order of the paths.\n"
        swift += "    static let embedded: [(path: String, text: StaticString, tree: StaticString)] = [\n"
        for file in arguments[3...] {
            let text = try String(contentsOfFile: file, encoding: .utf8)
            let path = file.dropFirst(arguments[2].count + 1)
            swift += "(\"\(path)\", ###\"\"\"\n\(text)\n\"\"\"###, ###\"\"\"\n\(try tree(text))\n\"\"\"###),\n"
        }
        swift += "    ]\n}\n"
        try swift.write(toFile: arguments[1], atomically: true, encoding: .utf8)
    }

    /// The documents of a text, as `NodeTree` of the target Policy reads them. A file that is not YAML has no tree; whoever
    /// loads it says what is wrong.
    private static func tree(_ text: String) throws -> String {
        var out = ""
        guard let parser = try? Parser(yaml: text, resolver: .basic, encoding: .utf8) else { return out }
        do {
            while let root = try parser.nextRoot() { write(root, to: &out) }
        } catch {
            return ""
        }
        return out
    }

    private static func write(_ node: Node, to out: inout String) {
        let place = "\(node.mark?.line ?? 1),\(node.mark?.column ?? 1),"
        switch node {
        case .scalar(let scalar):
            let style =
                switch scalar.style {
                case .any, .plain: "p"
                case .singleQuoted: "s"
                case .doubleQuoted: "d"
                case .literal: "l"
                case .folded: "f"
                }
            out += "\(style)\(place)\(scalar.string.utf8.count):\(scalar.string)"
        case .sequence(let sequence):
            out += "[\(place)\(sequence.count):"
            for element in sequence { write(element, to: &out) }
        case .mapping(let mapping):
            out += "{\(place)\(mapping.count):"
            for (key, value) in mapping {
                write(key, to: &out)
                // Cases are for tests: half of the catalogue, which no audit looks at.
                if key.string == "cases", case .sequence = value {
                    var part = ""
                    write(value, to: &part)
                    out += "<\(value.mark?.line ?? 1),\(value.mark?.column ?? 1),\(part.utf8.count):\(part)"
                } else {
                    write(value, to: &out)
                }
            }
        case .alias: break
        }
    }
}
