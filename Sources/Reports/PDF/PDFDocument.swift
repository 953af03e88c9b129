/// A tagged PDF 1.7 to be archived (PDF/A-3b) in the making: pages of content, a tree of meaning beside them, two embedded
/// fonts, and files that are attached.
///
/// Nothing in it depends on the time or the machine. Streams are not compressed: a report's are small beside its fonts, and a
/// reader with a text editor can look at them.
struct PDFDocument {
    /// An element of the tree of meaning: what a reader that speaks says.
    final class Structure {
        let type: String
        var kids: [Kid] = []
        let alternative: String?

        enum Kid {
            case element(Structure)
            case content(page: Int, id: Int)
        }

        init(_ type: String, alternative: String? = nil) {
            self.type = type
            self.alternative = alternative
        }

        func add(_ type: String, alternative: String? = nil) -> Structure {
            let child = Structure(type, alternative: alternative)
            kids.append(.element(child))
            return child
        }
    }

    struct Page {
        var content: [UInt8] = []
        /// The structure that each marked content belongs to, by its number.
        var marks: [Structure] = []
    }

    let title: String
    let language: String
    let width: Double
    let height: Double
    let fonts: [PDFFont]
    let root = Structure("Document")
    var attachments: [PDFArchive.Attachment] = []
    private(set) var pages: [Page] = []
    private(set) var used: [[Int: Unicode.Scalar]]
    private var bookmarks: [(title: String, page: Int, y: Double)] = []

    init(title: String, language: String, width: Double, height: Double, fonts: [PDFFont]) {
        self.title = title
        self.language = language
        self.width = width
        self.height = height
        self.fonts = fonts
        used = fonts.map { _ in [:] }
    }

    mutating func addPage() { pages.append(Page()) }

    mutating func bookmark(_ title: String, y: Double) { bookmarks.append((title, pages.count - 1, y)) }

    /// Begins content that belongs to a structure; `nil` marks ornament.
    mutating func begin(_ structure: Structure?, page: Int) {
        guard let structure else { return append("/Artifact BMC\n", page) }
        let id = pages[page].marks.count
        pages[page].marks.append(structure)
        structure.kids.append(.content(page: page, id: id))
        append("/\(structure.type) <</MCID \(id)>> BDC\n", page)
    }

    mutating func end(page: Int) { append("EMC\n", page) }

    mutating func text(_ text: some StringProtocol, font: Int, size: Double, x: Double, y: Double, color: PDFColor, page: Int) {
        var digits = ""
        for scalar in text.unicodeScalars {
            let glyph = fonts[font].glyph(scalar)
            used[font][glyph] = used[font][glyph] ?? scalar
            digits += Self.hexadecimal(glyph)
        }
        append("BT /F\(font) \(Self.number(size)) Tf \(color.operands) rg \(Self.number(x)) \(Self.number(y)) Td <\(digits)> Tj ET\n", page)
    }

    mutating func rectangle(x: Double, y: Double, width: Double, height: Double, fill: PDFColor, page: Int) {
        append(
            "\(fill.operands) rg \(Self.number(x)) \(Self.number(y)) \(Self.number(width)) \(Self.number(height)) re f\n", page)
    }

    mutating func line(x: Double, y: Double, to end: Double, color: PDFColor, page: Int) {
        append("\(color.operands) RG 0.5 w \(Self.number(x)) \(Self.number(y)) m \(Self.number(end)) \(Self.number(y)) l S\n", page)
    }

    /// Content as it is.
    mutating func raw(_ operators: String, page: Int) { append(operators, page) }

    private mutating func append(_ text: String, _ page: Int) { pages[page].content.append(contentsOf: text.utf8) }

    // MARK: the file

