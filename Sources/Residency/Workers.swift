import Synchronization

/// Who does pieces of work that do not depend on one another. What comes out is the same whoever does it, and in whatever order.
public struct Workers: Sendable {
    /// How many pieces are done at a time.
    public let count: Int
    private let perform: @Sendable (_ pieces: Int, _ work: @Sendable (Int) -> Void) -> Void

    /// - Parameter perform: calls `work` with every number below `pieces`, and returns when all is done.
    public init(count: Int, perform: @escaping @Sendable (_ pieces: Int, _ work: @Sendable (Int) -> Void) -> Void) {
        self.count = max(1, count)
        self.perform = perform
    }

    /// The caller alone, one piece after the other.
    public static let one = Workers(count: 1) { pieces, work in for piece in 0..<pieces { work(piece) } }

    /// What the pieces make, in the order of their numbers.
    public func map<Made: Sendable>(_ pieces: Int, _ make: @Sendable (Int) -> Made) -> [Made] {
        let made = Mutex<[Made?]>(Array(repeating: nil, count: pieces))
        perform(pieces) { piece in
            let one = make(piece)
            made.withLock { $0[piece] = one }
        }
        return made.withLock { $0.compactMap(\.self) }
    }

    /// Fewer than this are not worth a piece of their own.
    private static let smallest = 256

    /// The numbers below a count, in even ranges: a few for each worker, so that none waits long for the last.
    public func ranges(_ total: Int) -> [Range<Int>] {
        let pieces = count == 1 ? 1 : max(1, min(count * 4, total / Self.smallest))
        return (0..<pieces).map { (total * $0 / pieces)..<(total * ($0 + 1) / pieces) }
    }
}
