/// Names and their numbers, so that what is observed by the million is counted under small keys. The bytes of all names lie
/// in one block.
struct NameTable: Sendable {
    private var table = ByteTable()
    private var starts: ContiguousArray<UInt32> = []

    /// How many names there are; they are numbered from 0.
    var count: Int { starts.count }

    subscript(number: Int32) -> String { withBytes(of: number) { String(decoding: $0, as: UTF8.self) } }

    func withBytes<Result>(of number: Int32, _ body: (UnsafeBufferPointer<UInt8>) throws -> Result) rethrows -> Result {
        let start = Int(starts[Int(number)])
        let end = Int(number) + 1 < starts.count ? Int(starts[Int(number) + 1]) : table.keyBytes
        return try table.withKeys { try body(UnsafeBufferPointer(rebasing: $0[start..<end])) }
    }

    mutating func number(_ name: String) -> Int32 {
        var name = name
        return name.withUTF8 { number($0) }
    }

    /// - Parameter bytes: UTF-8.
    mutating func number(_ bytes: UnsafeBufferPointer<UInt8>) -> Int32 {
        let hash = hashBytes(bytes)
        return table.value(bytes, hash: hash) ?? insert(bytes, hash: hash)
    }

    /// The number of a name that is there.
    @inline(__always)
    func known(_ bytes: UnsafeBufferPointer<UInt8>, hash: UInt64) -> Int32? { table.value(bytes, hash: hash) }

    /// Asks for the memory that a look-up will need, first for where it begins, some time later for the name it will find.
    @inline(__always)
    func expect(hash: UInt64) { table.expect(hash: hash) }
    @inline(__always)
    func expectKey(hash: UInt64) { _ = table.expectKey(hash: hash) }

    mutating func insert(_ bytes: UnsafeBufferPointer<UInt8>, hash: UInt64) -> Int32 {
        let number = Int32(starts.count)
        starts.append(UInt32(table.keyBytes))
        table.insert(bytes, hash: hash, value: number)
        return number
    }
}
