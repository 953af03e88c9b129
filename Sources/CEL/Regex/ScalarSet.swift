/// A set of code points as ordered ranges that don't touch.
struct ScalarSet: Sendable, Hashable {
    private(set) var ranges: [ClosedRange<UInt32>] = []

    static let maximum: UInt32 = 0x10FFFF

    init() {}

    init(_ ranges: [ClosedRange<UInt32>]) { self.ranges = Self.normalized(ranges) }

    init(_ scalar: UInt32) { ranges = [scalar...scalar] }

    private static func normalized(_ ranges: [ClosedRange<UInt32>]) -> [ClosedRange<UInt32>] {
        var result: [ClosedRange<UInt32>] = []
        for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if let last = result.last, range.lowerBound <= last.upperBound || range.lowerBound - last.upperBound == 1 {
                result[result.count - 1] = last.lowerBound...max(last.upperBound, range.upperBound)
            } else {
                result.append(range)
            }
        }
        return result
    }

    mutating func formUnion(_ other: ScalarSet) { ranges = Self.normalized(ranges + other.ranges) }

    /// Every code point that isn't in this set.
    var inverted: ScalarSet {
        var result: [ClosedRange<UInt32>] = []
        var next: UInt32 = 0
        for range in ranges {
            if range.lowerBound > next { result.append(next...range.lowerBound - 1) }
            next = range.upperBound + 1
        }
        if next <= Self.maximum { result.append(next...Self.maximum) }
        var set = ScalarSet()
        set.ranges = result
        return set
    }

    func contains(_ scalar: UInt32) -> Bool {
        var low = 0
        var high = ranges.count
        while low < high {
            let middle = (low + high) / 2
            if ranges[middle].upperBound < scalar { low = middle + 1 } else { high = middle }
        }
        return low < ranges.count && ranges[low].contains(scalar)
    }
}

extension ScalarSet {
    static let digits = ScalarSet([48...57])
    static let word = ScalarSet([48...57, 65...90, 95...95, 97...122])
    static let space = ScalarSet([9...10, 12...13, 32...32])
    static let any = ScalarSet([0...maximum])
    static let notNewline = ScalarSet([0...9, 11...maximum])

    /// The parts of Unicode in which letters have cases.
    private static let cased: [ClosedRange<UInt32>] = [
        0x41...0x5A, 0x61...0x7A, 0xB5...0xB5, 0xC0...0x58F, 0x10A0...0x10FF, 0x13A0...0x13FD, 0x1C80...0x1CBF,
        0x1D79...0x1D8E, 0x1E00...0x1FFF, 0x2126...0x218F, 0x24B6...0x24E9, 0x2C00...0x2D2D, 0xA640...0xA69B,
        0xA722...0xA7F6, 0xAB53...0xABBF, 0xFF21...0xFF5A, 0x10400...0x104FB, 0x10570...0x105BC, 0x10C80...0x10CF2,
        0x118A0...0x118DF, 0x16E40...0x16E7F, 0x1E900...0x1E943,
    ]

    /// This set with what its letters are in the other case.
    var caseFolded: ScalarSet {
        var added: [ClosedRange<UInt32>] = []
        for range in ranges {
            for part in Self.cased where part.overlaps(range) {
                for code in part.clamped(to: range) { Self.addCases(of: code, to: &added) }
            }
        }
        var set = self
        set.ranges = Self.normalized(ranges + added)
        return set
    }

    /// Adds what maps to the same letter: upper, lower, and the few letters that share a capital.
    private static func addCases(of code: UInt32, to ranges: inout [ClosedRange<UInt32>]) {
        guard let scalar = Unicode.Scalar(code) else { return }
        func single(_ text: String) -> UInt32? { text.unicodeScalars.count == 1 ? text.unicodeScalars.first?.value : nil }
        let upper = single(scalar.properties.uppercaseMapping) ?? code
        let lower = single(scalar.properties.lowercaseMapping) ?? code
        for variant in [upper, lower] where variant != code { ranges.append(variant...variant) }
        if let capital = Unicode.Scalar(upper), let small = single(capital.properties.lowercaseMapping) {
            ranges.append(small...small)
        }
        for group in sharedCapitals where group.contains(code) {
            for variant in group { ranges.append(variant...variant) }
        }
    }

    /// Letters that are one when case doesn't count, beyond pairs: K and the Kelvin sign, s and the long s, ...
    private static let sharedCapitals: [[UInt32]] = [
        [0x4B, 0x6B, 0x212A], [0x53, 0x73, 0x17F], [0xC5, 0xE5, 0x212B], [0xB5, 0x39C, 0x3BC], [0x3A9, 0x3C9, 0x2126],
        [0x398, 0x3B8, 0x3D1, 0x3F4], [0x3A3, 0x3C3, 0x3C2], [0x392, 0x3B2, 0x3D0], [0x395, 0x3B5, 0x3F5],
        [0x39A, 0x3BA, 0x3F0], [0x3A0, 0x3C0, 0x3D6], [0x3A1, 0x3C1, 0x3F1], [0x3A6, 0x3C6, 0x3D5],
        [0x399, 0x3B9, 0x345, 0x1FBE], [0x1E60, 0x1E61, 0x1E9B], [0x1C4, 0x1C5, 0x1C6], [0x1C7, 0x1C8, 0x1C9],
        [0x1CA, 0x1CB, 0x1CC], [0x1F1, 0x1F2, 0x1F3], [0xDF, 0x1E9E],
    ]
}
