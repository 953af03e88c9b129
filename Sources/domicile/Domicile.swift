import ArgumentParser
import Audit
import CHeap
import Foundation

/// The command line: options, terminal, progress, exit codes. It decides nothing about residency.
@main
struct Domicile: AsyncParsableCommand {
    static let version = "0.1.0"

    static let configuration = CommandConfiguration(
        commandName: "domicile",
        abstract: "Proves where data is stored and processed.",
        discussion: """
            EXAMPLES
              domicile audit inventory/ cloudtrail/ --policies policies --tenants tenants.yaml
              domicile check plan.json
              domicile where eu-west-2

            Exit codes: 0 proven, 1 violated, 2 not proven, 3 the audit could not be completed, 64 wrong usage.
            """,
        version: version,
        subcommands: [
            AuditCommand.self, CheckCommand.self, LookCommand.self, ExplainCommand.self, DiffCommand.self, ReportCommand.self, EvidenceCommand.self,
            PolicyCommand.self, CatalogueCommand.self, WhereCommand.self, EvalCommand.self, KeysCommand.self,
            PartialCommand.self, MergeCommand.self, ManualCommand.self,
            CompileCommand.self,
        ])

    /// On the main thread until a command runs: a thread that allocated before the heap is set up keeps a heap of its own.
    @MainActor static func main() async {
        // Swift takes the arguments from /proc. Where that is not mounted, an audit must not look like a call for help.
        guard !CommandLine.arguments.isEmpty else {
            Terminal.error("the command line cannot be read: /proc is not mounted")
            Foundation.exit(Exit.incomplete.rawValue)
        }
        do {
            var command = try parsed()
            if let check = command as? CheckCommand, !check.watch { cheap_for_a_moment() }
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch let error as AuditError {
            Terminal.error(error.text)
            Foundation.exit(Exit.incomplete.rawValue)
        } catch let code as ExitCode {
            Foundation.exit(code.rawValue)
        } catch let error as ValidationError {
            // A command that runs has been understood: what it then refuses needs no summary of usage.
            Terminal.error(error.message)
            Foundation.exit(ExitCode.validationFailure.rawValue)
        } catch {
            // ArgumentParser's own errors carry 64 and its help 0; what else is thrown means that the run did not complete.
            let code = exitCode(for: error)
            if code == .failure {
                Terminal.error("\(error)")
                Foundation.exit(Exit.incomplete.rawValue)
            }
            exit(withError: error)
        }
    }

    /// `check` has to be quick, so its own part of the command line is tried alone. What that does not take (a call for help or for
    /// completions, a mistake), all commands together answer.
    private static func parsed() throws -> any ParsableCommand {
        let arguments = CommandLine.arguments.dropFirst()
        if arguments.first == "check", let check = try? CheckCommand.parse(Array(arguments.dropFirst())) { return check }
        return try parseAsRoot()
    }
}

/// What the process tells its caller.
enum Exit: Int32 {
    case proven = 0
    case violated = 1
    case notProven = 2
    case incomplete = 3
}
