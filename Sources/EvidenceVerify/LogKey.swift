internal import Crypto
internal import Foundation

/// A log's or a witness's public key, as a verifier key line says it: `name+hash+base64(type, key)`. Type 1 signs checkpoints,
/// type 4 cosigns them with a time.
public struct LogKey: Sendable, Hashable {
    /// The line, which says everything.
    public let line: String
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
        self.line = line
        name = parts[0]
        isWitness = typed[0] == 4
        self.hash = hash
        self.key = key
    }

    public static func == (left: Self, right: Self) -> Bool { left.line == right.line }
    public func hash(into hasher: inout Hasher) { hasher.combine(line) }

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
    /// The log's keys that signed it, in the order in which they were given; never empty.
    public var signers: [LogKey]
    /// The witnesses that signed it too, and when, in seconds since 1970.
    public var witnesses: [LogKey: Int]
    /// The note holds no line that was not checked.
    public var isExact: Bool

    /// Checks a signed checkpoint. Lines by keys that were not given are passed over, as the format asks, and make it
    /// inexact; a line by a given key that does not fit refuses the whole note. The log's keys have one name.
    public init(note: String, log: [LogKey], witnesses: [LogKey] = []) throws(VerificationError) {
        let note = try VerifiedNote(note, keys: log + witnesses)
        signers = log.filter { note.signers.contains($0) && !$0.isWitness }
        guard let name = signers.first?.name else {
            throw VerificationError("the checkpoint is not signed by the log `\(log.first?.name ?? "")` with a key that was given")
        }
        let text = note.text
        let fields = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        guard fields.count == 4, let size = Int(fields[1]), size >= 0, String(size) == fields[1],
            let root = Encodings.base64(fields[2]), root.count == 32
        else { throw VerificationError("not a checkpoint", isMalformed: true) }
        guard fields[0] == name else { throw VerificationError("the checkpoint is of `\(fields[0])`, not of the log `\(name)`") }
        self.origin = fields[0]
        self.size = size
        self.root = root
        self.witnesses = note.times
        isExact = note.isExact
    }
}

/// A signed note (c2sp.org/signed-note) of which every line by a given key was checked.
struct VerifiedNote {
    /// The text above the signatures, with its newline.
    let text: String
    private(set) var signers: Set<LogKey> = []
    /// The times that witnesses give.
    private(set) var times: [LogKey: Int] = [:]
    /// It holds no line that was not checked.
    private(set) var isExact = true

    /// Lines by keys that were not given are passed over; a line by a given key that does not fit refuses the note.
    init(_ note: String, keys: [LogKey]) throws(VerificationError) {
        guard note.utf8.count <= Self.sizeLimit, let split = note.range(of: "\n\n", options: .backwards), note.hasSuffix("\n") else {
            throw VerificationError("not a signed note", isMalformed: true)
        }
        text = String(note[..<split.lowerBound]) + "\n"
        for line in note[split.upperBound...].split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
            let parts = line.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 3, parts[0] == "\u{2014}", let blob = Encodings.base64(parts[2]), blob.count > 4 else {
                throw VerificationError("a signature line of the note is malformed", isMalformed: true)
            }
            guard let key = keys.first(where: { $0.name == parts[1] && Array(blob.prefix(4)) == $0.hash }) else {
                isExact = false
                continue
            }
            let (isValid, time) = key.accepts(blob, over: text)
            guard isValid else { throw VerificationError("the signature by `\(key.name)` on the checkpoint does not fit it") }
            signers.insert(key)
            times[key] = time
        }
    }

    private static let sizeLimit = 1 << 20
}
