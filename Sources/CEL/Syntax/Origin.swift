/// Where an expression stands in a file, so that a position in it becomes one in the file.
public struct Origin: Sendable, Hashable {
    /// The file's name, as messages print it.
    public var file: String
    /// The line of the expression's first byte, from 1.
    public var line: Int
    /// The column of the expression's first byte, from 1, in code points.
    public var column: Int
    /// The columns at which the expression's lines begin, the first line included, where they don't begin at 1: a block
    /// scalar of YAML is indented. Lines past the end take the last of them.
    public var lineColumns: [Int]

    /// A place in a file.
    public init(file: String, line: Int = 1, column: Int = 1, lineColumns: [Int] = []) {
        self.file = file
        self.line = line
        self.column = column
        self.lineColumns = lineColumns
    }

    /// The line and column in the file for a line (from 0) and column (from 0) of the expression.
    public func position(line offset: Int, column: Int) -> (line: Int, column: Int) {
        let start: Int
        if let given = lineColumns.indices.contains(offset) ? lineColumns[offset] : lineColumns.last {
            start = given
        } else {
            start = offset == 0 ? self.column : 1
        }
        return (line + offset, start + column)
    }
}
