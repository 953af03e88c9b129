import Synchronization

extension ScalarSet {
    private static let cache = Mutex<[String: ScalarSet]>([:])

    /// A class by its name in Unicode: a general category such as `L` or `Nd`, a script such as `Greek`, or `Any`.
    static func unicode(_ name: String) -> ScalarSet? {
        if name == "Any" { return any }
        if let ranges = scripts[name] { return ScalarSet(ranges) }
        guard let categories = categories(name) else { return nil }
        if let known = cache.withLock({ $0[name] }) { return known }
        let set = ofCategories(categories)
        cache.withLock { $0[name] = set }
        return set
    }

    /// A class of POSIX, such as `alpha`.
    static func posix(_ name: String) -> ScalarSet? { posixClasses[name].map { ScalarSet($0) } }

    private static let posixClasses: [String: [ClosedRange<UInt32>]] = [
        "alnum": [48...57, 65...90, 97...122], "alpha": [65...90, 97...122], "ascii": [0...127], "blank": [9...9, 32...32],
        "cntrl": [0...31, 127...127], "digit": [48...57], "graph": [33...126], "lower": [97...122], "print": [32...126],
        "punct": [33...47, 58...64, 91...96, 123...126], "space": [9...13, 32...32], "upper": [65...90],
        "word": [48...57, 65...90, 95...95, 97...122], "xdigit": [48...57, 65...70, 97...102],
    ]

    private static func categories(_ name: String) -> Set<Unicode.GeneralCategory>? {
        if let one = oneCategory[name] { return [one] }
        let group = oneCategory.filter { $0.key.hasPrefix(name) }.map(\.value)
        return name.count == 1 && !group.isEmpty ? Set(group) : nil
    }

    private static let oneCategory: [String: Unicode.GeneralCategory] = [
        "Lu": .uppercaseLetter, "Ll": .lowercaseLetter, "Lt": .titlecaseLetter, "Lm": .modifierLetter, "Lo": .otherLetter,
        "Mn": .nonspacingMark, "Mc": .spacingMark, "Me": .enclosingMark, "Nd": .decimalNumber, "Nl": .letterNumber,
        "No": .otherNumber, "Pc": .connectorPunctuation, "Pd": .dashPunctuation, "Ps": .openPunctuation,
        "Pe": .closePunctuation, "Pi": .initialPunctuation, "Pf": .finalPunctuation, "Po": .otherPunctuation,
        "Sm": .mathSymbol, "Sc": .currencySymbol, "Sk": .modifierSymbol, "So": .otherSymbol, "Zs": .spaceSeparator,
        "Zl": .lineSeparator, "Zp": .paragraphSeparator, "Cc": .control, "Cf": .format, "Co": .privateUse,
        "Cs": .surrogate,
    ]

    private static func ofCategories(_ wanted: Set<Unicode.GeneralCategory>) -> ScalarSet {
        var ranges: [ClosedRange<UInt32>] = []
        // Between these and the private planes nothing is assigned.
        for block: ClosedRange<UInt32> in [0...0xD7FF, 0xE000...0x33FFF, 0xE0000...0xE01FF] {
            var start: UInt32?
            for code in block {
                let isIn = Unicode.Scalar(code).map { wanted.contains($0.properties.generalCategory) } ?? false
                if isIn, start == nil { start = code }
                if !isIn, let first = start {
                    ranges.append(first...code - 1)
                    start = nil
                }
            }
            if let first = start { ranges.append(first...block.upperBound) }
        }
        if wanted.contains(.privateUse) { ranges += [0xF0000...0xFFFFD, 0x100000...0x10FFFD] }
        return ScalarSet(ranges)
    }

