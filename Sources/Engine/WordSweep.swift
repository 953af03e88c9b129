import CEL
import Policy
import Residency

/// Looks through the texts of a resource, or of a field of an event, for words that name a place, and keeps those that no vector
/// explains.
///
/// A word is a run of the characters that names, addresses and paths are made of. What it means is the vectors' matter; what
/// no table of places knows is passed over, since every file name has a dot in it.
struct WordSweep {
    private struct Entry {
        var vector: String
        /// What it shows; `nil` if it is a hint.
        var activity: Activity?
        var when: Expression?
        var place: Expression
        var marks: [[UInt8]]
    }

    /// A place that a word names.
    private struct Meaning: Hashable {
        var vector: String
        var activity: Activity?
        var place: PlaceReference
        /// The name of the place in the tables.
        var name: String
    }

    /// What more words mean than this is worked out anew: memory stays bounded whatever the inventory holds.
    private static let memoryLimit = 1 << 16

    private let entries: [Entry]
    private let gazetteer: Gazetteer
    /// The words that were met, and which of `meanings` are theirs; 0 for none.
    private var known = ByteTable(capacity: 1024)
    private var meanings: [[Meaning]] = [[]]
    private var numbers: [[Meaning]: Int32] = [[]: 0]
    /// The names of the places that explain words, as the tables call them.
    private var placeNames: [PlaceReference: String] = [:]
    private let marks: WordMarks
    /// The name of the resource that is looked through, where it is passed over.
    private var own: [UInt8] = []
    /// A field without its escapes.
    private var plain: ContiguousArray<UInt8> = []

    init(_ vectors: [Vector], _ gazetteer: Gazetteer) {
        entries = vectors.compactMap { vector in
            guard case .words(let marks) = vector.trigger else { return nil }
            return Entry(vector: vector.id, activity: vector.isHint ? nil : vector.activity, when: vector.when, place: vector.place, marks: marks.map { Array($0.utf8) })
        }
        self.gazetteer = gazetteer
        marks = WordMarks(entries.map(\.marks))
    }

    /// What a resource's texts name, beside the places that are explained already: a hint by whatever is done there, else by the same.
    ///
    /// - Parameter explained: first, where the resource is.
    mutating func observe(_ resource: Value, subject: String, explained: [(place: PlaceReference, activity: Activity?)]) -> [Observed] {
        if entries.isEmpty { return [] }
        own = isHintAtMost(subject, explained[0].place) ? Array(subject.utf8) : []
        var found: [Int32] = []
        collect(resource, &found)
        if found.isEmpty { return [] }
        let known = explained.map { (name: name(of: $0.place), activity: $0.activity) }
        var observed: [Observed] = []
        for meaning in found.flatMap({ meanings[Int($0)] }) {
            if known.contains(where: { $0.name == meaning.name && (meaning.activity == nil || meaning.activity == $0.activity) }) { continue }
            let one = Observed(vector: meaning.vector, subject: subject, place: meaning.place, attempted: false)
            if !observed.contains(one) { observed.append(one) }
        }
        return observed
    }

    /// Whether a resource's own name could be no more than a hint of where the resource is: then nothing need be asked of it, and nearly
    /// every resource has a name that was never met.
    private func isHintAtMost(_ name: String, _ place: PlaceReference) -> Bool {
        guard case .region(let provider, let region) = place, let named = gazetteer.nameForms.region(of: name), named == (provider, region) else { return false }
        var name = name
        return name.withUTF8 { marks.owners(in: $0) }.allSatisfy { entries[$0].activity == nil }
    }

    private mutating func name(of place: PlaceReference) -> String {
        if let known = placeNames[place] { return known }
        if placeNames.count >= Self.memoryLimit { placeNames.removeAll() }
        let name = gazetteer.resolve(place).name
        placeNames[place] = name
        return name
    }

    /// Gathers the meanings of the words of a value, each once.
    private mutating func collect(_ value: Value, _ found: inout [Int32]) {
        switch value {
        case .string(var text): text.withUTF8 { collect($0, &found) }
        case .list(let list): for element in list.elements { collect(element, &found) }
        case .map(let map): map.forEachValue { collect($0, &found) }
        default: break
        }
    }

