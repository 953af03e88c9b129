/// Doubles as text, shortest digits that read back the same.
enum NumberText {
    /// The significant digits without zeros at either end, and the place of the point: 0.DIGITS times ten to the
    /// `point`. The number is finite and not zero.
    private static func digits(_ number: Double) -> (digits: [UInt8], point: Int) {
        var digits: [UInt8] = []
        var point = 0
        var exponent = 0
        var seenPoint = false
        let text = Array(number.magnitude.description.utf8)
        for (position, byte) in text.enumerated() {
            if byte == UInt8(ascii: ".") {
                seenPoint = true
            } else if byte == UInt8(ascii: "e") {
                exponent = Int(String(decoding: text[(position + 1)...], as: UTF8.self)) ?? 0
                break
            } else {
                digits.append(byte)
                if !seenPoint { point += 1 }
            }
        }
        let zeros = digits.prefix { $0 == UInt8(ascii: "0") }.count
        digits.removeFirst(zeros)
        point -= zeros
        while digits.last == UInt8(ascii: "0") { digits.removeLast() }
        return (digits, point + exponent)
    }

    private static func text(_ bytes: some Sequence<UInt8>) -> String { String(decoding: Array(bytes), as: UTF8.self) }

    private static func special(_ number: Double) -> String? {
        number.isNaN ? "NaN" : (number.isInfinite ? (number < 0 ? "-Infinity" : "Infinity") : nil)
    }

    /// As `string()` gives it: plain up to 21 digits, else with an exponent such as `e+21`.
    static func general(_ number: Double) -> String {
        if let special = special(number) { return special }
        if number == 0 { return number.sign == .minus ? "-0" : "0" }
        let (digits, point) = digits(number)
        if point > 21 || point < -3 {
            let mantissa = text(digits.prefix(1)) + (digits.count > 1 ? "." + text(digits.dropFirst()) : "")
            let exponent = point - 1
            let padding = exponent.magnitude < 10 ? "0" : ""
            return (number < 0 ? "-" : "") + mantissa + "e" + (exponent < 0 ? "-" : "+") + padding + String(exponent.magnitude)
        }
        return plain(number)
    }

    /// Without an exponent, whatever the size.
    static func plain(_ number: Double) -> String {
        if let special = special(number) { return special }
        if number == 0 { return number.sign == .minus ? "-0" : "0" }
        let (digits, point) = digits(number)
        let sign = number < 0 ? "-" : ""
        if point <= 0 { return sign + "0." + String(repeating: "0", count: -point) + text(digits) }
        if digits.count <= point { return sign + text(digits) + String(repeating: "0", count: point - digits.count) }
        return sign + text(digits.prefix(point)) + "." + text(digits.dropFirst(point))
    }

    /// As ECMAScript and with it RFC 8785 writes it. The number is finite.
    static func json(_ number: Double) -> String {
        if number == 0 { return "0" }
        let (digits, point) = digits(number)
        if point > 21 || point < -5 {
            let mantissa = text(digits.prefix(1)) + (digits.count > 1 ? "." + text(digits.dropFirst()) : "")
            return (number < 0 ? "-" : "") + mantissa + "e" + (point > 0 ? "+" : "-") + String((point - 1).magnitude)
        }
        return plain(number)
    }

    /// A map key as text.
    static func plain(_ key: Value) -> String {
        switch key {
        case .bool(let flag): flag ? "true" : "false"
        case .int(let number): String(number)
        case .uint(let number): String(number)
        case .double(let number): plain(number)
        case .string(let text): text
        default: ""
        }
    }
}
