/// A time zone: a fixed offset, or the rules of the machine's time zone database.
struct TimeZone_ {
    enum Failure: Error, Equatable {
        case unknown
        /// The machine has no time zone database.
        case noDatabase
    }

    private enum Rules {
        case fixed(Int64)
        case table(ZoneTable)
    }
    private let rules: Rules

    /// Finds a zone: `+01:00`, `-02:30`, `02:00`, `UTC` or a name such as `Europe/Berlin`.
    static func find(_ name: String) -> Result<TimeZone_, Failure> {
        if name.isEmpty || name == "UTC" || name == "Z" { return .success(TimeZone_(rules: .fixed(0))) }
        if let offset = fixedOffset(name) { return .success(TimeZone_(rules: .fixed(offset))) }
        return ZoneTable.named(name).map { TimeZone_(rules: .table($0)) }
    }

    /// Seconds east of UTC at a moment.
    func offset(at seconds: Int64) -> Int64 {
        switch rules {
        case .fixed(let offset): offset
        case .table(let table): table.offset(at: seconds)
        }
    }

    private static func fixedOffset(_ name: String) -> Int64? {
        var bytes = Array(name.utf8)[...]
        var sign: Int64 = 1
        if bytes.first == UInt8(ascii: "+") || bytes.first == UInt8(ascii: "-") {
            sign = bytes.removeFirst() == UInt8(ascii: "-") ? -1 : 1
        }
        let parts = bytes.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ (1...2).contains($0.count) && $0.allSatisfy { decimalDigit($0) != nil } }),
            let hours = Int64(String(decoding: parts[0], as: UTF8.self)),
            let minutes = Int64(String(decoding: parts[1], as: UTF8.self)), hours < 24, minutes < 60
        else { return nil }
        return sign * (hours * 3600 + minutes * 60)
    }
}
