import Residency

/// Events that a reader puts together field by field, handed over some at a time.
final class EventSheet {
    let projection: Projection
    private let session: ReadSession
    private let layouts: [EventLayout]
    private let isJSON: Bool
    private let width: Int
    private let rows: RowBuffer
    private var count = 0
    private var layout = 0
    private var places: [(prefix: String, index: Int?)] = []

    /// - Parameters:
    ///   - layouts: of one provider.
    ///   - isKnown: whether events of these layouts can have the path at all; of the others nothing is kept.
    init(_ session: ReadSession, _ layouts: [EventLayout], isJSON: Bool, _ isKnown: ([String]) -> Bool) {
        self.session = session
        self.layouts = layouts
        self.isJSON = isJSON
        var projection = Projection()
        for layout in layouts {
            for path in [layout.service, layout.action, layout.time, layout.account, layout.region, layout.error] where !path.isEmpty {
                // The members on the way are asked for too: they tell how far it goes.
                for length in 1...path.count { _ = projection.slot(Array(path.prefix(length))) }
            }
        }
        for path in session.plan.projections[layouts[0].provider]?.paths ?? [] where isKnown(path) { _ = projection.slot(path) }
        self.projection = projection
        width = projection.paths.count
        // The levels below are the walk's own.
        rows = session.buffers.rows(RecordWalk.maxEnvelopes + 2)
        rows.prepare(width: width)
    }

    /// Begins an event, whose fields will be pieces of these bytes.
    func begin(_ bytes: UnsafeBufferPointer<UInt8>, layout: Int = 0) {
        if count == rows.capacity || layout != self.layout { give(bytes) }
        self.layout = layout
        rows.clear(row: count, width: width)
    }

    /// Fills a field of the event that was begun.
    func set(_ slot: Int, _ range: Range<Int>) { rows.set(count * width + slot, range) }

    /// Ends the event; its place is a prefix and a number.
    func end(byte: Int, prefix: String, index: Int) { end(byte: byte, prefix, index) }

    /// Ends the event, which stands at a place of its own.
    func end(byte: Int, place: String) { end(byte: byte, place, nil) }

    private func end(byte: Int, _ prefix: String, _ index: Int?) {
        rows.offsets[count] = UInt64(byte)
        places.append((prefix, index))
        count += 1
    }

    /// Hands over what was put together; to be called before the bytes move, and before a record is told to be malformed.
    func give(_ bytes: UnsafeBufferPointer<UInt8>) {
        guard count > 0, let base = bytes.baseAddress else { return }
        for row in 0..<count {
            let (prefix, index) = places[row]
            if let index {
                session.outcome.pointers.append(ordinal: session.ordinal + row, prefix: prefix, index: index)
            } else {
                session.outcome.pointers.append(ordinal: session.ordinal + row, place: prefix)
            }
        }
        session.give(
            layouts[layout], projection,
            EventBatch(
                base: base, byteCount: bytes.count, fields: rows.fields, offsets: rows.offsets, count: count, width: width,
                firstOrdinal: session.ordinal, isJSON: isJSON))
        session.ordinal += count
        count = 0
        places.removeAll(keepingCapacity: true)
    }
}
