import CEL
import Residency

/// What a reader knows of a resource, in the words that all inventories share; the rest stays as the input has it.
struct InventoryItem {
    var provider: String
    var type: String
    var id: String
    var name: String
    /// Other names by which records may refer to it; repetitions do no harm.
    var names: [String?] = []
    var account: String
    var place: PlaceReference
    var tags: [String: String] = [:]

    /// The resource; `record` is what the input delivers, to which the shared words are added.
    func resource(_ record: Value, ordinal: Int, pointer: String) -> Resource {
        let attributes = record.with([
            ("type", .string(type)), ("id", .string(id)), ("name", .string(name)), ("region", .string(place.regionText)),
            ("account", .string(account)), ("tags", .texts(tags)),
        ])
        return Resource(
            provider: provider, type: type, id: id, aliases: aliases([name] + names, besides: id), account: account, place: place,
            tags: tags, attributes: attributes, ordinal: ordinal, pointer: pointer)
    }
}

extension PlaceReference {
    /// What expressions see as `resource.region`: the region's name, or `unknown:` and why, which place functions let through.
    var regionText: String {
        switch self {
        case .region(_, let name): name
        case .unknown: text
        default: ""
        }
    }
}

extension ReadSession {
    /// Numbers a record and hands it over.
    func give(_ item: InventoryItem, _ record: Value, pointer: String) {
        let ordinal = number(pointer)
        give(item.resource(record, ordinal: ordinal, pointer: pointer))
    }
}

extension String {
    /// What the places inside a record begin with: nothing where the record is the whole input, else the record's own place.
    var insideRecord: String { self == "line:1" ? "" : self }
}
