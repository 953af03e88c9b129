import CEL
import Policy
import Residency

/// Observes the events of one worker: for every event a few hash look-ups and a count. An expression is evaluated once for
/// each distinct tuple of the bytes it depends on, and remembered.
struct EventObserver {
    private struct Cell {
        var count: Int
        var first: Int64
        var last: Int64
        var input: Int32
        var ordinal: Int64
        var classIndex: Int32
        var attempted: Bool
        var keyOffset: Int
    }

    /// What is remembered for one unit.
    private struct Memory {
        var table = ByteTable()
    }

    /// More remembered keys than this in one unit, or more bytes of them, and it starts afresh: memory stays bounded
    /// whatever the logs hold.
    private static let memoryLimit = 1 << 16
    private static let memoryByteLimit = 16 << 20

    private let program: EventProgram
    private let gazetteer: Gazetteer
    private var classTable = ByteTable()
    private var classes: [EventProgram.Class] = []
    private var classCounts: [Int] = []
    private var memories: [Memory]
    private var results: [UnitResult] = []
    private var resultNumbers: [UnitResult: Int32] = [:]
    private var cellTable = ByteTable(capacity: 1024)
    private var cells: ContiguousArray<Cell> = []
    private var cellKeys: [Int32] = []
    private var scopeTable = ByteTable()
    private var scopes: [LogActivity.Scope] = []
    private var scopeMinutes: [Set<Int32>] = []
    private var lastMinute: [Int32] = []
    private var first = Int64.max
    private var last = Int64.min
    private var events = 0
    private var key: [Int32] = Array(repeating: 0, count: 64)
    private var scratch: [UInt8] = []

    init(program: EventProgram, gazetteer: Gazetteer) {
        self.program = program
        self.gazetteer = gazetteer
        memories = Array(repeating: Memory(), count: program.units.count)
    }

    /// Counts a batch of events in.
    mutating func observe(_ batch: EventBatch, input: Int) {
        for row in 0..<batch.count { observe(batch, row: row, input: input) }
    }

    @inline(__always)
    private mutating func observe(_ batch: EventBatch, row: Int, input: Int) {
        events &+= 1
        let classIndex = self.classIndex(batch, row)
        classCounts[classIndex] &+= 1
        var seconds = Int64.min
        if let slot = program.time, let parsed = Self.seconds(batch.bytes(row, slot), isJSON: batch.isJSON) {
            seconds = parsed
            if parsed < first { first = parsed }
            if parsed > last { last = parsed }
            noteScope(batch, row, minute: Int32(truncatingIfNeeded: parsed / 60))
        }
        let unitCount = classes[classIndex].units.count
        if unitCount == 0 { return }
        key[0] = Int32(classIndex)
        key[1] = program.error.map { Self.isPresent(batch.bytes(row, $0)) } ?? false ? 1 : 0
        if key.count < unitCount + 2 { key += Array(repeating: 0, count: unitCount) }
        for local in 0..<unitCount { key[local &+ 2] = result(of: classes[classIndex].units[local], batch, row) }
        let cell = self.cell(length: unitCount + 2, batch, row, input: input)
        cells[cell].count &+= 1
        if seconds != .min {
            if seconds < cells[cell].first { cells[cell].first = seconds }
            if seconds > cells[cell].last { cells[cell].last = seconds }
        }
    }

    private mutating func cell(length: Int, _ batch: EventBatch, _ row: Int, input: Int) -> Int {
        let known: Int32? = key.withUnsafeBytes { raw in
            let bytes = UnsafeBufferPointer(rebasing: raw.assumingMemoryBound(to: UInt8.self)[..<(length * 4)])
            return cellTable.value(bytes, hash: hashBytes(bytes))
        }
        if let known {
            let index = Int(known)
            if cells[index].input > Int32(input) {
                cells[index].input = Int32(input)
                cells[index].ordinal = Int64(batch.firstOrdinal + row)
            }
            return index
        }
        let index = cells.count
        cells.append(
            Cell(
                count: 0, first: .max, last: .min, input: Int32(input), ordinal: Int64(batch.firstOrdinal + row), classIndex: key[0],
                attempted: key[1] == 1, keyOffset: cellKeys.count))
        cellKeys += key[2..<length]
        key.withUnsafeBytes { raw in
            let bytes = UnsafeBufferPointer(rebasing: raw.assumingMemoryBound(to: UInt8.self)[..<(length * 4)])
            cellTable.insert(bytes, hash: hashBytes(bytes), value: Int32(index))
        }
        return index
    }

