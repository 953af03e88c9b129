/// Tags in the order of their keys. Of a million resources each has some: a list of pairs takes a third of the room of a table.
public struct TagList: Sendable, Hashable {
    public struct Tag: Sendable, Hashable {
        public var key: String
        public var value: String
    }

    private(set) var tags: ContiguousArray<Tag> = []

    public init() {}

    init(_ table: [String: String], where isKept: (String) -> Bool = { _ in true }) {
        let count = table.keys.count(where: isKept)
        if count == 0 { return }
        tags.reserveCapacity(count)
        for (key, value) in table where isKept(key) { tags.append(Tag(key: key, value: value)) }
        if count > 1 { tags.sort { $0.key < $1.key } }
    }

    /// Adds the tags whose keys it lacks.
    mutating func add(_ others: TagList) {
        let new = others.tags.filter { other in !tags.contains { $0.key == other.key } }
        if new.isEmpty { return }
        tags += new
        tags.sort { $0.key < $1.key }
    }
}
