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
        subcommands: [Bundle.self, Verify.self, Log.self, Checkpoint.self])

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

        @Option(name: .long, help: ArgumentHelp("The folder to write.", valueName: "dir"))
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
            try Bundles.write(shown, policies: try history.files(of: id), to: out, signer: signer, log: log, store: history, at: try rules.time())
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
            abstract: "The history of runs: list it, or verify every record of it.",
            discussion: "EXAMPLES\n  domicile evidence log --store history.sqlite\n  domicile evidence log --store history.sqlite --verify --trust keys/log.vkey")

        @Option(name: .long, help: ArgumentHelp("The history of runs.", valueName: "file"))
        var store: String

        func run() throws {
            for entry in try RunStore.existing(path: store).runs() {
                Terminal.result("\(entry.id)  \(entry.outcome)  \(entry.findings) findings  \(entry.statements == 0 ? "unsigned" : "\(entry.statements) signed")")
            }
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
