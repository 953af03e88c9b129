internal import Foundation
public import Residency

/// Checks a log's entries by which one key announces the next.
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

    /// The key of the log that follows `current`, which signed it, and until when both sign.
    public static func next(_ entry: CanonicalValue, after current: LogKey) throws(VerificationError) -> (key: LogKey, overlapUntil: Int) {
        guard let text = entry["note"]?.text, let old = entry["old_vkey"]?.text, let new = entry["vkey"]?.text, let key = LogKey(verifierKey: new) else {
            throw VerificationError("the announcement of the log's next key can't be read", isMalformed: true)
        }
        guard old == current.line else { throw VerificationError("the log's next key is announced by one that does not sign the log") }
        let note = try VerifiedNote(text, keys: [current])
        let lines = note.text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        guard note.signers == [current], note.isExact, lines.count == 4, lines[0] == current.name, lines[1] == "next \(new)",
            lines[2].hasPrefix("overlap "), let until = Moment.seconds(String(lines[2].dropFirst("overlap ".count))), key.name == current.name, !key.isWitness
        else { throw VerificationError("the log's next key was not signed by the key before it") }
        return (key, until)
    }
}
