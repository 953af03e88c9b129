import ArgumentParser
import Audit
import EvidenceStore
import EvidenceVerify
import Foundation
import Residency

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
                    Terminal.result(SafeText.visible("\(entry.id)  \(entry.outcome)  \(entry.findings) findings  \(entry.statements == 0 ? "unsigned" : "\(entry.statements) signed")"))
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

                    --trust is the log's public key (log.vkey), a folder of public keys or a signed trust file. A key that was rotated is \
                    followed: the log says which key signs since which entry, and each must have been announced by the one before. \
                    Exit code 0 only if all holds. Checkpoints kept elsewhere are what a rewritten log cannot fit.
                    """)

            @OptionGroup var history: HistoryOption

            @Option(name: .long, help: ArgumentHelp("The log's public key (log.vkey), a folder of public keys, or a signed trust file.", valueName: "path"))
            var trust: String

            @Option(name: .long, help: ArgumentHelp("A public key that must have signed the trust file; repeatable.", valueName: "file"))
            var trustRoot: [String] = []

            @Option(name: .long, help: ArgumentHelp("A witness's public key (witness.vkey); repeatable.", valueName: "file"))
            var witness: [String] = []

            @Option(name: .long, help: ArgumentHelp("A checkpoint that was archived; repeatable.", valueName: "file"))
            var oldCheckpoint: [String] = []

            func run() throws {
                let (log, others) = try keys()
                let audit = try history.open().verify(log: log, witnesses: others + Keys.logKeys(witness), kept: try oldCheckpoint.map(Keys.text))
                for problem in audit.problems { Terminal.result("FAILS  \(problem)") }
                for note in audit.notes { Terminal.result("note   \(note)") }
                Terminal.result("\(audit.entries) entries, \(audit.checkpoints) checkpoints, \(audit.runs) runs, \(audit.findings) findings examined")
                Terminal.result(audit.holds ? "VERIFIED" : "NOT VERIFIED")
                if !audit.holds { throw ExitCode(Exit.violated.rawValue) }
            }

            private func keys() throws -> (log: [Trusted<LogKey>], witnesses: [Trusted<LogKey>]) {
                if let keys = try? LogKeyFile.keys(try Keys.text(trust), trust) { return (keys, []) }
                let trust = try Keys.trust(trust, roots: trustRoot)
                guard !trust.logKeys.isEmpty else { throw AuditError.other("`\(trust.source)` has no key of a log (log.vkey)") }
                return (trust.logKeys, trust.witnesses)
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
