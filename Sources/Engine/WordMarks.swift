/// The marks of several owners, by which a word is told that an owner may care for: `-1`, `arn:aws`, `/locations/`.
///
/// A word is a run of at least four of the characters that names, addresses and paths are made of.
struct WordMarks: Sendable {
    private struct Mark: Sendable {
        var owner: Int
        var bytes: [UInt8]
    }

    private let marks: [Mark]
    /// The numbers of the marks in the order of the two bytes that they begin with.
    private var order: [Int] = []
    /// By two bytes: where in `order` the marks are that begin with them, and how many.
    private var runs: [Int: Range<Int>] = [:]
    /// One bit for every two bytes that begin a mark. Most texts hold no such pair, and no word to look at.
    private var pairs = ContiguousArray<UInt64>(repeating: 0, count: 1 << 10)
    /// One bit for every byte that words are made of.
    private var wordBytes = ContiguousArray<UInt64>(repeating: 0, count: 4)

    private static let shortest = 4

    /// - Parameter owners: the marks of each.
    init(_ owners: [[[UInt8]]]) {
        marks = owners.enumerated().flatMap { owner, marks in marks.map { Mark(owner: owner, bytes: $0) } }
        var byPair: [Int: [Int]] = [:]
        for (number, mark) in marks.enumerated() { for pair in Self.pairs(of: mark.bytes) { byPair[pair, default: []].append(number) } }
        for (pair, numbers) in byPair {
            runs[pair] = order.count..<(order.count + numbers.count)
            order += numbers
            pairs[pair >> 6] |= 1 << UInt64(pair & 63)
        }
        for byte in UInt8.min...UInt8.max where Self.isInWord(byte) { wordBytes[Int(byte >> 6)] |= 1 << UInt64(byte & 63) }
    }

    static func isInWord(_ byte: UInt8) -> Bool {
        48...57 ~= byte || 65...90 ~= byte || 97...122 ~= byte || byte >= 128 || "-_.:/@%+*".utf8.contains(byte)
    }

    /// The two bytes with which a mark begins. One of a single byte shows wherever a pair begins or ends with it, the empty one
    /// everywhere.
    private static func pairs(of mark: [UInt8]) -> [Int] {
        let bytes = 0...255
        switch mark.count {
        case 0: return Array(0..<(1 << 16))
        case 1: return Set(bytes.map { Int(mark[0]) << 8 | $0 } + bytes.map { $0 << 8 | Int(mark[0]) }).sorted()
        default: return [Int(mark[0]) << 8 | Int(mark[1])]
        }
    }

    /// The next word of a text that holds the beginning of a mark.
    ///
    /// - Parameter at: where to begin; moved behind the word.
    func next(in text: UnsafeBufferPointer<UInt8>, from at: inout Int) -> UnsafeBufferPointer<UInt8>? {
        guard let base = text.baseAddress else { return nil }
        let count = text.count
        return pairs.withUnsafeBufferPointer { pairs in
            wordBytes.withUnsafeBufferPointer { wordBytes in
                var start = at
                var index = at
                var before = 0
                var isMarked = false
                while index < count {
                    let byte = Int(base[index])
                    if wordBytes[byte >> 6] >> UInt64(byte & 63) & 1 != 0 {
                        let pair = before << 8 | byte
                        isMarked = isMarked || pairs[pair >> 6] >> UInt64(pair & 63) & 1 != 0
                        before = byte
                        index &+= 1
                        continue
                    }
                    if isMarked, index &- start >= Self.shortest { break }
                    // No mark begins with this byte and goes on in a word: the next word begins afresh.
                    index &+= 1
                    start = index
                    before = 0
                    isMarked = false
                }
                at = index
                if !isMarked || index &- start < Self.shortest { return nil }
                return UnsafeBufferPointer(start: base + start, count: index &- start)
            }
        }
    }

    /// Whose marks a word holds, each owner once, in their order.
    func owners(in word: UnsafeBufferPointer<UInt8>) -> [Int] {
        var found: [Int] = []
        for at in word.indices.dropLast() {
            let pair = Int(word[at]) << 8 | Int(word[at + 1])
            if pairs[pair >> 6] >> UInt64(pair & 63) & 1 == 0 { continue }
            for index in runs[pair] ?? 0..<0 {
                let mark = marks[order[index]]
                if found.contains(mark.owner) { continue }
                if mark.bytes.count < 2 || word[at...].starts(with: mark.bytes) { found.append(mark.owner) }
            }
        }
        return found.sorted()
    }
}
