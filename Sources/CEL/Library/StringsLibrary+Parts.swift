extension StringsLibrary {
    static let parts: [Definition] = [
        Definition("charAt", [.member(.string, .int, returns: .string)]) { text, index, frame in
            guard case .string(let text) = text, case .int(let index) = index else { return frame.failNoOverload(text, index) }
            return substring(text, index, index == Int64(text.scalarCount) ? index : index.addingReportingOverflow(1).partialValue, &frame)
        },
        Definition("substring", [.member(.string, .int, returns: .string)]) { text, start, frame in
            guard case .string(let text) = text, case .int(let start) = start else { return frame.failNoOverload(text, start) }
            return substring(text, start, Int64(text.scalarCount), &frame)
        },
        Definition("substring", [.member(.string, .int, .int, returns: .string)]) { text, start, end, frame in
            guard case .string(let text) = text, case .int(let start) = start, case .int(let end) = end else {
                return frame.failNoOverload(text, start, end)
            }
            return substring(text, start, end, &frame)
        },
        Definition("split", [.member(.string, .string, returns: .list(.string))]) { text, separator, frame in
            split(text, separator, .int(-1), &frame)
        },
        Definition("split", [.member(.string, .string, .int, returns: .list(.string))], split),
        Definition("join", [.member(.list(.string), returns: .string)]) { list, frame in join(list, .string(""), &frame) },
        Definition("join", [.member(.list(.string), .string, returns: .string)], join),
    ]

    private static func substring(_ text: String, _ start: Int64, _ end: Int64, _ frame: inout Frame) -> Value? {
        guard frame.spend(text.utf8.count >> 6) else { return nil }
        let count = Int64(text.scalarCount)
        guard start >= 0, start <= count, end >= 0, end <= count else {
            let outside = start < 0 || start > count ? start : end
            return frame.fail(.indexOutOfRange, "the index \(outside) is outside the string of \(count)")
        }
        guard start <= end else {
            return frame.fail(.indexOutOfRange, "the substring ends at \(end), before it starts at \(start)")
        }
        let scalars = text.unicodeScalars
        let first = scalars.index(scalars.startIndex, offsetBy: Int(start))
        let last = scalars.index(first, offsetBy: Int(end - start))
        return .string(String(scalars[first..<last]))
    }

    /// Splits at each separator, into at most `limit` parts where that isn't negative. An empty one splits into code
    /// points.
    private static let split: @Sendable (Value, Value, Value, inout Frame) -> Value? = { text, separator, limit, frame in
        guard case .string(let text) = text, case .string(let separator) = separator, case .int(let limit) = limit else {
            return frame.failNoOverload(text, separator, limit)
        }
        guard frame.spend(text.utf8.count >> 4) else { return nil }
        if limit == 0 { return .list([Value]()) }
        let most = limit < 0 ? Int.max : Int(clamping: limit)
        if separator.isEmpty {
            let scalars = ScalarText(text)
            let count = min(scalars.scalars.count, most)
            guard count > 0 else { return .list([Value]()) }
            var parts = (0..<count - 1).map { Value.string(String(scalars.scalars[$0])) }
            parts.append(.string(scalars.text(count - 1..<scalars.scalars.count)))
            return .list(parts)
        }
        let bytes = Array(text.utf8)
        let wanted = Array(separator.utf8)
        var parts: [Value] = []
        var start = 0
        bytes.withUnsafeBufferPointer { bytes in
            wanted.withUnsafeBufferPointer { wanted in
                while parts.count + 1 < most, let found = TextSearch.first(wanted, in: bytes, from: start) {
                    parts.append(.string(String(decoding: bytes[start..<found], as: UTF8.self)))
                    start = found + wanted.count
                }
            }
        }
        parts.append(.string(String(decoding: bytes[start...], as: UTF8.self)))
        return .list(parts)
    }

    private static let join: @Sendable (Value, Value, inout Frame) -> Value? = { list, separator, frame in
        guard case .list(let elements) = list, case .string(let between) = separator else {
            return frame.failNoOverload(list, separator)
        }
        var result = ""
        for (position, element) in elements.elements.enumerated() {
            guard case .string(let text) = element else { return frame.failNoOverload(list, separator) }
            guard frame.spend(1 + (text.utf8.count + between.utf8.count) >> 6) else { return nil }
            if position > 0 { result += between }
            result += text
        }
        return .string(result)
    }
}
