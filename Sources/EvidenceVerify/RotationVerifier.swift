public import Residency

/// Checks a log's entry by which one statement key announces the next.
public enum RotationVerifier {
    /// Returns the id of the new key, if a key that the log announced before signed it.
    public static func verify(_ entry: CanonicalValue, announced: Set<String>) throws(VerificationError) -> String {
        guard let oldID = entry["old_keyid"]?.text, let oldPEM = entry["old_pem"]?.text, let newID = entry["keyid"]?.text,
            let newPEM = entry["pem"]?.text, let signature = entry["sig"]?.text.flatMap(Encodings.base64)
        else { throw VerificationError("the announcement of a key can't be read", isMalformed: true) }
        guard let old = PublicKey(pem: oldPEM), let new = PublicKey(pem: newPEM), old.id == oldID, new.id == newID else {
            throw VerificationError("the announcement of a key names keys with other ids than theirs")
        }
        guard announced.isEmpty || announced.contains(oldID) else {
            throw VerificationError("the key \(newID.prefix(16))… is announced by \(oldID.prefix(16))…, which the log does not know")
        }
        guard old.accepts(signature, over: Array(newPEM.utf8)) else {
            throw VerificationError("the key \(newID.prefix(16))… was not signed by the key before it")
        }
        return newID
    }
}
