/// A day of the Gregorian calendar, from midnight to midnight UTC.
public struct CalendarDay: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// Days since 1 January 1970.
    public let number: Int

    /// Reads `2026-11-22`; `nil` for another shape, or a day that does not exist.
    public init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count == 10, bytes[4] == 45, bytes[7] == 45 else { return nil }
        let parts = text.split(separator: "-").map { part in part.utf8.allSatisfy { 48...57 ~= $0 } ? Int(part) ?? -1 : -1 }
        guard parts.count == 3, parts[0] >= 1, 1...12 ~= parts[1], 1...Self.days(inMonth: parts[1], of: parts[0]) ~= parts[2] else {
            return nil
        }
        number = Self.number(parts[0], parts[1], parts[2])
    }

    /// The day in which a moment lies, given in seconds since 1970.
    public init(containing seconds: Int64) {
        number = Int(seconds >= 0 ? seconds / 86_400 : (seconds - 86_399) / 86_400)
    }

    private init(number: Int) { self.number = number }

    /// The first moment after the day, in seconds since 1970.
    public var end: Int64 { (Int64(number) + 1) * 86_400 }

    /// So many days later.
    public func adding(days: Int) -> CalendarDay { CalendarDay(number: number + days) }

    /// The same day of the next year; of 29 February, 28 February.
    public var oneYearLater: CalendarDay {
        let (year, month, day) = components
        return CalendarDay(number: Self.number(year + 1, month, min(day, Self.days(inMonth: month, of: year + 1))))
    }

    public var description: String {
        let (year, month, day) = components
        let digits = String(year)
        return String(repeating: "0", count: max(0, 4 - digits.count)) + digits + Self.two(month) + Self.two(day)
    }

    /// `30 June 2027`.
    public var inWords: String {
        let (year, month, day) = components
        return "\(day) \(Self.months[month - 1]) \(year)"
    }

    public static func < (left: Self, right: Self) -> Bool { left.number < right.number }

    private static func two(_ number: Int) -> String { number < 10 ? "-0\(number)" : "-\(number)" }

    private static func days(inMonth month: Int, of year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// Howard Hinnant's `days_from_civil`, for years from 1 on.
    private static func number(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let y = month <= 2 ? year - 1 : year
        let era = y / 400
        let yearOfEra = y - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    private var components: (year: Int, month: Int, day: Int) {
        let z = number + 719_468
        let era = (z >= 0 ? z : z - 146_096) / 146_097
        let dayOfEra = z - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let mp = (5 * dayOfYear + 2) / 153
        let month = mp < 10 ? mp + 3 : mp - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * mp + 2) / 5 + 1)
    }

    private static let months = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
    ]
}
