import ArgumentParser
import Audit
import Evidence
import EvidenceVerify
import Foundation

extension KeysCommand {
    struct Trust: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "trust",
            abstract: "Write a signed file of the keys that others may trust: what each may do, from when, until when, and what was revoked.",
            discussion: """
                EXAMPLES
                  domicile keys trust --sign keys/p256.pem --statement keys/p256.pub.pem --log keys/log.vkey --out trust.json
                  domicile keys trust --sign root.pem --root root.pub.pem --statement old.pub.pem,until=2027-01-31 --statement keys/p256.pub.pem,from=2027-01-01 --out trust.json
                  domicile keys trust --sign root.pem --root root.pub.pem --statement lost.pub.pem,revoked=2026-11-20T12:00:00Z,reason=stolen --out trust.json

                  domicile keys trust --sign root.pem --root root.pub.pem --statement keys/p256.pub.pem --log log.old.vkey --log keys/log.vkey,from=2027-01-01 --out trust.json
                  domicile keys trust --sign root.pem --root root.pub.pem --statement a.pub.pem --statement b.pub.pem --statement c.pub.pem --threshold 2 --out trust.json

                After a revocation only what was provably signed before it is believed. Each key's file may be followed by from=, until=, \
                revoked= and reason=; `until=` a day is until its last second, UTC. `evidence verify --trust trust.json --trust-root root.pub.pem` uses it.
                """)

        @Option(name: .long, help: ArgumentHelp("A secret key that signs the file; repeatable.", valueName: "file"))
        var sign: [String]

        @Option(name: .long, help: ArgumentHelp("A file whose content is the keys' passphrase.", valueName: "file"))
        var passphraseFile: String?

        @Option(name: .long, help: ArgumentHelp("A public key that signs statements; repeatable.", valueName: "file[,…]"))
        var statement: [String]

        @Option(name: .long, help: ArgumentHelp("A public key that signs trust files; repeatable.", valueName: "file[,…]"))
        var root: [String] = []

        @Option(name: .long, help: ArgumentHelp("The log's public key (log.vkey, log.old.vkey); repeatable.", valueName: "file[,…]"))
        var log: [String] = []

        @Option(name: .long, help: ArgumentHelp("A witness's public key (witness.vkey); repeatable.", valueName: "file[,…]"))
        var witness: [String] = []

        @Option(name: .long, help: ArgumentHelp("The root certificate of a time-stamping authority; repeatable.", valueName: "file[,…]"))
        var tsa: [String] = []

        @Option(name: .long, help: ArgumentHelp("How many statement keys must have signed.", valueName: "n"))
        var threshold: Int = 1

        @Option(name: .long, help: ArgumentHelp("How many witnesses must have signed the log's checkpoint.", valueName: "n"))
        var witnessThreshold: Int = 0

        @Option(name: .long, help: ArgumentHelp("The file to write.", valueName: "file"))
        var out: String

        func validate() throws {
            guard 1...max(1, statement.count) ~= threshold else { throw ValidationError("`--threshold` is more than the statement keys that are given") }
            guard 0...witness.count ~= witnessThreshold else { throw ValidationError("`--witness-threshold` is more than the witnesses that are given") }
        }

        func run() throws {
            let given: [(TrustFile.Key.Role, [String])] = [(.statement, statement), (.root, root), (.log, log), (.witness, witness), (.tsa, tsa)]
            let keys = try given.flatMap { role, files in try files.flatMap { try Self.keys(role, $0) } }
            let passphrase = try Keys.passphrase(passphraseFile)
            let signers = try sign.map { try Keys.read($0, passphrase).statementSigner() }
            let file = try TrustFile(keys: keys, threshold: threshold, witnessThreshold: witnessThreshold).signed(by: signers)
            do {
                // Whoever gets the file must be able to read it: by its own keys, as they will.
                _ = try EvidenceVerify.Trust(trustFile: file, source: out)
            } catch {
                throw AuditError.other("nobody could use this file: \(error.message)")
            }
            try OutputFolder.write(file, to: out)
            Terminal.result("\(out): \(keys.count) keys")
        }

        /// Reads `FILE[,from=TIME][,until=TIME][,revoked=TIME][,reason=TEXT]`: one key, or of a log the keys of its lines.
        private static func keys(_ role: TrustFile.Key.Role, _ text: String) throws -> [TrustFile.Key] {
            let parts = text.split(separator: ",").map(String.init)
            guard let path = parts.first else { throw ValidationError("a key needs a file") }
            var keys = [TrustFile.Key(role, try Keys.text(path))]
            if role == .log || role == .witness {
                keys = try Keys.logKeys([path]).map { TrustFile.Key(role, $0.key.line, notAfter: $0.validity.notAfter.map(UTCTime.text)) }
            }
            for part in parts.dropFirst() {
                let pair = part.split(separator: "=", maxSplits: 1).map(String.init)
                guard pair.count == 2 else { throw ValidationError("`\(part)` is not one of from=, until=, revoked=, reason=") }
                let time = pair[1].utf8.count == 10 ? pair[1] + (pair[0] == "until" ? "T23:59:59Z" : "T00:00:00Z") : pair[1]
                for index in keys.indices {
                    switch pair[0] {
                    case "from": keys[index].notBefore = time
                    case "until": keys[index].notAfter = time
                    case "revoked": keys[index].revokedAt = time
                    case "reason": keys[index].revocation = pair[1]
                    default: throw ValidationError("`\(part)` is not one of from=, until=, revoked=, reason=")
                    }
                }
            }
            return keys
        }
    }
}
