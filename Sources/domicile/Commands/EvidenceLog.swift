import ArgumentParser
import Audit
import EvidenceStore
import EvidenceVerify
import Foundation

extension EvidenceCommand {
    struct Log: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "log",
            abstract: "The history of runs: list it, or examine every record of it.",
            discussion: "EXAMPLES\n  domicile evidence log list --store history.sqlite\n  domicile evidence log verify --store history.sqlite --trust keys/log.vkey",
            subcommands: [List.self, Verify.self, Export.self], defaultSubcommand: List.self)

        struct List: ParsableCommand {
            static let configuration = CommandConfiguration(commandName: "list", abstract: "One line for each run.", discussion: "EXAMPLES\n  domicile evidence log list --store history.sqlite")

            @OptionGroup var history: HistoryOption

            func run() throws {
                for entry in try history.open().runs() {
                    Terminal.result("\(entry.id)  \(entry.outcome)  \(entry.findings) findings  \(entry.statements == 0 ? "unsigned" : "\(entry.statements) signed")")
                }
            }
        }

        struct Verify: ParsableCommand {
            static let configuration = CommandConfiguration(
                commandName: "verify",
                abstract: "Hash every record again and check every checkpoint.",
                discussion: """
                    EXAMPLES
                      domicile evidence log verify --store history.sqlite --trust keys/log.vkey
                      domicile evidence log verify --store history.sqlite --trust keys/log.vkey --old-checkpoint archive/2026-10.txt

                    Exit code 0 only if all holds. Checkpoints kept elsewhere are what a rewritten log cannot fit.
                    """)

            @OptionGroup var history: HistoryOption

            @Option(name: .long, help: ArgumentHelp("The log's public key (log.vkey).", valueName: "file"))
            var trust: String

            @Option(name: .long, help: ArgumentHelp("A witness's public key (witness.vkey); repeatable.", valueName: "file"))
            var witness: [String] = []

            @Option(name: .long, help: ArgumentHelp("A checkpoint that was archived; repeatable.", valueName: "file"))
            var oldCheckpoint: [String] = []

            func run() throws {
                let key = try Keys.logKey(trust)
                let witnesses = try witness.map(Keys.logKey)
                let audit = try history.open().verify(log: key, witnesses: witnesses, kept: try oldCheckpoint.map(Keys.text))
                for problem in audit.problems { Terminal.result("FAILS  \(problem)") }
                for note in audit.notes { Terminal.result("note   \(note)") }
                Terminal.result("\(audit.entries) entries, \(audit.checkpoints) checkpoints, \(audit.runs) runs, \(audit.findings) findings examined")
                Terminal.result(audit.holds ? "VERIFIED" : "NOT VERIFIED")
                if !audit.holds { throw ExitCode(Exit.violated.rawValue) }
            }
        }

        struct Export: ParsableCommand {
            static let configuration = CommandConfiguration(
                commandName: "export",
                abstract: "Write the log as plain files (C2SP tlog-tiles) that monitors read without our program.",
                discussion: "EXAMPLES\n  domicile evidence log export --store history.sqlite --out log-tiles")

            @OptionGroup var history: HistoryOption

            @Option(name: .long, help: ArgumentHelp("The folder to write.", valueName: "dir"))
            var out: String

            func run() throws {
                try history.open().exportTiles(to: out)
                Terminal.result(out)
            }
        }
    }
}
