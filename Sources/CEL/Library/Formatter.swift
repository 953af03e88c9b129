/// `format`: a text with clauses such as `%s`, `%d` and `%.2f`.
struct Formatter {
    let template: String
    let arguments: [Value]

    func run(_ frame: inout Frame) -> Value? {
        var result = ""
        var used = 0
        var rest = template.unicodeScalars[...]
        while let percent = rest.firstIndex(of: "%") {
            result += String(rest[..<percent])
            rest = rest[rest.index(after: percent)...]
            if rest.first == "%" {
                result += "%"
                rest.removeFirst()
                continue
            }
            var precision: Int?
            if rest.first == "." {
                rest.removeFirst()
                let digits = rest.prefix { $0 >= "0" && $0 <= "9" }
                guard let number = Int(String(digits)), number <= 1000 else {
                    return frame.fail(.invalidArgument, "the precision of a clause must be a number up to 1000")
                }
                precision = number
                rest = rest[digits.endIndex...]
            }
            guard let clause = rest.popFirst() else { return frame.fail(.invalidArgument, "the format ends within a clause") }
            guard used < arguments.count else {
                return frame.fail(.invalidArgument, "the format has more clauses than the \(arguments.count) arguments")
            }
            guard let text = format(arguments[used], clause, precision, &frame) else { return nil }
            guard frame.spend(1 + text.utf8.count >> 6) else { return nil }
            used += 1
            result += text
        }
        return .string(result + String(rest))
    }

    private func format(_ value: Value, _ clause: Unicode.Scalar, _ precision: Int?, _ frame: inout Frame) -> String? {
        let text: String?
        switch clause {
        case "s": text = Self.text(value)
        case "d": text = decimal(value)
        case "f": text = float(value, "f", precision ?? 6)
        case "e": text = float(value, "e", precision ?? 6)
        case "b": text = radix(value, 2)
        case "o": text = radix(value, 8)
        case "x": text = hexadecimal(value)
        case "X": text = hexadecimal(value)?.uppercased()
        default:
            _ = frame.fail(.invalidArgument, "the format has an unknown clause `%\(clause)`")
            return nil
        }
        if text == nil {
            _ = frame.fail(.invalidArgument, "the clause `%\(clause)` does not take `\(value.typeValue.name)`")
        }
        return text
    }

    /// A value as `%s` shows it; nil for what it doesn't take.
    static func text(_ value: Value) -> String? {
        switch value {
        case .null: return "null"
        case .bool(let flag): return flag ? "true" : "false"
        case .int(let number): return String(number)
        case .uint(let number): return String(number)
        case .double(let number): return NumberText.plain(number)
        case .string(let text): return text
        case .bytes(let bytes): return String(decoding: bytes.storage, as: UTF8.self)
        case .timestamp(let moment): return moment.description
        case .duration(let span): return span.description
        case .type(let type): return type.name
        case .network(let network): return network.description
        case .optional: return nil
        case .list(let list):
            var parts: [String] = []
            for element in list.elements {
                guard let part = text(element) else { return nil }
                parts.append(part)
            }
            return "[" + parts.joined(separator: ", ") + "]"
        case .map(let map):
            var parts: [(key: String, value: String)] = []
            for entry in map.entries {
                guard let key = text(entry.key), let value = text(entry.value) else { return nil }
                parts.append((key, value))
            }
            parts.sort { textPrecedes($0.key, $1.key) }
            return "{" + parts.map { "\($0.key): \($0.value)" }.joined(separator: ", ") + "}"
        }
    }

    private func special(_ number: Double) -> String? { number.isFinite ? nil : NumberText.plain(number) }

    private func decimal(_ value: Value) -> String? {
        switch value {
        case .int(let number): String(number)
        case .uint(let number): String(number)
        case .double(let number): special(number)
        default: nil
        }
    }

    private func float(_ value: Value, _ conversion: Character, _ precision: Int) -> String? {
        guard let number = value.doubleValue else { return nil }
        return special(number) ?? Platform.format(number, conversion: conversion, precision: precision)
    }

    private func radix(_ value: Value, _ radix: Int) -> String? {
        switch value {
        case .int(let number): String(number, radix: radix)
        case .uint(let number): String(number, radix: radix)
        case .bool(let flag) where radix == 2: flag ? "1" : "0"
        default: nil
        }
    }

    private func hexadecimal(_ value: Value) -> String? {
        func hex(_ bytes: some Sequence<UInt8>) -> String {
            bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        }
        return switch value {
        case .string(let text): hex(text.utf8)
        case .bytes(let bytes): hex(bytes.storage)
        default: radix(value, 16)
        }
    }
}
