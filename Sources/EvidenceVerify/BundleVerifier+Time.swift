internal import Foundation
internal import Residency

/// The claims that have to do with time: when it was signed, whether it is in the log, and whether the keys counted then.
extension BundleVerifier {
    mutating func checkTimestamp(_ statement: VerifiedStatement) {
        let title = "the signature existed at a proven time"
        guard source.names.contains("evidence.tsr") else { return report.absent(title, "no RFC 3161 timestamp") }
        guard !trust.timestampRoots.isEmpty else {
            return report.unchecked(title, "there is a timestamp, and no tsa-root.pem to check it against")
        }
        do {
            guard let token = source.bytes("evidence.tsr") else { throw VerificationError("evidence.tsr can't be read") }
            let signature = statement.signatures.first ?? []
            let stamp = try TimestampVerifier.verify(token, over: signature, roots: trust.timestampRoots.map(\.key).joined())
            // Only roots that counted at that time: it is their own word, so one that was revoked proves nothing.
            let counting = trust.timestampRoots.filter { $0.validity.refusal(at: stamp.time, isProven: false) == nil }
            if counting.count < trust.timestampRoots.count {
                _ = try TimestampVerifier.verify(token, over: signature, roots: counting.map(\.key).joined())
            }
            report.provenTime = stamp.time
            report.holds(title, "\(Moment.text(stamp.time)), by \(stamp.authority), RFC 3161 over the signature")
        } catch {
            report.fails(title, "\(error)")
        }
    }

    mutating func checkLog(_ statement: VerifiedStatement) {
        let title = "the statement is in the log, which only grew"
        let claimed = statement.predicate["logOrigin"]?.text
        guard source.names.contains(where: { $0.hasPrefix("log/") }) else {
            if let claimed {
                report.fails(title, "the statement names the log `\(claimed)`, and the bundle has no proof of it")
            } else if trust.witnessThreshold > 0 {
                report.fails(title, "witnesses must have signed the log's checkpoint, and the bundle has none")
            } else {
                report.absent(title, "no log")
            }
            return
        }
        guard !trust.logKeys.isEmpty else { return report.unchecked(title, "there are proofs, and no log.vkey to check them against") }
        do {
            let checkpoint = try LogProof(source).verify(
                statement: Encodings.hex(Encodings.sha256(statement.preAuthentication)), timestamp: digests["evidence.tsr"],
                log: trust.logKeys.map(\.key), witnesses: trust.witnesses.map(\.key))
            guard claimed == nil || claimed == checkpoint.origin else {
                throw VerificationError("the statement names the log `\(claimed ?? "")`, the key is for `\(checkpoint.origin)`")
            }
            let outcome = try LogClaim(trust: trust, stamped: report.provenTime, now: now).judge(checkpoint)
            report.provenTime = report.provenTime ?? outcome.witnessed
            report.holds(title, outcome.detail)
        } catch {
            report.fails(title, "\(error)")
        }
    }

    /// A key counts only within its validity; after a revocation only for what was signed, provably, before.
    mutating func checkValidity(_ statement: VerifiedStatement) {
        let title = "the keys were valid when they signed"
        do {
            let (time, isProven) = (report.provenTime ?? now, report.provenTime != nil)
            guard let detail = try trust.judge(statement.keyIDs, threshold: trust.threshold, at: time, isProven: isProven) else {
                return report.absent(title, "the trusted keys carry no validity")
            }
            for signers in attestations { _ = try trust.judge(signers, threshold: trust.threshold, at: time, isProven: isProven) }
            report.holds(title, detail)
        } catch {
            report.fails(title, "\(error)")
        }
    }
}
