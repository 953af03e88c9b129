import Foundation

/// `embed-policies OUTPUT ROOT FILE...`: writes a Swift file that holds the files' texts under their paths below ROOT.
@main
struct EmbedPolicies {
    static func main() throws {
        let arguments = CommandLine.arguments
        guard arguments.count >= 3 else {
            FileHandle.standardError.write(Data("usage: embed-policies OUTPUT ROOT FILE...\n".utf8))
            exit(64)
        }
        var swift = "extension Builtin {\n    /// Path below `policies` and text, in the order of the paths.\n"
        swift += "    static let embedded: [(path: String, text: StaticString)] = [\n"
        for file in arguments[3...] {
            let text = try String(contentsOfFile: file, encoding: .utf8)
            let path = file.dropFirst(arguments[2].count + 1)
            swift += "(\"\(path)\", ###\"\"\"\n\(text)\n\"\"\"###),\n"
        }
        swift += "    ]\n}\n"
        try swift.write(toFile: arguments[1], atomically: true, encoding: .utf8)
    }
}
