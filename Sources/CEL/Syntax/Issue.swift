/// Something wrong with an expression, found before it is evaluated.
public struct Issue: Error, Sendable, Hashable {
    /// What kind of thing is wrong; stable, for programs.
    public struct Code: Sendable, Hashable, RawRepresentable {
        /// The code as text, for reports.
        public let rawValue: String
        /// A code of the text.
        public init(rawValue: String) { self.rawValue = rawValue }

        /// The text isn't an expression.
        public static let syntax = Code(rawValue: "syntax")
        /// A literal can't be read or is out of range.
        public static let literal = Code(rawValue: "literal")
        /// A macro is not used as it must be.
        public static let macro = Code(rawValue: "macro")
        /// The expression is nested too deeply, or too long.
        public static let tooComplex = Code(rawValue: "too-complex")
        /// A name is not declared.
        public static let unknownIdentifier = Code(rawValue: "unknown-identifier")
        /// A record has no such field.
        public static let unknownField = Code(rawValue: "unknown-field")
        /// No function has the name.
        public static let unknownFunction = Code(rawValue: "unknown-function")
        /// No type has the name.
        public static let unknownType = Code(rawValue: "unknown-type")
        /// A function does not take such arguments.
        public static let noOverload = Code(rawValue: "no-overload")
        /// A type is not what it must be.
        public static let type = Code(rawValue: "type")
        /// A constant argument can't be used, such as a malformed regular expression.
        public static let constant = Code(rawValue: "constant")
    }

    /// The kind.
    public var code: Code
    /// The bytes of the expression that are meant.
    public var range: SourceRange
    /// What is wrong: one line, lower case, no full stop.
    public var message: String
    /// What to do about it, if that is known.
    public var hint: String?

    /// An issue at a place.
    public init(_ code: Code, _ range: SourceRange, _ message: String, hint: String? = nil) {
        self.code = code
        self.range = range
        self.message = message
        self.hint = hint
    }
}

/// The issues for which an expression can't be compiled; there is at least one.
public struct CompileError: Error, Sendable, Hashable {
    /// The expression.
    public var source: String
    /// The issues in the order of their places.
    public var issues: [Issue]

    /// An error of the issues.
    public init(source: String, issues: [Issue]) {
        self.source = source
        self.issues = issues
    }
}

extension CompileError: CustomStringConvertible {
    /// The issues as the renderer prints them, without a file.
    public var description: String {
        let renderer = IssueRenderer(source: source, origin: Origin(file: "expression"))
        return issues.map(renderer.render).joined(separator: "\n")
    }
}
