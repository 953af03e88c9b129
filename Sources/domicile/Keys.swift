import ArgumentParser
import Audit
import Evidence
import EvidenceVerify
import Foundation

/// Who signs: key files, or a command of the user's.
struct KeyOptions: ParsableArguments {
    @Option(name: .long, help: ArgumentHelp("The signing key (p256.pem); a second one signs too. Without it nothing is signed.", valueName: "file"))
    var key: [String] = []

    @Option(name: .long, help: ArgumentHelp("A file whose content is the keys' passphrase (/dev/fd/3 for a descriptor).", valueName: "file"))
    var passphraseFile: String?

    @Option(name: .long, help: ArgumentHelp("Signs instead of a key file: bytes on its standard input, a DER signature on its output.", valueName: "cmd"))
    var signerCommand: String?

    @Option(name: .long, help: ArgumentHelp("The public key that the command signs for (p256.pub.pem).", valueName: "file"))
    var signerKey: String?

    @Flag(name: .long, help: "The command gets the SHA-256 of the bytes instead of the bytes.")
    var signerDigest = false

    /// The keys, with the log's and the disclosure key that lie beside them; `nil` if none were given.
    func signing() throws -> SigningKeys? {
        let passphrase = try Keys.passphrase(passphraseFile)
        let others = try key.map { try Keys.read($0, passphrase).statementSigner() }
        guard let place = signerCommand == nil ? key.first : signerKey ?? key.first else {
            guard signerCommand == nil else { throw AuditError.other("`--signer-command` needs `--signer-key`: the public key that it signs for") }
            return nil
        }
        let external = try signerCommand.map { try Keys.external($0, publicKey: signerKey, digest: signerDigest) }
        let all = (external.map { [$0] } ?? []) + others
        guard let main = all.first else { return nil }
        let folder = (place as NSString).deletingLastPathComponent
        return SigningKeys(
            main: main, others: Array(all.dropFirst()), log: try Keys.logSigner(in: folder, passphrase),
            disclosure: try Keys.disclosureKey(in: folder, passphrase))
    }

    /// The keys, which must be given.
    func required() throws -> SigningKeys {
        guard let keys = try signing() else { throw ValidationError("say who signs: `--key FILE`, or `--signer-command` with `--signer-key`") }
        return keys
    }

    /// The signer of checkpoints, which must be there.
    func requiredLog() throws -> LogSigner {
        guard let log = try required().log else { throw AuditError.other("there are no log.pem and log.vkey beside the key: they sign the log") }
        return log
    }
}

/// Reads keys from files.
enum Keys {
    /// A passphrase is the file's content without its line end.
    static func passphrase(_ path: String?) throws -> [UInt8]? {
        guard let path else { return nil }
        var secret = [UInt8](try contents(path))
        while secret.last == 10 || secret.last == 13 { secret.removeLast() }
        return secret
    }

    static func read(_ path: String, _ passphrase: [UInt8]?) throws -> PrivateKeyFile {
        let text = try text(path)
        do {
            return try PrivateKeyFile.read(text, passphrase: passphrase)
        } catch {
            throw AuditError.other("`\(path)`: \(error)")
        }
    }

    /// The signer that a command of the user's is: an HSM's or a KMS's; the public half is given apart.
    static func external(_ command: String, publicKey: String?, digest: Bool) throws -> any EvidenceSigner {
        guard let publicKey else { throw AuditError.other("`--signer-command` needs `--signer-key`: the public key that it signs for") }
        return try ExternalSigner(command: words(command), publicKeyPEM: try text(publicKey), digest: digest)
    }

    /// The signer of checkpoints whose `log.pem` and `log.vkey` lie in the folder; `nil` if they do not.
    static func logSigner(in folder: String, _ passphrase: [UInt8]?) throws -> LogSigner? {
        let (secret, verifier) = (path("log.pem", in: folder), path("log.vkey", in: folder))
        guard FileManager.default.fileExists(atPath: verifier), FileManager.default.fileExists(atPath: secret) else { return nil }
        return try read(secret, passphrase).logSigner(verifierKey: try text(verifier))
    }

    /// The disclosure key in the folder; `nil` if there is none.
    static func disclosureKey(in folder: String, _ passphrase: [UInt8]?) throws -> DisclosureKey? {
        let file = path(DisclosureKey.fileName, in: folder)
        guard FileManager.default.fileExists(atPath: file) else { return nil }
        do {
            return try DisclosureKey(text: try text(file), passphrase: passphrase)
        } catch {
            throw AuditError.other("`\(file)`: \(error)")
        }
    }

    static func path(_ name: String, in folder: String) -> String { folder.isEmpty ? name : folder + "/" + name }

    static func contents(_ path: String) throws -> Data {
        // Descriptors have no size, so they are read as a stream.
        guard let file = FileHandle(forReadingAtPath: path), let data = try? file.readToEnd() ?? Data() else { throw AuditError.unreadable(path) }
        return data
    }

    static func text(_ path: String) throws -> String { String(decoding: try contents(path), as: UTF8.self) }

    /// A command line as its words; there is no shell.
    static func words(_ command: String) -> [String] { command.split(separator: " ").map(String.init) }
}

extension Keys {
    /// A log's or a witness's public key.
    static func logKey(_ path: String) throws -> LogKey {
        guard let key = LogKey(verifierKey: try text(path)) else { throw AuditError.other("`\(path)` is no verifier key (log.vkey, witness.vkey)") }
        return key
    }
}
