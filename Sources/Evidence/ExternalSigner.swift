internal import Crypto
internal import CryptoExtras
internal import Foundation

/// A program that signs: an HSM, a KMS, a smart card. It gets the bytes on standard input (with `digest`, their 32-byte
/// SHA-256) and answers on standard output with the raw signature: ECDSA in DER, Ed25519 as 64 bytes.
///
/// Nothing it answers is believed: every signature is verified against the public key before it is used.
public struct ExternalSigner: EvidenceSigner {
    public let keyID: String
    public let publicKeyPEM: String
    private let command: [String]
    private let sendsDigest: Bool
    private let timeout: Double
    private let accepts: @Sendable (_ signature: [UInt8], _ message: [UInt8]) -> Bool

    /// Creates a signer from a command and its arguments (no shell is involved), and the public key it signs for.
    public init(command: [String], publicKeyPEM: String, digest: Bool = false, timeout: Double = 120) throws {
        guard !command.isEmpty else { throw EvidenceError(.signerFailed, "the signer's command is empty") }
        self.command = command
        self.publicKeyPEM = publicKeyPEM
        self.timeout = timeout
        sendsDigest = digest
        if let key = try? P256.Signing.PublicKey(pemRepresentation: publicKeyPEM) {
            keyID = SHA256Digest(of: key.derRepresentation).hex
            accepts = { signature, message in
                guard let signature = try? P256.Signing.ECDSASignature(derRepresentation: signature) else { return false }
                return key.isValidSignature(signature, for: message)
            }
        } else if let key = try? Curve25519.Signing.PublicKey(pemRepresentation: publicKeyPEM) {
            guard !digest else { throw EvidenceError(.signerFailed, "Ed25519 signs the whole message, not its digest") }
            keyID = SHA256Digest(of: Ed25519Signer.spki(key)).hex
            accepts = { signature, message in key.isValidSignature(signature, for: message) }
        } else {
            throw EvidenceError(.badKey, "the signer's public key can't be read", hint: "PEM, P-256 or Ed25519")
        }
    }

    public func sign(_ message: [UInt8]) throws -> [UInt8] {
        let output = try ChildProcess.run(command, input: sendsDigest ? SHA256Digest(of: message).bytes : message, timeout: timeout)
        guard accepts(output, message) else {
            throw EvidenceError(
                .signerFailed, "`\(command[0])` answered \(output.count) bytes that are not a signature by key \(keyID.prefix(16))…",
                hint: "is it the right key, and is the signature raw (DER for ECDSA)?")
        }
        return output
    }
}

/// Runs a program with bytes on its standard input. They go through files in a folder of our own, so that no full pipe can
/// block either side.
enum ChildProcess {
    static func run(_ command: [String], input: [UInt8], timeout: Double) throws -> [UInt8] {
        let folder = FileManager.default.temporaryDirectory.appending(path: "domicile-\(UUID().uuidString)").path
        do {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            defer { try? FileManager.default.removeItem(atPath: folder) }
            try FileWriter.write(input, to: "\(folder)/in", mode: 0o600)
            for name in ["out", "err"] { try FileWriter.write([], to: "\(folder)/\(name)", mode: 0o600) }
            return try run(command, folder: folder, timeout: timeout)
        } catch let error as EvidenceError {
            throw error
        } catch {
            throw EvidenceError(.signerFailed, "can't run `\(command[0])`: \(error.localizedDescription)")
        }
    }

    private static func run(_ command: [String], folder: String, timeout: Double) throws -> [UInt8] {
        let process = Process()
        let isPath = command[0].contains("/")
        process.executableURL = URL(fileURLWithPath: isPath ? command[0] : "/usr/bin/env")
        process.arguments = isPath ? Array(command.dropFirst()) : command
        process.standardInput = FileHandle(forReadingAtPath: "\(folder)/in")
        process.standardOutput = FileHandle(forWritingAtPath: "\(folder)/out")
        process.standardError = FileHandle(forWritingAtPath: "\(folder)/err")
        try process.run()
        var waited = 0.0
        while process.isRunning, waited < timeout {
            usleep(10_000)
            waited += 0.01
        }
        guard !process.isRunning else {
            // A child of this process may have SIGTERM blocked; it does not have this one.
            kill(process.processIdentifier, SIGKILL)
            throw EvidenceError(.signerFailed, "`\(command[0])` did not answer within \(Int(timeout)) s")
        }
        guard process.terminationReason == .exit, process.terminationStatus == 0 else {
            let said = String(decoding: (FileManager.default.contents(atPath: "\(folder)/err") ?? Data()).prefix(300), as: UTF8.self)
            throw EvidenceError(
                .signerFailed,
                "`\(command[0])` failed with \(process.terminationStatus): \(said.split(whereSeparator: \.isNewline).joined(separator: "; "))"
            )
        }
        return Array(FileManager.default.contents(atPath: "\(folder)/out") ?? Data())
    }
}
