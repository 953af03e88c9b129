internal import Residency

/// Moments as evidence writes them: seconds since 1970 and RFC 3339 in UTC, without fractions.
public enum UTCTime {
    /// `2026-11-22T02:00:07Z`.
    public static func text(_ seconds: Int) -> String {
        let days = seconds >= 0 ? seconds / 86400 : -((86399 - seconds) / 86400)
        let rest = seconds - days * 86400
        let (year, month, day) = CivilCalendar.date(days)
        return "\(pad(year, 4))-\(pad(month, 2))-\(pad(day, 2))T\(pad(rest / 3600, 2)):\(pad(rest / 60 % 60, 2)):\(pad(rest % 60, 2))Z"
    }

    /// Reads what `text` writes; `nil` for anything else.
    public static func seconds(_ text: String) -> Int? {
        let fields = text.split { "-T:Z".contains($0) }.compactMap { Int($0) }
        guard fields.count == 6, 1...12 ~= fields[1], 0...9999 ~= fields[0] else { return nil }
        let seconds = CivilCalendar.days(year: fields[0], month: fields[1], day: fields[2]) * 86400 + fields[3] * 3600 + fields[4] * 60 + fields[5]
        return self.text(seconds) == text ? seconds : nil
    }

    private static func pad(_ number: Int, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
