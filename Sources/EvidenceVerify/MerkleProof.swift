internal import Crypto
public import Foundation

/// Checks the proofs of RFC 9162 (section 2.1), iteratively, as the text there says it.
public enum MerkleProof {
    /// Whether the record is leaf `index` of the tree of `size` leaves with this root.
    public static func isIncluded(_ record: [UInt8], index: Int, size: Int, proof: [[UInt8]], root: [UInt8]) -> Bool {
        guard 0..<max(size, 0) ~= index else { return false }
        var first = index
        var second = size - 1
        var hash = leaf(record)
        for sibling in proof {
            guard second > 0 else { return false }
            if first & 1 == 1 || first == second {
                hash = node(sibling, hash)
                while first & 1 == 0, first != 0 {
                    first >>= 1
                    second >>= 1
                }
            } else {
                hash = node(hash, sibling)
            }
            first >>= 1
            second >>= 1
        }
        return second == 0 && hash == root
    }

    /// Whether the tree of `new` leaves begins with the tree of `old` leaves.
    public static func isConsistent(old: Int, oldRoot: [UInt8], new: Int, newRoot: [UInt8], proof: [[UInt8]]) -> Bool {
        guard 0...max(new, 0) ~= old else { return false }
        if old == new { return proof.isEmpty && oldRoot == newRoot }
        if old == 0 { return proof.isEmpty && oldRoot == Encodings.sha256([]) }
        var path = proof[...]
        if old & (old - 1) == 0 { path = [oldRoot] + path }
        guard let start = path.popFirst() else { return false }
        var first = old - 1
        var second = new - 1
        while first & 1 == 1 {
            first >>= 1
            second >>= 1
        }
        var oldHash = start
        var newHash = start
        for sibling in path {
            guard second > 0 else { return false }
            if first & 1 == 1 || first == second {
                oldHash = node(sibling, oldHash)
                newHash = node(sibling, newHash)
                while first & 1 == 0, first != 0 {
                    first >>= 1
                    second >>= 1
                }
            } else {
                newHash = node(newHash, sibling)
            }
            first >>= 1
            second >>= 1
        }
        return second == 0 && oldHash == oldRoot && newHash == newRoot
    }

    static func leaf(_ record: some DataProtocol) -> [UInt8] {
        var hasher = SHA256()
        hasher.update(data: [0])
        hasher.update(data: record)
        return Array(hasher.finalize())
    }

    static func node(_ left: [UInt8], _ right: [UInt8]) -> [UInt8] { Encodings.sha256([1] + left + right) }
}

/// The root of a tree whose leaves come one by one, in O(log n) memory.
public struct MerkleRoot: Sendable {
    /// Complete subtrees, the largest first.
    private var parts: [SHA256.Digest] = []
    public private(set) var count = 0

    public init() {}

    /// Adds a record as the next leaf.
    public mutating func append(_ record: some DataProtocol) {
        var hasher = SHA256()
        hasher.update(data: [0])
        hasher.update(data: record)
        push(hasher.finalize())
    }

    /// The root of the leaves so far.
    public var root: [UInt8] {
        guard var hash = parts.last else { return Encodings.sha256([]) }
        for part in parts.dropLast().reversed() { hash = Self.join(part, hash) }
        return Array(hash)
    }

    private mutating func push(_ leaf: SHA256.Digest) {
        parts.append(leaf)
        count += 1
        var width = count
        while width.isMultiple(of: 2) {
            let right = parts.removeLast()
            parts.append(Self.join(parts.removeLast(), right))
            width >>= 1
        }
    }

    private static func join(_ left: SHA256.Digest, _ right: SHA256.Digest) -> SHA256.Digest {
        var hasher = SHA256()
        hasher.update(data: [1])
        left.withUnsafeBytes { hasher.update(bufferPointer: $0) }
        right.withUnsafeBytes { hasher.update(bufferPointer: $0) }
        return hasher.finalize()
    }
}

/// The text forms of proofs, read strictly.
public enum ProofFile {
    /// `c2sp.org/tlog-proof@v1`, without extra data.
    public static func inclusion(_ text: String) throws(VerificationError) -> (index: Int, hashes: [[UInt8]], note: String) {
        let (lines, note) = try split(text)
        guard lines.first == "c2sp.org/tlog-proof@v1", lines.count >= 2 else { throw malformed }
        return (try number(lines[1], after: "index "), try hashes(lines.dropFirst(2)), note)
    }

    /// A tlog-witness request body.
    public static func consistency(_ text: String) throws(VerificationError) -> (old: Int, hashes: [[UInt8]], note: String) {
        let (lines, note) = try split(text)
        guard let first = lines.first else { throw malformed }
        return (try number(first, after: "old "), try hashes(lines.dropFirst()), note)
    }

    private static func split(_ text: String) throws(VerificationError) -> (lines: [String], note: String) {
        guard let end = text.range(of: "\n\n") else { throw malformed }
        return (
            text[..<end.lowerBound].split(separator: "\n", omittingEmptySubsequences: false).map(String.init),
            String(text[end.upperBound...])
        )
    }

    private static func number(_ line: String, after word: String) throws(VerificationError) -> Int {
        guard line.hasPrefix(word), let number = Int(line.dropFirst(word.count)), number >= 0, line == "\(word)\(number)" else {
            throw malformed
        }
        return number
    }

    private static func hashes(_ lines: some Sequence<String>) throws(VerificationError) -> [[UInt8]] {
        var hashes: [[UInt8]] = []
        for line in lines {
            guard let hash = Encodings.base64(line), hash.count == 32 else { throw malformed }
            hashes.append(hash)
        }
        guard hashes.count <= 64 else { throw malformed }
        return hashes
    }

    private static var malformed: VerificationError { VerificationError("the proof can't be read", isMalformed: true) }
}
