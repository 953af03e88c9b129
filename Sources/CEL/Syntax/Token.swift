/// A piece of an expression's text.
struct Token {
    enum Kind: UInt8 {
        case end
        /// What the lexer could not read; it has reported an issue.
        case invalid
        case identifier
        /// A name that can't be a variable, such as `while`; it may stand after a point.
        case reserved
        /// A name in backticks.
        case quoted
        case int, uint, double, string, bytes
        case `true`, `false`, null, `in`
        case leftParen, rightParen, leftBracket, rightBracket, leftBrace, rightBrace
        case comma, dot, question, colon
        case plus, minus, star, slash, percent, bang
        case equal, notEqual, less, lessEqual, greater, greaterEqual, and, or
    }

    let kind: Kind
    let start: Int
    let end: Int

    var range: SourceRange { SourceRange(start, end) }
}

extension Token.Kind {
    /// The names that the language keeps for itself.
    static let reservedWords: Set<String> = [
        "as", "break", "const", "continue", "else", "for", "function", "if", "import", "let", "loop", "package", "namespace",
        "return", "var", "void", "while",
    ]

    /// Whether an operand or argument may end before this.
    var endsOperand: Bool {
        switch self {
        case .end, .rightParen, .rightBracket, .rightBrace, .comma, .colon: true
        default: false
        }
    }
}
