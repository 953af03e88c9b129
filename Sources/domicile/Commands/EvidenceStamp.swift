import ArgumentParser
import Audit
import Evidence
import EvidenceVerify
import Foundation

/// Which authority stamps the time, and how it is reached.
struct TimestampOptions: ParsableArguments {
    @Option(name: .long, help: ArgumentHelp("A time-stamping authority's address; curl asks it.", valueName: "url"))
    var tsa: String?

    @Option(name: .long, help: ArgumentHelp("A command that takes the request on standard input and gives the response.", valueName: "cmd"))
    var tsaCommand: String?

    @Option(name: .long, help: ArgumentHelp("The root certificates (PEM) that the answer must lead to.", valueName: "file"))
    var tsaRoot: String?

    var isGiven: Bool { tsa != nil || tsaCommand != nil }

    func validate() throws {
        if tsa != nil, tsaCommand != nil { throw ValidationError("give `--tsa` or `--tsa-command`, not both") }
        if tsaRoot != nil, !isGiven { throw ValidationError("`--tsa-root` checks an answer: say who is asked, with `--tsa` or `--tsa-command`") }
    }

    /// A checked response over the signature; `nil` if no authority was named.
    func stamp(_ signature: [UInt8]) throws -> [UInt8]? {
        guard isGiven else { return nil }
        var random = SystemRandomNumberGenerator()
        let request = try TimestampRequest(message: signature, nonce: (0..<8).map { _ in UInt8.random(in: .min ... .max, using: &random) })
        let response = try request.send(through: try tsa.map(TimestampRequest.curl) ?? Keys.words(tsaCommand ?? ""))
        do {
            let stamp = try TimestampVerifier.check(response, over: signature, nonce: request.nonce)
            if let tsaRoot {
                _ = try TimestampVerifier.verify(response, over: signature, roots: try Keys.text(tsaRoot))
            } else {
                Terminal.say("note: without `--tsa-root` nothing says who \(stamp.authority) is")
            }
            Terminal.say("stamped at \(UTCTime.text(stamp.time)) by \(stamp.authority)")
        } catch let error as VerificationError {
            throw AuditError.other("the authority's answer was refused: \(error.message)")
        }
        return response
    }
}

extension EvidenceCommand {
    struct Stamp: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "stamp",
            abstract: "Add a time stamp (RFC 3161) by an authority to a bundle.",
            discussion: """
                EXAMPLES
                  domicile evidence stamp bundle --tsa http://tsa.example/tsr --tsa-root tsa-root.pem
                  domicile evidence stamp bundle.tar --tsa-command "ask-our-tsa --stdin" --tsa-root tsa-root.pem

                Only the SHA-256 of the signature is sent. The stamp proves that the signature existed then; a bundle is good without.
                """)

        @Argument(help: ArgumentHelp("The bundle: a folder or a .tar.", valueName: "bundle"))
        var bundle: String

        @OptionGroup var authority: TimestampOptions

        func run() throws {
            guard authority.isGiven else { throw ValidationError("say who stamps: `--tsa URL` or `--tsa-command CMD`") }
            guard bundle.hasSuffix(".tar") else { return try stamp(folder: bundle) }
            let folder = "\(bundle).\(getpid()).folder"
            do {
                try BundleArchive.unpack(bundle, to: folder)
            } catch let error as VerificationError {
                throw AuditError.other(error.message)
            }
            defer { try? FileManager.default.removeItem(atPath: folder) }
            try stamp(folder: folder)
            try TarArchive.write(folder: folder, to: bundle)
        }

        private func stamp(folder: String) throws {
            let envelope = try BundleStamp.envelope(in: folder)
            guard let signature = envelope.signatures.first?.bytes, let response = try authority.stamp(signature) else {
                throw AuditError.other("`\(folder)` is not signed")
            }
            try BundleStamp.add(response, envelope: envelope, to: folder)
        }
    }
}
