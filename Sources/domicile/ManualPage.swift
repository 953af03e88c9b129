import Foundation

/// The manual page in man's own language, made from what `--help` is made from.
struct ManualPage {
    private var lines: [String] = []

    /// - Parameter dump: the description of the whole command line that ArgumentParser gives as JSON.
    static func render(dump: String, version: String) throws -> String {
        let tool = try JSONDecoder().decode(Tool.self, from: Data(dump.utf8))
        var page = ManualPage()
        page.write(tool.command, version: version)
        return page.lines.joined(separator: "\n") + "\n"
    }

    struct Tool: Decodable { var command: Command }

    struct Command: Decodable {
        var commandName: String
        var abstract: String?
        var discussion: String?
        var arguments: [Argument]?
        var subcommands: [Command]?
    }

    struct Argument: Decodable {
        struct Name: Decodable {
            var kind: String
            var name: String
            var text: String { kind == "short" ? "-\(name)" : kind == "longWithSingleDash" ? "-\(name)" : "--\(name)" }
        }
        var kind: String
        var names: [Name]?
        var valueName: String?
        var abstract: String?
        var defaultValue: String?
        var isOptional: Bool
        var isRepeating: Bool
        var shouldDisplay: Bool
    }

    private mutating func write(_ command: Command, version: String) {
        lines.append(".TH \(command.commandName.uppercased()) 1 \"\" \"\(command.commandName) \(version)\" \"User Commands\"")
        // Words of the command line stay whole.
        lines.append(".nh")
        lines.append(".SH NAME")
        lines.append("\(command.commandName) \\- \(Self.escape(Self.withoutStop(command.abstract ?? "").lowercasedFirst))")
        lines.append(".SH SYNOPSIS")
        lines.append(".B \(command.commandName)")
        lines.append("\\fIcommand\\fR [\\fIargument\\fR ...]")
        lines.append(".SH DESCRIPTION")
        discussion(command.discussion)
        lines.append(".SH COMMANDS")
        for sub in command.subcommands ?? [] where sub.commandName != "help" { subcommand(sub, path: [command.commandName]) }
        lines.append(".SH ENVIRONMENT")
        lines.append(".TP")
        lines.append(".B NO_COLOR")
        lines.append("If set, nothing is coloured unless \\fB\\-\\-color always\\fR asks for it.")
    }

    private mutating func subcommand(_ command: Command, path: [String]) {
        let path = path + [command.commandName]
        let arguments = (command.arguments ?? []).filter { argument in
            argument.shouldDisplay && !(argument.names ?? []).contains { ["help", "version"].contains($0.name) }
        }
        let subcommands = (command.subcommands ?? []).filter { $0.commandName != "help" }
        // A group's page is the pages of its commands.
        lines.append(".SS " + Self.quoted(([path.joined(separator: " ")] + arguments.filter { $0.kind == "positional" }.map(Self.synopsis)).joined(separator: " ")))
        if let abstract = command.abstract { lines.append(Self.escape(abstract)) }
        discussion(command.discussion)
        for argument in arguments {
            lines.append(".TP")
            lines.append(Self.head(argument))
            var text = argument.abstract ?? ""
            if let value = argument.defaultValue, !text.contains("default") { text += " (default: \(value))" }
            lines.append(Self.escape(text))
        }
        for sub in subcommands { subcommand(sub, path: path) }
    }

    /// Examples keep their lines; other text is filled.
    private mutating func discussion(_ text: String?) {
        guard let text else { return }
        var isLiteral = false
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            let indented = line.hasPrefix("  ")
            if indented != isLiteral {
                lines += indented ? [".RS 4", ".nf"] : [".fi", ".RE"]
                isLiteral = indented
            }
            if line.allSatisfy({ $0 == " " }) {
                lines.append(".PP")
            } else if line == "EXAMPLES" {
                lines += [".PP", "Examples:"]
            } else {
                lines.append(Self.escape(indented ? String(line.dropFirst(2)) : String(line)))
            }
        }
        if isLiteral { lines += [".fi", ".RE"] }
    }

    private static func head(_ argument: Argument) -> String {
        guard let names = argument.names, !names.isEmpty else { return "\\fI\(escape(argument.valueName ?? "value"))\\fR" }
        let words = names.map { "\\fB\(escape($0.text))\\fR" }.joined(separator: ", ")
        return argument.kind == "option" ? words + " \\fI\(escape(argument.valueName ?? "value"))\\fR" : words
    }

    private static func synopsis(_ argument: Argument) -> String {
        let name = "<\(argument.valueName ?? "value")>" + (argument.isRepeating ? "..." : "")
        return argument.isOptional ? "[\(name)]" : name
    }

    private static func quoted(_ text: String) -> String { "\"" + escape(text).replacingOccurrences(of: "\"", with: "\\(dq") + "\"" }

    private static func withoutStop(_ text: String) -> String { text.hasSuffix(".") ? String(text.dropLast()) : text }

    /// A backslash commands, a hyphen would be broken at, and a line that begins with a stop or an apostrophe is a request.
    private static func escape(_ text: String) -> String {
        let plain = text.replacingOccurrences(of: "\\", with: "\\e").replacingOccurrences(of: "-", with: "\\-")
            .replacingOccurrences(of: "\n", with: " ")
        let portable = plain.unicodeScalars.map { $0.isASCII ? String($0) : "\\[u" + String($0.value, radix: 16, uppercase: true).leftPadded(4) + "]" }.joined()
        return portable.hasPrefix(".") || portable.hasPrefix("'") ? "\\&" + portable : portable
    }
}

extension String {
    fileprivate func leftPadded(_ width: Int) -> String { String(repeating: "0", count: max(0, width - count)) + self }

    fileprivate var lowercasedFirst: String { prefix(1).lowercased() + dropFirst() }
}
