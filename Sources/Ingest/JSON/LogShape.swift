import Residency

/// What a JSON log format looks like: which records there are, and what they come wrapped in.
struct LogShape: Sendable {
    /// One kind of record, told by its members.
    struct Kind: Sendable {
        var layout: EventLayout
        /// The paths of the members that a record of this kind has, all of them.
        var marks: [[String]]
        /// A member that must hold one of these JSON texts (`6003`).
        var choice: (path: [String], texts: Set<String>)?

        init(_ layout: EventLayout, marks: [[String]], choice: (path: [String], texts: Set<String>)? = nil) {
            self.layout = layout
            self.marks = marks
            self.choice = choice
        }
    }

    /// A field that the reader fills in, so that a vector needs one name for what several shapes write differently.
    struct Derived: Sendable {
        var path: [String]
        /// The first of these that the record has is taken.
        var sources: [[String]]
        /// Take the first of the sources that is a text or a number, not an object, a list or null.
        var scalarsOnly = true
        /// Texts that leave the field missing, in lower case: what says that nothing failed.
        var leavingOut: [String] = []
        /// Where this member follows the source at once, the field goes on to its end: a day, and the time of it.
        var upTo: [String]?
    }

    /// Asked in this order.
    var kinds: [Kind]
    /// Members of a document whose elements are records or envelopes.
    var lists: [String]
    /// Members that hold a record, or a list or a document of records.
    var objectEnvelopes: [String] = []
    /// Members that hold the text of one.
    var textEnvelopes: [String] = []
    var derived: [Derived] = []
    /// Other names of members of the record: `[alias: name]`.
    var aliases: [String: String] = [:]
    /// A record with one of these members is counted and not handed over.
    var asideMarks: [String] = []
    /// What is said of them; the number stands before it.
    var asideNote = ""
    /// What is said of a record that is of no kind.
    var complaint: String

    /// Whether the beginning of an input shows such a record, in whatever envelope. `depth` bounds the way in.
    func isShown(by head: Head, _ isRecord: (Head.Object) -> Bool) -> Bool {
        head.candidates.contains { isShown($0, head, 0, isRecord) }
    }

    private func isShown(_ object: Head.Object, _ head: Head, _ depth: Int, _ isRecord: (Head.Object) -> Bool) -> Bool {
        if isRecord(object) { return true }
        guard depth < RecordWalk.maxEnvelopes else { return false }
        for name in lists + objectEnvelopes {
            guard let at = object.members[name] else { continue }
            if let inner = head.object(at: at), isShown(inner, head, depth + 1, isRecord) { return true }
            if let element = head.firstElement(at: at), let inner = head.object(at: element), isShown(inner, head, depth + 1, isRecord) {
                return true
            }
        }
        return false
    }
}
