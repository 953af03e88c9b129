extension StandardLibrary {
    static let arithmetic: [Definition] = [
        Definition(
            "_+_",
            numeric + [
                .global(.string, .string, returns: .string), .global(.bytes, .bytes, returns: .bytes),
                .global(.list(.parameter("A")), .list(.parameter("A")), returns: .list(.parameter("A"))),
                .global(.timestamp, .duration, returns: .timestamp), .global(.duration, .timestamp, returns: .timestamp),
                .global(.duration, .duration, returns: .duration),
            ], add),
        Definition(
            "_-_",
            numeric + [
                .global(.timestamp, .timestamp, returns: .duration), .global(.timestamp, .duration, returns: .timestamp),
                .global(.duration, .duration, returns: .duration),
            ], subtract),
        Definition("_*_", numeric, multiply),
        Definition("_/_", numeric, divide),
        Definition("_%_", Array(numeric.prefix(2)), remainder),
        Definition("-_", [.global(.int, returns: .int), .global(.double, returns: .double)], negate),
    ]

    private static let numeric: [Signature] = [
        .global(.int, .int, returns: .int), .global(.uint, .uint, returns: .uint), .global(.double, .double, returns: .double),
    ]

    private static func checked<T>(_ result: (partialValue: T, overflow: Bool), _ frame: inout Frame) -> T? {
        if result.overflow {
            _ = frame.fail(.overflow, "the result is out of the range of \(T.self == UInt64.self ? "uint" : "int")")
            return nil
        }
        return result.partialValue
    }

    private static func inRange(_ moment: Timestamp?, _ frame: inout Frame) -> Value? {
        moment.map { .timestamp($0) } ?? frame.fail(.range, "the result is out of the range of timestamps")
    }

    private static func inRange(_ span: Duration_?, _ frame: inout Frame) -> Value? {
        span.map { .duration($0) } ?? frame.fail(.range, "the result is out of the range of durations")
    }

    private static func span(_ result: (partialValue: Int64, overflow: Bool)) -> Duration_? {
        result.overflow ? nil : Duration_(nanoseconds: result.partialValue)
    }

    static let add: @Sendable (Value, Value, inout Frame) -> Value? = { a, b, frame in
        switch (a, b) {
        case (.int(let x), .int(let y)): return checked(x.addingReportingOverflow(y), &frame).map { .int($0) }
        case (.uint(let x), .uint(let y)): return checked(x.addingReportingOverflow(y), &frame).map { .uint($0) }
        case (.double(let x), .double(let y)): return .double(x + y)
        case (.string(let x), .string(let y)):
            guard frame.spend((x.utf8.count + y.utf8.count) >> 6) else { return nil }
            return .string(x + y)
        case (.bytes(let x), .bytes(let y)):
            guard frame.spend((x.count + y.count) >> 6) else { return nil }
            return .bytes(x + y)
        case (.list(let x), .list(let y)):
            guard frame.spend((x.count + y.count) >> 3) else { return nil }
            return .list(ListValue(x.elements + y.elements))
        case (.timestamp(let x), .duration(let y)), (.duration(let y), .timestamp(let x)):
            return inRange(x.adding(y), &frame)
        case (.duration(let x), .duration(let y)):
            return inRange(span(x.nanoseconds.addingReportingOverflow(y.nanoseconds)), &frame)
        default: return frame.failNoOverload(a, b)
        }
    }

    static let subtract: @Sendable (Value, Value, inout Frame) -> Value? = { a, b, frame in
        switch (a, b) {
        case (.int(let x), .int(let y)): return checked(x.subtractingReportingOverflow(y), &frame).map { .int($0) }
        case (.uint(let x), .uint(let y)): return checked(x.subtractingReportingOverflow(y), &frame).map { .uint($0) }
        case (.double(let x), .double(let y)): return .double(x - y)
        case (.timestamp(let x), .timestamp(let y)): return inRange(x.since(y), &frame)
        case (.timestamp(let x), .duration(let y)): return inRange(x.subtracting(y), &frame)
        case (.duration(let x), .duration(let y)):
            return inRange(span(x.nanoseconds.subtractingReportingOverflow(y.nanoseconds)), &frame)
        default: return frame.failNoOverload(a, b)
        }
    }

    static let multiply: @Sendable (Value, Value, inout Frame) -> Value? = { a, b, frame in
        switch (a, b) {
        case (.int(let x), .int(let y)): checked(x.multipliedReportingOverflow(by: y), &frame).map { .int($0) }
        case (.uint(let x), .uint(let y)): checked(x.multipliedReportingOverflow(by: y), &frame).map { .uint($0) }
        case (.double(let x), .double(let y)): .double(x * y)
        default: frame.failNoOverload(a, b)
        }
    }

    static let divide: @Sendable (Value, Value, inout Frame) -> Value? = { a, b, frame in
        switch (a, b) {
        case (.int, .int(0)), (.uint, .uint(0)): frame.fail(.divideByZero, "division by zero")
        case (.int(let x), .int(let y)): checked(x.dividedReportingOverflow(by: y), &frame).map { .int($0) }
        case (.uint(let x), .uint(let y)): .uint(x / y)
        case (.double(let x), .double(let y)): .double(x / y)
        default: frame.failNoOverload(a, b)
        }
    }

    static let remainder: @Sendable (Value, Value, inout Frame) -> Value? = { a, b, frame in
        switch (a, b) {
        case (.int, .int(0)), (.uint, .uint(0)): frame.fail(.divideByZero, "remainder of a division by zero")
        case (.int(let x), .int(let y)): checked(x.remainderReportingOverflow(dividingBy: y), &frame).map { .int($0) }
        case (.uint(let x), .uint(let y)): .uint(x % y)
        default: frame.failNoOverload(a, b)
        }
    }

    static let negate: @Sendable (Value, inout Frame) -> Value? = { value, frame in
        switch value {
        case .int(let x): checked(Int64(0).subtractingReportingOverflow(x), &frame).map { .int($0) }
        case .double(let x): .double(-x)
        default: frame.failNoOverload(value)
        }
    }
}
