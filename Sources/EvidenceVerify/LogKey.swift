internal import Crypto
internal import Foundation

/// A log's or a witness's public key, as a verifier key line says it: `name+hash+base64(type, key)`. Type 1 signs checkpoints,
/// type 4 cosigns them with a time.
public struct LogKey: Sendable {
    public let name: String
    /// Whether it is a witness's key: what it signs carries a time.
    public let isWitness: Bool
    fileprivate let hash: [UInt8]
    private let key: Curve25519.Signing.PublicKey

    /// Reads the first line of a `.vkey` file; `nil` if it is none, or its hash is wrong.
    public init?(verifierKey text: String) {
        let line = text.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
        let parts = line.split(separator: "+", maxSplits: 2, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 3, !parts[0].isEmpty, let typed = Encodings.base64(parts[2]), typed.count == 33, [1, 4].contains(typed[0]),
            let hash = Encodings.hexDecoded(parts[1]), let key = try? Curve25519.Signing.PublicKey(rawRepresentation: typed.dropFirst()),
            Array(Encodings.sha256(Array(parts[0].utf8) + [0x0A] + typed).prefix(4)) == hash
        else { return nil }
        name = parts[0]
        isWitness = typed[0] == 4
        self.hash = hash
        self.key = key
    }

    /// Whether a signature line's blob is this key's over the text, and the time that a witness gives.
    fileprivate func accepts(_ blob: [UInt8], over text: String) -> (isValid: Bool, time: Int?) {
        guard Array(blob.prefix(4)) == hash else { return (false, nil) }
        let signature = Array(blob.dropFirst(4))
        guard isWitness else { return (key.isValidSignature(signature, for: Array(text.utf8)), nil) }
        guard signature.count == 72, let time = Int(exactly: signature.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }) else {
            return (false, nil)
        }
        return (key.isValidSignature(signature.dropFirst(8), for: Array("cosignature/v1\ntime \(time)\n\(text)".utf8)), time)
    }
}

/// The head of a log, by a signature that was checked.
public struct VerifiedCheckpoint: Sendable, Hashable {
    public var origin: String
    public var size: Int
    public var root: [UInt8]
    /// The witnesses that signed it too, and when, in seconds since 1970.
    public var witnesses: [String: Int]
    /// The note holds no line that was not checked.
    public var isExact: Bool

    /// Checks a signed checkpoint. Lines by keys that were not given are passed over, as the format asks, and make it
    /// inexact; a line by a given key that does not fit refuses the whole note.
    public init(note: String, log: LogKey, witnesses keys: [LogKey] = []) throws(VerificationError) {
        guard let split = note.range(of: "\n\n", options: .backwards), note.hasSuffix("\n"), note.utf8.count <= Self.sizeLimit else {
            throw VerificationError("not a signed note", isMalformed: true)
        }
        let text = String(note[..<split.lowerBound]) + "\n"
        let lines = note[split.upperBound...].split(separator: "\n", omittingEmptySubsequences: false).dropLast()
        var isSigned = false
        var witnesses: [String: Int] = [:]
        var isExact = true
        for line in lines {
            let parts = line.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 3, parts[0] == "\u{2014}", let blob = Encodings.base64(parts[2]), blob.count > 4 else {
                throw VerificationError("a signature line of the note is malformed", isMalformed: true)
            }
            guard let key = ([log] + keys).first(where: { $0.name == parts[1] && Array(blob.prefix(4)) == $0.hash }) else {
                isExact = false
                continue
            }
            let (isValid, time) = key.accepts(blob, over: text)
            guard isValid else { throw VerificationError("the signature by `\(key.name)` on the checkpoint does not fit it") }
            if let time { witnesses[key.name] = time } else { isSigned = true }
        }
        guard isSigned else { throw VerificationError("the checkpoint is not signed by the log `\(log.name)`") }
        let fields = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        guard fields.count == 4, let size = Int(fields[1]), size >= 0, String(size) == fields[1],
            let root = Encodings.base64(fields[2]), root.count == 32
        else { throw VerificationError("not a checkpoint", isMalformed: true) }
        guard fields[0] == log.name else { throw VerificationError("the checkpoint is of `\(fields[0])`, not of the log `\(log.name)`") }
        self.origin = fields[0]
        self.size = size
        self.root = root
        self.witnesses = witnesses
        self.isExact = isExact
    }

    private static let sizeLimit = 1 << 20
}
