internal import Foundation
internal import Residency

/// The files of a bundle's `log/` folder: an entry, its proof, and the proof that the log only grew.
public struct LogProof: Sendable {
    private let entry: [UInt8]
    private let inclusion: String
    private let previous: String
    private let consistency: String

    /// Where these files stand in a bundle.
    static let names: Set = ["log/evidence.entry", "log/evidence.tlog-proof", "log/checkpoint.previous", "log/consistency.txt"]

    /// Takes the contents of `evidence.entry`, `evidence.tlog-proof`, `checkpoint.previous` and `consistency.txt`.
    public init(entry: [UInt8]?, inclusion: String?, previous: String?, consistency: String?) throws(VerificationError) {
        guard let entry, let inclusion, let previous, let consistency else {
            throw VerificationError("a file of log/ is missing or not text")
        }
        self.entry = entry
        self.inclusion = inclusion
        self.previous = previous
        self.consistency = consistency
    }

    /// Takes the files of a bundle.
    init(_ source: BundleSource) throws(VerificationError) {
        try self.init(
            entry: source.bytes("log/evidence.entry"), inclusion: source.text("log/evidence.tlog-proof"),
            previous: source.text("log/checkpoint.previous"), consistency: source.text("log/consistency.txt"))
    }

    /// Checks everything, for the statement whose signed bytes have this SHA-256, and returns the newest checkpoint.
    public func verify(statement: String, timestamp: String?, log: [LogKey], witnesses: [LogKey] = []) throws -> VerifiedCheckpoint {
        try verify(log, witnesses) { record in
            guard record["type"]?.text == "run", record["pae_sha256"]?.text == statement else {
                throw VerificationError("the log's entry is about another statement")
            }
            if let stamped = record["tsr_sha256"]?.text, stamped != timestamp {
                throw VerificationError("the log's entry is about another timestamp")
            }
        }
    }

    /// Checks everything, for the salted tree of a run.
    func verify(run: String?, disclosureRoot root: String?, log: [LogKey], witnesses: [LogKey]) throws -> VerifiedCheckpoint {
        try verify(log, witnesses) { record in
            guard record["type"]?.text == "disclosure", let run, record["run"]?.text == run, let root, record["root"]?.text == root else {
                throw VerificationError("the log's entry is about another tree")
            }
        }
    }

    /// The checkpoint before may be by a key that was replaced since: the newest one covers all that it says.
    private func verify(_ log: [LogKey], _ witnesses: [LogKey], _ isMeant: (CanonicalValue) throws -> Void) throws -> VerifiedCheckpoint {
        let record = try StrictJSON.parseCanonical(entry)
        try isMeant(record)
        let leaf = try ProofFile.inclusion(inclusion)
        let newest = try checkpoint(leaf.note, log, witnesses)
        guard record["n"]?.number == leaf.index,
            MerkleProof.isIncluded(entry, index: leaf.index, size: newest.size, proof: leaf.hashes, root: newest.root)
        else { throw VerificationError("the entry is not in the tree that the checkpoint signs") }
        let growth = try ProofFile.consistency(consistency)
        let before = try checkpoint(previous, log, witnesses)
        let after = try checkpoint(growth.note, log, witnesses)
        guard growth.old == before.size, after.size == newest.size, after.root == newest.root else {
            throw VerificationError("the proofs are about different checkpoints")
        }
        guard MerkleProof.isConsistent(old: before.size, oldRoot: before.root, new: after.size, newRoot: after.root, proof: growth.hashes)
        else {
            throw VerificationError("the log does not extend the checkpoint before")
        }
        return newest
    }

    private func checkpoint(_ note: String, _ log: [LogKey], _ witnesses: [LogKey]) throws -> VerifiedCheckpoint {
        let checkpoint = try VerifiedCheckpoint(note: note, log: log, witnesses: witnesses)
        guard checkpoint.isExact else { throw VerificationError("a checkpoint has signatures by keys that were not given (log.vkey, log.old.vkey, witness.vkey)") }
        return checkpoint
    }
}
