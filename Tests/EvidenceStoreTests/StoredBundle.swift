import Evidence
import EvidenceStore
import EvidenceTestSupport
import EvidenceVerify
import Foundation
import Residency

/// A store with its keys, and bundles made from it, in a folder of its own.
struct StoredBundle {
    let scratch: Scratch
    let keys: KeySet
    let store: RunStore
    var path: String { "\(scratch.path)/bundle" }
    var keysPath: String { "\(scratch.path)/keys" }
    var storePath: String { "\(scratch.path)/evidence.sqlite" }
    var logKey: LogKey? { LogKey(verifierKey: keys.log.verifierKey) }

    /// Runs this many nights; the bundle is the last night's.
    init(nights: Int = 1, findings: Int = 37) throws {
        scratch = try Scratch()
        var random = SeededRandom(7)
        keys = try KeySet.generate(origin: "acme.example/residency-log", using: &random)
        try KeyFile.write(try keys.files(using: &random), to: "\(scratch.path)/keys")
        store = try RunStore(path: "\(scratch.path)/evidence.sqlite")
        for night in 0..<nights { try run(night, findings: findings) }
    }

    static let firstNight = 1_795_312_800

    @discardableResult
    func run(_ night: Int, findings: Int = 37, at time: Int? = nil, log: LogSigner? = nil) throws -> BundleWriter.Written {
        let time = time ?? Self.firstNight + night * 86400
        let run = SampleRun.make(id: "run-\(night)", findings: findings, now: UTCTime.text(time))
        let policy = Array("policy: eu-hosting\n".utf8)
        let writer = BundleWriter(
            signers: [keys.statement], details: EvaluationDetails(logOrigin: keys.log.origin),
            log: { envelope, timestamp in
                try store.append(
                    run, files: [("policy/eu.yaml", policy)], envelope: envelope, timestamp: timestamp, signer: log ?? keys.log, at: time)
            })
        return try writer.write(run, files: [.init(name: "policy/eu.yaml", content: policy)], to: path)
    }

    func verify() throws -> VerificationReport { try BundleVerifier.verify(bundle: path, trust: Trust(path: keysPath)) }
}
