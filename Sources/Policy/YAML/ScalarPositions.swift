extension SourceText {
    /// Where in the file a byte of a scalar's text stands: an expression's error has an offset in the text, and its author
    /// wants the line of the file, whether the scalar is plain, quoted, or a block.
    ///
    /// - Parameter offset: in UTF-8, from the beginning of the text.
    func position(ofByte offset: Int, in node: Node) -> Mark {
        guard case .scalar(let scalar) = node.content else { return node.mark }
        var walk = ScalarWalk(self, node.mark, scalar)
        var byte = 0
        let text = Array(scalar.text.unicodeScalars)
        for (index, value) in text.enumerated() {
            if byte >= offset { return walk.here(value) }
            let next = index + 1 < text.count ? text[index + 1] : nil
            guard walk.advance(over: value, before: next) else { return walk.mark }
            byte += UTF8.width(value)
        }
        return walk.mark
    }
}

/// Walks a scalar's source along its value.
private struct ScalarWalk {
    private let source: SourceText
    private let style: Node.Scalar.Style
    private var line: Int
    /// From 0.
    private var column: Int
    private var scalars: [Unicode.Scalar]
    /// Of the text of a block, in columns.
    private var indent = 0

    var mark: Mark { Mark(line: line, column: column + 1) }

    init(_ source: SourceText, _ mark: Mark, _ scalar: Node.Scalar) {
        self.source = source
        style = scalar.style
        line = mark.line
        column = mark.column - 1
        scalars = source.line(mark.line).map { Array($0.unicodeScalars) } ?? []
        // A tag or an anchor may stand before the value.
        while column < scalars.count, scalars[column] == "!" || scalars[column] == "&" {
            while column < scalars.count, scalars[column] != " " { column += 1 }
            while column < scalars.count, scalars[column] == " " { column += 1 }
        }
        switch style {
        case .plain: break
        case .singleQuoted, .doubleQuoted: column += 1
        case .literal, .folded: enterBlock(scalar.text)
        }
    }

    private mutating func enterBlock(_ text: String) {
        var first = line + 1
        while let candidate = source.line(first), candidate.allSatisfy({ $0 == " " }) { first += 1 }
        let shown = text.split(separator: "\n").first { !$0.allSatisfy { $0 == " " } } ?? ""
        let leading = source.line(first)?.prefix { $0 == " " }.count ?? 0
        indent = max(0, leading - shown.prefix { $0 == " " }.count)
        enter(line + 1, indent)
    }

    private mutating func enter(_ number: Int, _ start: Int) {
        line = number
        scalars = source.line(number).map { Array($0.unicodeScalars) } ?? []
        column = min(start, scalars.count)
    }

    private var isAtEnd: Bool { scalars[min(column, scalars.count)...].allSatisfy { $0 == " " || $0 == "\t" } }

    /// The position of a value that comes next: escapes of line ends before it are stepped over.
    mutating func here(_ value: Unicode.Scalar) -> Mark {
        skipContinuation()
        return mark
    }

    /// Steps over one scalar of the value; false if the source does not agree.
    mutating func advance(over value: Unicode.Scalar, before next: Unicode.Scalar?) -> Bool {
        skipContinuation()
        if style == .literal {
            if value == "\n" { enter(line + 1, indent) } else { column += 1 }
            return true
        }
        if value == " " || value == "\n", isAtEnd {
            enterNext(before: next)
            return true
        }
        guard column < scalars.count else { return false }
        if style == .doubleQuoted, scalars[column] == "\\" {
            column += escapeLength
            return true
        }
        guard scalars[column] == value else { return false }
        column += style == .singleQuoted && value == "'" ? 2 : 1
        return true
    }

    /// Goes to the next line of a folded text. Of `n` line ends in the source `n - 1` are in the value.
    private mutating func enterNext(before next: Unicode.Scalar?) {
        var number = line + 1
        if next != "\n" {
            while let text = source.line(number), text.allSatisfy({ $0 == " " || $0 == "\t" }), number < source.lines.count { number += 1 }
        }
        let start = style == .folded ? indent : source.line(number)?.prefix { $0 == " " || $0 == "\t" }.count ?? 0
        enter(number, start)
    }

    /// `\` at the end of a line of a double-quoted text joins it with the next.
    private mutating func skipContinuation() {
        guard style == .doubleQuoted, column + 1 == scalars.count, scalars.last == "\\" else { return }
        enter(line + 1, source.line(line + 1)?.prefix { $0 == " " }.count ?? 0)
    }

    private var escapeLength: Int {
        guard column + 1 < scalars.count else { return 1 }
        switch scalars[column + 1] {
        case "x": return 4
        case "u": return 6
        case "U": return 10
        default: return 2
        }
    }
}
