import ArgumentParser
import Audit
import Evidence
import EvidenceStore
import EvidenceVerify
import Foundation
import Reports
import Residency

struct EvidenceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evidence",
        abstract: "Bundles that stand when none of us is in the room: make and verify them.",
        discussion: """
            EXAMPLES
              domicile evidence bundle --store history.sqlite --key keys/p256.pem --out bundle
              domicile evidence verify bundle --trust keys
              domicile evidence disclose --store history.sqlite --key keys/p256.pem --tenant ACME --out for-acme
              domicile evidence checkpoint --store history.sqlite
            """,
        subcommands: [
            Bundle.self, Verify.self, Disclose.self, Stamp.self, Log.self, Checkpoint.self, Prove.self, Witness.self, Hold.self, Prune.self,
        ])

    struct Bundle: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "bundle",
            abstract: "Write the bundle of a run: findings, policies, reports, statement, proofs.",
            discussion: """
                EXAMPLES
                  domicile evidence bundle --store history.sqlite --key keys/p256.pem --out bundle
                  domicile evidence bundle --store history.sqlite --key keys/p256.pem --run 20261120T060000Z-3f2a9c1d2e4b --out bundle

                With log.pem and log.vkey beside the key the run is entered in the log, and the proofs are in the bundle. \
                With --tsa or --tsa-command the signature is stamped with a time by an authority (RFC 3161).
                """)

        @OptionGroup var history: HistoryOption

        @OptionGroup var keys: KeyOptions
        @OptionGroup var authority: TimestampOptions

        @Option(name: .long, help: ArgumentHelp("The folder to write, or a file `NAME.tar`.", valueName: "path"))
        var out: String

        @Option(name: .long, help: ArgumentHelp("A report to put in (default: junit sarif html); repeatable.", valueName: "name"))
        var format: [String] = []

        @Option(name: .customLong("run"), help: ArgumentHelp("A run's id (default: the latest).", valueName: "id"))
        var runID: String?

        @OptionGroup var clock: ClockOption

        func run() throws {
            let formats = try format.map { name in
                guard let format = ReportFormat(rawValue: name) else { throw ValidationError("there is no format `\(name)`") }
                return format
            }
            let store = try history.open()
            let id = try store.entry(id: runID).id
            guard let shown = try store.run(id: id) else { throw AuditError.other("there is no run `\(id)` in `\(history.store)`") }
            let isTar = out.hasSuffix(".tar")
            let folder = isTar ? "\(out).\(getpid()).folder" : out
            defer { if isTar { try? FileManager.default.removeItem(atPath: folder) } }
            try Bundles.write(
                shown, policies: try store.files(of: id), to: folder, keys: try keys.required(), store: store,
                formats: formats.isEmpty ? [.junit, .sarif, .html] : formats, details: EvaluationDetails(toolSHA256: ThisProgram.sha256),
                stamp: { try authority.stamp($0) }, at: try clock.time())
            if isTar { try TarArchive.write(folder: folder, to: out) }
            Terminal.result(out)
        }
    }

    struct Verify: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "verify",
            abstract: "Check every claim of a bundle against keys that were got elsewhere.",
            discussion: """
                EXAMPLES
                  domicile evidence verify bundle --trust keys
                  domicile evidence verify bundle --trust p256.pub.pem
                  domicile evidence verify for-acme --trust p256.pub.pem

                Exit code 0 only if every claim holds; 1 if one does not; 3 if the bundle can't be read. Keys inside the bundle prove \
                nothing. A folder of keys holds p256.pub.pem and what else is used of ed25519.pub.pem, log.vkey, log.old.vkey, witness.vkey \
                and tsa-root.pem.
                """)

        @Argument(help: ArgumentHelp("The bundle (a folder or a .tar), or the folder that one tenant was given.", valueName: "bundle"))
        var bundle: String

        @OptionGroup var trusted: TrustOptions
        @OptionGroup var clock: ClockOption

        func run() throws {
            let keys = try trusted.keys()
            let now = Int(try clock.time())
            let report: VerificationReport
            do {
                report =
                    DisclosureVerifier.isDisclosure(bundle)
                    ? try DisclosureVerifier.verify(folder: bundle, trust: keys, now: now) : try BundleVerifier.verify(bundle: bundle, trust: keys, now: now)
            } catch {
                throw AuditError.other(error.message)
            }
            FileHandle.standardOutput.write(Data(report.text.utf8))
            if !report.holds { throw ExitCode(Exit.violated.rawValue) }
        }
    }

    struct Prove: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "prove",
            abstract: "Write the proofs that a run is in the log.",
            discussion: "EXAMPLES\n  domicile evidence prove --store history.sqlite --run 20261120T060000Z-3f2a9c1d2e4b --out proofs")

        @OptionGroup var history: HistoryOption

        @Option(name: .customLong("run"), help: ArgumentHelp("A run's id (default: the latest).", valueName: "id"))
        var runID: String?

        @Option(name: .long, help: ArgumentHelp("The folder to write.", valueName: "dir"))
        var out: String

        func run() throws {
            let store = try history.open()
            guard let id = try runID ?? store.latest()?.id, let proof = try store.proof(of: id) else {
                throw AuditError.other("no such run was entered in the log of `\(history.store)`")
            }
            for file in proof.files { try OutputFolder.write(file.content, to: out + "/" + file.name) }
            Terminal.result(out)
        }
    }

    struct Checkpoint: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "checkpoint",
            abstract: "Print the newest signed checkpoint: what to archive outside.", discussion: "EXAMPLES\n  domicile evidence checkpoint --store history.sqlite")

        @OptionGroup var history: HistoryOption

        func run() throws {
            guard let note = try history.open().checkpoint() else { throw AuditError.other("the log in `\(history.store)` has no checkpoint yet") }
            FileHandle.standardOutput.write(Data(note.utf8))
        }
    }
}
