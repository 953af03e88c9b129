public import Policy
public import Residency

/// What has to be asked of an event so that a vector can be tried on it: which fields, and how much of each. Another engine
/// groups its events by the answers, and `AnswerObserver` tries the vector on each group.
public struct Question: Sendable {
    /// How much of a field an answer has to hold.
    public enum Need: Sendable, Comparable {
        /// Whether it is there: any JSON value stands for it.
        case presence
        /// What stands there; of an object no more than `{}`.
        case kind
        /// Whether it is there, null, empty or filled.
        case fill
        /// The words in it that may name a place, as a list.
        case words
        /// All of it, as JSON.
        case value
    }

    public struct Field: Sendable {
        public var path: [String]
        public var need: Need
        /// The condition alone reads it: where it is known to hold, the field need not be answered.
        public var isForCondition: Bool
    }

    /// The index among the questions, and in `vectors`.
    public let number: Int
    public let vector: Vector
    /// In the order of an answer's texts.
    public let fields: [Field]

    /// Where a field is asked for its words: what a word must hold to name a place, by all vectors of words.
    public let marks: [String]

    /// The bytes of ASCII that no word has in it.
    public static var separators: [ClosedRange<UInt8>] {
        var ranges: [ClosedRange<UInt8>] = []
        for byte in UInt8(0)..<128 where !WordMarks.isInWord(byte) {
            if let last = ranges.last, last.upperBound + 1 == byte { ranges[ranges.count - 1] = last.lowerBound...byte } else { ranges.append(byte...byte) }
        }
        return ranges
    }

    /// The services and actions that vectors of a provider name: no sweep is made of their events.
    public static func named(_ catalogue: Catalogue, layout: EventLayout) -> [(service: String, actions: [String])] {
        catalogue.vectors.compactMap { vector in
            guard vector.provider == layout.provider, vector.namesEvents, case .event(let service, let actions) = vector.trigger else { return nil }
            return (service, actions)
        }
    }

    /// Whether some vector of a provider names actions in its condition alone: which events it sees, an event alone tells.
    public static func areNamedByConditions(_ catalogue: Catalogue, layout: EventLayout) -> Bool {
        catalogue.vectors.contains { vector in
            guard vector.provider == layout.provider, vector.sweeps.isEmpty, !vector.namesEvents, case .event = vector.trigger else { return false }
            return vector.asks(for: layout.action)
        }
    }

    /// The questions of a catalogue's event vectors, in the order of the vectors.
    public static func all(_ catalogue: Catalogue, layout: EventLayout) -> [Question] {
        let vectors = catalogue.vectors.filter { vector in
            guard vector.provider == layout.provider, case .event = vector.trigger else { return false }
            return true
        }
        let marks = catalogue.vectors.flatMap { vector -> [String] in if case .words(let marks) = vector.trigger { marks } else { [] } }
        return vectors.enumerated().map { Question(number: $0, $1, layout, marks) }
    }

    /// Every path that some question of the catalogue asks for.
    public static func paths(_ catalogue: Catalogue, layout: EventLayout) -> [[String]] {
        EventProgram.projection(catalogue.vectors, provider: layout.provider, layout: layout).paths
    }

    private init(number: Int, _ vector: Vector, _ layout: EventLayout, _ marks: [String]) {
        self.number = number
        self.marks = vector.sweeps.isEmpty ? [] : Set(marks).sorted()
        self.vector = vector
        let projection = EventProgram.projection([vector], provider: vector.provider, layout: layout)
        let program = EventProgram(layout: layout, projection: projection, vectors: [vector], sweep: WordSweep([], Gazetteer()))
        var needs: [Int: Need] = [:]
        var beyondCondition: Set<Int> = []
        for unit in program.units {
            for dependency in unit.dependencies {
                let need = Self.need(dependency)
                // Its words tell no more of a field than that.
                needs[dependency.slot] = needs[dependency.slot].map { $0 == need || $0 != .words && need != .words ? max($0, need) : .value } ?? need
                if case .condition = unit.kind { continue }
                beyondCondition.insert(dependency.slot)
            }
        }
        fields = needs.keys.sorted().map {
            Field(path: projection.paths[$0], need: needs[$0] ?? .value, isForCondition: !beyondCondition.contains($0))
        }
    }

    private static func need(_ dependency: EventProgram.Dependency) -> Need {
        switch dependency {
        case .presence: .presence
        case .kind: .kind
        case .fill: .fill
        case .words: .words
        case .value, .address: .value
        }
    }
}
