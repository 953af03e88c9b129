internal import Crypto
internal import Foundation

/// The secret from which every salt of every run is derived. Whoever has it can open every finding; whoever has not can't
/// guess one.
public struct DisclosureKey: Sendable {
    private let key: SymmetricKey

    /// Draws a new key.
    public init(using random: inout some RandomNumberGenerator) { key = SymmetricKey(data: KeySet.bytes(32, using: &random)) }

    /// Reads the text of a `disclosure.key` file: 64 hexadecimal digits, or the same under a passphrase.
    public init(text: String, passphrase: [UInt8]? = nil) throws {
        var bytes = Hex.decode(text.trimmingCharacters(in: .whitespacesAndNewlines))
        if let sealed = PEM.decode(text, label: Self.sealedLabel) {
            guard let passphrase else {
                throw EvidenceError(.badPassphrase, "the disclosure key is encrypted", hint: "give its passphrase in a file")
            }
            let opened = try EncryptedKey.open(sealed, passphrase: passphrase)
            bytes = opened.starts(with: Self.wrapping) ? Array(opened.dropFirst(Self.wrapping.count)) : nil
        }
        guard let bytes, bytes.count == 32 else {
            throw EvidenceError(.badKey, "not a disclosure key", hint: "64 hexadecimal digits, as `keys generate` writes them")
        }
        key = SymmetricKey(data: bytes)
    }

    /// The file to keep beside the other secret keys.
    public var file: KeyFile { KeyFile(name: Self.fileName, text: key.withUnsafeBytes { Hex.encode($0) } + "\n", isSecret: true) }

    /// The file, encrypted as the private keys are.
    public func file(passphrase: [UInt8]?, using random: inout some RandomNumberGenerator) throws -> KeyFile {
        guard let passphrase else { return file }
        let sealed = try EncryptedKey.seal(
            Self.wrapping + key.withUnsafeBytes { Array($0) }, passphrase: passphrase, salt: KeySet.bytes(16, using: &random),
            iv: KeySet.bytes(16, using: &random))
        return KeyFile(name: Self.fileName, text: PEM.encode(sealed, label: Self.sealedLabel), isSecret: true)
    }

    public static let fileName = "disclosure.key"
    /// DER: a sequence of one octet string of 32 bytes.
    private static let wrapping: [UInt8] = [0x30, 0x22, 0x04, 0x20]
    private static let sealedLabel = "ENCRYPTED DISCLOSURE KEY"

    func secret(of run: String) -> DerivedKey { DerivedKey(key).derive("run", run) }
}

/// A key derived from another by HMAC-SHA-256 over a label and a name: knowing it tells nothing of its siblings.
struct DerivedKey: Sendable {
    let key: SymmetricKey

    init(_ key: SymmetricKey) { self.key = key }

    func bytes(_ label: String, _ name: String) -> [UInt8] {
        Array(HMAC<SHA256>.authenticationCode(for: Array("domicile \(label)\0\(name)".utf8), using: key))
    }

    func derive(_ label: String, _ name: String) -> DerivedKey { DerivedKey(SymmetricKey(data: bytes(label, name))) }
}
