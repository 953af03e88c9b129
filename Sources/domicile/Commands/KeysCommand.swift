import ArgumentParser
import Audit
import Evidence
import Foundation

struct KeysCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys",
        abstract: "The keys that sign statements and checkpoints: make, show, rotate, and say which are to be trusted.",
        discussion: """
            EXAMPLES
              domicile keys generate --out keys
              domicile keys show keys/p256.pem
              domicile keys rotate --key keys/p256.pem --out keys-2027 --store history.sqlite
              domicile keys trust --sign keys/p256.pem --statement keys/p256.pub.pem --log keys/log.vkey --out trust.json
            """,
        subcommands: [Generate.self, Show.self, Rotate.self, Trust.self])

    struct Generate: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "generate",
            abstract: "Make a P-256 key for statements and an Ed25519 key for checkpoints.",
            discussion: """
                EXAMPLES
                  domicile keys generate --out keys
                  domicile keys generate --out keys --passphrase-file secret.txt --origin example.com/residency
                  domicile keys generate --out legal --witness legal.example/witness

                Writes p256.pem, log.pem and disclosure.key (secret, mode 0600), p256.pub.pem and log.vkey (to give away). Nothing is \
                overwritten. disclosure.key salts the findings, so that a tenant can be shown its own and nobody else's.
                """)

        @Option(name: .long, help: ArgumentHelp("The folder for the keys.", valueName: "dir"))
        var out: String

        @Option(name: .long, help: ArgumentHelp("The name of the log, as checkpoints carry it.", valueName: "name"))
        var origin: String = "domicile.local/log"

        @Option(name: .long, help: ArgumentHelp("A file whose content encrypts the secret keys.", valueName: "file"))
        var passphraseFile: String?

        @Flag(name: .long, help: "Make an Ed25519 key as well, for a second signature (ed25519.pem).")
        var ed25519 = false

        @Option(name: .long, help: ArgumentHelp("Make a witness's key of this name instead (witness.pem, witness.vkey).", valueName: "name"))
        var witness: String?

        func run() throws {
            let passphrase = try Keys.passphrase(passphraseFile)
            var random = SystemRandomNumberGenerator()
            var files: [KeyFile] = []
            var keyID: String?
            if let witness {
                files = try KeySet.witnessFiles(name: witness, passphrase: passphrase, using: &random)
            } else {
                let keys = try KeySet.generate(origin: origin, using: &random)
                files = try keys.files(passphrase: passphrase, using: &random)
                files.append(try DisclosureKey(using: &random).file(passphrase: passphrase, using: &random))
                if ed25519 { files += try KeySet.secondFiles(passphrase: passphrase, using: &random) }
                keyID = keys.statement.keyID
            }
            try KeyFile.write(files, to: out)
            for file in files { Terminal.result("\(out)/\(file.name)\(file.isSecret ? "  (secret)" : "")") }
            if let keyID { Terminal.result("key id \(keyID)") }
        }
    }

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "show",
            abstract: "The id and the public half of a key.", discussion: "EXAMPLES\n  domicile keys show keys/p256.pem")

        @Argument(help: ArgumentHelp("A secret key file.", valueName: "file"))
        var key: String

        @Option(name: .long, help: ArgumentHelp("A file whose content is the passphrase.", valueName: "file"))
        var passphraseFile: String?

        func run() throws {
            let signer = try Keys.read(key, try Keys.passphrase(passphraseFile)).statementSigner()
            Terminal.result("key id \(signer.keyID)")
            Terminal.result(signer.publicKeyPEM)
        }
    }
}
