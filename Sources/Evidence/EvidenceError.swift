/// Why evidence could not be made or kept; what there was is as it was before. The text is lower case, without a full stop, the user's text in backticks.
public struct EvidenceError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What kind of trouble it is; a caller may switch on it, and it grows (the store adds its own).
    public struct Code: Hashable, Sendable {
        private let name: String
        package init(_ name: String) { self.name = name }

        /// A key file that can't be read, or is of another kind than was needed.
        public static let badKey = Code("badKey")
        /// The passphrase is missing or wrong.
        public static let badPassphrase = Code("badPassphrase")
        /// An external signer failed, or answered with something that does not verify.
        public static let signerFailed = Code("signerFailed")
        /// What was given can't stand in a statement or bundle: a path that escapes, too many subjects, a bad name.
        public static let badContent = Code("badContent")
        /// A file could not be written.
        public static let notWritten = Code("notWritten")
        /// The time-stamping authority refused, or answered something else.
        public static let notStamped = Code("notStamped")
    }

    public var code: Code
    public var message: String
    public var hint: String?

    public init(_ code: Code, _ message: String, hint: String? = nil) {
        self.code = code
        self.message = message
        self.hint = hint
    }

    public var description: String { hint.map { "\(message) (\($0))" } ?? message }
}
