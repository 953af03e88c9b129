import ArgumentParser
import Audit
import Evidence
import EvidenceStore
import Foundation
import Residency

extension EvidenceCommand {
    struct Disclose: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write what one tenant is given of a run: its findings, all of them provably, and nothing of anyone else's.",
            discussion: """
                EXAMPLES
                  domicile evidence disclose --store history.sqlite --key keys/p256.pem --tenant ACME --out for-acme
                  domicile evidence verify for-acme --trust p256.pub.pem

                Needs disclosure.key beside the signing key, as when the run was signed. The tenant checks the folder with openssl
                alone (README.txt), or with `evidence verify`.
                """)

        @Option(name: .long, help: ArgumentHelp("The history of runs.", valueName: "file"))
        var store: String

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
            let history = try RunStore.existing(path: store)
            guard let id = try runID ?? history.latest()?.id, let run = try history.run(id: id) else {
                throw AuditError.other("there is no such run in `\(store)`")
            }
            guard try !history.isPruned(id) else { throw AuditError.other("the findings of run `\(id)` were erased, so none can be shown") }
            let commitments = FindingCommitments(run, key: secret)
            let proof = try history.disclosureProof(of: id)
            let root = try history.disclosureRoot(of: id)
            if root == nil { Terminal.say("warning: no tree of run `\(id)` is in the log; nothing but this signature says that it is the run's") }
            let shown = try DisclosureWriter(signer: keys.main, log: proof, root: root).write(commitments, tenant: tenant, to: out)
            let known = Set(run.findings.compactMap(\.subject.tenant))
            if shown == 0, !known.contains(tenant) { Terminal.say("warning: no finding of the run is about `\(tenant)`; the folder proves just that") }
            Terminal.result("\(out): \(shown) of \(run.findings.count) findings of run \(id)")
        }
    }
}
