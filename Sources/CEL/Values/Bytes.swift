/// A byte string.
public struct Bytes: Sendable, Hashable {
    /// The bytes.
    public let storage: [UInt8]

    /// A byte string of the bytes.
    public init(_ bytes: [UInt8]) { storage = bytes }

    /// The number of bytes.
    public var count: Int { storage.count }

    /// The text, if the bytes are valid UTF-8.
    public var text: String? { String(validating: storage, as: UTF8.self) }

    static func + (a: Bytes, b: Bytes) -> Bytes { Bytes(a.storage + b.storage) }
}
