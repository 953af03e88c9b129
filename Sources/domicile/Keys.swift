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
        let signer = try read(secret, passphrase).logSigner(verifierKey: try text(verifier))
        // The key before it, while both sign; who has removed it wants no more of it.
        let old = path(FormerLogKeys.secretName, in: folder)
        guard FileManager.default.fileExists(atPath: old), let former = try FormerLogKeys(text(path(FormerLogKeys.fileName, in: folder))).newest else {
            return signer
        }
        return try signer.following(try read(old, passphrase).logSigner(verifierKey: former.verifierKey), until: former.until)
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
    /// The keys of logs or witnesses in these files.
    static func logKeys(_ paths: [String]) throws -> [Trusted<LogKey>] {
        try paths.flatMap { path -> [Trusted<LogKey>] in
            let text = try text(path)
            do throws(VerificationError) { return try LogKeyFile.keys(text, path) } catch { throw AuditError.other(error.message) }
        }
    }

    /// What a verifier trusts: a folder, a signed trust file or one public key.
    static func trust(_ path: String, roots: [String] = [], rootThreshold: Int = 1) throws -> Trust {
        let keys = try roots.map { path in
            guard let key = PublicKey(pem: try text(path)) else { throw AuditError.other("`\(path)` is no public key") }
            return key
        }
        do {
            return try Trust(path: path, roots: keys, rootThreshold: rootThreshold)
        } catch {
            throw AuditError.other(error.message)
        }
    }
}

/// What a verifier trusts.
struct TrustOptions: ParsableArguments {
    @Option(name: .long, help: ArgumentHelp("A folder of public keys, a signed trust file, or one public key.", valueName: "path"))
    var trust: String

    @Option(name: .long, help: ArgumentHelp("A public key that must have signed the trust file; repeatable.", valueName: "file"))
    var trustRoot: [String] = []

    @Option(name: .long, help: ArgumentHelp("How many of the `--trust-root` keys must have signed the trust file.", valueName: "n"))
    var trustRootThreshold: Int = 1

    func validate() throws {
        guard 1...max(1, trustRoot.count) ~= trustRootThreshold else { throw ValidationError("`--trust-root-threshold` is more than the `--trust-root` keys that are given") }
    }

    func keys() throws -> Trust { try Keys.trust(trust, roots: trustRoot, rootThreshold: trustRootThreshold) }
}
