/// Sets blocks on pages from top to bottom.
struct PDFLayout {
    private(set) var document: PDFDocument
    private let wrapper: PDFWrapper
    private let left = 48.0
    private let top: Double
    private let bottom = 54.0
    private let width: Double
    private var y = 0.0
    private var section: PDFDocument.Structure

    private var page: Int { document.pages.count - 1 }

    init(_ document: PDFDocument) {
        self.document = document
        wrapper = PDFWrapper(fonts: document.fonts)
        top = document.height - 48
        width = document.width - 96
        section = document.root
        newPage()
    }

    mutating func set(_ blocks: [PDFBlock]) {
        for (index, block) in blocks.enumerated() {
            switch block {
            case .heading(let level, let runs):
                // A chain of headings and leads stays with the first row of the table, or the picture, that it leads to.
                if index == 0 || !blocks[index - 1].isHeading { need(min(height(of: blocks, from: index), (top - bottom) * 0.7)) }
                heading(level, runs)
            case .paragraph(let runs, let size, let indent, let bullet):
                // The last item of a list does not stand alone on a page.
                if bullet != nil, let next = item(blocks, index + 1), item(blocks, index + 2) == nil {
                    need([runs, next].reduce(0) { $0 + Double(wrapper.lines($1, size: size, limit: width - indent).count) * size * 1.35 + 3 })
                }
                paragraph(runs, size: size, indent: indent, bullet: bullet)
                if case .paragraph = blocks[min(index + 1, blocks.count - 1)] {} else { y -= 3 }
            case .table(let header, let rows): table(header, rows)
            case .figure(let node):
                // Its legend stays with it.
                let legend = (index + 1..<min(index + 6, blocks.count)).prefix { item(blocks, $0) != nil }
                figure(node, with: Double(legend.count) * 15)
            case .pageBreak: newPage()
            }
        }
    }

    /// The text of a list's item.
    private func item(_ blocks: [PDFBlock], _ index: Int) -> [PDFRun]? {
        if index < blocks.count, case .paragraph(let runs, _, _, .some) = blocks[index] { runs } else { nil }
    }

    /// What a chain of headings and paragraphs takes, with the beginning of the table or the picture at its end; nothing if it
    /// leads to none.
    private func height(of blocks: [PDFBlock], from index: Int) -> Double {
        var sum = 0.0
        for block in blocks[index...].prefix(6) {
            switch block {
            case .heading(let level, _): sum += level == 2 ? 36 : 26
            case .paragraph(let runs, let size, let indent, _): sum += Double(wrapper.lines(runs, size: size, limit: width - indent).count) * size * 1.35 + 3
            case .table(let header, let rows): return sum + start(of: header, rows, columns(header, rows))
            case .figure(let node):
                let box = (node.attribute("viewBox") ?? "").split(separator: " ").compactMap { Double($0) }
                return box.count == 4 && node.attribute("aria-hidden") == nil ? sum + box[3] * width / box[2] + 8 : 0
            case .pageBreak: return 0
            }
        }
        return 0
    }

    /// A table's head and its first row.
    private func start(of header: [PDFCell], _ rows: [[PDFCell]], _ widths: [Double]) -> Double {
        [header, rows.first ?? []].filter { !$0.isEmpty }.reduce(0) { sum, cells in
            let most = zip(cells, widths).map { lines($0, $1).count }.max() ?? 1
            return sum + Double(max(1, most)) * tableSize * 1.3 + 6
        }
    }

    /// Writes the same lines at the foot of each page, with the page's number.
    mutating func footers(_ lines: [String]) {
        for page in document.pages.indices {
            document.begin(nil, page: page)
            for (index, text) in lines.enumerated() {
                document.text(text, font: 0, size: 7.5 - Double(index), x: left, y: 30 - Double(index) * 9, color: .soft, page: page)
            }
            let number = "\(page + 1) / \(document.pages.count)"
            let x = left + width - document.fonts[0].width(number, size: 7.5)
            document.text(number, font: 0, size: 7.5, x: x, y: 30, color: .soft, page: page)
            document.end(page: page)
        }
    }

    private mutating func newPage() {
        document.addPage()
        y = top
    }

    private mutating func need(_ height: Double) { if y - height < bottom { newPage() } }

