import CEL
import Policy
import Residency

/// Looks through every text of a resource for words that name a place, and keeps those that no vector explains.
///
/// A word is a run of the characters that names, addresses and paths are made of. What it means is the vectors' matter; what
/// no table of places knows is passed over, since every file name has a dot in it.
struct WordSweep {
    private struct Entry {
        var vector: Vector
        var marks: [[UInt8]]
    }

    private let entries: [Entry]
    private let gazetteer: Gazetteer

    init(_ vectors: [Vector], _ gazetteer: Gazetteer) {
        entries = vectors.compactMap { vector in
            guard case .words(let marks) = vector.trigger else { return nil }
            return Entry(vector: vector, marks: marks.map { Array($0.utf8) })
        }
        self.gazetteer = gazetteer
    }

    /// What a resource's texts name, beside the places that are explained already.
    func observe(_ resource: Value, subject: String, explained: [PlaceReference]) -> [Observed] {
        if entries.isEmpty { return [] }
        var words: [String] = []
        var seen: Set<String> = []
        collect(resource, &words, &seen)
        if words.isEmpty { return [] }
        let known = Set(explained.map { gazetteer.resolve($0).name })
        var found: [Observed] = []
        for word in words {
            for entry in entries where Self.holds(word, entry.marks) {
                for pair in Self.pairs(entry.vector, resource, word, subject) {
                    let place = PlaceReference(text: pair.place)
                    let resolved = gazetteer.resolve(place)
                    if case .unknown = resolved.location, gazetteer.entry(named: resolved.name) == nil { continue }
                    let observed = Observed(vector: entry.vector.id, subject: pair.subject, place: place, attempted: false)
                    if !known.contains(resolved.name), !found.contains(observed) { found.append(observed) }
                }
            }
        }
        return found
    }

    /// What a vector makes of one word.
    static func pairs(_ vector: Vector, _ resource: Value, _ word: String, _ subject: String) -> [UnitResult.Pair] {
        let slots: [Value] = [resource, .null, .string(word)]
        if let when = vector.when, Decode.condition(when.program.evaluate(slots)) != .condition(true) { return [] }
        guard case .texts(let places) = Decode.texts(vector.place.program.evaluate(slots)) else { return [] }
        return places.map { UnitResult.Pair(subject: subject, place: $0) }
    }

    /// The words of a resource that a vector may look at, each once, in their order.
    static func words(_ resource: Value, marks: [String]) -> [String] {
        var words: [String] = []
        var seen: Set<String> = []
        let marks = marks.map { Array($0.utf8) }
        collect(resource, &words, &seen) { holds($0, marks) }
        return words
    }

    private func collect(_ value: Value, _ words: inout [String], _ seen: inout Set<String>) {
        Self.collect(value, &words, &seen) { word in entries.contains { Self.holds(word, $0.marks) } }
    }

    private static func collect(_ value: Value, _ words: inout [String], _ seen: inout Set<String>, _ wanted: (String) -> Bool) {
        switch value {
        case .string(let text): split(text, &words, &seen, wanted)
        case .list: for element in value.elements ?? [] { collect(element, &words, &seen, wanted) }
        case .map:
            for key in value.keys ?? [] {
                if let name = key.stringValue, let member = value.member(name) { collect(member, &words, &seen, wanted) }
            }
        default: break
        }
    }

    private static func split(_ text: String, _ words: inout [String], _ seen: inout Set<String>, _ wanted: (String) -> Bool) {
        for part in text.utf8.split(whereSeparator: { !isInWords($0) }) where part.count > 3 {
            let word = String(Substring(part))
            guard wanted(word), seen.insert(word).inserted else { continue }
            words.append(word)
        }
    }

    private static func isInWords(_ byte: UInt8) -> Bool {
        48...57 ~= byte || 65...90 ~= byte || 97...122 ~= byte || byte >= 128 || "-_.:/@%+*".utf8.contains(byte)
    }

    private static func holds(_ word: String, _ marks: [[UInt8]]) -> Bool {
        marks.contains { mark in
            guard let first = mark.first else { return true }
            let bytes = word.utf8
            return bytes.indices.contains { bytes[$0] == first && bytes[$0...].starts(with: mark) }
        }
    }
}
