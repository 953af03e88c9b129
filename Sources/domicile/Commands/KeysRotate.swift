import ArgumentParser
import Audit
import Evidence
import EvidenceStore
import Foundation

extension KeysCommand {
    struct Rotate: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "rotate",
            abstract: "Make the key that follows: the old one signs it, and the log has an entry of it.",
            discussion: """
                EXAMPLES
                  domicile keys rotate --key keys/p256.pem --out keys-2027 --store history.sqlite
                  domicile keys rotate --key keys/p256.pem --new-public hsm.pub.pem --out keys-2027 --store history.sqlite --overlap 60
                  domicile keys rotate --log --key keys/p256.pem --out keys-2027 --store history.sqlite

                The new folder has the new p256.pem and the other keys of the old one, which stay. Whoever has the old public key \
                checks the new one with openssl:
                  openssl dgst -sha256 -verify keys/p256.pub.pem -signature keys-2027/p256.pub.pem.sig keys-2027/p256.pub.pem
                During the overlap both sign: `--key keys/p256.pem --key keys-2027/p256.pem`.

                With --log the log's key is replaced, the statements' stays. The log keeps its name. During the overlap the old key \
                (log.old.pem) signs each checkpoint too, with no option given; after it the file can be removed. Give log.vkey and \
                log.old.vkey of the new folder to whoever verifies, or both in a signed trust file (`keys trust`).
                """)

        @OptionGroup var keys: KeyOptions

        @Flag(name: .long, help: "Replace the key of the log, which signs its checkpoints, instead of the key of statements.")
        var log = false

        @Option(name: .long, help: ArgumentHelp("The folder for the new keys.", valueName: "dir"))
        var out: String

        @Option(name: .long, help: ArgumentHelp("The history whose log gets the entry.", valueName: "file"))
        var store: String?

        @Option(name: .long, help: ArgumentHelp("The new public key, if its private half is elsewhere (an HSM); else one is made.", valueName: "file"))
        var newPublic: String?

        @Option(name: .long, help: ArgumentHelp("How long both keys sign.", valueName: "days"))
        var overlap: Int = 30

        @OptionGroup var clock: ClockOption

        func validate() throws {
            if overlap < 0 { throw ValidationError("`--overlap` is a number of days") }
            if log, store == nil { throw ValidationError("the log itself must say which key follows: give its `--store`") }
            if log, newPublic != nil { throw ValidationError("`--new-public` is for statements: the log's key is a file") }
        }

        func run() throws {
            let time = Int(try clock.time())
            let until = time + overlap * 86400
            if log { try rotateLog(until: until, at: time) } else { try rotateStatement(until: UTCTime.text(until), at: time) }
        }

        private func rotateStatement(until: String, at time: Int) throws {
            let old = try keys.required()
            let (rotation, made) = try rotation(from: old.main, until: until)
            let stay = try copies(except: ["p256.pem", "p256.pub.pem"])
            try KeyFile.write(made + [KeyFile(name: "p256.pub.pem", text: rotation.newKeyPEM, isSecret: false)] + stay, to: out)
            // The folder comes first: a log that announces a key that nobody has would be worse than a key that is not announced.
            try OutputFolder.write(rotation.signature, to: out + "/p256.pub.pem.sig")
            if let store {
                _ = try RunStore.existing(path: store).enterKey(rotation, signer: try keys.requiredLog(), at: time)
            } else {
                Terminal.say("warning: without `--store` the log does not know of the new key")
            }
            Terminal.result("key id \(rotation.newKeyID)")
            Terminal.result("until \(until) sign with both keys, the old one first")
        }

        private func rotateLog(until: Int, at time: Int) throws {
            let old = try keys.requiredLog()
            var random = SystemRandomNumberGenerator()
            let new = try KeySet.generateLogKey(origin: old.origin, using: &random)
            let rotation = try LogKeyRotation(from: old, to: new, overlapUntil: until)
            let oldFile = Keys.path(FormerLogKeys.fileName, in: folder)
            var former = try FormerLogKeys(FileManager.default.fileExists(atPath: oldFile) ? try Keys.text(oldFile) : "")
            former.add(old.verifierKey, until: until)
            let made = try KeySet.logFiles(new, passphrase: try Keys.passphrase(keys.passphraseFile), using: &random) + [
                KeyFile(name: FormerLogKeys.fileName, text: former.text, isSecret: false),
                KeyFile(name: FormerLogKeys.secretName, text: try Keys.text(Keys.path("log.pem", in: folder)), isSecret: true),
            ]
            let stay = try copies(except: ["log.pem", "log.vkey", FormerLogKeys.fileName, FormerLogKeys.secretName])
            try KeyFile.write(made + stay, to: out)
            let store = try RunStore.existing(path: store ?? "")
            try store.enterLogKey(rotation, old: old, new: try new.following(old, until: until), at: time)
            Terminal.result(new.verifierKey)
            Terminal.result("until \(UTCTime.text(until)) the old key signs the log's checkpoints too")
        }

        /// Where the old keys lie.
        private var folder: String { ((keys.key.first ?? keys.signerKey ?? "") as NSString).deletingLastPathComponent }

        private func rotation(from old: any EvidenceSigner, until: String) throws -> (KeyRotation, [KeyFile]) {
            if let newPublic { return (try KeyRotation(from: old, toPublic: try Keys.text(newPublic), overlapUntil: until), []) }
            var random = SystemRandomNumberGenerator()
            let new = try KeySet.generateStatementKey(using: &random)
            let files = try KeySet.statementFiles(new, passphrase: try Keys.passphrase(keys.passphraseFile), using: &random)
            return (try KeyRotation(from: old, to: new, overlapUntil: until), files.filter(\.isSecret))
        }

        /// The keys that stay, as they lie beside the old one.
        private func copies(except replaced: Set<String>) throws -> [KeyFile] {
            let names = [
                ("p256.pem", true), ("p256.pub.pem", false), ("ed25519.pem", true), ("ed25519.pub.pem", false), ("log.pem", true), ("log.vkey", false),
                (FormerLogKeys.secretName, true), (FormerLogKeys.fileName, false), (DisclosureKey.fileName, true),
            ]
            return try names.compactMap { name, isSecret in
                let path = Keys.path(name, in: folder)
                guard !replaced.contains(name), FileManager.default.fileExists(atPath: path) else { return nil }
                return KeyFile(name: name, text: try Keys.text(path), isSecret: isSecret)
            }
        }
    }
}