    // MARK: classes and scopes

    @inline(__always)
    private mutating func classIndex(_ batch: EventBatch, _ row: Int) -> Int {
        let service = program.service.map { batch.bytes(row, $0) } ?? UnsafeBufferPointer(start: nil, count: 0)
        let action = program.action.map { batch.bytes(row, $0) } ?? UnsafeBufferPointer(start: nil, count: 0)
        scratch.removeAll(keepingCapacity: true)
        scratch.append(contentsOf: service)
        scratch.append(0)
        scratch.append(contentsOf: action)
        let found: Int32? = scratch.withUnsafeBufferPointer { classTable.value($0, hash: hashBytes($0)) }
        if let found { return Int(found) }
        let made = program.makeClass(service: Self.text(service, isJSON: batch.isJSON) ?? "", action: Self.text(action, isJSON: batch.isJSON) ?? "")
        classes.append(made)
        classCounts.append(0)
        let index = classes.count - 1
        scratch.withUnsafeBufferPointer { classTable.insert($0, hash: hashBytes($0), value: Int32(index)) }
        return index
    }

    @inline(__always)
    private mutating func noteScope(_ batch: EventBatch, _ row: Int, minute: Int32) {
        let account = program.account.map { batch.bytes(row, $0) } ?? UnsafeBufferPointer(start: nil, count: 0)
        let region = program.region.map { batch.bytes(row, $0) } ?? UnsafeBufferPointer(start: nil, count: 0)
        scratch.removeAll(keepingCapacity: true)
        scratch.append(contentsOf: account)
        scratch.append(0)
        scratch.append(contentsOf: region)
        let found: Int32? = scratch.withUnsafeBufferPointer { scopeTable.value($0, hash: hashBytes($0)) }
        let index: Int
        if let found {
            index = Int(found)
        } else {
            index = scopes.count
            scopes.append(.init(account: Self.text(account, isJSON: batch.isJSON) ?? "", region: Self.text(region, isJSON: batch.isJSON) ?? ""))
            scopeMinutes.append([])
            lastMinute.append(.min)
            scratch.withUnsafeBufferPointer { scopeTable.insert($0, hash: hashBytes($0), value: Int32(index)) }
        }
        if lastMinute[index] != minute {
            lastMinute[index] = minute
            scopeMinutes[index].insert(minute)
        }
    }

    // MARK: units

    @inline(__always)
    private mutating func result(of unit: Int, _ batch: EventBatch, _ row: Int) -> Int32 {
        let slot = program.soleSlots[unit]
        if slot >= 0 {
            let bytes = batch.bytes(row, slot)
            let hash = hashBytes(bytes)
            if let known = memories[unit].table.value(bytes, hash: hash) { return known }
            let number = evaluate(unit, batch, row)
            remember(unit, bytes, hash, number)
            return number
        }
        scratch.removeAll(keepingCapacity: true)
        for dependency in program.units[unit].dependencies { append(dependency, batch, row) }
        let known: Int32? = scratch.withUnsafeBufferPointer { memories[unit].table.value($0, hash: hashBytes($0)) }
        if let known { return known }
        let number = evaluate(unit, batch, row)
        scratch.withUnsafeBufferPointer { remember(unit, $0, hashBytes($0), number) }
        return number
    }

