internal import Residency

/// Judges what a log's proof shows by the keys that a verifier trusts, at the time that is proven.
struct LogClaim {
    let trust: Trust
    /// When the statement's signature existed at the latest, if a time stamp proves it.
    let stamped: Int?
    let now: Int?

    /// What holds, and the earliest time that a witness proves.
    struct Outcome {
        var detail: String
        var witnessed: Int?
    }

    func judge(_ checkpoint: VerifiedCheckpoint) throws(VerificationError) -> Outcome {
        var times: [Int] = []
        var words: [String] = []
        for witness in trust.witnesses {
            guard let time = checkpoint.witnesses[witness.key] else { continue }
            // A witness's time is its own word: what a revoked one says proves nothing.
            if let refusal = witness.validity.refusal(at: time, isProven: false) {
                words.append(", not counted: witness \(witness.key.name), \(refusal)")
            } else {
                times.append(time)
                words.append(", witnessed by \(witness.key.name)")
            }
        }
        guard times.count >= trust.witnessThreshold else {
            throw VerificationError("\(times.count) of the \(trust.witnessThreshold) witnesses that must sign the checkpoint did\(words.joined())")
        }
        let proven = times.min() ?? stamped
        let signers = trust.logKeys.filter { checkpoint.signers.contains($0.key) }
        let refusals = signers.compactMap { $0.validity.refusal(at: proven ?? now, isProven: proven != nil) }
        guard refusals.count < signers.count else {
            throw VerificationError("the log's key that signed the checkpoint does not count: \(refusals.joined(separator: "; "))")
        }
        return Outcome(
            detail: "`\(checkpoint.origin)`, \(checkpoint.size) entries\(words.joined()): inclusion, consistency and both signatures",
            witnessed: times.min())
    }
}
