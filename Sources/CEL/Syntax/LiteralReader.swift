/// Reads the values of literals.
enum LiteralReader {
    /// An int, with the sign that stands before it; nil where it is out of range.
    static func int(_ text: String, negative: Bool) -> Int64? {
        guard let magnitude = magnitude(text) else { return nil }
        if negative {
            return magnitude <= UInt64(Int64.max) + 1 ? Int64(truncatingIfNeeded: 0 &- magnitude) : nil
        }
        return Int64(exactly: magnitude)
    }

    /// A uint, written with its suffix; nil where it is out of range.
    static func uint(_ text: String) -> UInt64? { magnitude(String(text.dropLast())) }

    private static func magnitude(_ text: String) -> UInt64? {
        text.hasPrefix("0x") || text.hasPrefix("0X") ? UInt64(text.dropFirst(2), radix: 16) : UInt64(text)
    }

    /// A string or bytes literal with prefix and quotes; an issue where an escape is wrong.
    static func string(_ bytes: ArraySlice<UInt8>, isBytes: Bool) -> Result<[UInt8], Issue> {
        var bytes = bytes
        let base = bytes.startIndex
        var raw = false
        while let first = bytes.first, first != UInt8(ascii: "\""), first != UInt8(ascii: "'") {
            if first | 0x20 == UInt8(ascii: "r") { raw = true }
            bytes.removeFirst()
        }
        let width = bytes.count >= 6 && bytes.prefix(3).allSatisfy { $0 == bytes.first } ? 3 : 1
        bytes = bytes.dropFirst(width).dropLast(width)
        if raw || !bytes.contains(UInt8(ascii: "\\")) { return .success(Array(bytes)) }
        var output: [UInt8] = []
        output.reserveCapacity(bytes.count)
        while let byte = bytes.first {
            bytes.removeFirst()
            if byte != UInt8(ascii: "\\") {
                output.append(byte)
                continue
            }
            let at = bytes.startIndex - 1
            guard let escape = escape(&bytes, isBytes: isBytes) else {
                let end = max(bytes.startIndex, base)
                return .failure(Issue(.literal, SourceRange(at, min(end, at + 10)), "the escape sequence is not valid"))
            }
            output.append(contentsOf: escape)
        }
        return .success(output)
    }

    private static let simple: [UInt8: UInt8] = [
        UInt8(ascii: "a"): 7, UInt8(ascii: "b"): 8, UInt8(ascii: "f"): 12, UInt8(ascii: "n"): 10, UInt8(ascii: "r"): 13,
        UInt8(ascii: "t"): 9, UInt8(ascii: "v"): 11, UInt8(ascii: "\\"): 0x5C, UInt8(ascii: "?"): 0x3F,
        UInt8(ascii: "\""): 0x22, UInt8(ascii: "'"): 0x27, UInt8(ascii: "`"): 0x60,
    ]

    /// The bytes that an escape stands for; the backslash is read already.
    private static func escape(_ bytes: inout ArraySlice<UInt8>, isBytes: Bool) -> [UInt8]? {
        guard let kind = bytes.popFirst() else { return nil }
        if let byte = simple[kind] { return [byte] }
        var code: UInt32 = 0
        func read(_ count: Int) -> Bool {
            for _ in 0..<count {
                guard let digit = bytes.popFirst().flatMap(hexDigit) else { return false }
                code = code << 4 | digit
            }
            return true
        }
        switch kind {
        case UInt8(ascii: "x"), UInt8(ascii: "X"):
            guard read(2) else { return nil }
            return isBytes ? [UInt8(truncatingIfNeeded: code)] : utf8(code)
        case UInt8(ascii: "u"): return !isBytes && read(4) ? utf8(code) : nil
        case UInt8(ascii: "U"): return !isBytes && read(8) ? utf8(code) : nil
        case UInt8(ascii: "0")...UInt8(ascii: "3"):
            code = UInt32(kind - UInt8(ascii: "0"))
            for _ in 0..<2 {
                guard let digit = bytes.popFirst().flatMap(decimalDigit), digit < 8 else { return nil }
                code = code << 3 | UInt32(digit)
            }
            return isBytes ? [UInt8(truncatingIfNeeded: code)] : utf8(code)
        default: return nil
        }
    }

    private static func utf8(_ code: UInt32) -> [UInt8]? { Unicode.Scalar(code).map { Array(String($0).utf8) } }
}
