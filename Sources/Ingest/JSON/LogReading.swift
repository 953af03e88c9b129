import Residency

/// The reading of one JSON log by its shape.
final class LogReading {
    private let session: ReadSession
    private let shape: LogShape
    private let projection: Projection
    private let kinds: [Kind]
    private let derived: [Derived]
    private var aside = 0
    private var walk: RecordWalk?
    /// The names of members that only a record has.
    private lazy var marks = Set(
        shape.kinds.flatMap { $0.marks.compactMap(\.first) } + shape.derived.flatMap { $0.sources.compactMap(\.first) } + Array(shape.aliases.keys)
            + shape.asideMarks)

    private struct Kind {
        var layout: EventLayout
        var marks: [Int]
        var choice: (slot: Int, texts: Set<[UInt8]>)?
    }

    private struct Derived {
        var slot: Int
        var sources: [Int]
        var scalarsOnly: Bool
        var leavingOut: [[UInt8]]
        var upTo: Int?
    }

    /// The most bytes between a member and the one that follows it at once.
    private static let nextMember = 16

    init(_ session: ReadSession, _ shape: LogShape) {
        self.session = session
        self.shape = shape
        let providers = shape.kinds.map(\.layout.provider)
        var projection = session.plan.projections[providers[0]] ?? Projection()
        for provider in Set(providers.dropFirst()).sorted() where provider != providers[0] {
            for path in session.plan.projections[provider]?.paths ?? [] { _ = projection.slot(path) }
        }
        kinds = shape.kinds.map { kind in
            let layout = kind.layout
            for path in [layout.service, layout.action, layout.time, layout.account, layout.region, layout.error] where !path.isEmpty {
                _ = projection.slot(path)
            }
            let choice = kind.choice.map { (slot: projection.slot($0.path), texts: Set($0.texts.map { Array($0.utf8) })) }
            return Kind(layout: layout, marks: kind.marks.map { projection.slot($0) }, choice: choice)
        }
        derived = shape.derived.map { field in
            Derived(
                slot: projection.slot(field.path), sources: field.sources.map { projection.slot($0) }, scalarsOnly: field.scalarsOnly,
                leavingOut: field.leavingOut.map { Array($0.utf8) }, upTo: field.upTo.map { projection.slot($0) })
        }
        self.projection = projection
    }

    func run() throws(ReadError) {
        let walk = makeWalk()
        self.walk = walk
        defer { self.walk = nil }
        try walk.walk()
        finish()
    }

    private func makeWalk() -> RecordWalk {
        let trie = session.tries.trie(projection, lists: shape.lists, aliases: shape.aliases)
        return RecordWalk(session, trie: trie) { [unowned self] (batch) throws(ReadError) in try take(batch) }
    }

    /// Reads a text that another reading found: a document of the shape. `position` is where it stands in the input, `nil` if it is not
    /// there byte by byte; then `byte` is where what holds it begins.
    func read(_ text: UnsafeBufferPointer<UInt8>, at place: String, position: Int?, byte: Int, depth: Int) throws(ReadError) {
        let walk = self.walk ?? makeWalk()
        self.walk = walk
        try walk.walk(nested: text, prefix: place, position: position, fixedByte: byte, depth: depth)
    }

    /// Says what was counted and not handed over.
    func finish() {
        if aside > 0 { session.say(.note, "\(aside) \(shape.asideNote)") }
    }

    /// Hands over runs of events of one kind; what is no event is looked at on its own.
    private func take(_ batch: RecordBatch) throws(ReadError) {
        let width = projection.paths.count
        for field in derived { for row in 0..<batch.count { derive(field, batch, row * width) } }
        var start = 0
        var current = -1
        for row in 0..<batch.count {
            let fault = walk?.isSound(batch, row)
            let kind = fault == nil ? kind(batch, row * width) : -1
            if kind >= 0, kind == current { continue }
            if current >= 0 { give(batch, start..<row, kinds[current].layout) }
            start = row
            current = kind
            if let fault {
                let byte = batch.byte(row) + (batch.position == nil ? 0 : fault.at)
                session.malformed(byte: byte, place: batch.pointer(row), fault.message)
            } else if kind < 0 {
                try open(batch, row)
            }
        }
        if current >= 0 { give(batch, start..<batch.count, kinds[current].layout) }
    }

