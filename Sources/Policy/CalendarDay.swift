import Residency

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
        number = CivilCalendar.days(year: parts[0], month: parts[1], day: parts[2])
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
        let (year, month, day) = CivilCalendar.date(number)
        return CalendarDay(number: CivilCalendar.days(year: year + 1, month: month, day: min(day, Self.days(inMonth: month, of: year + 1))))
    }

    public var description: String {
        let (year, month, day) = CivilCalendar.date(number)
        let digits = String(year)
        return String(repeating: "0", count: max(0, 4 - digits.count)) + digits + Self.two(month) + Self.two(day)
    }

    /// `30 June 2027`.
    public var inWords: String {
        let (year, month, day) = CivilCalendar.date(number)
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

    private static let months = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
    ]
}
