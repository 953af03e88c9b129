public import Policy
public import Residency

/// Turns records into observations: one for each worker, used for one input after the other.
public struct Observer {
    private let catalogue: Catalogue
    private let gazetteer: Gazetteer
    private var resources: ResourceObserver
    private var events: [EventLayout: EventObserver] = [:]
    private var partial = Partial()

    public init(_ rules: RuleBook) {
        catalogue = rules.catalogue
        gazetteer = rules.gazetteer
        resources = ResourceObserver(rules.catalogue, rules.gazetteer)
    }

    /// The fields of events that the catalogue's vectors read, by provider: what readers have to project.
    public static func projections(_ catalogue: Catalogue) -> [String: Projection] {
        var projections: [String: Projection] = [:]
        for provider in Set(catalogue.vectors.map(\.provider)) {
            projections[provider] = EventProgram.projection(catalogue.vectors, provider: provider)
        }
        return projections
    }

    /// Takes in one resource of an inventory.
    public mutating func observe(_ resource: Resource, input: Int) {
        resources.observe(resource, input: input, into: &partial)
    }

    /// Takes in a batch of events.
    public mutating func observe(_ layout: EventLayout, _ projection: Projection, _ batch: EventBatch, input: Int) {
        if events[layout] == nil {
            let program = EventProgram(layout: layout, projection: projection, vectors: catalogue.vectors)
            events[layout] = EventObserver(program: program, gazetteer: gazetteer)
        }
        events[layout]?.observe(batch, input: input, &partial.names)
    }

    /// Hands over all that was observed; the end of an observer.
    public mutating func finish() -> Partial {
        for layout in events.keys { events[layout]?.drain(into: &partial) }
        return partial
    }
}