    private func kind(_ batch: RecordBatch, _ row: Int) -> Int {
        let fields = batch.fields + row
        next: for index in kinds.indices {
            for slot in kinds[index].marks where fields[slot].length == 0 { continue next }
            if let choice = kinds[index].choice, !choice.texts.contains(Array(bytes(batch, fields[choice.slot]))) { continue }
            return index
        }
        return -1
    }

    private func bytes(_ batch: RecordBatch, _ field: FieldView) -> UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(rebasing: batch.bytes[Int(field.offset)..<Int(field.offset + field.length)])
    }

    private func derive(_ field: Derived, _ batch: RecordBatch, _ row: Int) {
        let fields = batch.fields + row
        var found = FieldView(offset: 0, length: 0)
        for slot in field.sources where fields[slot].length > 0 {
            let first = batch.bytes[Int(fields[slot].offset)]
            if first == UInt8(ascii: "n") { continue }
            if field.scalarsOnly, first == UInt8(ascii: "{") || first == UInt8(ascii: "[") { continue }
            found = fields[slot]
            break
        }
        if found.length > 0, !field.leavingOut.isEmpty {
            let text = bytes(batch, found).lazy.filter { $0 != UInt8(ascii: "\"") }.map { 65...90 ~= $0 ? $0 | 0x20 : $0 }
            if field.leavingOut.contains(where: { $0.elementsEqual(text) }) { found.length = 0 }
        }
        var range = Int(found.offset)..<Int(found.offset + found.length)
        if let upTo = field.upTo, found.length > 0, fields[upTo].length > 0 {
            let next = Int(fields[upTo].offset)
            if next >= range.upperBound, next - range.upperBound <= Self.nextMember { range = range.lowerBound..<(next + Int(fields[upTo].length)) }
        }
        batch.rows.set(row + field.slot, range)
    }

    private func give(_ batch: RecordBatch, _ range: Range<Int>, _ layout: EventLayout) {
        guard !range.isEmpty, let base = batch.bytes.baseAddress else { return }
        let width = projection.paths.count
        var repeated = 0
        for row in range {
            batch.rows.offsets[row] = UInt64(batch.byte(row))
            if batch.isRepeated(row) { repeated += 1 }
        }
        note(batch, range)
        if repeated > 0, let row = range.first(where: batch.isRepeated) {
            session.say(
                .warning, byte: batch.byte(row), "\(batch.pointer(row)) has a member twice; the last one counts",
                hint: repeated > 1 ? "so have \(repeated - 1) more near it" : nil)
        }
        session.give(
            layout, projection,
            EventBatch(
                base: base, byteCount: batch.bytes.count, fields: batch.fields + range.lowerBound * width,
                offsets: batch.rows.offsets + range.lowerBound,
                count: range.count, width: width, firstOrdinal: session.ordinal, isJSON: true))
        session.ordinal += range.count
    }

    private func note(_ batch: RecordBatch, _ range: Range<Int>) {
        switch batch.places {
        case .list(let prefix, let first):
            session.outcome.pointers.append(ordinal: session.ordinal, prefix: prefix, index: first + range.lowerBound)
        case .lines(let lines):
            for row in range {
                session.outcome.pointers.append(ordinal: session.ordinal + row - range.lowerBound, prefix: "line:", index: lines[row])
            }
        case .single(let place): session.outcome.pointers.append(ordinal: session.ordinal, place: place)
        }
    }
}

// MARK: envelopes

