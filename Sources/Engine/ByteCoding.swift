/// Writes numbers and texts as bytes: numbers in groups of seven bits, the lowest first, so that small ones are short.
struct ByteWriter {
    private(set) var bytes: [UInt8] = []

    mutating func write(_ value: Int) { write(UInt64(bitPattern: Int64(value << 1 ^ value >> 63))) }

    mutating func write(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    mutating func write(_ value: Bool) { bytes.append(value ? 1 : 0) }

    mutating func write(_ text: String) {
        var text = text
        text.withUTF8 { write($0) }
    }

    mutating func write(_ block: UnsafeBufferPointer<UInt8>) {
        write(block.count)
        bytes.append(contentsOf: block)
    }

    mutating func write(_ value: Int?) {
        write(value != nil)
        if let value { write(value) }
    }

    mutating func write(_ text: String?) {
        write(text != nil)
        if let text { write(text) }
    }

    mutating func write(raw block: some Sequence<UInt8>) { bytes.append(contentsOf: block) }

    mutating func write<Element>(_ list: some Collection<Element>, _ body: (inout ByteWriter, Element) -> Void) {
        write(list.count)
        for element in list { body(&self, element) }
    }
}

/// The bytes are not what a `ByteWriter` wrote.
struct BadBytes: Error {}

/// Reads what a `ByteWriter` wrote; anything else is an error, never a crash.
struct ByteReader {
    private let bytes: UnsafeBufferPointer<UInt8>
    private var position = 0

    init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    var isAtEnd: Bool { position == bytes.count }

    mutating func unsigned() throws(BadBytes) -> UInt64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while true {
            guard position < bytes.count, shift < 64 else { throw BadBytes() }
            let byte = bytes[position]
            position += 1
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
            shift += 7
        }
    }

    mutating func int() throws(BadBytes) -> Int {
        let value = try unsigned()
        return Int(truncatingIfNeeded: value >> 1) ^ -Int(truncatingIfNeeded: value & 1)
    }

    /// A number of things to come, each of at least one byte.
    mutating func count() throws(BadBytes) -> Int {
        let value = try int()
        guard 0...(bytes.count - position) ~= value else { throw BadBytes() }
        return value
    }

    mutating func bool() throws(BadBytes) -> Bool {
        guard position < bytes.count, bytes[position] < 2 else { throw BadBytes() }
        position += 1
        return bytes[position - 1] == 1
    }

    mutating func block(_ count: Int) throws(BadBytes) -> UnsafeBufferPointer<UInt8> {
        guard 0...(bytes.count - position) ~= count else { throw BadBytes() }
        position += count
        return UnsafeBufferPointer(rebasing: bytes[(position - count)..<position])
    }

    mutating func block() throws(BadBytes) -> UnsafeBufferPointer<UInt8> { try block(count()) }

    mutating func text() throws(BadBytes) -> String { String(decoding: try block(), as: UTF8.self) }

    mutating func optionalInt() throws(BadBytes) -> Int? { try bool() ? int() : nil }
    mutating func optionalText() throws(BadBytes) -> String? { try bool() ? text() : nil }

    mutating func list<Element>(_ body: (inout ByteReader) throws(BadBytes) -> Element) throws(BadBytes) -> [Element] {
        let count = try count()
        var list: [Element] = []
        list.reserveCapacity(min(count, 1 << 16))
        for _ in 0..<count { list.append(try body(&self)) }
        return list
    }
}
