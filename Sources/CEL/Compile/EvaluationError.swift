/// Why an evaluation has no value. What it was asked is then neither true nor false.
public struct EvaluationError: Error, Sendable, Hashable {
    /// What kind of thing went wrong; stable, for programs.
    public struct Code: Sendable, Hashable, RawRepresentable {
        /// The code as text, for reports.
        public let rawValue: String
        /// A code of the text.
        public init(rawValue: String) { self.rawValue = rawValue }

        /// A map has no such key.
        public static let noSuchKey = Code(rawValue: "no-such-key")
        /// An index is outside a list or a string.
        public static let indexOutOfRange = Code(rawValue: "index-out-of-range")
        /// A function or operator doesn't take values of these types.
        public static let noSuchOverload = Code(rawValue: "no-such-overload")
        /// A name has no value.
        public static let unknownIdentifier = Code(rawValue: "unknown-identifier")
        /// No function has the name.
        public static let unknownFunction = Code(rawValue: "unknown-function")
        /// A number doesn't fit its type.
        public static let overflow = Code(rawValue: "overflow")
        /// Division by zero.
        public static let divideByZero = Code(rawValue: "divide-by-zero")
        /// A time or span is out of range.
        public static let range = Code(rawValue: "range")
        /// A value can't be converted.
        public static let conversion = Code(rawValue: "conversion")
        /// An argument is not what the function can work with.
        public static let invalidArgument = Code(rawValue: "invalid-argument")
        /// A key comes twice in a map.
        public static let duplicateKey = Code(rawValue: "duplicate-key")
        /// An optional has no value.
        public static let emptyOptional = Code(rawValue: "empty-optional")
        /// The limit of steps is reached.
        public static let limit = Code(rawValue: "limit")
        /// The expression could not be checked, and what is wrong was reached.
        public static let unchecked = Code(rawValue: "unchecked")
        /// A function of the host failed.
        public static let host = Code(rawValue: "host")
    }

    /// The kind.
    public var code: Code
    /// What went wrong: one line, lower case, no full stop.
    public var message: String
    /// The bytes of the expression that failed.
    public var range: SourceRange
    /// What to do about it, if that is known.
    public var hint: String?
    /// For a missing key the path to it, from the variable on where that is known; the last element is the missing one.
    public var path: [String]

    /// An error; a function of the host may leave the range to its caller.
    public init(
        _ code: Code, _ message: String, range: SourceRange = .none, hint: String? = nil, path: [String] = []
    ) {
        self.code = code
        self.message = message
        self.range = range
        self.hint = hint
        self.path = path
    }
}
