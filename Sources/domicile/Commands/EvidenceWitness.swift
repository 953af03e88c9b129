import ArgumentParser
import Audit
import Evidence
import EvidenceStore
import EvidenceVerify
import Foundation

extension EvidenceCommand {
    struct Witness: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "witness",
            abstract: "Someone else (legal, a customer) signs the log's checkpoints too, and none that forks it.",
            discussion: """
                EXAMPLES
                  domicile evidence witness request --store history.sqlite --witness witness.vkey --out request.txt
                  domicile evidence witness sign request.txt --key witness.pem --log log.vkey --state seen.txt > line.txt
                  domicile evidence witness add line.txt --store history.sqlite --log log.vkey --witness witness.vkey

                The log's owner makes the request and adds the line; the witness, with a key that the owner has not, signs. \
                `domicile keys generate --witness legal.example --out DIR` makes the witness's key.
                """,
            subcommands: [Request.self, Sign.self, Add.self])

        struct Request: ParsableCommand {
            static let configuration = CommandConfiguration(
                commandName: "request",
                abstract: "The newest checkpoint, and the proof that it extends the one that was witnessed before.",
                discussion: "EXAMPLES\n  domicile evidence witness request --store history.sqlite --witness witness.vkey --out request.txt")

            @OptionGroup var history: HistoryOption

            @Option(name: .long, help: ArgumentHelp("The witness's public key (witness.vkey).", valueName: "file"))
            var witness: String

            @Option(name: .long, help: ArgumentHelp("The file to write (default: standard output).", valueName: "file"))
            var out: String?

            func run() throws {
                let store = try history.open()
                let request = try store.consistency(since: try store.lastWitnessed(by: try Keys.logKeys([witness])[0].key.name))
                guard let out else { return Terminal.result(Array(request.utf8)) }
                try OutputFolder.write(Array(request.utf8), to: out)
                Terminal.result(out)
            }
        }

        struct Sign: ParsableCommand {
            static let configuration = CommandConfiguration(
                commandName: "sign",
                abstract: "Check a request against what was signed before, and sign.",
                discussion: """
                    EXAMPLES
                      domicile evidence witness sign request.txt --key witness.pem --log log.vkey --state seen.txt > line.txt

                    The witness keeps witness.pem, witness.vkey beside it, and the file of --state, which holds the last checkpoint it signed.
                    """)

            @Argument(help: ArgumentHelp("The request.", valueName: "file"))
            var request: String

            @Option(name: .long, help: ArgumentHelp("The witness's key (witness.pem).", valueName: "file"))
            var key: String

            @Option(name: .long, help: ArgumentHelp("A file whose content is the key's passphrase.", valueName: "file"))
            var passphraseFile: String?

            @Option(name: .long, help: ArgumentHelp("The log's public key, got from its owner once (log.vkey); again for a key that follows.", valueName: "file"))
            var log: [String]

            @Option(name: .long, help: ArgumentHelp("Where the last checkpoint signed is kept.", valueName: "file"))
            var state: String

            @OptionGroup var clock: ClockOption

            func run() throws {
                let verifier = Keys.path("witness.vkey", in: (key as NSString).deletingLastPathComponent)
                let signer = try Keys.read(key, try Keys.passphrase(passphraseFile)).logSigner(verifierKey: try Keys.text(verifier))
                let witness = EvidenceStore.Witness(signer: signer, log: try Keys.logKeys(log), statePath: state)
                do {
                    Terminal.result(Array(try witness.cosign(try Keys.text(request), at: Int(try clock.time())).utf8))
                } catch let error as VerificationError {
                    Terminal.say("NOT SIGNED: \(error.message)")
                    throw ExitCode(Exit.violated.rawValue)
                }
            }
        }

        struct Add: ParsableCommand {
            static let configuration = CommandConfiguration(
                commandName: "add",
                abstract: "Keep a witness's line, so that every proof made from now on carries it.",
                discussion: "EXAMPLES\n  domicile evidence witness add line.txt --store history.sqlite --log log.vkey --witness witness.vkey")

            @Argument(help: ArgumentHelp("The witness's line.", valueName: "file"))
            var line: String

            @OptionGroup var history: HistoryOption

            @Option(name: .long, help: ArgumentHelp("The log's public key (log.vkey); repeatable.", valueName: "file"))
            var log: [String]

            @Option(name: .long, help: ArgumentHelp("The witness's public key (witness.vkey).", valueName: "file"))
            var witness: String

            func run() throws {
                let key = try Keys.logKeys([witness])[0].key
                try history.open().add(cosignature: try Keys.text(line), by: key, log: try Keys.logKeys(log).map(\.key))
                Terminal.result("witnessed by \(key.name)")
            }
        }
    }
}
