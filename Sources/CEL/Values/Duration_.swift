/// A span of time in whole nanoseconds: about 292 years either way.
///
/// The underscore keeps it apart from the standard library's `Duration`, which files that import this module use too.
public struct Duration_: Sendable, Hashable, Comparable {
    /// The span in nanoseconds.
    public let nanoseconds: Int64

    /// A span of so many nanoseconds.
    public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

    /// A span of seconds and nanoseconds, or nil where it is out of range.
    public init?(seconds: Int64, nanos: Int64 = 0) {
        let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        let (sum, overflow2) = whole.addingReportingOverflow(nanos)
        if overflow || overflow2 { return nil }
        nanoseconds = sum
    }

    public static func < (a: Duration_, b: Duration_) -> Bool { a.nanoseconds < b.nanoseconds }

    /// The whole seconds, cut towards zero.
    public var seconds: Int64 { nanoseconds / 1_000_000_000 }
}

extension Duration_: CustomStringConvertible {
    /// The seconds in decimal with an `s`, such as `1.5s`.
    public var description: String {
        let magnitude = nanoseconds.magnitude
        let sign = nanoseconds < 0 ? "-" : ""
        return sign + String(magnitude / 1_000_000_000) + fraction(magnitude % 1_000_000_000) + "s"
    }
}

/// The decimals of a second: empty or a point and up to nine digits, no zeros at the end.
func fraction(_ nanos: UInt64) -> String {
    if nanos == 0 { return "" }
    var digits = String(nanos)
    digits = "." + String(repeating: "0", count: 9 - digits.count) + digits
    while digits.hasSuffix("0") { digits.removeLast() }
    return digits
}

extension Duration_ {
    /// Reads numbers with units, such as `1h30m`, `-1.5s` or `20ms`; nil where the text isn't that or is out of range.
    public init?(parsing text: String) {
        var bytes = Array(text.utf8)[...]
        var negative = false
        if let sign = bytes.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
            negative = sign == UInt8(ascii: "-")
            bytes.removeFirst()
        }
        if bytes.elementsEqual("0".utf8) {
            self.init(nanoseconds: 0)
            return
        }
        guard !bytes.isEmpty else { return nil }
        var total: UInt64 = 0
        while !bytes.isEmpty {
            guard let part = Self.readPart(&bytes) else { return nil }
            let (sum, overflow) = total.addingReportingOverflow(part)
            if overflow { return nil }
            total = sum
        }
        if negative {
            guard total <= UInt64(Int64.max) + 1 else { return nil }
            self.init(nanoseconds: Int64(truncatingIfNeeded: 0 &- total))
        } else {
            guard let value = Int64(exactly: total) else { return nil }
            self.init(nanoseconds: value)
        }
    }

    /// Reads a number and its unit, in nanoseconds.
    private static func readPart(_ bytes: inout ArraySlice<UInt8>) -> UInt64? {
        var whole: UInt64 = 0
        var digits = 0
        while let digit = bytes.first.flatMap(decimalDigit) {
            let (product, overflow) = whole.multipliedReportingOverflow(by: 10)
            let (sum, overflow2) = product.addingReportingOverflow(digit)
            if overflow || overflow2 { return nil }
            whole = sum
            digits += 1
            bytes.removeFirst()
        }
        var decimals: [UInt64] = []
        if bytes.first == UInt8(ascii: ".") {
            bytes.removeFirst()
            while let digit = bytes.first.flatMap(decimalDigit) {
                decimals.append(digit)
                bytes.removeFirst()
            }
        }
        guard digits + decimals.count > 0 else { return nil }
        let name = bytes.prefix { decimalDigit($0) == nil && $0 != UInt8(ascii: ".") }
        guard let unit = units[String(decoding: name, as: UTF8.self)] else { return nil }
        bytes.removeFirst(name.count)
        let (product, overflow) = whole.multipliedReportingOverflow(by: unit)
        if overflow { return nil }
        var scale = unit
        var part: UInt64 = 0
        for digit in decimals {
            // What is cut off here is less than a nanosecond: every unit but the nanosecond is a multiple of ten.
            if scale % 10 == 0 {
                scale /= 10
                part += digit * scale
            } else {
                part += digit * scale / 10
                break
            }
        }
        let (sum, overflow2) = product.addingReportingOverflow(part)
        return overflow2 ? nil : sum
    }

    private static let units: [String: UInt64] = [
        "ns": 1, "us": 1000, "µs": 1000, "μs": 1000, "ms": 1_000_000, "s": 1_000_000_000, "m": 60_000_000_000,
        "h": 3_600_000_000_000,
    ]
}

/// The value of an ASCII digit.
func decimalDigit(_ byte: UInt8) -> UInt64? {
    byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") ? UInt64(byte - UInt8(ascii: "0")) : nil
}