    /// The scripts people write patterns for, by their blocks: letters, marks and digits of the script, assigned or not.
    private static let scripts: [String: [ClosedRange<UInt32>]] = [
        "Latin": [
            0x41...0x5A, 0x61...0x7A, 0xAA...0xAA, 0xBA...0xBA, 0xC0...0xD6, 0xD8...0xF6, 0xF8...0x2B8, 0x2E0...0x2E4,
            0x1D00...0x1D25, 0x1D2C...0x1D5C, 0x1D62...0x1D65, 0x1D6B...0x1D77, 0x1D79...0x1DBE, 0x1E00...0x1EFF,
            0x2071...0x2071, 0x207F...0x207F, 0x2090...0x209C, 0x212A...0x212B, 0x2132...0x2132, 0x214E...0x214E,
            0x2160...0x2188, 0x2C60...0x2C7F, 0xA722...0xA787, 0xA78B...0xA7FF, 0xAB30...0xAB5A, 0xAB5C...0xAB64,
            0xFB00...0xFB06, 0xFF21...0xFF3A, 0xFF41...0xFF5A,
        ],
        "Greek": [
            0x370...0x373, 0x375...0x377, 0x37A...0x37D, 0x37F...0x37F, 0x384...0x384, 0x386...0x386, 0x388...0x3E1,
            0x3F0...0x3FF, 0x1D26...0x1D2A, 0x1F00...0x1FFE, 0x2126...0x2126,
        ],
        "Cyrillic": [0x400...0x484, 0x487...0x52F, 0x1C80...0x1C8A, 0x1D2B...0x1D2B, 0x2DE0...0x2DFF, 0xA640...0xA69F],
        "Armenian": [0x531...0x556, 0x559...0x58A, 0x58D...0x58F, 0xFB13...0xFB17],
        "Hebrew": [0x591...0x5C7, 0x5D0...0x5EA, 0x5EF...0x5F4, 0xFB1D...0xFB4F],
        "Arabic": [
            0x600...0x604, 0x606...0x60B, 0x60D...0x61A, 0x61C...0x61E, 0x620...0x63F, 0x641...0x64A, 0x656...0x66F,
            0x671...0x6DC, 0x6DE...0x6FF, 0x750...0x77F, 0x870...0x88E, 0x8A0...0x8E1, 0x8E3...0x8FF, 0xFB50...0xFDFF,
            0xFE70...0xFEFC,
        ],
        "Devanagari": [0x900...0x950, 0x955...0x963, 0x966...0x97F, 0xA8E0...0xA8FF],
        "Bengali": [0x980...0x9FE], "Tamil": [0xB82...0xBFA], "Telugu": [0xC00...0xC7F],
        "Thai": [0xE01...0xE3A, 0xE40...0xE5B], "Lao": [0xE81...0xEDF], "Tibetan": [0xF00...0xFD4, 0xFD9...0xFDA],
        "Georgian": [
            0x10A0...0x10C5, 0x10C7...0x10C7, 0x10CD...0x10CD, 0x10D0...0x10FA, 0x10FC...0x10FF, 0x1C90...0x1CBF, 0x2D00...0x2D2D,
        ],
        "Hangul": [
            0x1100...0x11FF, 0x302E...0x302F, 0x3131...0x318E, 0x3200...0x321E, 0x3260...0x327E, 0xA960...0xA97C,
            0xAC00...0xD7A3, 0xD7B0...0xD7FB, 0xFFA0...0xFFDC,
        ],
        "Hiragana": [0x3041...0x3096, 0x309D...0x309F, 0x1B001...0x1B11F, 0x1F200...0x1F200],
        "Katakana": [
            0x30A1...0x30FA, 0x30FD...0x30FF, 0x31F0...0x31FF, 0x32D0...0x32FE, 0x3300...0x3357, 0xFF66...0xFF6F,
            0xFF71...0xFF9D,
        ],
        "Han": [
            0x2E80...0x2E99, 0x2E9B...0x2EF3, 0x2F00...0x2FD5, 0x3005...0x3005, 0x3007...0x3007, 0x3021...0x3029,
            0x3038...0x303B, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xF900...0xFA6D, 0xFA70...0xFAD9, 0x20000...0x2A6DF,
            0x2A700...0x2EBE0, 0x2F800...0x2FA1D, 0x30000...0x323AF,
        ],
        "Ethiopic": [0x1200...0x1399, 0x2D80...0x2DDE, 0xAB01...0xAB2E], "Khmer": [0x1780...0x17F9, 0x19E0...0x19FF],
        "Mongolian": [0x1800...0x1801, 0x1804...0x1804, 0x1806...0x18AA],
    ]
}
