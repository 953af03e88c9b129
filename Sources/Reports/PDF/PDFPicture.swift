/// Draws the report's own pictures: paths of `M`, `l`, `h`, `a` (circles) and `z`, rectangles, lines and labels.
struct PDFPicture {
    let scale: Double
    /// The upper left corner on the page.
    let x: Double
    let y: Double

    func draw(_ node: PageNode, on document: inout PDFDocument, page: Int) {
        guard case .element(let name, let attributes, let children) = node else { return }
        let color = PDFColor.of(style: attributes["class"] ?? "") ?? .ink
        let value = { (key: String) in Double(attributes[key] ?? "") ?? 0 }
        switch name {
        case "path":
            let style = attributes["class"] ?? ""
            // A white rim would eat an arrow up.
            document.shape(operators(attributes["d"] ?? ""), fill: style == "land" ? .land : color, hasRim: !style.hasPrefix("flow"), page: page)
        case "rect":
            document.rectangle(
                x: x + value("x") * scale, y: y - (value("y") + value("height")) * scale, width: value("width") * scale,
                height: value("height") * scale, fill: color, page: page)
        case "line":
            document.rectangle(
                x: x + value("x1") * scale, y: y - value("y2") * scale, width: 0.5, height: (value("y2") - value("y1")) * scale,
                fill: .rule,
                page: page)
        case "text":
            let size = attributes["class"] == "small" ? 6.0 : 7.0
            let width = document.fonts[0].width(node.text, size: size)
            let start = x + value("x") * scale - (attributes["text-anchor"] == "end" ? width : 0)
            document.text(node.text, font: 0, size: size, x: start, y: y - value("y") * scale, color: color, page: page)
        case "title", "desc": break
        default: for child in children { draw(child, on: &document, page: page) }
        }
    }

    /// The path in PDF's operators.
    private func operators(_ path: String) -> String {
        var result = ""
        var (px, py) = (0.0, 0.0)
        var command: Character = "M"
        var numbers: [Double] = []
        func point(_ px: Double, _ py: Double) -> String {
            PDFDocument.number(x + px * scale) + " " + PDFDocument.number(y - py * scale)
        }
        func flush() {
            switch command {
            case "M" where numbers.count >= 2:
                (px, py) = (numbers[0], numbers[1])
                result += "\(point(px, py)) m "
            case "l":
                for index in stride(from: 0, to: numbers.count - 1, by: 2) {
                    px += numbers[index]
                    py += numbers[index + 1]
                    result += "\(point(px, py)) l "
                }
            case "h" where !numbers.isEmpty:
                px += numbers[0]
                result += "\(point(px, py)) l "
            case "a" where numbers.count >= 7:
                // Half a circle, as two curves; half of it is drawn for each of the two arcs.
                let (radius, sweep) = (numbers[0], numbers[5] >= 0 ? 1.0 : -1.0)
                let k = radius * 0.5523
                let (cx, up) = (px + radius * sweep, radius * sweep)
                result += "\(point(px, py + k * sweep)) \(point(cx - k * sweep, py + up)) \(point(cx, py + up)) c "
                result += "\(point(cx + k * sweep, py + up)) \(point(cx + up, py + k * sweep)) \(point(cx + up, py)) c "
                px += numbers[5]
            case "z": result += "h "
            default: break
            }
            numbers = []
        }
        var digits = ""
        func finishNumber() {
            if let number = Double(digits) { numbers.append(number) }
            digits = ""
        }
        for character in path {
            if character.isLetter {
                finishNumber()
                flush()
                command = character
            } else if character == "-" {
                finishNumber()
                digits = "-"
            } else if character.isNumber || character == "." {
                digits.append(character)
            } else {
                finishNumber()
            }
        }
        finishNumber()
        flush()
        return result
    }
}

extension PDFColor {
    static let land = PDFColor(operands: "0.87 0.89 0.92")
}

extension PDFDocument {
    mutating func shape(_ operators: String, fill: PDFColor, hasRim: Bool, page: Int) {
        raw("\(fill.operands) rg 1 1 1 RG 0.3 w \(operators)\(hasRim ? "B" : "f")\n", page: page)
    }
}
