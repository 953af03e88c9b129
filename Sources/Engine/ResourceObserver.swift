import CEL
import Policy
import Residency

/// Observes what an inventory holds: every vector that speaks of a resource's type is tried on it.
struct ResourceObserver {
    private let byType: [String: [Vector]]
    private let everyType: [String: [Vector]]
    private var sweep: WordSweep
    private let dataless: [(provider: String, pattern: String)]
    private var datalessTypes: [String: Bool] = [:]

    init(_ catalogue: Catalogue, _ gazetteer: Gazetteer) {
        var byType: [String: [Vector]] = [:]
        var everyType: [String: [Vector]] = [:]
        for vector in catalogue.vectors {
            guard case .resource(let types) = vector.trigger else { continue }
            for type in types {
                if type == "*" {
                    everyType[vector.provider, default: []].append(vector)
                } else {
                    byType[vector.provider + "/" + type, default: []].append(vector)
                }
            }
        }
        self.byType = byType
        sweep = WordSweep(catalogue.vectors, gazetteer)
        self.everyType = everyType
        dataless = catalogue.dataless.flatMap { entry in entry.types.map { (entry.provider, $0) } }
    }

    /// Adds what a resource shows, and the resource itself, to a partial result.
    mutating func observe(_ resource: Resource, input: Int, into partial: inout Partial, _ names: inout NameTable) {
        let record = RecordReference(input: input, ordinal: resource.ordinal, pointer: resource.pointer)
        let own = byType[resource.provider + "/" + resource.type] ?? []
        let isDataless = own.isEmpty && isDataless(resource)
        partial.resources.append(ResourceFacts(resource, record: record, isKnown: !own.isEmpty || isDataless, isDataless: isDataless))
        if isDataless { return }
        let number = RecordNumber(input: input, ordinal: resource.ordinal)
        var explained = [resource.place]
        for vector in own + (everyType[resource.provider] ?? []) {
            guard case .pairs(let pairs) = Decode.whole(vector, resource: resource.attributes, event: .null, defaultSubject: resource.id) else { continue }
            for pair in pairs {
                let observed = Observed(vector: vector.id, subject: pair.subject, place: PlaceReference(text: pair.place), attempted: false)
                add(observed, number, &partial, &names)
                explained.append(observed.place)
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

    private mutating func isDataless(_ resource: Resource) -> Bool {
        let key = resource.provider + "/" + resource.type
        if let known = datalessTypes[key] { return known }
        let answer = dataless.contains { $0.provider == resource.provider && Glob.matches($0.pattern, resource.type) }
        datalessTypes[key] = answer
        return answer
    }
}
