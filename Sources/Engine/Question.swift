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

    /// The questions of a catalogue's event vectors, in the order of the vectors.
    public static func all(_ catalogue: Catalogue, layout: EventLayout) -> [Question] {
        let vectors = catalogue.vectors.filter { vector in
            guard vector.provider == layout.provider, case .event = vector.trigger else { return false }
            return true
        }
        return vectors.enumerated().map { Question(number: $0, $1, layout) }
    }

    /// Every path that some question of the catalogue asks for.
    public static func paths(_ catalogue: Catalogue, layout: EventLayout) -> [[String]] {
        EventProgram.projection(catalogue.vectors, provider: layout.provider).paths
    }

    private init(number: Int, _ vector: Vector, _ layout: EventLayout) {
        self.number = number
        self.vector = vector
        let projection = EventProgram.projection([vector], provider: vector.provider)
        let program = EventProgram(layout: layout, projection: projection, vectors: [vector])
        var needs: [Int: Need] = [:]
        var beyondCondition: Set<Int> = []
        for unit in program.units {
            for dependency in unit.dependencies {
                let need = Self.need(dependency)
                needs[dependency.slot] = max(needs[dependency.slot] ?? need, need)
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
        case .value, .address: .value
        }
    }
}
