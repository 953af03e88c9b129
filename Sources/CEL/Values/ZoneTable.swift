import Synchronization

/// The transitions of one named zone, read from a TZif file (RFC 8536).
struct ZoneTable: Sendable {
    /// The moments from which `offsets` hold, in order.
    private let moments: [Int64]
    private let offsets: [Int64]
    /// Holds before the first moment.
    private let initial: Int64
    /// Holds after the last moment.
    private let rule: ZoneRule?

    func offset(at seconds: Int64) -> Int64 {
        if let last = moments.last, seconds >= last, let rule { return rule.offset(at: seconds) }
        if moments.isEmpty, let rule { return rule.offset(at: seconds) }
        var low = 0
        var high = moments.count
        while low < high {
            let middle = (low + high) / 2
            if moments[middle] <= seconds { low = middle + 1 } else { high = middle }
        }
        return low == 0 ? initial : offsets[low - 1]
    }

    private static let cache = Mutex<[String: ZoneTable]>([:])

    private static let folders = ["/usr/share/zoneinfo/", "/usr/lib/zoneinfo/", "/usr/share/lib/zoneinfo/"]

    static func named(_ name: String) -> Result<ZoneTable, TimeZone_.Failure> {
        if let known = cache.withLock({ $0[name] }) { return .success(known) }
        // A name is letters, digits and `_+-/`: nothing that leads out of the folder.
        let allowed = name.utf8.allSatisfy { byte in
            let letter = byte | 0x20
            return (letter >= 97 && letter <= 122) || decimalDigit(byte) != nil || "_+-/".utf8.contains(byte)
        }
        guard allowed, name.utf8.count < 64, !name.hasPrefix("/") else { return .failure(.unknown) }
        for folder in folders {
            guard let bytes = Platform.contents(ofFile: folder + name), let table = ZoneTable(tzif: bytes) else { continue }
            cache.withLock { $0[name] = table }
            return .success(table)
        }
        let present = folders.contains { Platform.contents(ofFile: $0 + "UTC") != nil }
        return .failure(present ? .unknown : .noDatabase)
    }

    init?(tzif bytes: [UInt8]) {
        func number(_ at: Int, _ count: Int) -> Int64? {
            guard at >= 0, at + count <= bytes.count else { return nil }
            var value: Int64 = count == 4 && bytes[at] & 0x80 != 0 ? -1 : 0
            for byte in bytes[at..<at + count] { value = value << 8 | Int64(byte) }
            return value
        }
        /// The counts of a header: isut, isstd, leap, times, types, characters.
        func counts(_ at: Int) -> [Int]? {
            var result: [Int] = []
            for field in 0..<6 {
                guard let count = number(at + 20 + 4 * field, 4), count >= 0, count < 100_000 else { return nil }
                result.append(Int(count))
            }
            return result
        }
        guard bytes.count >= 44, bytes.starts(with: "TZif".utf8), let first = counts(0) else { return nil }
        var header = 0
        var wide = 4
        var sizes = first
        if bytes[4] >= UInt8(ascii: "2") {
            let skipped = first[3] * 5 + first[4] * 6 + first[5] + first[2] * 8 + first[1] + first[0]
            header = 44 + skipped
            wide = 8
            guard let second = counts(header) else { return nil }
            sizes = second
        }
        let times = header + 44
        let indexes = times + sizes[3] * wide
        let types = indexes + sizes[3]
        var moments: [Int64] = []
        var offsets: [Int64] = []
        for position in 0..<sizes[3] {
            guard let moment = number(times + position * wide, wide), indexes + position < bytes.count,
                let offset = number(types + Int(bytes[indexes + position]) * 6, 4)
            else { return nil }
            moments.append(moment)
            offsets.append(offset)
        }
        self.moments = moments
        self.offsets = offsets
        initial = sizes[4] > 0 ? number(types, 4) ?? 0 : 0
        let footer = types + sizes[4] * 6 + sizes[5] + sizes[2] * (wide + 4) + sizes[1] + sizes[0]
        if wide == 8, footer + 1 < bytes.count, bytes[footer] == 10 {
            rule = ZoneRule(parsing: Array(bytes[(footer + 1)...].prefix { $0 != 10 }))
        } else {
            rule = nil
        }
    }
}