    private mutating func collect(_ text: UnsafeBufferPointer<UInt8>, _ found: inout [Int32]) {
        var at = 0
        while let word = marks.next(in: text, from: &at) {
            if !own.isEmpty, word.count == own.count, own.withUnsafeBufferPointer({ equal($0.baseAddress!, word.baseAddress!, word.count) }) { continue }
            let hash = hashBytes(word)
            let number = known.value(word, hash: hash) ?? learn(word, hash)
            if number > 0, !found.contains(number) { found.append(number) }
        }
    }

    /// Gathers the numbers of what the words of an event's field mean, each once. They stay the same. Names of members are words
    /// like any other.
    mutating func collect(field: UnsafeBufferPointer<UInt8>, isJSON: Bool, _ found: inout [Int32]) {
        if !isJSON || !RawField.hasBackslash(field) { return collect(field, &found) }
        var plain: ContiguousArray<UInt8> = []
        swap(&plain, &self.plain)
        RawField.unescape(field, into: &plain)
        plain.withUnsafeBufferPointer { collect($0, &found) }
        swap(&plain, &self.plain)
    }

    /// The places that some words name, each once, but for one of this name. They are called as the tables call them: a region, and a
    /// host there, are one.
    func places(_ numbers: [Int32], except name: String?) -> [String] {
        var places: [String] = []
        for meaning in numbers.flatMap({ meanings[Int($0)] }) where meaning.name != name {
            let parts = meaning.name.split(separator: ":", maxSplits: 1).map(String.init)
            let row = parts.count == 2 ? PlaceReference.region(provider: parts[0], name: parts[1]) : meaning.place
            let place = gazetteer.resolve(row).name == meaning.name ? row : meaning.place
            if !places.contains(place.text) { places.append(place.text) }
        }
        return places
    }

    private mutating func learn(_ word: UnsafeBufferPointer<UInt8>, _ hash: UInt64) -> Int32 {
        if known.count >= Self.memoryLimit { known.removeAll() }
        let meaning = Self.meaning(word, marks.owners(in: word).map { entries[$0] }, gazetteer)
        // Most words with a mark in them mean nothing.
        let number = meaning.isEmpty ? 0 : numbers[meaning] ?? Int32(meanings.count)
        if number == meanings.count {
            meanings.append(meaning)
            numbers[meaning] = number
        }
        known.insert(word, hash: hash, value: number)
        return number
    }

    private static func meaning(_ word: UnsafeBufferPointer<UInt8>, _ entries: [Entry], _ gazetteer: Gazetteer) -> [Meaning] {
        var found: [Meaning] = []
        let text = String(decoding: word, as: UTF8.self)
        let slots: [Value] = [.null, .null, .string(text)]
        for entry in entries {
            for text in places(entry.when, entry.place, slots) {
                let place = PlaceReference(text: text)
                let resolved = gazetteer.resolve(place)
                if case .unknown = resolved.location, gazetteer.entry(named: resolved.name) == nil { continue }
                found.append(Meaning(vector: entry.vector, activity: entry.activity, place: place, name: resolved.name))
            }
        }
        return found
    }

    /// What a vector makes of one word. It sees the word alone, so that a word means the same wherever it stands.
    static func pairs(_ vector: Vector, _ word: String, _ subject: String) -> [UnitResult.Pair] {
        places(vector.when, vector.place, [.null, .null, .string(word)]).map { UnitResult.Pair(subject: subject, place: $0) }
    }

    private static func places(_ when: Expression?, _ place: Expression, _ slots: [Value]) -> [String] {
        if let when, Decode.condition(when.program.evaluate(slots)) != .condition(true) { return [] }
        guard case .texts(let places) = Decode.texts(place.program.evaluate(slots)) else { return [] }
        return places
    }

    /// The words of a resource that a vector may look at, each once, in their order.
    static func words(_ resource: Value, marks: [String]) -> [String] {
        var words: [String] = []
        let marks = WordMarks([marks.map { Array($0.utf8) }])
        func collect(_ value: Value) {
            switch value {
            case .string(var text):
                text.withUTF8 { text in
                    var at = 0
                    while let word = marks.next(in: text, from: &at) {
                        let text = String(decoding: word, as: UTF8.self)
                        if !marks.owners(in: word).isEmpty, !words.contains(text) { words.append(text) }
                    }
                }
            case .list(let list): for element in list.elements { collect(element) }
            case .map(let map): map.forEachValue { collect($0) }
            default: break
            }
        }
        collect(resource)
        return words
    }
}
