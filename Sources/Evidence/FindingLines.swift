internal import Crypto
public import Residency

/// The lines of findings.jsonl in the making: their text, their digest as a file and their tree.
public struct FindingLines {
    private var writer = CanonicalWriter(capacity: 1 << 20)
    private var hasher = SHA256()
    /// The tree whose leaves are the lines, without their newlines.
    public private(set) var tree = MerkleLevels()

    public init() {}

    /// Appends one finding's line.
    public mutating func append(_ finding: Finding) {
        let start = writer.bytes.count
        writer.write(finding)
        tree.append(record: writer.bytes[start...])
        writer.newline()
        let line = writer.bytes[start...]
        line.withContiguousStorageIfAvailable { hasher.update(bufferPointer: UnsafeRawBufferPointer($0)) }
    }

    /// The text that was not yet taken.
    public var pending: [UInt8] { writer.bytes }

    /// Hands over the text so far and forgets it.
    public mutating func take() -> [UInt8] {
        defer { writer.removeAll() }
        return writer.bytes
    }

    /// The SHA-256 of all lines: of the file.
    public var digest: SHA256Digest { SHA256Digest(bytes: hasher.finalize()) ?? SHA256Digest(of: []) }
}