    /// Adds what a unit depends on to the key, each part with its length, so that two different tuples never look alike.
    @inline(__always)
    private mutating func append(_ dependency: EventProgram.Dependency, _ batch: EventBatch, _ row: Int) {
        let bytes = batch.bytes(row, dependency.slot)
        switch dependency {
        case .presence:
            scratch.append(bytes.isEmpty ? 0 : 1)
        case .kind:
            scratch.append(bytes.first ?? 0)
        case .value:
            appendPart(bytes)
        case .address:
            let inner = batch.isJSON && bytes.count >= 2 ? UnsafeBufferPointer(rebasing: bytes[1..<(bytes.count - 1)]) : bytes
            if let kind = gazetteer.addressClass(inner) {
                scratch.append(255)
                withUnsafeBytes(of: kind) { scratch.append(contentsOf: $0) }
            } else {
                appendPart(bytes)
            }
        }
    }

    @inline(__always)
    private mutating func appendPart(_ bytes: UnsafeBufferPointer<UInt8>) {
        scratch.append(254)
        withUnsafeBytes(of: UInt32(truncatingIfNeeded: bytes.count)) { scratch.append(contentsOf: $0) }
        scratch.append(contentsOf: bytes)
    }

    private mutating func remember(_ unit: Int, _ key: UnsafeBufferPointer<UInt8>, _ hash: UInt64, _ number: Int32) {
        if memories[unit].table.count >= Self.memoryLimit || memories[unit].table.keyBytes > Self.memoryByteLimit {
            memories[unit].table.removeAll()
        }
        memories[unit].table.insert(key, hash: hash, value: number)
    }

    /// The slow path: builds the part of the event that the unit may see, and evaluates.
    private mutating func evaluate(_ unit: Int, _ batch: EventBatch, _ row: Int) -> Int32 {
        if case .field(let slot, _) = program.units[unit].kind, let text = Self.plainText(batch.bytes(row, slot), isJSON: batch.isJSON) {
            return number(.texts([text]))
        }
        let event = program.units[unit].shape.value(batch, row)
        let result: UnitResult
        switch program.units[unit].kind {
        case .field(_, let program): result = Decode.texts(program.evaluate([.null, event, .null]))
        case .condition(let program): result = Decode.condition(program.evaluate([.null, event, .null]))
        case .texts(let program): result = Decode.texts(program.evaluate([.null, event, .null]))
        case .whole(let vector): result = Decode.whole(vector, resource: .null, event: event, defaultSubject: "")
        }
        return number(canonical(result))
    }

    /// Addresses are known by where they are, so that a thousand callers of one network are one observation.
    private func canonical(_ result: UnitResult) -> UnitResult {
        func place(_ text: String) -> String { text.hasPrefix("ip:") ? gazetteer.canonical(PlaceReference(text: text)).text : text }
        switch result {
        case .texts(let texts): return .texts(texts.map(place))
        case .pairs(let pairs): return .pairs(pairs.map { .init(subject: $0.subject, place: place($0.place)) })
        case .condition, .error: return result
        }
    }

    private mutating func number(_ result: UnitResult) -> Int32 {
        if let known = resultNumbers[result] { return known }
        let number = Int32(results.count)
        results.append(result)
        resultNumbers[result] = number
        return number
    }

    // MARK: the outcome

    /// Hands over what was observed so far and starts afresh; what was learnt stays.
    mutating func drain(into partial: inout Partial) {
        var named: [Int32: [Int32]] = [:]
        for cell in cells { expand(cell, into: &partial, &named) }
        cells.removeAll(keepingCapacity: true)
        cellKeys.removeAll(keepingCapacity: true)
        cellTable.removeAll()
        partial.events += events
        events = 0
        for (index, count) in classCounts.enumerated() where count > 0 {
            if classes[index].members.isEmpty {
                partial.unknownActions[classes[index].name, default: 0] += count
            } else {
                partial.knownActions[classes[index].name, default: 0] += count
            }
            classCounts[index] = 0
        }
        for (index, scope) in scopes.enumerated() {
            partial.activity.minutes[scope, default: []].formUnion(scopeMinutes[index])
            scopeMinutes[index].removeAll(keepingCapacity: true)
            lastMinute[index] = .min
        }
        if first <= last {
            partial.activity.first = Swift.min(partial.activity.first ?? first, first)
            partial.activity.last = Swift.max(partial.activity.last ?? last, last)
        }
        first = .max
        last = .min
    }

