internal import Evidence
internal import EvidenceVerify
internal import Foundation
public import Residency

/// Reads what a store keeps of a run back into a `Run`, but for its findings: the inverse of `Run.header`.
enum RunDecoder {
    static func run(header: [UInt8], path: String) throws -> Run {
        do {
            return try run(Node(try StrictJSON.parse(header), ""))
        } catch let error as Missing {
            throw EvidenceError(.corrupt, "the store `\(path)` holds a run that can't be read: no `\(error.name)`")
        } catch let error as StrictJSON.Failure {
            throw EvidenceError(.corrupt, "the store `\(path)` holds a run that can't be read: \(error)")
        }
    }

    private static func run(_ node: Node) throws -> Run {
        Run(
            id: try node.text("id"), now: try node.text("now"), toolName: try node.node("tool").text("name"),
            toolVersion: try node.node("tool").text("version"), inputs: try node.list("inputs", input),
            policies: try node.list("policies", policy),
            catalogueDigest: try node.node("catalogue").text("sha256"), catalogueVectors: try node.node("catalogue").int("vectors"),
            jurisdictionsDigest: try node.node("jurisdictions").text("sha256"), summary: try summary(node.node("summary")), findings: [],
            coverage: try coverage(node.node("coverage")), exceptions: try node.list("exceptions", exception),
            diagnostics: try node.list("diagnostics", diagnostic))
    }

    private static func summary(_ node: Node) throws -> Run.Summary {
        Run.Summary(
            satisfied: try node.int("satisfied"), violated: try node.int("violated"), unresolved: try node.int("unresolved"),
            waived: try node.int("waived"), resources: try node.int("resources"), events: try node.int("events"))
    }

    private static func input(_ node: Node) throws -> InputSummary {
        InputSummary(
            path: try node.text("path"), sha256: try node.text("sha256"), bytes: try node.int("bytes"), format: try node.text("format"),
            records: try node.int("records"), malformed: try node.int("malformed"), first: node.textIfAny("first"), last: node.textIfAny("last"),
            changedWhileRead: node.value["changedWhileRead"]?.flag ?? false, object: node.textIfAny("object"))
    }

    private static func policy(_ node: Node) throws -> PolicySummary {
        PolicySummary(
            id: try node.text("id"), sha256: try node.text("sha256"), title: try node.text("title"), basis: try node.texts("basis"),
            prose: try node.texts("prose"), require: try node.nodeIfAny("require")?.require() ?? [:])
    }

    private static func diagnostic(_ node: Node) throws -> Diagnostic {
        Diagnostic(
            try node.word("level"), path: try node.text("path"), line: node.intIfAny("line"), column: node.intIfAny("column"),
            byte: node.intIfAny("byte"), message: try node.text("message"), hint: node.textIfAny("hint"))
    }

    private static func exception(_ node: Node) throws -> ExceptionSummary {
        ExceptionSummary(
            kind: try node.word("kind"), state: try node.word("state"), policy: try node.text("policy"), covers: try node.text("covers"),
            reason: try node.text("reason"), owner: try node.text("owner"), until: node.textIfAny("until"),
            findings: try node.int("findings"))
    }

    private static func coverage(_ node: Node) throws -> Coverage {
        let logs = try node.node("logs")
        return Coverage(
            accounts: try node.texts("accounts"), regions: try node.texts("regions"), knownTypes: try node.node("types").counts("known"),
            unknownTypes: try node.node("types").counts("unknown"), knownActions: try node.node("actions").counts("known"),
            unknownActions: try node.node("actions").counts("unknown"), unclassified: try node.int("unclassified"),
            unclassifiedSample: try node.texts("unclassifiedSample"), logsFrom: logs.textIfAny("from"), logsTo: logs.textIfAny("to"),
            gaps: try logs.list("gaps") { LogGap(from: try $0.text("from"), to: try $0.text("to"), scope: try $0.text("scope")) },
            malformed: try node.int("malformed"), shortfalls: try node.texts("shortfalls"), blindSpots: try node.texts("blindSpots"),
            integrity: node.value["integrity"])
    }
}

/// A run that was written as its header and its findings, apart.
public enum StoredRun {
    /// The run without its findings.
    ///
    /// - Parameter name: of what holds it, for messages.
    public static func run(header: [UInt8], of name: String) throws -> Run { try RunDecoder.run(header: header, path: name) }

    /// Findings that stand one after the other, with commas between them.
    public static func findings(_ text: ArraySlice<UInt8>) throws -> [Finding] {
        var reader = FindingReader()
        return try text.withUnsafeBytes { try reader.findings($0) }
    }
}

/// A member that should be there and is not, or is of another type.
private struct Missing: Error {
    var name: String
}

/// A JSON object being read, with its place for messages.
private struct Node {
    let value: CanonicalValue
    let path: String

    init(_ value: CanonicalValue, _ path: String) {
        self.value = value
        self.path = path
    }

    func node(_ name: String) throws -> Node { Node(try needed(value[name], name), "\(path)\(name).") }
    func nodeIfAny(_ name: String) -> Node? { value[name].map { Node($0, "\(path)\(name).") } }
    func text(_ name: String) throws -> String { try needed(value[name]?.text, name) }
    func textIfAny(_ name: String) -> String? { value[name]?.text }
    func int(_ name: String) throws -> Int { try needed(intIfAny(name), name) }
    func texts(_ name: String) throws -> [String] { try needed(value[name]?.elements, name).map { try needed($0.text, name) } }

    /// Integers that are too large for JSON were written as strings.
    func intIfAny(_ name: String) -> Int? { value[name]?.number ?? value[name]?.text.flatMap { Int($0) } }

    func word<Word: RawRepresentable<String>>(_ name: String) throws -> Word { try needed(Word(rawValue: try text(name)), name) }

    func counts(_ name: String) throws -> [String: Int] {
        try needed(value[name]?.members, name).mapValues { try needed($0.number, name) }
    }

    /// Jurisdictions by activity.
    func require() throws -> [Activity: [String]] {
        var all: [Activity: [String]] = [:]
        for name in (value.members ?? [:]).keys { if let activity = Activity(rawValue: name) { all[activity] = try texts(name) } }
        return all
    }

    func list<Element>(_ name: String, _ body: (Node) throws -> Element) throws -> [Element] {
        try needed(value[name]?.elements, name).map { try body(Node($0, "\(path)\(name).")) }
    }

    private func needed<Value>(_ value: Value?, _ name: String) throws -> Value {
        guard let value else { throw Missing(name: path + name) }
        return value
    }
}
