extension Timestamp: CustomStringConvertible {
    /// The moment in RFC 3339 in UTC, with as many decimals as it needs.
    public var description: String {
        let time = CivilTime(seconds: seconds)
        let date = "\(padded(time.year, 4))-\(padded(time.month, 2))-\(padded(time.day, 2))"
        let clock = "\(padded(time.hour, 2)):\(padded(time.minute, 2)):\(padded(time.second, 2))"
        return date + "T" + clock + fraction(UInt64(nanos)) + "Z"
    }
}

private func padded(_ number: Int64, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
}

extension Timestamp {
    /// Reads RFC 3339, such as `2026-11-22T21:06:16.5Z` or with an offset `+01:00`; nil for anything else.
    public init?(parsing text: String) {
        guard let parsed = withBytes(text, { Self.parse($0) }) else { return nil }
        self = parsed
    }

    /// Reads RFC 3339 from UTF-8.
    public static func parse(_ bytes: UnsafeBufferPointer<UInt8>) -> Timestamp? {
        func number(_ start: Int, _ count: Int) -> Int64? {
            var value: Int64 = 0
            for position in start..<start + count {
                guard let digit = decimalDigit(bytes[position]) else { return nil }
                value = value * 10 + Int64(digit)
            }
            return value
        }
        guard bytes.count >= 20, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"),
            bytes[10] | 0x20 == UInt8(ascii: "t"), bytes[13] == UInt8(ascii: ":"), bytes[16] == UInt8(ascii: ":"),
            let year = number(0, 4), let month = number(5, 2), let day = number(8, 2),
            let hour = number(11, 2), let minute = number(14, 2), let second = number(17, 2),
            (1...12).contains(month), day >= 1, day <= CivilTime.daysIn(month: month, year: year),
            hour < 24, minute < 60, second < 60
        else { return nil }
        var position = 19
        var nanos: Int64 = 0
        if bytes[position] == UInt8(ascii: ".") {
            position += 1
            let start = position
            var scale: Int64 = 100_000_000
            while position < bytes.count, let digit = decimalDigit(bytes[position]) {
                nanos += Int64(digit) * scale
                scale /= 10
                position += 1
            }
            guard position > start, position < bytes.count else { return nil }
        }
        var offset: Int64 = 0
        switch bytes[position] {
        case UInt8(ascii: "Z"), UInt8(ascii: "z"):
            guard position + 1 == bytes.count else { return nil }
        case let sign where sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-"):
            guard position + 6 == bytes.count, bytes[position + 3] == UInt8(ascii: ":"),
                let hours = number(position + 1, 2), let minutes = number(position + 4, 2), hours < 24, minutes < 60
            else { return nil }
            offset = (hours * 60 + minutes) * 60
            if sign == UInt8(ascii: "-") { offset = -offset }
        default: return nil
        }
        let days = CivilTime.days(year: year, month: month, day: day)
        return Timestamp(seconds: days * 86400 + hour * 3600 + minute * 60 + second - offset, nanos: nanos)
    }
}
