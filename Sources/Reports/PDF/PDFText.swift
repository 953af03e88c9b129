/// A piece of text in one font and colour.
struct PDFRun: Equatable {
    var text: String
    var isBold = false
    var color = PDFColor.ink

    var font: Int { isBold ? 1 : 0 }
}

/// Breaks text into lines of a width.
struct PDFWrapper {
    let fonts: [PDFFont]

    func width(_ run: PDFRun, _ size: Double) -> Double { fonts[run.font].width(run.text, size: size) }

    func width(_ runs: [PDFRun], _ size: Double) -> Double { runs.reduce(0) { $0 + width($1, size) } }

    /// The width that the widest word needs.
    func longestWord(_ runs: [PDFRun], _ size: Double) -> Double {
        runs.flatMap { run in run.text.split(separator: " ").map { fonts[run.font].width($0, size: size) } }.max() ?? 0
    }

    /// Lines no wider than `limit`; a word that is wider is broken where it has to be.
    func lines(_ runs: [PDFRun], size: Double, limit: Double) -> [[PDFRun]] {
        var lines: [[PDFRun]] = []
        var line: [PDFRun] = []
        var used = 0.0
        func flush() {
            while let last = line.last, last.text.allSatisfy({ $0 == " " }) { line.removeLast() }
            lines.append(line)
            line = []
            used = 0
        }
        for run in runs {
            for word in Self.words(run.text) {
                var piece = PDFRun(text: word, isBold: run.isBold, color: run.color)
                var needed = width(piece, size)
                let bare = fonts[run.font].width(
                    word[..<(word.lastIndex { $0 != " " }.map { word.index(after: $0) } ?? word.startIndex)], size: size)
                if used > 0, used + bare > limit { flush() }
                while bare > limit, needed > limit {
                    var count = 0
                    var taken = 0.0
                    for character in piece.text {
                        let next = fonts[run.font].width(String(character), size: size)
                        if taken + next > limit, count > 0 { break }
                        taken += next
                        count += 1
                    }
                    line.append(PDFRun(text: String(piece.text.prefix(count)), isBold: run.isBold, color: run.color))
                    flush()
                    piece.text = String(piece.text.dropFirst(count))
                    needed = width(piece, size)
                    if piece.text.isEmpty { break }
                }
                if piece.text.isEmpty || (used == 0 && piece.text.allSatisfy { $0 == " " }) { continue }
                if let last = line.last, last.isBold == piece.isBold, last.color == piece.color {
                    line[line.count - 1].text += piece.text
                } else {
                    line.append(piece)
                }
                used += needed
            }
        }
        if !line.isEmpty || lines.isEmpty { flush() }
        return lines
    }

    /// Words with the spaces that follow them.
    private static func words(_ text: String) -> [String] {
        var words: [String] = []
        var word = ""
        for character in text {
            if character != " ", word.last == " " {
                words.append(word)
                word = ""
            }
            word.append(character)
        }
        if !word.isEmpty { words.append(word) }
        return words
    }
}
