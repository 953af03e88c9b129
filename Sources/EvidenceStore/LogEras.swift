internal import EvidenceVerify
internal import Residency

/// Which key signs the log's checkpoints from which entry on, as the log itself tells it: each key is announced by the one before.
struct LogEras {
    struct Era {
        /// The entry that announces the key: checkpoints of more entries than that are signed by it.
        var entry: Int
        /// The time of that entry.
        var time: Int
        var key: LogKey
        /// Until when the key before signs too.
        var overlapUntil: Int?
    }

    private(set) var eras: [Era] = []
    var keys: [LogKey] { eras.map(\.key) }

    /// Takes the entry that begins the log.
    mutating func begin(_ entry: CanonicalValue, at time: Int) throws(VerificationError) {
        guard eras.isEmpty, let key = entry["vkey"]?.text.flatMap(LogKey.init(verifierKey:)), key.name == entry["origin"]?.text else {
            throw VerificationError("the log does not name its key")
        }
        eras.append(Era(entry: 0, time: time, key: key))
    }

    /// Takes an entry that announces the next key.
    mutating func rotate(_ entry: CanonicalValue, index: Int, at time: Int) throws(VerificationError) {
        guard let current = eras.last else { throw VerificationError("a key follows, and none was there") }
        let (key, until) = try RotationVerifier.next(entry, after: current.key)
        eras.append(Era(entry: index, time: time, key: key, overlapUntil: until))
    }

    /// Whether the key that signs now is one of these, or was announced by one of these, while it counted, and so on.
    func leadToNow(from trusted: [Trusted<LogKey>]) -> Bool {
        var validity: Validity?
        for era in eras {
            if let key = trusted.first(where: { $0.key == era.key }) {
                validity = key.validity
            } else if let before = validity {
                validity = before.refusal(at: era.time, isProven: false) == nil ? Validity() : nil
            }
        }
        return validity != nil
    }

    /// Why a checkpoint of this size, signed by these keys, is not by the key that signed then; `nil` if it is.
    func refusal(size: Int, signers: [LogKey]) -> String? {
        guard let era = eras.last(where: { $0.entry < size }) else { return nil }
        if signers.contains(era.key) { return nil }
        return "it is not signed by the key that signs since entry \(era.entry)"
    }

    /// The key that had to sign a checkpoint of this size.
    func key(size: Int) -> LogKey? { eras.last { $0.entry < size }?.key }

    /// Whether a key that was replaced signed a checkpoint of this size after the overlap.
    func isLate(size: Int, signers: [LogKey], at time: Int) -> Bool {
        guard let era = eras.last(where: { $0.entry < size }), let until = era.overlapUntil else { return false }
        return signers.contains { $0 != era.key } && time > until
    }
}
