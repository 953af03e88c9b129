import ArgumentParser
import Audit
import Evidence
import EvidenceStore
import Foundation
import Residency

extension EvidenceCommand {
    struct Disclose: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "disclose",
            abstract: "Write what one tenant is given of a run: its findings, all of them provably, and nothing of anyone else's.",
            discussion: """
                EXAMPLES
                  domicile evidence disclose --store history.sqlite --key keys/p256.pem --tenant ACME --out for-acme
                  domicile evidence verify for-acme --trust p256.pub.pem

                Needs disclosure.key beside the signing key, as when the run was signed. The tenant checks the folder with openssl \
                alone (README.txt), or with `evidence verify`.
                """)

        @OptionGroup var history: HistoryOption

        @OptionGroup var keys: KeyOptions

        @Option(name: .long, help: ArgumentHelp("The tenant, as the findings name it.", valueName: "name"))
        var tenant: String

        @Option(name: .long, help: ArgumentHelp("The folder to write.", valueName: "dir"))
        var out: String

        @Option(name: .customLong("run"), help: ArgumentHelp("A run's id (default: the latest).", valueName: "id"))
        var runID: String?

        func run() throws {
            let keys = try keys.required()
            guard let secret = keys.disclosure else {
                throw AuditError.other("there is no disclosure.key beside the key; `domicile keys generate` makes it, and runs signed since then can be disclosed")
            }
            let store = try history.open()
            let entry = try store.entry(id: runID)
            guard try !store.isPruned(entry.id) else { throw AuditError.other("the findings of run `\(entry.id)` were erased, so none can be shown") }
            let commitments = FindingCommitments(run: entry.id, now: entry.now, key: secret) { try store.forEachFinding(of: entry.id, $0) }
            let root = try store.disclosureTree(of: entry.id)?.root.hex
            if root == nil { Terminal.say("warning: no tree of run `\(entry.id)` is in the log; nothing but this signature says that it is the run's") }
            let writer = DisclosureWriter(signers: keys.signers, log: try store.disclosureProof(of: entry.id), root: root)
            let (shown, all) = try writer.write(commitments, tenant: tenant, to: out)
            if shown == 0 { Terminal.say("warning: no finding of the run is about `\(tenant)`; the folder proves just that") }
            Terminal.result("\(out): \(shown) of \(all) findings of run \(entry.id)")
        }
    }
}
