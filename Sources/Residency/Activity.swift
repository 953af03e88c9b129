/// What is done with data at a place. Each activity is judged on its own: data may be stored where it was promised and
/// still be processed, copied or read somewhere else.
public enum Activity: String, CaseIterable, Sendable, Hashable, Codable {
    case stored
    case processed
    case copied
    case backedUp = "backed-up"
    case keyHeld = "key-held"
    case transferred
    case accessed
    case logged
}

extension Activity {
    /// Whether it has a duration: what is stored stays, what is read is read again.
    public var isRest: Bool {
        switch self {
        case .stored, .copied, .backedUp, .keyHeld, .logged: true
        case .processed, .transferred, .accessed: false
        }
    }
}

extension Activity: Comparable {
    /// Alphabetical by the word users see, so that every list of activities has one order.
    public static func < (left: Activity, right: Activity) -> Bool { left.rawValue < right.rawValue }
}