extension LogReading {
    /// Looks into a record that has no event's members: an envelope, something beside events, or nothing that is known.
    private func open(_ batch: RecordBatch, _ row: Int) throws(ReadError) {
        let range = batch.record(row)
        let place = batch.pointer(row)
        guard batch.bytes[range.lowerBound] == UInt8(ascii: "{") else {
            return session.malformed(byte: batch.byte(row), place: place, "a record is not an object")
        }
        var members: [String: Range<Int>] = [:]
        for member in session.scanner.members(batch.bytes, at: range.lowerBound, before: range.upperBound).members {
            members[String(decoding: batch.bytes[member.name], as: UTF8.self)] = member.value
        }
        if shape.asideMarks.contains(where: { members[$0] != nil }) {
            session.outcome.pointers.append(ordinal: session.ordinal, place: place)
            session.ordinal += 1
            session.outcome.records += 1
            aside += 1
            return
        }
        guard batch.depth < RecordWalk.maxEnvelopes, try openEnvelope(batch, row, members, place) else {
            return session.malformed(byte: batch.byte(row), place: place, shape.complaint)
        }
    }

    private func openEnvelope(
        _ batch: RecordBatch, _ row: Int, _ members: [String: Range<Int>], _ place: String
    ) throws(ReadError) -> Bool {
        for name in shape.objectEnvelopes {
            guard let value = members[name], !value.isEmpty else { continue }
            let first = batch.bytes[value.lowerBound]
            guard first == UInt8(ascii: "{") || first == UInt8(ascii: "[") else { continue }
            guard mayHoldEvents(batch.bytes, value) else { continue }
            let inner = UnsafeBufferPointer(rebasing: batch.bytes[value])
            try walk?.walk(
                nested: inner, prefix: "\(place)/\(name)", position: batch.position.map { $0 + value.lowerBound },
                fixedByte: batch.fixedByte, depth: batch.depth + 1)
            return true
        }
        for name in shape.textEnvelopes {
            guard let value = members[name], value.count > 2, batch.bytes[value.lowerBound] == UInt8(ascii: "\"") else { continue }
            let body = UnsafeBufferPointer(rebasing: batch.bytes[(value.lowerBound + 1)..<(value.upperBound - 1)])
            guard body.first == UInt8(ascii: "{") || body.first == UInt8(ascii: "[") else { continue }
            let text = session.buffers.text(batch.depth)
            text.reserve(body.count)
            guard let made = JSONText.unescape(body, into: text.base) else {
                session.malformed(byte: batch.byte(row), place: place, "a wrong escape in `\(name)`")
                return true
            }
            try walk?.walk(
                nested: UnsafeBufferPointer(start: text.base, count: made), prefix: "\(place)/\(name)", position: nil,
                fixedByte: batch.byte(row), depth: batch.depth + 1)
            return true
        }
        return false
    }

    /// Whether the value is worth opening: names of envelopes are used for other things too.
    private func mayHoldEvents(_ bytes: UnsafeBufferPointer<UInt8>, _ value: Range<Int>, depth: Int = 0) -> Bool {
        if bytes[value.lowerBound] == UInt8(ascii: "[") { return true }
        for member in session.scanner.members(bytes, at: value.lowerBound, limit: 64, before: value.upperBound).members {
            let name = String(decoding: bytes[member.name], as: UTF8.self)
            if marks.contains(name) { return true }
            guard member.value.count > 1 else { continue }
            switch bytes[member.value.lowerBound] {
            case UInt8(ascii: "["): if shape.lists.contains(name) || shape.objectEnvelopes.contains(name) { return true }
            case UInt8(ascii: "{"):
                if depth < RecordWalk.maxEnvelopes, shape.objectEnvelopes.contains(name), mayHoldEvents(bytes, member.value, depth: depth + 1) { return true }
            case UInt8(ascii: "\""):
                let first = bytes[member.value.lowerBound + 1]
                if shape.textEnvelopes.contains(name), first == UInt8(ascii: "{") || first == UInt8(ascii: "[") { return true }
            default: break
            }
        }
        return false
    }

}
