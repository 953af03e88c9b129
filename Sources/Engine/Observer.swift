public import Policy
public import Residency

/// Turns records into observations: one for each worker, used for one input after the other.
public struct Observer {
    private let catalogue: Catalogue
    private let gazetteer: Gazetteer
    private var resources: ResourceObserver
    /// One for each layout that was met.
    private var layouts: [EventLayout] = []
    private var events: [EventObserver] = []
    private var names = NameTable()
    /// Without names: `names` are those of both.
    private var total = Partial()
    /// What the input shows that is being read.
    private var current = Partial()
    private var rules: ObservationRules?
    private var locals: ContiguousArray<Int32> = []
    private let memoryLimit: Int
    private let isCounting: Bool

    /// How much of what events said is remembered, unless told otherwise.
    public static let memoryLimit = 1 << 16

    /// - Parameters:
    ///   - keeping: by which rules the parts are marked that `end` makes; `nil` if it is to make none.
    ///   - isCounting: whether resources are counted by their kinds, and no more.
    ///   - memoryLimit: how many values of a field are remembered before all are forgotten. It changes no result.
    public init(_ rules: RuleBook, keeping: ObservationRules? = nil, isCounting: Bool = false, memoryLimit: Int = Observer.memoryLimit) {
        self.memoryLimit = memoryLimit
        self.isCounting = isCounting
        catalogue = rules.catalogue
        gazetteer = rules.gazetteer
        // What others may judge by other rules keeps all tags.
        resources = ResourceObserver(rules.catalogue, rules.gazetteer, tags: keeping == nil ? TagKeys(rules.subjects) : nil)
        self.rules = keeping
    }

    /// The fields of events that the catalogue's vectors of a provider read: what readers have to project.
    public static func projection(_ catalogue: Catalogue, provider: String) -> Projection {
        EventProgram.projection(catalogue.vectors, provider: provider)
    }

    /// Takes in one resource of an inventory.
    public mutating func observe(_ resource: Resource, input: Int) {
        if isCounting { return ResourceObserver.count(resource, in: &current) }
        resources.observe(resource, input: input, into: &current, &names)
    }

    /// Takes in a batch of events.
    public mutating func observe(_ layout: EventLayout, _ projection: Projection, _ batch: EventBatch, input: Int) {
        let number = layouts.firstIndex(of: layout) ?? layouts.count
        if number == layouts.count {
            let program = EventProgram(layout: layout, projection: projection, vectors: catalogue.vectors, sweep: WordSweep(catalogue.vectors, gazetteer))
            layouts.append(layout)
            events.append(EventObserver(program: program, gazetteer: gazetteer, memoryLimit: memoryLimit))
        }
        events[number].observe(batch, input: input, &names)
    }

    /// Ends an input.
    ///
    /// - Parameter pointers: where its events stand.
    /// - Returns: what the input shows, if parts are kept.
    public mutating func end(_ input: Int, _ summary: InputSummary, _ diagnostics: [Diagnostic], pointers: RecordPointers?) -> InputPart? {
        if let pointers { current.pointers[input] = pointers }
        guard var keeping = rules else { return nil }
        // Taken out, so that what it has worked out is changed in place.
        rules = nil
        defer { rules = keeping }
        for number in events.indices { events[number].drain(into: &current, &names) }
        let part = InputPart(summary, diagnostics, current, names, &locals, &keeping)
        total.absorb(current)
        current = Partial()
        return part
    }

    /// Takes in what an input showed when it was read before.
    ///
    /// - Returns: `nil`, and nothing taken, if the part is damaged, or was made by other vectors.
    public mutating func take(_ part: InputPart, as input: Int) -> (InputSummary, [Diagnostic])? {
        guard var keeping = rules else { return nil }
        rules = nil
        defer { rules = keeping }
        return try? part.read(as: input, into: &total, &names, &keeping)
    }

    /// Hands over all that was observed; the end of an observer.
    public mutating func finish() -> Partial {
        for number in events.indices { events[number].drain(into: &current, &names) }
        total.absorb(current)
        total.names = names
        return total
    }
}
