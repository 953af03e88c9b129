import ArgumentParser
import Audit
import Evidence
import EvidenceStore
import EvidenceVerify
import Foundation
import Residency

struct EvidenceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evidence",
        abstract: "Bundles that stand when none of us is in the room: make and verify them.",
        discussion: """
            EXAMPLES
              domicile evidence bundle --store history.sqlite --key keys/p256.pem --out bundle
              domicile evidence verify bundle --trust keys
              domicile evidence checkpoint --store history.sqlite
            """,
        subcommands: [Bundle.self, Verify.self, Log.self, Checkpoint.self, Prove.self])

    struct Bundle: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write the bundle of a run: findings, policies, reports, statement, proofs.",
            discussion: """
                EXAMPLES
                  domicile evidence bundle --store history.sqlite --key keys/p256.pem --out bundle
                  domicile evidence bundle --store history.sqlite --key keys/p256.pem --run 20261120T060000Z-3f2a9c1d2e4b --out bundle

                With log.pem and log.vkey beside the key the run is entered in the log, and the proofs are in the bundle.
                """)

        @Option(name: .long, help: ArgumentHelp("The history of runs.", valueName: "file"))
        var store: String

        @Option(name: .long, help: ArgumentHelp("The signing key (p256.pem).", valueName: "file"))
        var key: String

        @Option(name: .long, help: ArgumentHelp("A file whose content is the key's passphrase.", valueName: "file"))
        var passphraseFile: String?

        @Option(name: .long, help: ArgumentHelp("The folder to write, or a file `NAME.tar`.", valueName: "path"))
        var out: String

        @Option(name: .customLong("run"), help: ArgumentHelp("A run's id (default: the latest).", valueName: "id"))
        var runID: String?

        @Option(name: .long, help: ArgumentHelp("The time of the log's entry, RFC 3339 (default: the clock).", valueName: "time"))
        var now: String?

        func run() throws {
            var rules = RuleOptions()
            rules.now = now
            let history = try RunStore.existing(path: store)
            guard let id = try runID ?? history.latest()?.id, let shown = try history.run(id: id) else {
                throw AuditError.other("there is no such run in `\(store)`")
            }
            let signer = try Keys.read(key, passphraseFile).statementSigner()
            let log = try Keys.logSigner(beside: key, passphraseFile)
            let isTar = out.hasSuffix(".tar")
            let folder = isTar ? out + ".folder" : out
            try Bundles.write(shown, policies: try history.files(of: id), to: folder, signer: signer, log: log, store: history, at: try rules.time())
            if isTar {
                try TarArchive.write(folder: folder, to: out)
                try FileManager.default.removeItem(atPath: folder)
            }
            Terminal.result(out)
        }
    }

    struct Verify: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Check every claim of a bundle against keys that were got elsewhere.",
            discussion: """
                EXAMPLES
                  domicile evidence verify bundle --trust keys
                  domicile evidence verify bundle --trust p256.pub.pem

                Exit code 0 only if every claim holds; 1 if one does not. Keys inside the bundle prove nothing.
                """)

        @Argument(help: ArgumentHelp("The bundle: a folder or a .tar.", valueName: "bundle"))
        var bundle: String

        @Option(name: .long, help: ArgumentHelp("A folder of public keys, a signed trust file, or one public key.", valueName: "path"))
        var trust: String

        @Option(name: .long, help: ArgumentHelp("The time at which keys must be valid if none is proven.", valueName: "time"))
        var now: String?

        func run() throws {
            var rules = RuleOptions()
            rules.now = now
            let report: VerificationReport
            do {
                report = try BundleVerifier.verify(bundle: bundle, trust: try Trust(path: trust), now: Int(try rules.time()))
            } catch let error as VerificationError {
                throw AuditError.other(error.message)
            }
            FileHandle.standardOutput.write(Data(report.text.utf8))
            if !report.holds { throw ExitCode(Exit.violated.rawValue) }
        }
    }

    struct Log: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "The history of runs: list it, or examine every record of it.",
            discussion: "EXAMPLES\n  domicile evidence log list --store history.sqlite\n  domicile evidence log verify --store history.sqlite --trust keys/log.vkey",
            subcommands: [List.self, Verify.self], defaultSubcommand: List.self)

        struct List: ParsableCommand {
            static let configuration = CommandConfiguration(abstract: "One line for each run.", discussion: "EXAMPLES\n  domicile evidence log list --store history.sqlite")

            @Option(name: .long, help: ArgumentHelp("The history of runs.", valueName: "file"))
            var store: String

            func run() throws {
                for entry in try RunStore.existing(path: store).runs() {
                    Terminal.result("\(entry.id)  \(entry.outcome)  \(entry.findings) findings  \(entry.statements == 0 ? "unsigned" : "\(entry.statements) signed")")
                }
            }
        }

        struct Verify: ParsableCommand {
            static let configuration = CommandConfiguration(
                abstract: "Hash every record again and check every checkpoint.",
                discussion: """
                    EXAMPLES
                      domicile evidence log verify --store history.sqlite --trust keys/log.vkey
                      domicile evidence log verify --store history.sqlite --trust keys/log.vkey --old-checkpoint archive/2026-10.txt

                    Exit code 0 only if all holds. Checkpoints kept elsewhere are what a rewritten log cannot fit.
                    """)

            @Option(name: .long, help: ArgumentHelp("The history of runs.", valueName: "file"))
            var store: String

            @Option(name: .long, help: ArgumentHelp("The log's public key (log.vkey).", valueName: "file"))
            var trust: String

            @Option(name: .long, help: ArgumentHelp("A checkpoint that was archived; repeatable.", valueName: "file"))
            var oldCheckpoint: [String] = []

            func run() throws {
                let text = try Self.text(trust)
                guard let key = LogKey(verifierKey: text) else { throw AuditError.other("`\(trust)` is no verifier key") }
                let audit = try RunStore.existing(path: store).verify(log: key, kept: try oldCheckpoint.map(Self.text))
                for problem in audit.problems { Terminal.result("FAILS  \(problem)") }
                for note in audit.notes { Terminal.result("note   \(note)") }
                Terminal.result("\(audit.entries) entries, \(audit.checkpoints) checkpoints, \(audit.runs) runs, \(audit.findings) findings examined")
                Terminal.result(audit.holds ? "VERIFIED" : "NOT VERIFIED")
                if !audit.holds { throw ExitCode(Exit.violated.rawValue) }
            }

            private static func text(_ path: String) throws -> String {
                guard let data = FileManager.default.contents(atPath: path) else { throw AuditError.unreadable(path) }
                return String(decoding: data, as: UTF8.self)
            }
        }
    }

    struct Prove: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write the proofs that a run is in the log.",
            discussion: "EXAMPLES\n  domicile evidence prove --store history.sqlite --run 20261120T060000Z-3f2a9c1d2e4b --out proofs")

        @Option(name: .long, help: ArgumentHelp("The history of runs.", valueName: "file"))
        var store: String

        @Option(name: .customLong("run"), help: ArgumentHelp("A run's id (default: the latest).", valueName: "id"))
        var runID: String?

        @Option(name: .long, help: ArgumentHelp("The folder to write.", valueName: "dir"))
        var out: String

        func run() throws {
            let history = try RunStore.existing(path: store)
            guard let id = try runID ?? history.latest()?.id, let proof = try history.proof(of: id) else {
                throw AuditError.other("no such run was entered in the log of `\(store)`")
            }
            for file in proof.files { try OutputFolder.write(file.content, to: out + "/" + file.name) }
            Terminal.result(out)
        }
    }

    struct Checkpoint: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print the newest signed checkpoint: what to archive outside.", discussion: "EXAMPLES\n  domicile evidence checkpoint --store history.sqlite")

        @Option(name: .long, help: ArgumentHelp("The history of runs.", valueName: "file"))
        var store: String

        func run() throws {
            guard let note = try RunStore.existing(path: store).checkpoint() else { throw AuditError.other("the log in `\(store)` has no checkpoint yet") }
            FileHandle.standardOutput.write(Data(note.utf8))
        }
    }
}