    func bytes() -> [UInt8] {
        var file = PDFFile()
        let catalog = file.reserve(), pageTree = file.reserve(), structRoot = file.reserve(), info = file.reserve(),
            outline = file.reserve()
        let fontObjects = fonts.indices.map { addFont($0, to: &file) }
        let resources = "<</Font <<\(fontObjects.enumerated().map { "/F\($0) \($1) 0 R" }.joined(separator: " "))>>>>"
        var pageObjects: [Int] = []
        for (index, page) in pages.enumerated() {
            let content = file.add(stream: page.content)
            pageObjects.append(
                file.add(
                    "<</Type/Page/Parent \(pageTree) 0 R/MediaBox[0 0 \(Self.number(width)) \(Self.number(height))]/Resources \(resources)/Contents \(content) 0 R/StructParents \(index)/Tabs/S>>"
                ))
        }
        file.set(pageTree, "<</Type/Pages/Count \(pages.count)/Kids[\(pageObjects.map { "\($0) 0 R" }.joined(separator: " "))]>>")
        addStructure(root: structRoot, pageObjects: pageObjects, to: &file)
        addOutline(outline, pageObjects: pageObjects, to: &file)
        file.set(info, "<</Title \(Self.string(title))/Producer \(Self.string(Self.producer))>>")
        let archive = file.addArchive(title: title, language: language, producer: Self.producer, attachments: attachments)
        file.set(
            catalog,
            "<</Type/Catalog/Version/1.7/Pages \(pageTree) 0 R/Lang \(Self.string(language))/MarkInfo<</Marked true>>/StructTreeRoot \(structRoot) 0 R/Outlines \(outline) 0 R/ViewerPreferences<</DisplayDocTitle true>>\(archive)>>"
        )
        return file.finish(catalog: catalog, info: info)
    }

    private func addFont(_ index: Int, to file: inout PDFFile) -> Int {
        let font = fonts[index]
        let scale = { (value: Int) in value * 1000 / font.unitsPerEm }
        let data = file.add(stream: font.file, "/Length1 \(font.file.count)")
        let glyphs = used[index].keys.sorted()
        let widths = glyphs.map { "\($0)[\(font.width(ofGlyph: $0))]" }.joined(separator: " ")
        let box = font.box.map { String(scale($0)) }.joined(separator: " ")
        let descriptor = file.add(
            "<</Type/FontDescriptor/FontName/\(font.name)/Flags 4/FontBBox[\(box)]/ItalicAngle 0/Ascent \(scale(font.ascent))/Descent \(scale(font.descent))/CapHeight \(scale(font.ascent))/StemV 80/FontFile2 \(data) 0 R>>"
        )
        let descendant = file.add(
            "<</Type/Font/Subtype/CIDFontType2/BaseFont/\(font.name)/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/FontDescriptor \(descriptor) 0 R/CIDToGIDMap/Identity/W[\(widths)]>>"
        )
        let map = file.add(stream: Array(toUnicode(index, glyphs).utf8))
        return file.add(
            "<</Type/Font/Subtype/Type0/BaseFont/\(font.name)/Encoding/Identity-H/DescendantFonts[\(descendant) 0 R]/ToUnicode \(map) 0 R>>"
        )
    }

    private func toUnicode(_ index: Int, _ glyphs: [Int]) -> String {
        var text = "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /U def /CMapType 2 def\n"
        text += "1 begincodespacerange <0000> <FFFF> endcodespacerange\n"
        for start in stride(from: 0, to: glyphs.count, by: 100) {
            let part = glyphs[start..<min(start + 100, glyphs.count)]
            text += "\(part.count) beginbfchar\n"
            for glyph in part {
                let units = used[index][glyph].map { Array(String($0).utf16) } ?? []
                text += "<\(Self.hexadecimal(glyph))> <\(units.map { Self.hexadecimal(Int($0)) }.joined())>\n"
            }
            text += "endbfchar\n"
        }
        return text + "endcmap CMapName currentdict /CMap defineresource pop end end"
    }

    private func addStructure(root number: Int, pageObjects: [Int], to file: inout PDFFile) {
        var objects: [ObjectIdentifier: Int] = [:]
        func reserve(_ element: Structure) {
            objects[ObjectIdentifier(element)] = file.reserve()
            for case .element(let child) in element.kids { reserve(child) }
        }
        reserve(root)
        func write(_ element: Structure, parent: Int) {
            guard let own = objects[ObjectIdentifier(element)] else { return }
            let kids = element.kids.compactMap { kid -> String? in
                switch kid {
                case .element(let child): objects[ObjectIdentifier(child)].map { "\($0) 0 R" }
                case .content(let page, let id): "<</Type/MCR/Pg \(pageObjects[page]) 0 R/MCID \(id)>>"
                }
            }
            let alternative = element.alternative.map { "/Alt \(Self.string($0))" } ?? ""
            let scope = element.type == "TH" ? "/A<</O/Table/Scope/Column>>" : ""
            file.set(own, "<</Type/StructElem/S/\(element.type)/P \(parent) 0 R\(alternative)\(scope)/K[\(kids.joined(separator: " "))]>>")
            for case .element(let child) in element.kids { write(child, parent: own) }
        }
        write(root, parent: number)
        let parents = pages.enumerated().map { index, page in
            "\(index)[\(page.marks.compactMap { objects[ObjectIdentifier($0)].map { "\($0) 0 R" } }.joined(separator: " "))]"
        }
        let first = objects[ObjectIdentifier(root)] ?? number
        file.set(
            number,
            "<</Type/StructTreeRoot/K \(first) 0 R/ParentTree<</Nums[\(parents.joined(separator: "\n"))]>>/ParentTreeNextKey \(pages.count)>>"
        )
    }

