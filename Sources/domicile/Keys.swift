import Audit
import Evidence
import Foundation

/// Reads signing keys from files.
enum Keys {
    /// The signer of statements in a key file; `nil` without one.
    static func signer(_ path: String?, _ passphraseFile: String?) throws -> (any EvidenceSigner)? {
        guard let path else { return nil }
        return try read(path, passphraseFile).statementSigner()
    }

    /// The signer that a command of the user's is: an HSM's or a KMS's; the public half is given apart.
    static func signer(command: String, publicKey: String?) throws -> any EvidenceSigner {
        guard let publicKey else { throw AuditError.other("`--signer-command` needs `--signer-key`: the public key that it signs for") }
        guard let data = FileManager.default.contents(atPath: publicKey) else { throw AuditError.unreadable(publicKey) }
        return try ExternalSigner(command: command.split(separator: " ").map(String.init), publicKeyPEM: String(decoding: data, as: UTF8.self))
    }

    static func read(_ path: String, _ passphraseFile: String?) throws -> PrivateKeyFile {
        guard let data = FileManager.default.contents(atPath: path) else { throw AuditError.unreadable(path) }
        var passphrase: [UInt8]?
        if let passphraseFile {
            guard let secret = FileManager.default.contents(atPath: passphraseFile) else { throw AuditError.unreadable(passphraseFile) }
            passphrase = [UInt8](secret)
            while passphrase?.last == 10 || passphrase?.last == 13 { passphrase?.removeLast() }
        }
        do {
            return try PrivateKeyFile.read(String(decoding: data, as: UTF8.self), passphrase: passphrase)
        } catch {
            throw AuditError.other("`\(path)`: \(error)")
        }
    }
}

extension Keys {
    /// The signer of checkpoints whose `log.pem` and `log.vkey` lie beside the statement's key; `nil` if they do not.
    static func logSigner(beside key: String, _ passphraseFile: String?) throws -> LogSigner? {
        let folder = (key as NSString).deletingLastPathComponent
        let secret = folder.isEmpty ? "log.pem" : folder + "/log.pem"
        let verifier = folder.isEmpty ? "log.vkey" : folder + "/log.vkey"
        guard let text = FileManager.default.contents(atPath: verifier), FileManager.default.fileExists(atPath: secret) else { return nil }
        return try read(secret, passphraseFile).logSigner(verifierKey: String(decoding: text, as: UTF8.self))
    }
}
