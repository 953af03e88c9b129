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

                The new folder has the new p256.pem and the log's and disclosure keys of the old one, which stay. Whoever has the old
                public key checks the new one with openssl:
                  openssl dgst -sha256 -verify keys/p256.pub.pem -signature keys-2027/p256.pub.pem.sig keys-2027/p256.pub.pem
                During the overlap both sign: `--key keys/p256.pem --key keys-2027/p256.pem`.
                """)

        @OptionGroup var keys: KeyOptions

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
        }

        func run() throws {
            let time = Int(try clock.time())
            let old = try keys.required()
            let until = UTCTime.text(time + overlap * 86400)
            let (rotation, made) = try rotation(from: old.main, until: until)
            let place = (keys.key.first ?? keys.signerKey ?? "") as NSString
            try KeyFile.write(made + [KeyFile(name: "p256.pub.pem", text: rotation.newKeyPEM, isSecret: false)] + copies(place.deletingLastPathComponent), to: out)
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

        private func rotation(from old: any EvidenceSigner, until: String) throws -> (KeyRotation, [KeyFile]) {
            if let newPublic { return (try KeyRotation(from: old, toPublic: try Keys.text(newPublic), overlapUntil: until), []) }
            var random = SystemRandomNumberGenerator()
            let new = try KeySet.generateStatementKey(using: &random)
            let files = try KeySet.statementFiles(new, passphrase: try Keys.passphrase(keys.passphraseFile), using: &random)
            return (try KeyRotation(from: old, to: new, overlapUntil: until), files.filter(\.isSecret))
        }

        /// The keys that stay, as they lie beside the old one.
        private func copies(_ folder: String) throws -> [KeyFile] {
            try [("log.pem", true), ("log.vkey", false), (DisclosureKey.fileName, true)].compactMap { name, isSecret in
                let path = Keys.path(name, in: folder)
                guard FileManager.default.fileExists(atPath: path) else { return nil }
                return KeyFile(name: name, text: try Keys.text(path), isSecret: isSecret)
            }
        }
    }
}
