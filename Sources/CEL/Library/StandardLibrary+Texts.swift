extension StandardLibrary {
    static let texts: [Definition] = [
        Definition(
            "size",
            [.string, .bytes, .list(.parameter("A")), .map(.parameter("A"), .parameter("B"))].flatMap { type in
                [Signature.global(type, returns: .int), .member(type, returns: .int)]
            }, size),
        predicate("contains", TextSearch.contains),
        predicate("startsWith") { text, part in
            text.count >= part.count && text.prefix(part.count).elementsEqual(part)
        },
        predicate("endsWith") { text, part in
            text.count >= part.count && text.suffix(part.count).elementsEqual(part)
        },
        Definition("matches", [.global(.string, .string, returns: .bool), .member(.string, .string, returns: .bool)], matches),
    ]

    private static func predicate(
        _ name: String, _ holds: @escaping @Sendable (UnsafeBufferPointer<UInt8>, UnsafeBufferPointer<UInt8>) -> Bool
    ) -> Definition {
        Definition(name, [.member(.string, .string, returns: .bool)]) { text, part, frame in
            guard case .string(let text) = text, case .string(let part) = part else { return frame.failNoOverload(text, part) }
            guard frame.spend(text.utf8.count >> 6) else { return nil }
            return .bool(withBytes(text) { text in withBytes(part) { holds(text, $0) } })
        }
    }

    private static let size: @Sendable (Value, inout Frame) -> Value? = { value, frame in
        switch value {
        case .string(let text): .int(Int64(text.scalarCount))
        case .bytes(let bytes): .int(Int64(bytes.count))
        case .list(let list): .int(Int64(list.count))
        case .map(let map): .int(Int64(map.count))
        default: frame.failNoOverload(value)
        }
    }

    private static let matches: @Sendable (Value, Value, inout Frame) -> Value? = { text, pattern, frame in
        guard case .string(let text) = text, case .string(let pattern) = pattern else {
            return frame.failNoOverload(text, pattern)
        }
        // A pattern that isn't constant is compiled each time, at a cost that grows with it.
        guard frame.spend(pattern.utf8.count) else { return nil }
        do throws(RegexError) {
            let regex = try Regex(pattern, isReused: false)
            guard frame.spend(regex.cost(text.utf8.count)) else { return nil }
            return .bool(regex.matches(text))
        } catch {
            return frame.fail(.invalidArgument, error.message)
        }
    }
}

/// Searches in UTF-8.
enum TextSearch {
    /// Whether one run of bytes is in another.
    static func contains(_ text: UnsafeBufferPointer<UInt8>, _ part: UnsafeBufferPointer<UInt8>) -> Bool {
        first(part, in: text, from: 0) != nil
    }

    /// The offset of the first occurrence from an offset on. Takes time linear in the text for what people write, and
    /// the product of the lengths at worst.
    static func first(_ part: UnsafeBufferPointer<UInt8>, in text: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
        guard let first = part.first, let textBase = text.baseAddress, let partBase = part.baseAddress else {
            return part.isEmpty && start <= text.count ? start : nil
        }
        var offset = start
        while offset &+ part.count <= text.count {
            if textBase[offset] == first, sameBytes(textBase + offset, partBase, part.count) { return offset }
            offset &+= 1
        }
        return nil
    }
}
