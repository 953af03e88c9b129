/// A moment between the years 1 and 9999, to the nanosecond.
public struct Timestamp: Sendable, Hashable, Comparable {
    /// Seconds since 1970-01-01T00:00:00Z.
    public let seconds: Int64
    /// Nanoseconds after `seconds`: 0 up to 999 999 999.
    public let nanos: Int32

    /// The first second of the year 1.
    static let earliest: Int64 = -62_135_596_800
    /// The last second of the year 9999.
    static let latest: Int64 = 253_402_300_799

    /// The moment so many seconds and nanoseconds after 1970, or nil where it is out of range.
    public init?(seconds: Int64, nanos: Int64 = 0) {
        var carry = nanos / 1_000_000_000
        var rest = nanos % 1_000_000_000
        if rest < 0 {
            rest += 1_000_000_000
            carry -= 1
        }
        let (sum, overflow) = seconds.addingReportingOverflow(carry)
        guard !overflow, sum >= Self.earliest, sum <= Self.latest else { return nil }
        self.seconds = sum
        self.nanos = Int32(truncatingIfNeeded: rest)
    }

    public static func < (a: Timestamp, b: Timestamp) -> Bool {
        a.seconds != b.seconds ? a.seconds < b.seconds : a.nanos < b.nanos
    }

    /// This moment moved by a span, or nil where that is out of range.
    func adding(_ span: Duration_) -> Timestamp? {
        let whole = span.nanoseconds / 1_000_000_000
        let rest = span.nanoseconds % 1_000_000_000
        return Timestamp(seconds: seconds + whole, nanos: Int64(nanos) + rest)
    }

    /// This moment moved back by a span, or nil where that is out of range.
    func subtracting(_ span: Duration_) -> Timestamp? {
        let whole = span.nanoseconds / 1_000_000_000
        let rest = span.nanoseconds % 1_000_000_000
        return Timestamp(seconds: seconds - whole, nanos: Int64(nanos) - rest)
    }

    /// The span from another moment to this one, or nil where that is out of range.
    func since(_ other: Timestamp) -> Duration_? {
        Duration_(seconds: seconds - other.seconds, nanos: Int64(nanos) - Int64(other.nanos))
    }
}

/// A day and a time of day, in some time zone.
struct CivilTime {
    var year: Int64
    /// 1 up to 12.
    var month: Int64
    /// 1 up to 31.
    var day: Int64
    var hour: Int64
    var minute: Int64
    var second: Int64
    /// 0 is a Sunday.
    var weekday: Int64
    /// 0 is the first of January.
    var dayOfYear: Int64

    /// The civil time so many seconds after 1970-01-01T00:00:00 of the same zone.
    init(seconds: Int64) {
        var days = seconds / 86400
        var rest = seconds % 86400
        if rest < 0 {
            rest += 86400
            days -= 1
        }
        hour = rest / 3600
        minute = rest % 3600 / 60
        second = rest % 60
        weekday = ((days % 7) + 11) % 7
        // Counts years from March, so that the leap day is the last of its year; 400 years have 146 097 days.
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146_096) / 365
        let dayFromMarch = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayFromMarch + 2) / 153
        day = dayFromMarch - (153 * monthFromMarch + 2) / 5 + 1
        month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        dayOfYear = days - Self.days(year: year, month: 1, day: 1)
    }

    /// Days from 1970-01-01 to a date.
    static func days(year: Int64, month: Int64, day: Int64) -> Int64 {
        let shifted = month <= 2 ? year - 1 : year
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayFromMarch = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayFromMarch
        return era * 146_097 + dayOfEra - 719_468
    }

    static func daysIn(month: Int64, year: Int64) -> Int64 {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }
}
