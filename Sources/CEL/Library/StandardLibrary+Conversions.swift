extension StandardLibrary {
    static let conversions: [Definition] = [
        Definition("bool", [.global(.bool, returns: .bool), .global(.string, returns: .bool)], toBool),
        Definition(
            "int",
            [.int, .uint, .double, .string, .timestamp, .duration].map { Signature.global($0, returns: .int) }, toInt),
        Definition("uint", [.int, .uint, .double, .string].map { Signature.global($0, returns: .uint) }, toUInt),
        Definition("double", [.int, .uint, .double, .string].map { Signature.global($0, returns: .double) }, toDouble),
        Definition("bytes", [.bytes, .string].map { Signature.global($0, returns: .bytes) }, toBytes),
        Definition(
            "string",
            [.string, .bool, .int, .uint, .double, .bytes, .timestamp, .duration].map { Signature.global($0, returns: .string) },
            toString),
        Definition("timestamp", [.timestamp, .string, .int].map { Signature.global($0, returns: .timestamp) }, toTimestamp),
        Definition("duration", [.duration, .string, .int].map { Signature.global($0, returns: .duration) }, toDuration),
    ]

    private static func refuse(_ text: String, _ type: String, _ frame: inout Frame) -> Value? {
        frame.fail(.conversion, "`\(text)` is not \(type)")
    }

    private static let toBool: @Sendable (Value, inout Frame) -> Value? = { value, frame in
        switch value {
        case .bool: return value
        case .string(let text):
            switch text {
            case "1", "t", "true", "TRUE", "True", "T": return .bool(true)
            case "0", "f", "false", "FALSE", "False", "F": return .bool(false)
            default: return refuse(text, "a bool", &frame)
            }
        default: return frame.failNoOverload(value)
        }
    }

    private static func outOfRange(_ value: String, _ type: String, _ frame: inout Frame) -> Value? {
        frame.fail(.overflow, "`\(value)` is out of the range of \(type)")
    }

    private static let toInt: @Sendable (Value, inout Frame) -> Value? = { value, frame in
        switch value {
        case .int: return value
        case .uint(let number):
            return Int64(exactly: number).map { .int($0) } ?? outOfRange(String(number), "int", &frame)
        case .double(let number):
            // The least int is left out: a double that rounds to it may have been less.
            guard number > -0x1p63, number < 0x1p63 else { return outOfRange(NumberText.general(number), "int", &frame) }
            return .int(Int64(number))
        case .string(let text):
            guard let number = Int64(text), text.utf8.first != UInt8(ascii: "+") else { return refuse(text, "an int", &frame) }
            return .int(number)
        case .timestamp(let moment): return .int(moment.seconds)
        case .duration(let span): return .int(span.seconds)
        default: return frame.failNoOverload(value)
        }
    }

    private static let toUInt: @Sendable (Value, inout Frame) -> Value? = { value, frame in
        switch value {
        case .uint: return value
        case .int(let number): return UInt64(exactly: number).map { .uint($0) } ?? outOfRange(String(number), "uint", &frame)
        case .double(let number):
            guard number > -1, number < 0x1p64, number >= 0 || number == 0 else {
                return outOfRange(NumberText.general(number), "uint", &frame)
            }
            return .uint(UInt64(number))
        case .string(let text):
            guard let number = UInt64(text), text.utf8.first != UInt8(ascii: "+") else { return refuse(text, "a uint", &frame) }
            return .uint(number)
        default: return frame.failNoOverload(value)
        }
    }

    private static let toDouble: @Sendable (Value, inout Frame) -> Value? = { value, frame in
        switch value {
        case .double: return value
        case .int(let number): return .double(Double(number))
        case .uint(let number): return .double(Double(number))
        case .string(let text):
            guard let number = Double(text), !(number.isInfinite && text.utf8.contains { decimalDigit($0) != nil }) else {
                return refuse(text, "a double", &frame)
            }
            return .double(number)
        default: return frame.failNoOverload(value)
        }
    }

    private static let toBytes: @Sendable (Value, inout Frame) -> Value? = { value, frame in
        switch value {
        case .bytes: value
        case .string(let text): .bytes(Bytes(Array(text.utf8)))
        default: frame.failNoOverload(value)
        }
    }

    static let toString: @Sendable (Value, inout Frame) -> Value? = { value, frame in
        switch value {
        case .string: return value
        case .bool(let flag): return .string(flag ? "true" : "false")
        case .int(let number): return .string(String(number))
        case .uint(let number): return .string(String(number))
        case .double(let number): return .string(NumberText.general(number))
        case .bytes(let bytes): return bytes.text.map { .string($0) } ?? frame.fail(.conversion, "the bytes are not valid UTF-8")
        case .timestamp(let moment): return .string(moment.description)
        case .duration(let span): return .string(span.description)
        case .network(let network): return .string(network.description)
        default: return frame.failNoOverload(value)
        }
    }

    private static let toTimestamp: @Sendable (Value, inout Frame) -> Value? = { value, frame in
        switch value {
        case .timestamp: return value
        case .string(let text):
            if let moment = Timestamp(parsing: text) { return .timestamp(moment) }
            return frame.fail(
                .conversion, "`\(text)` is not a timestamp in range", hint: "it is written as in `2026-01-31T23:59:59Z`")
        case .int(let seconds):
            return Timestamp(seconds: seconds).map { .timestamp($0) }
                ?? frame.fail(.range, "`\(seconds)` is out of the range of timestamps")
        default: return frame.failNoOverload(value)
        }
    }

    private static let toDuration: @Sendable (Value, inout Frame) -> Value? = { value, frame in
        switch value {
        case .duration: return value
        case .string(let text):
            if let span = Duration_(parsing: text) { return .duration(span) }
            return frame.fail(.conversion, "`\(text)` is not a duration in range", hint: "it is written as in `1h30m` or `1.5s`")
        case .int(let seconds):
            return Duration_(seconds: seconds).map { .duration($0) }
                ?? frame.fail(.range, "`\(seconds)` seconds are out of the range of durations")
        default: return frame.failNoOverload(value)
        }
    }
}