    private func expand(_ cell: Cell, into partial: inout Partial, _ named: inout [Int32: [Int32]]) {
        let tally = Tally(
            count: cell.count, first: cell.first == .max ? nil : cell.first, last: cell.last == .min ? nil : cell.last,
            record: RecordReference(input: Int(cell.input), ordinal: Int(cell.ordinal), pointer: ""))
        for member in classes[Int(cell.classIndex)].members {
            var failure: String?
            if let condition = member.condition {
                switch results[Int(cellKeys[cell.keyOffset + condition])] {
                case .condition(true): break
                case .error(let why): failure = why
                default: continue
                }
            }
            let vector = partial.number(program.vectors[member.vector].id)
            let place = cellKeys[cell.keyOffset + member.place]
            if case .pairs(let pairs) = results[Int(place)] {
                for pair in pairs {
                    let text = failure.map { "unknown:" + $0 } ?? pair.place
                    let key = Partial.Key(vector: vector, subject: partial.number(pair.subject), place: partial.number(text), attempted: cell.attempted)
                    partial.add(key, tally)
                }
                continue
            }
            let places = failure.map { [partial.number("unknown:" + $0)] } ?? names(place, onError: "unknown:", &partial, &named)
            let subjects = member.subject.map { names(cellKeys[cell.keyOffset + $0], onError: nil, &partial, &named) } ?? [partial.number("")]
            for subject in subjects {
                for place in places { partial.add(.init(vector: vector, subject: subject, place: place, attempted: cell.attempted), tally) }
            }
        }
    }

    /// The numbers of a result's texts; each result is named once.
    private func names(_ result: Int32, onError prefix: String?, _ partial: inout Partial, _ named: inout [Int32: [Int32]]) -> [Int32] {
        if let known = named[result] { return known }
        let numbers: [Int32] =
            switch results[Int(result)] {
            case .texts(let texts): texts.map { partial.number($0) }
            case .error(let why): [partial.number(prefix.map { $0 + why } ?? "")]
            case .condition, .pairs: []
            }
        if case .error = results[Int(result)] { return numbers }
        named[result] = numbers
        return numbers
    }

    // MARK: raw fields

    @inline(__always)
    private static func seconds(_ bytes: UnsafeBufferPointer<UInt8>, isJSON: Bool) -> Int64? {
        guard bytes.count > 2 else { return nil }
        if bytes[0] == UInt8(ascii: "\"") { return Clock.seconds(UnsafeBufferPointer(rebasing: bytes[1..<(bytes.count - 1)])) }
        if let time = Clock.seconds(bytes) { return time }
        guard let text = text(bytes, isJSON: isJSON), let number = Double(text), number.magnitude < 1e14 else { return nil }
        return number > 1e11 ? Int64(number / 1000) : Int64(number)
    }

    @inline(__always)
    private static func isPresent(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        !bytes.isEmpty && bytes[0] != UInt8(ascii: "n") && !(bytes.count == 2 && bytes[0] == UInt8(ascii: "\""))
    }

    /// The text of a field that is a text without escapes; `nil` leaves it to the parser.
    private static func plainText(_ bytes: UnsafeBufferPointer<UInt8>, isJSON: Bool) -> String? {
        guard isJSON else { return bytes.isEmpty ? nil : String(decoding: bytes, as: UTF8.self) }
        guard bytes.count >= 2, bytes[0] == UInt8(ascii: "\"") else { return nil }
        let inner = UnsafeBufferPointer(rebasing: bytes[1..<(bytes.count - 1)])
        return inner.contains(UInt8(ascii: "\\")) ? nil : String(validating: inner, as: UTF8.self)
    }

    private static func text(_ bytes: UnsafeBufferPointer<UInt8>, isJSON: Bool) -> String? {
        guard !bytes.isEmpty else { return nil }
        guard isJSON else { return String(decoding: bytes, as: UTF8.self) }
        guard let value = try? JSON.parse(bytes) else { return nil }
        return value.stringValue ?? value.intValue.map { String($0) }
    }
}
