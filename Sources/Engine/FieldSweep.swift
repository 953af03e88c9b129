import CEL
import Residency

/// Looks through the words of some fields of an event for places, other than the one where the event was.
struct FieldSweep {
    let slots: [Int]
    /// The slot of what tells where the event was.
    let region: Int?
    let provider: String
    /// Sees the place that a word names as `item`.
    let place: Program
    let sweep: WordSweep

    func result(_ batch: EventBatch, _ row: Int, _ gazetteer: Gazetteer) -> UnitResult {
        var sweep = sweep
        var found: [Int32] = []
        for slot in slots { sweep.collect(field: batch.bytes(row, slot), isJSON: batch.isJSON, &found) }
        let home = region.flatMap { RawField.text(batch.bytes(row, $0), isJSON: batch.isJSON) }
        return Self.result(sweep.places(found, except: home.map { gazetteer.resolve(.region(provider: provider, name: $0)).name }), place)
    }

    /// What `place` makes of the places that words name.
    static func result(_ named: [String], _ place: Program) -> UnitResult {
        var places: [String] = []
        for named in named {
            guard case .texts(let texts) = Decode.texts(place.evaluate([.null, .null, .string(named)])) else { continue }
            for text in texts where !places.contains(text) { places.append(text) }
        }
        return .texts(places)
    }
}
