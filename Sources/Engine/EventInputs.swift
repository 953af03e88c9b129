import Policy
import Residency

/// Numbers what events hold where expressions look: the same number for the same bytes, worked out once for an event.
struct EventInputs {
    /// More remembered keys than this in one table, or more bytes of them, and it starts afresh: memory stays bounded
    /// whatever the logs hold.
    let memoryLimit: Int
    private static let memoryByteLimit = 16 << 20

    private let dependencies: ContiguousArray<EventProgram.Dependency>
    private let gazetteer: Gazetteer
    /// By input: the numbers of what was met there.
    private var tables: ContiguousArray<ByteTable>
    /// By input: its number in the event at hand, and in which event that was.
    private var numbers: ContiguousArray<Int32>
    private var askedIn: ContiguousArray<Int>
    private var turn = 0
    /// By input: the bytes that it had last in this batch, since most fields say the same again.
    private var lastBytes: ContiguousArray<UnsafeBufferPointer<UInt8>>
    private var scratch = ContiguousArray<UInt8>()
    private var sweep: WordSweep
    private var found: [Int32] = []
    /// A table is full: before the next event all has to be forgotten, and whatever is kept under the numbers.
    private(set) var isFull = false

    /// - Parameter dependencies: what the inputs are, by their numbers.
    init(_ dependencies: ContiguousArray<EventProgram.Dependency>, _ gazetteer: Gazetteer, _ sweep: WordSweep, memoryLimit: Int) {
        self.sweep = sweep
        self.memoryLimit = memoryLimit
        self.dependencies = dependencies
        self.gazetteer = gazetteer
        tables = ContiguousArray(repeating: ByteTable(), count: dependencies.count)
        numbers = ContiguousArray(repeating: 0, count: dependencies.count)
        askedIn = ContiguousArray(repeating: -1, count: dependencies.count)
        lastBytes = ContiguousArray(repeating: Self.nothing, count: dependencies.count)
    }

    private static var nothing: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: nil, count: 0) }

    /// The views of the batch before are gone.
    mutating func beginBatch() {
        for index in lastBytes.indices { lastBytes[index] = Self.nothing }
    }

    @inline(__always)
    mutating func beginEvent() { turn &+= 1 }

    /// Forgets everything and keeps the memory.
    mutating func forget() {
        for index in tables.indices { tables[index].removeAll() }
        beginBatch()
        isFull = false
    }

    /// The number of what an input of the program is in this event.
    @inline(__always)
    mutating func number(of input: Int, _ batch: EventBatch, _ row: Int) -> Int32 {
        if askedIn[input] == turn { return numbers[input] }
        askedIn[input] = turn
        let dependency = dependencies[input]
        let bytes = batch.bytes(row, dependency.slot)
        if case .presence = dependency {
            numbers[input] = bytes.isEmpty ? 0 : 1
            return numbers[input]
        }
        let last = lastBytes[input]
        if let old = last.baseAddress, let new = bytes.baseAddress, last.count == bytes.count, equal(old, new, bytes.count) { return numbers[input] }
        lastBytes[input] = bytes
        if case .value = dependency {
            numbers[input] = number(bytes, in: input)
        } else {
            scratch.removeAll(keepingCapacity: true)
            append(dependency, bytes, isJSON: batch.isJSON)
            numbers[input] = scratch.withUnsafeBufferPointer { number($0, in: input) }
        }
        return numbers[input]
    }

    @inline(__always)
    private mutating func number(_ bytes: UnsafeBufferPointer<UInt8>, in input: Int) -> Int32 {
        let hash = hashBytes(bytes)
        if let known = tables[input].value(bytes, hash: hash) { return known }
        let number = Int32(tables[input].count)
        tables[input].insert(bytes, hash: hash, value: number)
        isFull = isFull || tables[input].count >= memoryLimit || tables[input].keyBytes > Self.memoryByteLimit
        return number
    }

    /// Writes what of a field counts.
    private mutating func append(_ dependency: EventProgram.Dependency, _ bytes: UnsafeBufferPointer<UInt8>, isJSON: Bool) {
        switch dependency {
        case .presence, .value:
            scratch.append(contentsOf: bytes)
        case .kind:
            appendKind(bytes)
        case .fill:
            appendKind(bytes)
            scratch.append(RawField.isFilled(bytes) ? 1 : 0)
        case .words:
            found.removeAll(keepingCapacity: true)
            sweep.collect(field: bytes, isJSON: isJSON, &found)
            for number in found { withUnsafeBytes(of: number) { scratch.append(contentsOf: $0) } }
        case .address:
            let inner = isJSON && bytes.count >= 2 ? UnsafeBufferPointer(rebasing: bytes[1..<(bytes.count - 1)]) : bytes
            // What follows a `%` is free text.
            if !inner.contains(UInt8(ascii: "%")), let kind = gazetteer.addressClass(inner) {
                scratch.append(255)
                withUnsafeBytes(of: kind) { scratch.append(contentsOf: $0) }
            } else {
                scratch.append(254)
                scratch.append(contentsOf: bytes)
            }
        }
    }

    /// What stands there. Of a number the first digit does not tell whether it is an integer.
    @inline(__always)
    private mutating func appendKind(_ bytes: UnsafeBufferPointer<UInt8>) {
        let first = bytes.first ?? 0
        scratch.append(first)
        if first == UInt8(ascii: "-") || 48...57 ~= first { scratch.append(contentsOf: bytes) }
    }
}
