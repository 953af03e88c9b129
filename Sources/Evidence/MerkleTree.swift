internal import Crypto

/// The tree of RFC 6962 over SHA-256: a leaf is H(0x00 || record), a node H(0x01 || left || right).
///
/// The functions that walk a tree ask for the hash of a complete subtree by level and index (level 0 is the leaves), so
/// that they work on memory and on a table alike, and read O(log n) of them.
public enum MerkleTree {
    /// Gives the hash of the complete subtree over the leaves `index << level ..< (index + 1) << level`.
    public typealias Nodes<Failure: Error> = (_ level: Int, _ index: Int) throws(Failure) -> SHA256Digest

    public static func leafHash(_ record: some Sequence<UInt8>) -> SHA256Digest { SHA256Digest(of: [0] + Array(record)) }

    public static func nodeHash(_ left: SHA256Digest, _ right: SHA256Digest) -> SHA256Digest {
        SHA256Digest(of: [1] + left.bytes + right.bytes)
    }

    /// The root of the first `size` leaves.
    public static func root<Failure: Error>(size: Int, nodes: Nodes<Failure>) throws(Failure) -> SHA256Digest {
        guard size > 0 else { return SHA256Digest(of: []) }
        return try hash(0, size, nodes)
    }

    /// The hashes that lead from a leaf to the root, the lowest first (RFC 6962, 2.1.1).
    public static func inclusionProof<Failure: Error>(index: Int, size: Int, nodes: Nodes<Failure>) throws(Failure) -> [SHA256Digest] {
        precondition(0..<size ~= index, "a leaf beyond the tree")
        var low = 0
        var high = size
        var path: [SHA256Digest] = []
        while high - low > 1 {
            let middle = low + split(high - low)
            if index < middle {
                path.append(try hash(middle, high, nodes))
                high = middle
            } else {
                path.append(try hash(low, middle, nodes))
                low = middle
            }
        }
        return path.reversed()
    }

    /// The hashes that show that the tree of `new` leaves begins with the tree of `old` leaves (RFC 6962, 2.1.2).
    public static func consistencyProof<Failure: Error>(from old: Int, to new: Int, nodes: Nodes<Failure>) throws(Failure) -> [SHA256Digest]
    {
        precondition(0...new ~= old, "a tree can't extend a larger one")
        guard old > 0, old < new else { return [] }
        var low = 0
        var high = new
        var path: [SHA256Digest] = []
        var isWhole = true
        while high > old {
            let middle = low + split(high - low)
            if old <= middle {
                path.append(try hash(middle, high, nodes))
                high = middle
            } else {
                path.append(try hash(low, middle, nodes))
                low = middle
                isWhole = false
            }
        }
        if !isWhole { path.append(try hash(low, high, nodes)) }
        return path.reversed()
    }

    /// The largest power of two below `count`.
    static func split(_ count: Int) -> Int { 1 << (Int.bitWidth - 1 - (count - 1).leadingZeroBitCount) }

    private static func hash<Failure: Error>(_ low: Int, _ high: Int, _ nodes: Nodes<Failure>) throws(Failure) -> SHA256Digest {
        let count = high - low
        if count & (count - 1) == 0 {
            let level = count.trailingZeroBitCount
            return try nodes(level, low >> level)
        }
        let middle = low + split(count)
        return nodeHash(try hash(low, middle, nodes), try hash(middle, high, nodes))
    }
}

/// A tree in memory: every complete subtree's hash, 64 bytes a leaf.
public struct MerkleLevels: Sendable {
    private var levels: [[UInt8]] = [[]]

    /// The number of leaves.
    public private(set) var count = 0

    public init() {}

    /// Appends a record's leaf.
    public mutating func append(record: some Sequence<UInt8>) {
        var hasher = SHA256()
        hasher.update(data: [0])
        if record.withContiguousStorageIfAvailable({ hasher.update(bufferPointer: UnsafeRawBufferPointer($0)) }) == nil {
            hasher.update(data: Array(record))
        }
        append(hasher.finalize())
    }

    private mutating func append(_ leaf: SHA256.Digest) {
        levels[0].append(contentsOf: leaf)
        count += 1
        var level = 0
        var width = count
        while width.isMultiple(of: 2) {
            var hasher = SHA256()
            hasher.update(data: [1])
            levels[level].withUnsafeBytes { hasher.update(bufferPointer: UnsafeRawBufferPointer(rebasing: $0.suffix(64))) }
            if levels.count == level + 1 { levels.append([]) }
            levels[level + 1].append(contentsOf: hasher.finalize())
            level += 1
            width >>= 1
        }
    }

    /// The head of the tree as it is.
    public var head: TreeHead { TreeHead(size: count, root: MerkleTree.root(size: count, nodes: node)) }

    public func inclusionProof(of index: Int) -> [SHA256Digest] { MerkleTree.inclusionProof(index: index, size: count, nodes: node) }

    public func consistencyProof(from old: Int) -> [SHA256Digest] { MerkleTree.consistencyProof(from: old, to: count, nodes: node) }

    private func node(_ level: Int, _ index: Int) -> SHA256Digest {
        guard let digest = SHA256Digest(bytes: levels[level][(index * 32)..<(index * 32 + 32)]) else {
            preconditionFailure("a slice of 32 bytes is a digest")
        }
        return digest
    }
}
