import Synchronization

/// Findings as an earlier run wrote them. They are read when someone asks for one; what passes them on takes the text.
public final class WrittenFindings: Sendable {
    /// The elements of a canonical array, with the commas between them.
    public let text: ArraySlice<UInt8>
    /// The highest severity of those that are violated.
    public let worst: Severity?
    private let read: @Sendable (ArraySlice<UInt8>) -> [Finding]
    private let known = Mutex<[Finding]?>(nil)

    /// - Parameter read: what the text says; asked once.
    public init(text: ArraySlice<UInt8>, worst: Severity?, read: @escaping @Sendable (ArraySlice<UInt8>) -> [Finding]) {
        self.text = text
        self.worst = worst
        self.read = read
    }

    public var all: [Finding] {
        known.withLock { known in
            if let known { return known }
            let all = read(text)
            known = all
            return all
        }
    }
}

/// The findings of a run: made by its judgement, or written by that of an earlier run that came to the same.
struct FindingList: Hashable, Sendable {
    private var made: [Finding] = []
    /// `nil` once the findings were changed.
    private(set) var written: WrittenFindings?

    init(_ findings: [Finding]) { made = findings }
    init(_ written: WrittenFindings) { self.written = written }

    var all: [Finding] {
        get { written?.all ?? made }
        _modify {
            if let written {
                made = written.all
                self.written = nil
            }
            yield &made
        }
    }

    static func == (left: Self, right: Self) -> Bool { left.all == right.all }
    func hash(into hasher: inout Hasher) { hasher.combine(all) }
}
