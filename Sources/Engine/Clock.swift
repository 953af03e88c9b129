import Residency

/// Times as seconds since 1970, UTC, without a calendar library: the log path reads one for every event.
public enum Clock {
    /// Reads `2026-10-31T23:59:59Z`, with a fraction (cut off) and an offset if there are; `nil` for anything else.
    public static func seconds(_ bytes: UnsafeBufferPointer<UInt8>) -> Int64? {
        guard bytes.count >= 20, bytes[4] == 45, bytes[7] == 45, bytes[10] == 84 || bytes[10] == 116 || bytes[10] == 32, bytes[13] == 58,
            bytes[16] == 58
        else { return nil }
        guard let year = number(bytes, 0, 4), let month = number(bytes, 5, 2), let day = number(bytes, 8, 2), let hour = number(bytes, 11, 2),
            let minute = number(bytes, 14, 2), let second = number(bytes, 17, 2), 1...12 ~= month, 1...31 ~= day, hour < 24, minute < 60, second <= 60
        else { return nil }
        let base = Int64(CivilCalendar.days(year: year, month: month, day: day)) * 86_400 + Int64(hour * 3600 + minute * 60 + second)
        if bytes.count == 20, bytes[19] == 90 { return base }
        var index = 19
        if bytes[index] == 46 {
            index += 1
            while index < bytes.count, 48...57 ~= bytes[index] { index += 1 }
        }
        guard index < bytes.count else { return nil }
        if bytes[index] == 90 || bytes[index] == 122 { return index == bytes.count - 1 ? base : nil }
        guard bytes[index] == 43 || bytes[index] == 45, bytes.count == index + 6, bytes[index + 3] == 58,
            let hours = number(bytes, index + 1, 2), let minutes = number(bytes, index + 4, 2)
        else { return nil }
        let offset = Int64(hours * 3600 + minutes * 60)
        return bytes[index] == 43 ? base - offset : base + offset
    }

    /// The same for a string.
    public static func seconds(_ text: String) -> Int64? {
        var copy = text
        return copy.withUTF8 { seconds($0) }
    }

    /// A length of time for people: `24 h`, `2 d`, `90 min`.
    static func span(_ seconds: Int64) -> String {
        if seconds % 86_400 == 0, seconds > 86_400 { return "\(seconds / 86_400) d" }
        return seconds % 3600 == 0 ? "\(seconds / 3600) h" : seconds % 60 == 0 ? "\(seconds / 60) min" : "\(seconds) s"
    }

    /// Writes `2026-10-31T23:59:59Z`.
    public static func text(_ seconds: Int64) -> String {
        let (days, rest) = (floorDivide(seconds, 86_400), seconds - floorDivide(seconds, 86_400) * 86_400)
        let (year, month, day) = CivilCalendar.date(Int(days))
        // Written digit by digit: a run has some of these for every finding.
        return String(unsafeUninitializedCapacity: 24) { text in
            var index = 0
            func put(_ value: Int, _ width: Int, _ mark: UInt8) {
                var rest = value
                for place in stride(from: index + width - 1, through: index, by: -1) {
                    text[place] = UInt8(48 + rest % 10)
                    rest /= 10
                }
                text[index + width] = mark
                index += width + 1
            }
            put(max(0, year), year > 9999 ? 5 : 4, UInt8(ascii: "-"))
            put(month, 2, UInt8(ascii: "-"))
            put(day, 2, UInt8(ascii: "T"))
            put(Int(rest / 3600), 2, UInt8(ascii: ":"))
            put(Int(rest / 60 % 60), 2, UInt8(ascii: ":"))
            put(Int(rest % 60), 2, UInt8(ascii: "Z"))
            return index
        }
    }

    /// The day alone, `2026-10-31`.
    public static func day(_ seconds: Int64) -> String { String(text(seconds).prefix(10)) }

    static func number(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int, _ count: Int) -> Int? {
        var value = 0
        for index in start..<(start + count) {
            let digit = Int(bytes[index]) - 48
            guard 0...9 ~= digit else { return nil }
            value = value * 10 + digit
        }
        return value
    }

    private static func floorDivide(_ value: Int64, _ by: Int64) -> Int64 { value >= 0 ? value / by : (value - by + 1) / by }
}