    private mutating func heading(_ level: Int, _ runs: [PDFRun]) {
        let size = [18.0, 13.5, 10.5][min(level, 3) - 1]
        let lines = wrapper.lines(runs.map { PDFRun(text: $0.text, isBold: true, color: $0.color) }, size: size, limit: width)
        // A heading takes some of what follows along to the next page.
        need(Double(lines.count) * size * 1.3 + 60)
        if y < top { y -= level == 2 ? 14 : 8 }
        if level == 2 { section = document.root.add("Sect") }
        let structure = section.add("H\(level)")
        if level == 2 { document.bookmark(runs.map(\.text).joined(), y: y + 4) }
        set(lines, size: size, x: left, structure)
        y -= 3
    }

    private mutating func paragraph(_ runs: [PDFRun], size: Double, indent: Double, bullet: String?) {
        let lines = wrapper.lines(runs, size: size, limit: width - indent)
        let structure = section.add("P")
        // No line of a short paragraph stands on a page alone.
        if lines.count <= 4 { need(Double(lines.count) * size * 1.35) }
        // A bold line names what follows, so that it does not stay behind alone.
        if runs.allSatisfy(\.isBold) { need(size * 1.35 * 2 + 4) }
        if let bullet {
            need(size * 1.35)
            document.begin(structure, page: page)
            document.text(bullet, font: 0, size: size, x: left + indent - 11, y: y - size, color: .ink, page: page)
            document.end(page: page)
        }
        set(lines, size: size, x: left + indent, structure)
        y -= size >= 9 ? 2.5 : 1.5
    }

    /// Sets lines below one another; those of one page are one piece of marked content.
    private mutating func set(_ lines: [[PDFRun]], size: Double, x: Double, _ structure: PDFDocument.Structure) {
        var isOpen = false
        for line in lines {
            if y - size * 1.35 < bottom {
                if isOpen { document.end(page: page) }
                isOpen = false
                newPage()
            }
            if !isOpen { document.begin(structure, page: page) }
            isOpen = true
            draw(line, size: size, x: x, y: y - size)
            y -= size * 1.35
        }
        if isOpen { document.end(page: page) }
    }

    private mutating func draw(_ line: [PDFRun], size: Double, x: Double, y: Double) {
        var x = x
        for run in line {
            document.text(run.text, font: run.font, size: size, x: x, y: y, color: run.color, page: page)
            x += wrapper.width(run, size)
        }
    }

    // MARK: tables

    private mutating func table(_ header: [PDFCell], _ rows: [[PDFCell]]) {
        // Where the words of many columns do not fit, smaller letters rather than broken words.
        tableSize = Self.tableSizes.first { size in least(header, Self.sample(rows), size).reduce(0, +) <= width } ?? Self.tableSizes[0]
        defer { tableSize = Self.tableSizes[0] }
        let widths = columns(header, rows)
        let structure = section.add("Table")
        if !header.isEmpty {
            need(min(start(of: header, rows, widths), (top - bottom) * 0.7))
            row(header, widths, structure, isHeader: true)
        }
        for cells in rows {
            let lines = zip(cells, widths).map { self.lines($0, $1) }
            let height = Double(max(1, lines.map(\.count).max() ?? 1)) * tableSize * 1.3 + 6
            if y - height < bottom, height < top - bottom - 60 {
                newPage()
                if !header.isEmpty { row(header, widths, nil, isHeader: true) }
            }
            row(cells, widths, structure, isHeader: false, lines: lines)
        }
        y -= 6
    }

    /// Each column gets what its longest word needs, no more than what its longest line does, and of the rest as much as it holds
    /// on the average: rows are as low as they can be.
    private func columns(_ header: [PDFCell], _ rows: [[PDFCell]]) -> [Double] {
        let sample = Self.sample(rows)
        let count = max(header.count, sample.map(\.count).max() ?? 0)
        guard count > 0 else { return [] }
        if header.isEmpty { return Array(repeating: width / Double(count), count: count) }
        let least = least(header, sample, tableSize)
        var (most, content) = (Array(repeating: 20.0, count: count), Array(repeating: 1.0, count: count))
        for row in [header] + sample {
            for (index, cell) in row.enumerated() {
                for paragraph in cell.paragraphs {
                    let whole = wrapper.width(paragraph, tableSize)
                    most[index] = max(most[index], whole + padding * 2 + 1)
                    content[index] += whole
                }
            }
        }
        let minimum = least.reduce(0, +)
        if minimum >= width { return least.map { $0 * width / minimum } }
        var widths: [Double?] = Array(repeating: nil, count: count)
        // Whoever would get less than its least or more than its most is served, and the others share what is left.
        for bound in [least, most] {
            var isSettled = false
            while !isSettled {
                isSettled = true
                let open = widths.indices.filter { widths[$0] == nil }
                let (room, all) = (width - widths.reduce(0) { $0 + ($1 ?? 0) }, open.reduce(0) { $0 + content[$1] })
                for index in open {
                    let share = room * content[index] / all
                    if bound == least ? share < least[index] : share > most[index] {
                        widths[index] = bound[index]
                        isSettled = false
                    }
                }
            }
        }
        let open = widths.indices.filter { widths[$0] == nil }
        let (room, all) = (width - widths.reduce(0) { $0 + ($1 ?? 0) }, open.reduce(0) { $0 + content[$1] })
        let given = widths.indices.map { widths[$0] ?? room * content[$0] / all }
        let sum = given.reduce(0, +)
        return given.map { $0 * width / sum }
    }

