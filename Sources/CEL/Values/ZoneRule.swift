/// The rule for moments past a zone's table, in the form of POSIX `TZ`: `CET-1CEST,M3.5.0,M10.5.0/3`.
struct ZoneRule: Sendable {
    /// A day of the year and a time of that day in seconds.
    private enum Change: Sendable {
        case weekday(month: Int64, week: Int64, day: Int64, time: Int64)
        /// Day 1 to 365, February 29 never counted.
        case julian(day: Int64, time: Int64)
        /// Day 0 to 365.
        case ordinal(day: Int64, time: Int64)

        /// Seconds from 1970 to the change in the given year, by the clock of the zone.
        func seconds(year: Int64) -> Int64 {
            let start = CivilTime.days(year: year, month: 1, day: 1)
            switch self {
            case .weekday(let month, let week, let day, let time):
                let first = CivilTime.days(year: year, month: month, day: 1)
                let weekday = CivilTime(seconds: first * 86400).weekday
                var date = 1 + (day - weekday + 7) % 7 + (week - 1) * 7
                while date > CivilTime.daysIn(month: month, year: year) { date -= 7 }
                return (first + date - 1) * 86400 + time
            case .julian(let day, let time):
                let leap = CivilTime.daysIn(month: 2, year: year) == 29
                return (start + day - 1 + (leap && day >= 60 ? 1 : 0)) * 86400 + time
            case .ordinal(let day, let time):
                return (start + day) * 86400 + time
            }
        }
    }

    private let standard: Int64
    private let summer: Int64
    private let changes: (begin: Change, end: Change)?

    func offset(at seconds: Int64) -> Int64 {
        guard let changes else { return standard }
        let year = CivilTime(seconds: seconds + standard).year
        let begin = changes.begin.seconds(year: year) - standard
        let end = changes.end.seconds(year: year) - summer
        let isSummer = begin < end ? (begin..<end).contains(seconds) : !(end..<begin).contains(seconds)
        return isSummer ? summer : standard
    }

    init?(parsing bytes: [UInt8]) {
        var text = bytes[...]
        guard Self.skipName(&text), let west = Self.time(&text) else { return nil }
        standard = -west
        guard !text.isEmpty else {
            summer = standard
            changes = nil
            return
        }
        guard Self.skipName(&text) else { return nil }
        if let first = text.first, first != UInt8(ascii: ",") {
            guard let west = Self.time(&text) else { return nil }
            summer = -west
        } else {
            summer = standard + 3600
        }
        guard let begin = Self.change(&text), let end = Self.change(&text) else { return nil }
        changes = (begin, end)
    }

    private static func skipName(_ text: inout ArraySlice<UInt8>) -> Bool {
        if text.first == UInt8(ascii: "<") {
            guard let close = text.firstIndex(of: UInt8(ascii: ">")) else { return false }
            text = text[(close + 1)...]
            return true
        }
        let name = text.prefix { $0 | 0x20 >= 97 && $0 | 0x20 <= 122 }
        text = text[name.endIndex...]
        return !name.isEmpty
    }

    private static func number(_ text: inout ArraySlice<UInt8>) -> Int64? {
        let digits = text.prefix { decimalDigit($0) != nil }.prefix(6)
        text = text[digits.endIndex...]
        return Int64(String(decoding: digits, as: UTF8.self))
    }

    private static func time(_ text: inout ArraySlice<UInt8>) -> Int64? {
        var sign: Int64 = 1
        if text.first == UInt8(ascii: "-") || text.first == UInt8(ascii: "+") {
            sign = text.removeFirst() == UInt8(ascii: "-") ? -1 : 1
        }
        guard var total = number(&text) else { return nil }
        total *= 3600
        var unit: Int64 = 60
        while text.first == UInt8(ascii: ":"), unit > 0 {
            text.removeFirst()
            guard let part = number(&text) else { return nil }
            total += part * unit
            unit /= 60
        }
        return sign * total
    }

    private static func change(_ text: inout ArraySlice<UInt8>) -> Change? {
        guard text.first == UInt8(ascii: ",") else { return nil }
        text.removeFirst()
        var fields: [Int64] = []
        let kind = text.first
        if kind == UInt8(ascii: "M") || kind == UInt8(ascii: "J") { text.removeFirst() }
        repeat {
            if text.first == UInt8(ascii: ".") { text.removeFirst() }
            guard let field = number(&text) else { return nil }
            fields.append(field)
        } while text.first == UInt8(ascii: ".")
        var time: Int64 = 7200
        if text.first == UInt8(ascii: "/") {
            text.removeFirst()
            guard let given = Self.time(&text) else { return nil }
            time = given
        }
        switch kind {
        case UInt8(ascii: "M"):
            guard fields.count == 3, (1...12).contains(fields[0]), (1...5).contains(fields[1]), (0...6).contains(fields[2])
            else { return nil }
            return .weekday(month: fields[0], week: fields[1], day: fields[2], time: time)
        case UInt8(ascii: "J"): return fields.count == 1 ? .julian(day: fields[0], time: time) : nil
        default: return fields.count == 1 ? .ordinal(day: fields[0], time: time) : nil
        }
    }
}
