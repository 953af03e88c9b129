/// A parsed regular expression.
indirect enum RegexNode: Sendable {
    case empty
    case set(ScalarSet)
    case sequence([RegexNode])
    case alternatives([RegexNode])
    /// At least `least` times and at most `most`, nil for any number. Greed makes no difference to whether a text matches.
    case repeated(RegexNode, least: Int, most: Int?)
    case assertion(Assertion)

    /// What must hold between two code points.
    enum Assertion: Sendable {
        case textStart, textEnd, lineStart, lineEnd, wordBoundary, notWordBoundary
    }
}

/// Why a pattern can't be used.
struct RegexError: Error, Equatable {
    /// One line, lower case, no full stop.
    var message: String
    /// The offset in the pattern's UTF-8.
    var offset: Int
}
