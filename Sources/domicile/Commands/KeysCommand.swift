import ArgumentParser
import Audit
import Evidence
import Foundation

struct KeysCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys",
        abstract: "Make and show the keys that sign statements and checkpoints.",
        discussion: """
            EXAMPLES
              domicile keys generate --out keys
              domicile keys show keys/p256.pem
            """,
        subcommands: [Generate.self, Show.self])

    struct Generate: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a P-256 key for statements and an Ed25519 key for checkpoints.",
            discussion: """
                EXAMPLES
                  domicile keys generate --out keys
                  domicile keys generate --out keys --passphrase-file secret.txt --origin example.com/residency

                Writes p256.pem and log.pem (secret, mode 0600), p256.pub.pem and log.vkey (to give away). Nothing is overwritten.
                """)

        @Option(name: .long, help: ArgumentHelp("The folder for the keys.", valueName: "dir"))
        var out: String

        @Option(name: .long, help: ArgumentHelp("The name of the log, as checkpoints carry it.", valueName: "name"))
        var origin: String = "domicile.local/log"

        @Option(name: .long, help: ArgumentHelp("A file whose content encrypts the secret keys.", valueName: "file"))
        var passphraseFile: String?

        func run() throws {
            var passphrase: [UInt8]?
            if let passphraseFile {
                guard let secret = FileManager.default.contents(atPath: passphraseFile) else { throw AuditError.unreadable(passphraseFile) }
                passphrase = [UInt8](secret)
                while passphrase?.last == 10 || passphrase?.last == 13 { passphrase?.removeLast() }
            }
            var random = SystemRandomNumberGenerator()
            let keys = try KeySet.generate(origin: origin, using: &random)
            let files = try keys.files(passphrase: passphrase, using: &random)
            try KeyFile.write(files, to: out)
            for file in files { Terminal.result("\(out)/\(file.name)\(file.isSecret ? "  (secret)" : "")") }
            Terminal.result("key id \(keys.statement.keyID)")
        }
    }

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "The id and the public half of a key.", discussion: "EXAMPLES\n  domicile keys show keys/p256.pem")

        @Argument(help: ArgumentHelp("A secret key file.", valueName: "file"))
        var key: String

        @Option(name: .long, help: ArgumentHelp("A file whose content is the passphrase.", valueName: "file"))
        var passphraseFile: String?

        func run() throws {
            let signer = try Keys.read(key, passphraseFile).statementSigner()
            Terminal.result("key id \(signer.keyID)")
            Terminal.result(signer.publicKeyPEM)
        }
    }
}
