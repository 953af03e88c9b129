import Residency

/// RFC 3339 times, read without Foundation.
enum Timestamp {
    /// Milliseconds since 1970; `nil` if the text is not a time. A date alone is its midnight, UTC.
    static func milliseconds(_ text: String) -> Int? {
        let bytes = Array(text.utf8)
        guard bytes.count >= 10, let year = number(bytes, 0..<4), let month = number(bytes, 5..<7), let day = number(bytes, 8..<10),
            1...12 ~= month, 1...31 ~= day
        else { return nil }
        let days = CivilCalendar.days(year: year, month: month, day: day)
        guard bytes.count >= 19 else { return days * 86_400_000 }
        guard let hour = number(bytes, 11..<13), let minute = number(bytes, 14..<16), let second = number(bytes, 17..<19) else {
            return nil
        }
        var rest = bytes[19...]
        var thousandths = 0
        if rest.first == UInt8(ascii: ".") {
            let digits = rest.dropFirst().prefix { 48...57 ~= $0 }
            for index in 0..<3 { thousandths = thousandths * 10 + (index < digits.count ? Int(digits[digits.startIndex + index] - 48) : 0) }
            rest = rest.dropFirst(1 + digits.count)
        }
        var offset = 0
        if let sign = rest.first, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-"), rest.count >= 6 {
            let start = rest.startIndex
            guard let hours = number(bytes, start + 1..<start + 3), let minutes = number(bytes, start + 4..<start + 6) else { return nil }
            offset = (hours * 60 + minutes) * (sign == UInt8(ascii: "-") ? -1 : 1)
        }
        return ((days * 24 + hour) * 60 + minute - offset) * 60_000 + second * 1000 + thousandths
    }

    private static func number(_ bytes: [UInt8], _ range: Range<Int>) -> Int? {
        guard range.upperBound <= bytes.count else { return nil }
        var value = 0
        for byte in bytes[range] {
            guard 48...57 ~= byte else { return nil }
            value = value * 10 + Int(byte - 48)
        }
        return value
    }
}