    private func addOutline(_ number: Int, pageObjects: [Int], to file: inout PDFFile) {
        let items = bookmarks.map { _ in file.reserve() }
        for (index, mark) in bookmarks.enumerated() {
            let next = index + 1 < items.count ? "/Next \(items[index + 1]) 0 R" : ""
            let previous = index > 0 ? "/Prev \(items[index - 1]) 0 R" : ""
            file.set(
                items[index],
                "<</Title \(Self.string(mark.title))/Parent \(number) 0 R\(next)\(previous)/Dest[\(pageObjects[mark.page]) 0 R/XYZ 0 \(Self.number(mark.y)) 0]>>"
            )
        }
        let ends = items.isEmpty ? "" : "/First \(items[0]) 0 R/Last \(items[items.count - 1]) 0 R"
        file.set(number, "<</Type/Outlines/Count \(items.count)\(ends)>>")
    }

    private static let producer = "domicile"

    /// Two decimals at most: `12.5`.
    static func number(_ value: Double) -> String {
        let hundredths = Int((value * 100).rounded())
        let (whole, rest) = (abs(hundredths) / 100, abs(hundredths) % 100)
        let fraction = rest == 0 ? "" : rest % 10 == 0 ? ".\(rest / 10)" : rest < 10 ? ".0\(rest)" : ".\(rest)"
        return (hundredths < 0 ? "-" : "") + "\(whole)\(fraction)"
    }

    /// UTF-16 with its mark, in hexadecimal.
    static func string(_ text: String) -> String { "<FEFF" + text.utf16.map { hexadecimal(Int($0)) }.joined() + ">" }

    static func hexadecimal(_ value: Int) -> String {
        let digits = String(value, radix: 16, uppercase: true)
        return String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits
    }
}

struct PDFColor: Equatable {
    let operands: String

    static let ink = PDFColor(operands: "0.1 0.12 0.15")
    static let soft = PDFColor(operands: "0.33 0.36 0.42")
    static let good = PDFColor(operands: "0.06 0.42 0.22")
    static let bad = PDFColor(operands: "0.66 0.08 0.11")
    static let unsure = PDFColor(operands: "0.49 0.29 0")
    static let excused = PDFColor(operands: "0.29 0.23 0.6")
    static let shade = PDFColor(operands: "0.95 0.96 0.97")
    static let rule = PDFColor(operands: "0.75 0.78 0.82")
}

/// Objects and where they stand.
struct PDFFile {
    private var objects: [[UInt8]] = []

    mutating func reserve() -> Int {
        objects.append([])
        return objects.count
    }

    mutating func set(_ number: Int, _ body: String) { objects[number - 1] = Array(body.utf8) }

    mutating func add(_ body: String) -> Int {
        objects.append(Array(body.utf8))
        return objects.count
    }

    mutating func add(stream: [UInt8], _ entries: String = "") -> Int {
        objects.append(Array("<</Length \(stream.count)\(entries)>>\nstream\n".utf8) + stream + Array("\nendstream".utf8))
        return objects.count
    }

    func finish(catalog: Int, info: Int) -> [UInt8] {
        var bytes = Array("%PDF-1.7\n%".utf8) + [0xE2, 0xE3, 0xCF, 0xD3, 0x0A]
        var offsets: [Int] = []
        for (index, object) in objects.enumerated() {
            offsets.append(bytes.count)
            bytes += Array("\(index + 1) 0 obj\n".utf8) + object + Array("\nendobj\n".utf8)
        }
        let id = Digests.hexadecimal(Array(Digests.sha256(bytes).prefix(16)))
        let start = bytes.count
        bytes += Array("xref\n0 \(objects.count + 1)\n0000000000 65535 f \n".utf8)
        for offset in offsets {
            let digits = String(offset)
            bytes += Array((String(repeating: "0", count: max(0, 10 - digits.utf8.count)) + digits + " 00000 n \n").utf8)
        }
        bytes += Array(
            "trailer\n<</Size \(objects.count + 1)/Root \(catalog) 0 R/Info \(info) 0 R/ID[<\(id)><\(id)>]>>\nstartxref\n\(start)\n%%EOF\n"
                .utf8)
        return bytes
    }
}
