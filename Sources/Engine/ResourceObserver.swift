import CEL
import Policy
import Residency

/// Observes what an inventory holds: every vector that speaks of a resource's type is tried on it.
struct ResourceObserver {
    /// What is tried on the resources of a type.
    private struct Kind {
        var name: TypeName
        var vectors: [Vector]
        /// Of the vectors: those that speak of the type by name.
        var isNamed: Bool
        var isDataless: Bool
    }

    private let catalogue: Catalogue
    private var kinds: [TypeName: Kind] = [:]
    private var sweep: WordSweep
    /// Which tags are kept; `nil` keeps all.
    private var tags: TagKeys?

    /// - Parameter tags: the keys that count where the rules that name them are known already.
    init(_ catalogue: Catalogue, _ gazetteer: Gazetteer, tags: TagKeys?) {
        self.tags = tags
        self.catalogue = catalogue
        sweep = WordSweep(catalogue.vectors, gazetteer)
    }

    /// Counts a resource, and asks nothing of it.
    static func count(_ resource: Resource, in partial: inout Partial) {
        let kind = ResourceKind(provider: resource.provider, type: resource.type, account: resource.account, place: resource.place)
        partial.counts[kind, default: 0] += 1
    }

    /// Adds what a resource shows, and the resource itself, to a partial result.
    mutating func observe(_ resource: Resource, input: Int, into partial: inout Partial, _ names: inout NameTable) {
        let record = RecordReference(input: input, ordinal: resource.ordinal, pointer: resource.pointer)
        let kind = kind(of: resource)
        let kept = tags?.telling(resource.tags) ?? TagList(resource.tags)
        var facts = ResourceFacts(resource, tags: kept, record: record, isKnown: kind.isNamed || kind.isDataless, isDataless: kind.isDataless)
        // One text for all resources of a type.
        (facts.provider, facts.type) = (kind.name.provider, kind.name.type)
        partial.resources.append(facts)
        if kind.isDataless { return }
        let number = RecordNumber(input: input, ordinal: resource.ordinal)
        var explained: [(place: PlaceReference, activity: Activity?)] = [(resource.place, nil)]
        let seen: [Value] = [resource.attributes, .null, .null]
        for index in kind.vectors.indices {
            guard case .pairs(let pairs) = Decode.whole(kind.vectors[index], seen, defaultSubject: resource.id) else { continue }
            for pair in pairs {
                let observed = Observed(vector: kind.vectors[index].id, subject: pair.subject, place: PlaceReference(text: pair.place), attempted: false)
                add(observed, number, &partial, &names)
                explained.append((observed.place, kind.vectors[index].activity))
            }
        }
        for observed in sweep.observe(resource.attributes, subject: resource.id, explained: explained) { add(observed, number, &partial, &names) }
    }

    private func add(_ observed: Observed, _ record: RecordNumber, _ partial: inout Partial, _ names: inout NameTable) {
        let key = ObservationKey(
            vector: names.number(observed.vector), subject: names.number(observed.subject), place: names.number(observed.place.text),
            attempted: observed.attempted)
        partial.tallies.add(key, Tally(count: 1, first: nil, last: nil, record: record))
    }

    private mutating func kind(of resource: Resource) -> Kind {
        let name = TypeName(provider: resource.provider, type: resource.type)
        if let known = kinds[name] { return known }
        let (own, general) = catalogue.vectors(of: name.type, provider: name.provider)
        let isDataless = own.isEmpty && catalogue.dataless.contains { entry in
            entry.provider == name.provider && entry.types.contains { Glob.matches($0, name.type) }
        }
        let kind = Kind(name: name, vectors: own + general, isNamed: !own.isEmpty, isDataless: isDataless)
        kinds[name] = kind
        return kind
    }
}
