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

    /// Lines no wider than `limit`; a word that is wider is broken where it has to be, where it can be after a stroke or the like.
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
                // A word that is broken anyway begins where the line has room, behind a bullet for one.
                if used > 0, used + bare > limit, bare <= limit || used > limit / 3 { flush() }
                while bare > limit, needed > limit - used {
                    let count = fitting(piece, limit - used, size)
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

    /// How many characters fit, one at least; up to the last mark that a long name may be broken behind, if there is one in the
    /// second half of them.
    private func fitting(_ run: PDFRun, _ limit: Double, _ size: Double) -> Int {
        var (count, taken, mark) = (0, 0.0, 0)
        for character in run.text {
            taken += fonts[run.font].width(String(character), size: size)
            if taken > limit, count > 0 { break }
            count += 1
            if "/:-_.,".contains(character) { mark = count }
        }
        return mark > count / 2 && count < run.text.count ? mark : count
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
