/// An edit of a record after which its vectors, evaluated again, show the data where the policy wants it, and no policy that
/// was kept is broken by it.
public struct ProposedChange: Hashable, Sendable {
    public enum Action: Hashable, Sendable {
        /// The attribute takes this value, as JSON writes it.
        case set(String)
        /// The attribute names another thing, which stands where it may; the value is one that would do.
        case name(String)
        /// The element, or the attribute, goes.
        case remove
    }

    /// The id of the finding that it settles.
    public var finding: String
    public var record: RecordReference
    /// `replica[0].region_name`, from the record's own attributes on.
    public var attribute: String
    /// What stands there now, as JSON writes it; `nil` if nothing does.
    public var before: String?
    public var action: Action

    public init(finding: String, record: RecordReference, attribute: String, before: String?, action: Action) {
        self.finding = finding
        self.record = record
        self.attribute = attribute
        self.before = before
        self.action = action
    }
}

/// A place in a text: both numbers from 1.
public struct TextPosition: Hashable, Sendable {
    public var line: Int
    /// In characters, as editors count.
    public var column: Int

    public init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }
}
