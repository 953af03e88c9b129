/// `charAt`, `indexOf`, `join`, `replace`, `split`, ... Positions count code points.
enum StringsLibrary {
    static let definitions: [Definition] =
        searching + parts + [
            Definition("lowerAscii", [.member(.string, returns: .string)]) { value, frame in
                mapBytes(value, &frame) { $0 >= 65 && $0 <= 90 ? $0 + 32 : $0 }
            },
            Definition("upperAscii", [.member(.string, returns: .string)]) { value, frame in
                mapBytes(value, &frame) { $0 >= 97 && $0 <= 122 ? $0 - 32 : $0 }
            },
            Definition("trim", [.member(.string, returns: .string)]) { value, frame in
                guard case .string(let text) = value else { return frame.failNoOverload(value) }
                let scalars = text.unicodeScalars
                guard let first = scalars.firstIndex(where: { !$0.properties.isWhitespace }),
                    let last = scalars.lastIndex(where: { !$0.properties.isWhitespace })
                else { return .string("") }
                return .string(String(scalars[first...last]))
            },
            Definition("reverse", [.member(.string, returns: .string)], reverse),
            Definition("strings.quote", [.global(.string, returns: .string)]) { value, frame in
                guard case .string(let text) = value else { return frame.failNoOverload(value) }
                guard frame.spend(text.utf8.count >> 6) else { return nil }
                return .string(quoted(text))
            },
            Definition("format", [.member(.string, .list(.dyn), returns: .string)]) { value, arguments, frame in
                guard case .string(let text) = value, case .list(let list) = arguments else {
                    return frame.failNoOverload(value, arguments)
                }
                guard frame.spend(text.utf8.count >> 6 + list.count) else { return nil }
                return Formatter(template: text, arguments: list.elements).run(&frame)
            },
        ]

    private static func mapBytes(_ value: Value, _ frame: inout Frame, _ change: (UInt8) -> UInt8) -> Value? {
        guard case .string(let text) = value else { return frame.failNoOverload(value) }
        guard frame.spend(text.utf8.count >> 6) else { return nil }
        return .string(String(decoding: text.utf8.map(change), as: UTF8.self))
    }

    static let reverse: @Sendable (Value, inout Frame) -> Value? = { value, frame in
        guard case .string(let text) = value else { return frame.failNoOverload(value) }
        guard frame.spend(text.utf8.count >> 5) else { return nil }
        var result = String.UnicodeScalarView()
        result.append(contentsOf: text.unicodeScalars.reversed())
        return .string(String(result))
    }

    private static let escapes: [Unicode.Scalar: String] = [
        "\u{07}": "\\a", "\u{08}": "\\b", "\u{0C}": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\u{0B}": "\\v",
        "\\": "\\\\", "\"": "\\\"",
    ]

    /// A byte string as a literal: what isn't printable ASCII as `\\x`.
    static func quoted(_ bytes: [UInt8]) -> String {
        var result = "\""
        for byte in bytes {
            switch byte {
            case 0x22, 0x5C: result += "\\" + String(Unicode.Scalar(byte))
            case 0x20..<0x7F: result.unicodeScalars.append(Unicode.Scalar(byte))
            default: result += (byte < 16 ? "\\x0" : "\\x") + String(byte, radix: 16)
            }
        }
        return result + "\""
    }

    static func quoted(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if let escape = escapes[scalar] { result.append(contentsOf: escape.unicodeScalars) } else { result.append(scalar) }
        }
        return "\"" + String(result) + "\""
    }
}

/// A text as code points: bytes while they are all ASCII, which is nearly always.
struct ScalarText {
    let scalars: [Unicode.Scalar]

    init(_ text: String) { scalars = Array(text.unicodeScalars) }

    func text(_ range: Range<Int>) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars[range])
        return String(view)
    }
}
