/// A TrueType font as a PDF needs it: which glyph a character has, how wide it is, and the file itself.
struct PDFFont {
    let name: String
    let file: [UInt8]
    let unitsPerEm: Int
    let ascent: Int
    let descent: Int
    let box: [Int]
    private let glyphs: [UInt32: Int]
    private let advances: [Int]

    /// The glyph for what the font has no glyph for.
    private let replacement: Int

    /// `nil` if the bytes are no TrueType font with a Unicode table of format 4.
    init?(name: String, base64: String) {
        guard let file = Digests.fromBase64(base64) else { return nil }
        let reader = Reader(bytes: file)
        var tables: [String: Int] = [:]
        for index in 0..<reader.short(4) {
            let entry = 12 + index * 16
            guard entry + 16 <= file.count else { return nil }
            tables[String(decoding: file[entry..<entry + 4], as: UTF8.self)] = reader.long(entry + 8)
        }
        guard let head = tables["head"], let hhea = tables["hhea"], let hmtx = tables["hmtx"], let cmap = tables["cmap"] else { return nil }
        self.name = name
        self.file = file
        unitsPerEm = max(1, reader.short(head + 18))
        box = (0..<4).map { reader.signed(head + 36 + $0 * 2) }
        ascent = reader.signed(hhea + 4)
        descent = reader.signed(hhea + 6)
        advances = (0..<reader.short(hhea + 34)).map { reader.short(hmtx + $0 * 4) }
        glyphs = Self.glyphs(reader, cmap: cmap)
        replacement = glyphs[0xFFFD] ?? 0
        if glyphs.isEmpty || advances.isEmpty { return nil }
    }

    func glyph(_ scalar: Unicode.Scalar) -> Int { glyphs[scalar.value] ?? replacement }

    /// In thousandths of the font's size, as PDF counts.
    func width(ofGlyph glyph: Int) -> Int { (advances[min(glyph, advances.count - 1)] * 1000 + unitsPerEm / 2) / unitsPerEm }

    /// In points.
    func width(_ text: some StringProtocol, size: Double) -> Double {
        Double(text.unicodeScalars.reduce(0) { $0 + width(ofGlyph: glyph($1)) }) * size / 1000
    }

    private static func glyphs(_ reader: Reader, cmap: Int) -> [UInt32: Int] {
        var result: [UInt32: Int] = [:]
        for index in 0..<reader.short(cmap + 2) {
            let table = cmap + reader.long(cmap + 4 + index * 8 + 4)
            guard reader.short(table) == 4 else { continue }
            let count = reader.short(table + 6) / 2
            for segment in 0..<count {
                let end = reader.short(table + 14 + segment * 2)
                let start = reader.short(table + 16 + (count + segment) * 2)
                let delta = reader.short(table + 16 + (2 * count + segment) * 2)
                let offsetAt = table + 16 + (3 * count + segment) * 2
                let offset = reader.short(offsetAt)
                guard start <= end, start != 0xFFFF else { continue }
                for code in start...end {
                    var glyph = code
                    if offset != 0 { glyph = reader.short(offsetAt + offset + (code - start) * 2) }
                    if offset == 0 || glyph != 0 { glyph = (glyph + delta) & 0xFFFF }
                    if glyph != 0 { result[UInt32(code)] = glyph }
                }
            }
        }
        return result
    }

    /// Big-endian numbers; beyond the end everything is 0.
    private struct Reader {
        let bytes: [UInt8]

        func short(_ at: Int) -> Int { at >= 0 && at + 1 < bytes.count ? Int(bytes[at]) << 8 | Int(bytes[at + 1]) : 0 }
        func signed(_ at: Int) -> Int { Int(Int16(truncatingIfNeeded: short(at))) }
        func long(_ at: Int) -> Int { short(at) << 16 | short(at + 2) }
    }
}
