import ArgumentParser
import Audit
import CEL
import Foundation
import Policy
import Residency

struct EvalCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "eval",
        abstract: "Evaluate a CEL expression.",
        discussion: """
            EXAMPLES
              domicile eval '1 + 2'
              domicile eval 'resource.replicas.all(r, r.region in ["eu-west-1"])' --bindings bindings.json
              domicile eval 'placeOf(event.requestParameters.bucketName)' --bindings bindings.json --explain

            The bindings are one JSON object: its members are the variables.
            """)

    @Argument(help: "The expression.")
    var expression: String

    @Option(name: .long, help: ArgumentHelp("A JSON object whose members are the variables; `-` is standard input.", valueName: "file"))
    var bindings: String?

    @Option(name: .long, help: ArgumentHelp("The provider that `region(x)` speaks of.", valueName: "name"))
    var provider: String = "aws"

    @Flag(name: .long, help: "Show the value of every part.")
    var explain = false

    func run() throws {
        var variables: [(String, Value)] = []
        if let bindings {
            let data = bindings == "-" ? FileHandle.standardInput.readDataToEndOfFile() : FileManager.default.contents(atPath: bindings)
            guard let data else { throw AuditError.unreadable(bindings) }
            variables = try Self.members([UInt8](data), path: bindings)
        }
        let names = try RuleFiles().load(now: 0).rules.gazetteer.nameForms
        var environment = ExpressionEnvironment.make(provider: provider, names: names)
        let declared = ["resource", "event", "item"]
        for (name, _) in variables where !declared.contains(name) { environment.declare(name, .dyn) }
        let program: Program
        do {
            program = try environment.compile(expression)
        } catch {
            let renderer = IssueRenderer(source: expression, origin: Origin(file: "expression"))
            throw AuditError.other(error.issues.map(renderer.render).joined(separator: "\n"))
        }
        let slots = declared.map { name in variables.first { $0.0 == name }?.1 ?? .null } + variables.filter { !declared.contains($0.0) }.map(\.1)
        if explain { Terminal.result(program.explain(slots).rendered()) }
        switch program.evaluate(slots) {
        case .success(let value): Terminal.result(JSON.write(value, canonical: true) + [10])
        case .failure(let error): throw AuditError.other(error.message)
        }
    }

    private static func members(_ bytes: [UInt8], path: String) throws -> [(String, Value)] {
        do {
            let value = try bytes.withUnsafeBufferPointer { buffer throws(JSONError) in try JSON.parse(buffer) }
            return (value.keys ?? []).compactMap { key in
                key.stringValue.flatMap { name in value.member(name).map { (name, $0) } }
            }
        } catch {
            throw AuditError.other("`\(path)`: \(error)")
        }
    }
}
