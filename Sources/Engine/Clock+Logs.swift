import Residency

/// Times in the ways that logs write them.
extension Clock {
    /// RFC 3339; the same without a zone, which is UTC then, also with a tab between day and time, or with what stands between two
    /// members of JSON (`2026-11-21","time":"10:00:00`); `06/Feb/2019:00:00:38 +0000`;
    /// a number since 1970, whose size tells whether it counts seconds or thousandths, millionths or billionths of them.
    static func logSeconds(_ bytes: UnsafeBufferPointer<UInt8>) -> Int64? {
        guard bytes.count >= 8 else { return nil }
        if let time = seconds(bytes) { return time }
        if let number = count(bytes) { return number }
        if bytes[2] == UInt8(ascii: "/") { return commonLog(bytes) }
        if bytes.count > 19, bytes[10] == UInt8(ascii: "\"") { return ofTwoMembers(bytes) }
        return withoutZone(bytes)
    }

    private static func count(_ bytes: UnsafeBufferPointer<UInt8>) -> Int64? {
        var number: Int64 = 0
        for (index, byte) in bytes.enumerated() {
            if byte == UInt8(ascii: "."), index > 0 { break }
            guard 48...57 ~= byte, index < 19 else { return nil }
            number = number &* 10 &+ Int64(byte &- 48)
        }
        guard number >= 0 else { return nil }
        return switch number {
        case ..<100_000_000_000: number
        case ..<100_000_000_000_000: number / 1000
        case ..<100_000_000_000_000_000: number / 1_000_000
        default: number / 1_000_000_000
        }
    }

    private static func withoutZone(_ bytes: UnsafeBufferPointer<UInt8>) -> Int64? {
        guard bytes.count >= 19, bytes[4] == 45, bytes[7] == 45, bytes[13] == 58, bytes[16] == 58, [84, 32, 9].contains(bytes[10]),
            bytes[19...].allSatisfy({ $0 == 46 || 48...57 ~= $0 }),
            let year = number(bytes, 0, 4), let month = number(bytes, 5, 2), let day = number(bytes, 8, 2)
        else { return nil }
        return time(bytes, 11, year, month, day)
    }

    private static func ofTwoMembers(_ bytes: UnsafeBufferPointer<UInt8>) -> Int64? {
        let at = bytes.count - 8
        guard bytes[4] == 45, bytes[7] == 45, bytes[at + 2] == 58, bytes[at + 5] == 58, bytes[at - 1] == UInt8(ascii: "\""),
            let year = number(bytes, 0, 4), let month = number(bytes, 5, 2), let day = number(bytes, 8, 2)
        else { return nil }
        return time(bytes, at, year, month, day)
    }

    /// `06/Feb/2019:00:00:38 +0000`
    private static func commonLog(_ bytes: UnsafeBufferPointer<UInt8>) -> Int64? {
        guard bytes.count >= 20, bytes[6] == UInt8(ascii: "/"), bytes[11] == 58, bytes[14] == 58, bytes[17] == 58,
            let day = number(bytes, 0, 2), let year = number(bytes, 7, 4),
            let month = months.firstIndex(where: { $0.elementsEqual(bytes[3..<6]) }),
            let base = time(bytes, 12, year, month + 1, day)
        else { return nil }
        guard bytes.count > 20 else { return base }
        guard bytes.count == 26, let hours = number(bytes, 22, 2), let minutes = number(bytes, 24, 2) else { return nil }
        let offset = Int64(hours * 3600 + minutes * 60)
        return switch bytes[21] {
        case UInt8(ascii: "+"): base - offset
        case UInt8(ascii: "-"): base + offset
        default: nil
        }
    }

    private static func time(_ bytes: UnsafeBufferPointer<UInt8>, _ at: Int, _ year: Int, _ month: Int, _ day: Int) -> Int64? {
        guard let hour = number(bytes, at, 2), let minute = number(bytes, at + 3, 2), let second = number(bytes, at + 6, 2),
            1...12 ~= month, 1...31 ~= day, hour < 24, minute < 60, second <= 60
        else { return nil }
        return Int64(CivilCalendar.days(year: year, month: month, day: day)) * 86_400 + Int64(hour * 3600 + minute * 60 + second)
    }

    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"].map { Array($0.utf8) }
}
