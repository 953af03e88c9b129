import Residency

/// The cells of a CSV file, with where they stand. Blank lines and those that begin with `#` are left out.
enum CSVTable {
    struct Cell {
        let text: String
        let mark: Mark
    }

    static func rows(_ problems: inout Problems) -> [[Cell]] {
        problems.source.lines.enumerated().compactMap { index, line in
            let isBlank = line.allSatisfy { $0 == " " || $0 == "," }
            return isBlank || line.hasPrefix("#") ? nil : cells(line, index + 1, &problems)
        }
    }

    /// RFC 4180, on one line.
    private static func cells(_ line: Substring, _ number: Int, _ problems: inout Problems) -> [Cell] {
        let scalars = Array(line.unicodeScalars)
        var cells: [Cell] = []
        var index = scalars.first == "\u{FEFF}" ? 1 : 0
        while index <= scalars.count {
            while index < scalars.count, scalars[index] == " " { index += 1 }
            let start = index
            var text = String.UnicodeScalarView()
            if index < scalars.count, scalars[index] == "\"" {
                index += 1
                while index < scalars.count {
                    if scalars[index] == "\"" {
                        guard index + 1 < scalars.count, scalars[index + 1] == "\"" else { break }
                        index += 1
                    }
                    text.append(scalars[index])
                    index += 1
                }
                if index == scalars.count {
                    problems.error(Mark(line: number, column: start + 1), length: scalars.count - start, "the quoted cell does not end")
                }
                while index < scalars.count, scalars[index] != "," { index += 1 }
            } else {
                while index < scalars.count, scalars[index] != "," {
                    text.append(scalars[index])
                    index += 1
                }
            }
            cells.append(Cell(text: String(text).trimmed, mark: Mark(line: number, column: start + 1)))
            index += 1
        }
        return cells
    }
}
