internal import Foundation

/// The head of a log at one moment (c2sp.org/tlog-checkpoint), unsigned:
///
///     acme.example/residency-log
///     601
///     68wteiv39JaCfmu3z1ikiAKtGUJ8PtKtB9uyL4Y9P1g=
public struct Checkpoint: Sendable, Hashable {
    public var origin: String
    public var head: TreeHead

    public init(origin: String, head: TreeHead) {
        self.origin = origin
        self.head = head
    }

    public var text: String { "\(origin)\n\(head.size)\n\(Data(head.root.bytes).base64EncodedString())\n" }

    /// The signed note of this checkpoint.
    public func signed(by signer: LogSigner, at time: Int) throws -> String { try SignedNote.sign(text, with: signer, at: time) }
}

/// What the log says about one statement: the files of a bundle's `log/` folder.
public struct LogEvidence: Sendable, Hashable {
    /// The exact bytes of the entry, which names the statement by the SHA-256 of its signed bytes.
    public var entry: [UInt8]
    /// The entry is in the log (c2sp.org/tlog-proof).
    public var inclusion: String
    /// The signed checkpoint before the entry, and the proof that the log only grew since (a tlog-witness request body, the
    /// one standard text for it).
    public var previous: String
    public var consistency: String

    public init(entry: [UInt8], inclusion: String, previous: String, consistency: String) {
        self.entry = entry
        self.inclusion = inclusion
        self.previous = previous
        self.consistency = consistency
    }

    /// The signed checkpoint that the proofs lead to: what to archive outside.
    public var checkpoint: String {
        inclusion.range(of: "\n\n").map { String(inclusion[$0.upperBound...]) } ?? ""
    }

    /// The files, by their names in a bundle.
    public var files: [(name: String, content: [UInt8])] {
        [
            ("log/checkpoint.previous", Array(previous.utf8)), ("log/consistency.txt", Array(consistency.utf8)),
            ("log/evidence.entry", entry), ("log/evidence.tlog-proof", Array(inclusion.utf8)),
        ]
    }
}

/// The text forms of proofs.
public enum ProofText {
    /// A c2sp.org/tlog-proof file: *this entry is number `index` of the tree that the note signs*.
    public static func inclusion(index: Int, hashes: [SHA256Digest], note: String) -> String {
        "c2sp.org/tlog-proof@v1\nindex \(index)\n\(lines(hashes))\n\(note)"
    }

    /// A tlog-witness request body: *the tree that the note signs begins with the tree of `old` entries*.
    public static func consistency(old: Int, hashes: [SHA256Digest], note: String) -> String { "old \(old)\n\(lines(hashes))\n\(note)" }

    private static func lines(_ hashes: [SHA256Digest]) -> String {
        hashes.map { Data($0.bytes).base64EncodedString() + "\n" }.joined()
    }
}