    /// Rows from all over a long table.
    private static func sample(_ rows: [[PDFCell]]) -> [[PDFCell]] {
        stride(from: 0, to: rows.count, by: max(1, rows.count / 200)).map { rows[$0] }
    }

    /// What the longest word of each column needs, unless it is so long that it may be broken.
    private func least(_ header: [PDFCell], _ sample: [[PDFCell]], _ size: Double) -> [Double] {
        let count = max(header.count, sample.map(\.count).max() ?? 0)
        var least = Array(repeating: 20.0, count: count)
        for (number, row) in ([header] + sample).enumerated() {
            let longest = number > 0 && count >= 8 ? 44.0 : 84
            for (index, cell) in row.enumerated() {
                for paragraph in cell.paragraphs { least[index] = max(least[index], min(longest, wrapper.longestWord(paragraph, size)) + padding * 2 + 1) }
            }
        }
        return least
    }

    private func lines(_ cell: PDFCell, _ width: Double) -> [[PDFRun]] {
        cell.paragraphs.flatMap { wrapper.lines($0, size: tableSize, limit: max(12, width - padding * 2)) }
    }

    /// Sets a row; one that is higher than a page goes on on the next.
    private mutating func row(
        _ cells: [PDFCell], _ widths: [Double], _ table: PDFDocument.Structure?, isHeader: Bool, lines known: [[[PDFRun]]]? = nil
    ) {
        let structure = table?.add("TR")
        let lines = known ?? zip(cells, widths).map { self.lines($0, $1) }
        let columns = zip(cells, lines).map { (cell: $0, lines: $1, structure: structure?.add(isHeader ? "TH" : "TD")) }
        var next = 0
        let most = max(1, columns.map(\.lines.count).max() ?? 1)
        while next < most {
            let fits = max(1, Int((y - bottom - 6) / (tableSize * 1.3)))
            let end = min(most, next + fits)
            let height = Double(end - next) * tableSize * 1.3 + 6
            document.begin(nil, page: page)
            if isHeader { document.rectangle(x: left, y: y - height, width: width, height: height, fill: .shade, page: page) }
            document.line(x: left, y: y - height, to: left + width, color: .rule, page: page)
            document.end(page: page)
            var x = left
            for (index, column) in columns.enumerated() {
                let part = column.lines[min(next, column.lines.count)..<min(end, column.lines.count)]
                if !part.isEmpty {
                    document.begin(column.structure, page: page)
                    for (offset, line) in part.enumerated() {
                        let inset = column.cell.isCount ? widths[index] - padding - wrapper.width(line, tableSize) : padding
                        draw(line, size: tableSize, x: x + inset, y: y - 3 - tableSize - Double(offset) * tableSize * 1.3)
                    }
                    document.end(page: page)
                }
                x += widths[index]
            }
            y -= height
            next = end
            if next < most { newPage() }
        }
    }

    // MARK: pictures

    private mutating func figure(_ node: PageNode, with legend: Double) {
        let box = (node.attribute("viewBox") ?? "").split(separator: " ").compactMap { Double($0) }
        guard box.count == 4, node.attribute("aria-hidden") == nil else { return }
        let scale = width / box[2]
        need(box[3] * scale + 8 + legend)
        let structure = section.add("Figure", alternative: node.first("desc")?.text ?? "")
        document.begin(structure, page: page)
        PDFPicture(scale: scale, x: left, y: y).draw(node, on: &document, page: page)
        document.end(page: page)
        y -= box[3] * scale + 8
    }

    private static let tableSizes = [7.5, 7, 6.5]
    private var tableSize = tableSizes[0]
    private let padding = 4.0
}

extension PDFBlock {
    fileprivate var isHeading: Bool { if case .heading = self { true } else { false } }
}
