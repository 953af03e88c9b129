public import Evidence
public import EvidenceVerify
internal import Foundation

/// A witness of a log, run by someone the log's owner can't command (legal, the customer): it signs a checkpoint only if it
/// extends the last one that it signed. A log that was rewritten finds no witness.
public struct Witness {
    private let signer: LogSigner
    private let log: [Trusted<LogKey>]
    private let statePath: String

    /// `log` are the keys of the log, the one that signs now and those before it. `statePath` is the file in which the witness
    /// keeps the last checkpoint that it saw.
    public init(signer: LogSigner, log: [Trusted<LogKey>], statePath: String) {
        self.signer = signer
        self.log = log
        self.statePath = statePath
    }

    /// The checkpoint that the witness signed last; what the next request must be consistent with (`RunStore.consistency`).
    public var last: String? { FileManager.default.contents(atPath: statePath).map { String(decoding: $0, as: UTF8.self) } }

    /// Checks a request (a tlog-witness body: the old size, the proof, the new checkpoint) and returns the signature line to
    /// add. The checkpoint is kept before the line is given out.
    public func cosign(_ request: String, at time: Int) throws -> String {
        let (old, hashes, note) = try ProofFile.consistency(request)
        let counting = log.filter { $0.validity.refusal(at: time, isProven: false) == nil }
        let new = try VerifiedCheckpoint(note: note, log: counting.map(\.key))
        if let last {
            let before = try VerifiedCheckpoint(note: last, log: log.map(\.key))
            guard old == before.size else {
                throw VerificationError("the request starts from \(old) entries, and \(before.size) were witnessed")
            }
            guard
                MerkleProof.isConsistent(old: before.size, oldRoot: before.root, new: new.size, newRoot: new.root, proof: hashes)
            else { throw VerificationError("the checkpoint does not extend the one that was witnessed before: the log was rewritten") }
        } else if old != 0 || !hashes.isEmpty {
            throw VerificationError("the request starts from \(old) entries, and nothing was witnessed yet")
        }
        guard let text = SignedNote.text(of: note) else { throw VerificationError("the request holds no checkpoint", isMalformed: true) }
        try FileWriter.write(Array(note.utf8), to: statePath)
        return try SignedNote.cosign(text, time: time, with: signer)
    }
}
