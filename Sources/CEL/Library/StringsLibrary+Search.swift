extension StringsLibrary {
    static let searching: [Definition] = [
        Definition("indexOf", [.member(.string, .string, returns: .int)]) { text, part, frame in
            search(text, part, .int(0), &frame, last: false)
        },
        Definition("indexOf", [.member(.string, .string, .int, returns: .int)]) { text, part, offset, frame in
            search(text, part, offset, &frame, last: false)
        },
        Definition("lastIndexOf", [.member(.string, .string, returns: .int)]) { text, part, frame in
            search(text, part, nil, &frame, last: true)
        },
        Definition("lastIndexOf", [.member(.string, .string, .int, returns: .int)]) { text, part, offset, frame in
            search(text, part, offset, &frame, last: true)
        },
        Definition("replace", [.member(.string, .string, .string, returns: .string)]) { text, old, new, frame in
            replace(text, old, new, .int(-1), &frame)
        },
        Definition(
            "replace", [.member(.string, .string, .string, .int, returns: .string)]
        ) { (arguments: [Value], frame: inout Frame) in
            replace(arguments[0], arguments[1], arguments[2], arguments[3], &frame)
        },
    ]

    /// The position of the first occurrence at `offset` or after, or of the last at `offset` or before; -1 for none.
    private static func search(
        _ text: Value, _ part: Value, _ offset: Value?, _ frame: inout Frame, last: Bool
    ) -> Value? {
        guard case .string(let text) = text, case .string(let part) = part else { return frame.failNoOverload(text, part) }
        let scalars = Array(text.unicodeScalars)
        let wanted = Array(part.unicodeScalars)
        guard frame.spend((scalars.count + wanted.count) >> 4) else { return nil }
        var start = last ? scalars.count : 0
        if let offset {
            guard case .int(let given) = offset else { return frame.failNoOverload(.string(text), .string(part), offset) }
            guard given >= 0, given <= Int64(scalars.count) else {
                return frame.fail(.indexOutOfRange, "the index \(given) is outside the string of \(scalars.count)")
            }
            start = Int(given)
        }
        let end = scalars.count - wanted.count
        guard end >= 0 else { return .int(-1) }
        var position = last ? min(start, end) : start
        while position >= 0, position <= end {
            if scalars[position..<position + wanted.count].elementsEqual(wanted) { return .int(Int64(position)) }
            guard frame.spend(wanted.count >> 10) else { return nil }
            position += last ? -1 : 1
        }
        return .int(-1)
    }

    /// Replaces up to `limit` occurrences, all where that is negative. An empty one is before every code point and at the
    /// end.
    private static func replace(
        _ text: Value, _ old: Value, _ new: Value, _ limit: Value, _ frame: inout Frame
    ) -> Value? {
        guard case .string(let text) = text, case .string(let old) = old, case .string(let new) = new,
            case .int(let limit) = limit
        else { return frame.failNoOverload([text, old, new, limit]) }
        var left = limit < 0 ? Int64.max : limit
        let bytes = Array(text.utf8)
        let wanted = Array(old.utf8)
        guard frame.spend((bytes.count + new.utf8.count) >> 5) else { return nil }
        var result: [UInt8] = []
        var position = 0
        while position <= bytes.count {
            let isBoundary = position == bytes.count || bytes[position] & 0xC0 != 0x80
            if left > 0, isBoundary, bytes[position...].starts(with: wanted) {
                guard frame.spend(new.utf8.count >> 6) else { return nil }
                result.append(contentsOf: new.utf8)
                left -= 1
                if !wanted.isEmpty {
                    position += wanted.count
                    continue
                }
            }
            if position < bytes.count { result.append(bytes[position]) }
            position += 1
        }
        return .string(String(decoding: result, as: UTF8.self))
    }
}
