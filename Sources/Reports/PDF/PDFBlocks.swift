/// What stands on the pages, one below the other.
enum PDFBlock {
    case heading(Int, [PDFRun])
    /// `bullet` stands left of the first line.
    case paragraph([PDFRun], size: Double, indent: Double, bullet: String?)
    case table(header: [PDFCell], rows: [[PDFCell]])
    case figure(PageNode)
    case pageBreak
}

/// A cell: paragraphs, one below the other.
struct PDFCell {
    var paragraphs: [[PDFRun]]
    var isCount = false
}

/// Reads blocks out of the page's tree.
struct PDFBlocks {
    private(set) var blocks: [PDFBlock] = []

    init(_ page: PageNode) {
        if let header = page.first("header") { children(header) }
        if let main = page.first("main") { children(main) }
    }

    private mutating func children(_ node: PageNode) {
        for child in node.children { block(child) }
    }

    private mutating func block(_ node: PageNode) {
        guard case .element(let name, let attributes, let children) = node else { return }
        let style = attributes["class"] ?? ""
        switch name {
        case "section":
            if attributes["id"] == "promised" { blocks.append(.pageBreak) }
            self.children(node)
        case "h1": blocks.append(.heading(1, Self.runs(node)))
        case "h2": blocks.append(.heading(2, Self.runs(node)))
        case "h3": blocks.append(.heading(3, Self.runs(node)))
        case "p": blocks.append(.paragraph(Self.runs(node, color: style == "soft" ? .soft : .ink), size: 9.5, indent: 0, bullet: nil))
        case "pre":
            for line in node.text.split(separator: "\n") {
                blocks.append(.paragraph([PDFRun(text: String(line))], size: 8.5, indent: 12, bullet: nil))
            }
        case "ul" where style == "legend":
            let marks = ["✗", "▲", "◆", "●"]
            for (index, item) in children.filter({ $0.name == "li" }).enumerated() {
                blocks.append(.paragraph(Self.runs(item), size: 8.5, indent: 14, bullet: marks[min(index, 3)]))
            }
        case "ul":
            for item in children where item.name == "li" { blocks.append(.paragraph(Self.runs(item), size: 9.5, indent: 14, bullet: "•")) }
        case "dl" where style == "tiles": tiles(children)
        case "dt": blocks.append(.paragraph(Self.runs(node).map { PDFRun(text: $0.text, isBold: true) }, size: 9.5, indent: 0, bullet: nil))
        case "dd":
            for paragraph in Self.paragraphs(node) { blocks.append(.paragraph(paragraph, size: 9.5, indent: 12, bullet: nil)) }
        case "div" where style.hasPrefix("answer"):
            let color = PDFColor.of(style: style) ?? .ink
            let word = node.first("strong")?.text ?? ""
            let sign = children.first?.text ?? ""
            blocks.append(.paragraph([PDFRun(text: "\(sign) \(word)", isBold: true, color: color)], size: 20, indent: 0, bullet: nil))
            self.children(node)
        case "div" where style == "filter": break
        case "table": table(children)
        case "svg": blocks.append(.figure(node))
        default: self.children(node)
        }
    }

    private mutating func tiles(_ tiles: [PageNode]) {
        let cells = tiles.filter { $0.name == "div" }.map { tile in
            PDFCell(paragraphs: [
                tile.first("dt").map { Self.runs($0) } ?? [],
                [PDFRun(text: tile.first("dd")?.text ?? "", isBold: true)],
            ])
        }
        let rows = stride(from: 0, to: cells.count, by: 5).map { start in
            let row = Array(cells[start..<min(start + 5, cells.count)])
            return row + Array(repeating: PDFCell(paragraphs: []), count: 5 - row.count)
        }
        blocks.append(.table(header: [], rows: rows))
    }

    private mutating func table(_ parts: [PageNode]) {
        var header: [PDFCell] = []
        var rows: [[PDFCell]] = []
        for part in parts {
            switch part.name {
            case "caption": blocks.append(.paragraph(Self.runs(part, color: .soft), size: 8.5, indent: 0, bullet: nil))
            case "thead":
                header = part.children.first { $0.name == "tr" }.map(Self.cells) ?? []
                for index in header.indices {
                    header[index].paragraphs = header[index].paragraphs.map { $0.map { PDFRun(text: $0.text, isBold: true) } }
                }
            case "tbody": rows = part.children.filter { $0.name == "tr" }.map(Self.cells)
            default: break
            }
        }
        if !rows.isEmpty { blocks.append(.table(header: header, rows: rows)) }
    }

    private static func cells(_ row: PageNode) -> [PDFCell] {
        row.children.filter { $0.name == "td" || $0.name == "th" }.map { cell in
            PDFCell(paragraphs: paragraphs(cell), isCount: cell.attribute("class") == "count")
        }
    }

    // MARK: inline content

    /// The text of an element that holds no blocks.
    static func runs(_ node: PageNode, color: PDFColor = .ink) -> [PDFRun] { paragraphs(node, color: color).flatMap { $0 } }

    /// The text of an element, a new paragraph at each block in it.
    static func paragraphs(_ node: PageNode, color: PDFColor = .ink) -> [[PDFRun]] {
        var result: [[PDFRun]] = [[]]
        func add(_ node: PageNode, _ color: PDFColor, _ isBold: Bool) {
            switch node {
            case .text(let text):
                let flat = text.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: " ")
                if !flat.isEmpty { result[result.count - 1].append(PDFRun(text: flat, isBold: isBold, color: color)) }
            case .element(let name, let attributes, let children):
                let style = attributes["class"] ?? ""
                let own = PDFColor.of(style: style) ?? color
                let isBlock =
                    ["div", "li", "details", "summary", "ul", "p", "dd"].contains(name) || name == "span" && style.hasPrefix("cell")
                if isBlock, result.last?.isEmpty == false { result.append([]) }
                if name == "li" { result[result.count - 1].append(PDFRun(text: "• ", color: color)) }
                // What is only heard stands in the caption for those who read.
                if name == "svg" || style == "heard" { return }
                for child in children { add(child, own, isBold || name == "strong" || style.hasPrefix("tag")) }
                if isBlock, result.last?.isEmpty == false { result.append([]) }
            }
        }
        for child in node.children { add(child, color, false) }
        return result.filter { paragraph in paragraph.contains { !$0.text.allSatisfy { $0 == " " } } }
    }
}

extension PageNode {
    var name: String { if case .element(let name, _, _) = self { name } else { "" } }

    func attribute(_ key: String) -> String? { if case .element(_, let attributes, _) = self { attributes[key] } else { nil } }
}

extension PDFColor {
    /// The colour of a class of the style sheet.
    static func of(style: String) -> PDFColor? {
        for word in style.split(separator: " ").reversed() {
            switch word {
            case "violated", "expired", "m-out": return .bad
            case "unresolved", "notproven", "expiring", "m-un": return .unsure
            case "waived", "allowed", "m-ex": return .excused
            case "satisfied", "proven", "used", "m-in": return .good
            case "soft", "small": return .soft
            case "land", "axis": return .rule
            default: continue
            }
        }
        return nil
    }
}
