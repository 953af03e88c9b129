extension StandardLibrary {
    static let times: [Definition] = [
        part("getFullYear") { time, _ in time.year },
        part("getMonth") { time, _ in time.month - 1 },
        part("getDate") { time, _ in time.day },
        part("getDayOfMonth") { time, _ in time.day - 1 },
        part("getDayOfWeek") { time, _ in time.weekday },
        part("getDayOfYear") { time, _ in time.dayOfYear },
        part("getHours", ofSpan: { $0.nanoseconds / 3_600_000_000_000 }) { time, _ in time.hour },
        part("getMinutes", ofSpan: { $0.nanoseconds / 60_000_000_000 }) { time, _ in time.minute },
        part("getSeconds", ofSpan: { $0.seconds }) { time, _ in time.second },
        part("getMilliseconds", ofSpan: { $0.nanoseconds % 1_000_000_000 / 1_000_000 }) { _, moment in
            Int64(moment.nanos / 1_000_000)
        },
    ].flatMap { $0 }

    /// A function that gives a part of a timestamp, in UTC or a zone, and for some of a duration.
    private static func part(
        _ name: String, ofSpan span: (@Sendable (Duration_) -> Int64)? = nil,
        _ part: @escaping @Sendable (CivilTime, Timestamp) -> Int64
    ) -> [Definition] {
        let signatures: [Signature] = [.member(.timestamp, returns: .int)]
        return [
            Definition(name, signatures + (span == nil ? [] : [.member(.duration, returns: .int)])) { value, frame in
                switch value {
                case .timestamp(let moment): return .int(part(CivilTime(seconds: moment.seconds), moment))
                case .duration(let length): return span.map { .int($0(length)) } ?? frame.failNoOverload(value)
                default: return frame.failNoOverload(value)
                }
            },
            Definition(name, [.member(.timestamp, .string, returns: .int)]) { value, zone, frame in
                guard case .timestamp(let moment) = value, case .string(let zone) = zone else {
                    return frame.failNoOverload(value, zone)
                }
                switch TimeZone_.find(zone) {
                case .success(let found):
                    return .int(part(CivilTime(seconds: moment.seconds + found.offset(at: moment.seconds)), moment))
                case .failure(.unknown): return frame.fail(.invalidArgument, "unknown time zone `\(zone)`")
                case .failure(.noDatabase):
                    return frame.fail(
                        .invalidArgument, "time zone `\(zone)` can't be looked up: this machine has no time zone database",
                        hint: "write the offset, as in `+01:00`, or install tzdata")
                }
            },
        ]
    }
}
