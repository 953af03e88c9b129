internal import Crypto
internal import Foundation

/// A text with signature lines under it (c2sp.org/signed-note):
///
///     acme.example/residency-log
///     601
///     68wteiv39JaCfmu3z1ikiAKtGUJ8PtKtB9uyL4Y9P1g=
///
///     — acme.example/residency-log if2Nog78hA1/1qaRG7aa+vFP...
public enum SignedNote {
    static let ed25519: UInt8 = 1
    static let cosignature: UInt8 = 4

    /// Signs a text, which must end in a newline, with the log's key, and until its time with the one before it.
    public static func sign(_ text: String, with signer: LogSigner, at time: Int) throws -> String {
        let former = signer.former.flatMap { time <= $0.until ? $0.key : nil }
        let lines = try ([signer.key] + (former.map { [$0] } ?? [])).map { key in
            line(name: signer.origin, blob: keyHash(name: signer.origin, key) + Array(try key.signature(for: Array(text.utf8))))
        }
        return text + "\n" + lines.joined()
    }

    /// Whether the first line under a note is by this log's key: the others are by keys that were replaced, and by witnesses.
    public static func isFirst(_ signer: LogSigner, on note: String) -> Bool {
        guard let split = note.range(of: "\n\n", options: .backwards) else { return false }
        let words = note[split.upperBound...].prefix { $0 != "\n" }.split(separator: " ")
        guard words.count == 3, words[1] == signer.origin, let blob = Data(base64Encoded: String(words[2])) else { return false }
        let key = signer.key.publicKey
        return Array(blob.prefix(4)) == keyHash(name: signer.origin, signer.key)
            && key.isValidSignature(blob.dropFirst(4), for: Array((String(note[..<split.lowerBound]) + "\n").utf8))
    }

    /// A witness's signature line (c2sp.org/tlog-cosignature): it says that the witness saw this checkpoint at this time, and
    /// that it extends every other it saw. The line goes under the log's own.
    public static func cosign(_ text: String, time: Int, with witness: LogSigner) throws -> String {
        let typed = [cosignature] + Array(witness.key.publicKey.rawRepresentation)
        let message = Array("cosignature/v1\ntime \(time)\n\(text)".utf8)
        let stamp = withUnsafeBytes(of: UInt64(max(0, time)).bigEndian) { Array($0) }
        let blob = keyHash(name: witness.origin, typedKey: typed) + stamp + Array(try witness.key.signature(for: message))
        return line(name: witness.origin, blob: blob)
    }

    /// The text above the signatures, with its newline; `nil` if there are none.
    public static func text(of note: String) -> String? {
        guard let split = note.range(of: "\n\n", options: .backwards) else { return nil }
        return String(note[..<split.lowerBound]) + "\n"
    }

    private static func keyHash(name: String, _ key: Curve25519.Signing.PrivateKey) -> [UInt8] {
        keyHash(name: name, typedKey: [ed25519] + Array(key.publicKey.rawRepresentation))
    }

    static func keyHash(name: String, typedKey: [UInt8]) -> [UInt8] {
        Array(SHA256Digest(of: Array(name.utf8) + [0x0A] + typedKey).bytes.prefix(4))
    }

    /// Whether a name can stand in a signature line and in a verifier key.
    static func isName(_ name: String) -> Bool {
        !name.isEmpty && name.unicodeScalars.allSatisfy { $0 != "+" && !$0.properties.isWhitespace && $0.value >= 0x20 }
    }

    private static func line(name: String, blob: [UInt8]) -> String { "— \(name) \(Data(blob).base64EncodedString())\n" }
}
