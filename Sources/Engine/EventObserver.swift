import CEL
import Policy
import Residency

/// Observes the events of one worker: for every event a few hash look-ups and a count. What the expressions depend on is
/// numbered, once for an event; an expression is evaluated once for each distinct tuple of those numbers, and remembered.
struct EventObserver {
    private struct Cell {
        var count: Int
        var first: Int64
        var last: Int64
        var record: RecordNumber
        var classIndex: Int32
        var attempted: Bool
        var keyOffset: Int
    }

    private let program: EventProgram
    private let gazetteer: Gazetteer
    private var classTable = ByteTable()
    private var classes: [EventProgram.Class] = []
    private var classCounts: ContiguousArray<Int> = []
    /// The units of all classes, one after the other, and where those of each class begin.
    private var classUnits: ContiguousArray<Int32> = []
    private var classStarts: ContiguousArray<Int> = [0]
    private var inputs: EventInputs
    /// By unit of at most one input: what it said, by the number of that; `Int32.min` if it was not asked yet.
    private var soleMemories: ContiguousArray<ContiguousArray<Int32>>
    /// By unit of several inputs: what it said, under their numbers.
    private var memories: ContiguousArray<ByteTable>
    /// What units said that is not one text. A result is a number: of a name, or, if negative, of an entry here.
    private var results: ContiguousArray<UnitResult> = []
    private var resultNumbers: [UnitResult: Int32] = [:]
    private var cellTable = ByteTable(capacity: 1024)
    private var cells: ContiguousArray<Cell> = []
    private var cellKeys: ContiguousArray<Int32> = []
    private var scopeTable = ByteTable()
    private var scopes: [LogActivity.Scope] = []
    private var scopeMinutes: [Set<Int32>] = []
    private var lastMinute: ContiguousArray<Int32> = []
    private var first = Int64.max
    private var last = Int64.min
    private var events = 0
    private var key = ContiguousArray<Int32>(repeating: 0, count: 64)
    private var tuple = ContiguousArray<Int32>(repeating: 0, count: 16)
    /// By vector: the number of its name, -1 if it was not needed yet.
    private var vectorNames: ContiguousArray<Int32>

    /// - Parameter memoryLimit: how many values of a field, and results of a unit, are remembered at most.
    init(program: EventProgram, gazetteer: Gazetteer, memoryLimit: Int) {
        self.program = program
        self.gazetteer = gazetteer
        memories = ContiguousArray(repeating: ByteTable(), count: program.units.count)
        soleMemories = ContiguousArray(repeating: [], count: program.units.count)
        inputs = EventInputs(program.inputs, gazetteer, memoryLimit: memoryLimit)
        vectorNames = ContiguousArray(repeating: -1, count: program.vectors.count)
    }

    /// Counts a batch of events in. The names it meets are numbered by `names`, which is the same at every call.
    mutating func observe(_ batch: EventBatch, input: Int, _ names: inout NameTable) {
        inputs.beginBatch()
        for row in 0..<batch.count { observe(batch, row: row, input: input, &names) }
    }

    @inline(__always)
    private mutating func observe(_ batch: EventBatch, row: Int, input: Int, _ names: inout NameTable) {
        events &+= 1
        if inputs.isFull { forget() }
        inputs.beginEvent()
        let classIndex = self.classIndex(batch, row)
        classCounts[classIndex] &+= 1
        var seconds = Int64.min
        if let slot = program.time, let parsed = RawField.seconds(batch.bytes(row, slot), isJSON: batch.isJSON) {
            seconds = parsed
            if parsed < first { first = parsed }
            if parsed > last { last = parsed }
            noteScope(batch, row, minute: Int32(truncatingIfNeeded: parsed / 60))
        }
        let start = classStarts[classIndex]
        let unitCount = classStarts[classIndex &+ 1] &- start
        if unitCount == 0 { return }
        if key.count < unitCount + 2 { key += Array(repeating: 0, count: unitCount) }
        key[0] = Int32(truncatingIfNeeded: classIndex)
        key[1] = program.error.map { RawField.isPresent(batch.bytes(row, $0)) } ?? false ? 1 : 0
        for local in 0..<unitCount { key[local &+ 2] = result(of: Int(classUnits[start &+ local]), batch, row, &names) }
        let cell = self.cell(length: unitCount + 2, batch, row, input: input)
        cells[cell].count &+= 1
        if seconds != .min {
            if seconds < cells[cell].first { cells[cell].first = seconds }
            if seconds > cells[cell].last { cells[cell].last = seconds }
        }
    }

    @inline(__always)
    private mutating func cell(length: Int, _ batch: EventBatch, _ row: Int, input: Int) -> Int {
        let (known, hash): (Int32?, UInt64) = key.withUnsafeBytes { raw in
            let bytes = UnsafeBufferPointer(rebasing: raw.assumingMemoryBound(to: UInt8.self)[..<(length * 4)])
            let hash = hashBytes(bytes)
            return (cellTable.value(bytes, hash: hash), hash)
        }
        let record = RecordNumber(input: input, ordinal: batch.firstOrdinal + row)
        if let known {
            let index = Int(known)
            if record < cells[index].record { cells[index].record = record }
            return index
        }
        let index = cells.count
        cells.append(
            Cell(count: 0, first: .max, last: .min, record: record, classIndex: key[0], attempted: key[1] == 1, keyOffset: cellKeys.count))
        cellKeys += key[2..<length]
        key.withUnsafeBytes { raw in
            let bytes = UnsafeBufferPointer(rebasing: raw.assumingMemoryBound(to: UInt8.self)[..<(length * 4)])
            cellTable.insert(bytes, hash: hash, value: Int32(index))
        }
        return index
    }

    // MARK: classes and scopes

    @inline(__always)
    private mutating func classIndex(_ batch: EventBatch, _ row: Int) -> Int {
        let service = program.service.map { batch.bytes(row, $0) } ?? UnsafeBufferPointer(start: nil, count: 0)
        let action = program.action.map { batch.bytes(row, $0) } ?? UnsafeBufferPointer(start: nil, count: 0)
        let hash = hashBytes(action, seed: hashBytes(service))
        if let found = classTable.value(service, action, hash: hash) { return Int(found) }
        let made = program.makeClass(service: RawField.text(service, isJSON: batch.isJSON) ?? "", action: RawField.text(action, isJSON: batch.isJSON) ?? "")
        classes.append(made)
        classCounts.append(0)
        for unit in made.units { classUnits.append(Int32(unit)) }
        classStarts.append(classUnits.count)
        classTable.insert(service, action, hash: hash, value: Int32(classes.count - 1))
        return classes.count - 1
    }

    @inline(__always)
    private mutating func noteScope(_ batch: EventBatch, _ row: Int, minute: Int32) {
        let account = program.account.map { batch.bytes(row, $0) } ?? UnsafeBufferPointer(start: nil, count: 0)
        let region = program.region.map { batch.bytes(row, $0) } ?? UnsafeBufferPointer(start: nil, count: 0)
        let hash = hashBytes(region, seed: hashBytes(account))
        let index: Int
        if let found = scopeTable.value(account, region, hash: hash) {
            index = Int(found)
        } else {
            index = scopes.count
            scopes.append(
                .init(
                    provider: program.layout.provider, account: RawField.text(account, isJSON: batch.isJSON) ?? "",
                    region: RawField.text(region, isJSON: batch.isJSON) ?? ""))
            scopeMinutes.append([])
            lastMinute.append(.min)
            scopeTable.insert(account, region, hash: hash, value: Int32(index))
        }
        if lastMinute[index] != minute {
            lastMinute[index] = minute
            scopeMinutes[index].insert(minute)
        }
    }

    // MARK: units

    @inline(__always)
    private mutating func result(of unit: Int, _ batch: EventBatch, _ row: Int, _ names: inout NameTable) -> Int32 {
        let text = Int(program.textSlots[unit])
        if text >= 0, let plain = RawField.plainBytes(batch.bytes(row, text), isJSON: batch.isJSON) {
            let hash = hashBytes(plain)
            if let known = names.known(plain, hash: hash) { return known }
            if String(validating: plain, as: UTF8.self) != nil { return names.insert(plain, hash: hash) }
        }
        let start = program.unitStarts[unit]
        let end = program.unitStarts[unit &+ 1]
        if end &- start < 2 {
            let input = start == end ? 0 : Int(inputs.number(of: Int(program.unitInputs[start]), batch, row))
            if input < soleMemories[unit].count, soleMemories[unit][input] != .min { return soleMemories[unit][input] }
            let said = evaluate(unit, batch, row, &names)
            while soleMemories[unit].count <= input { soleMemories[unit].append(.min) }
            soleMemories[unit][input] = said
            return said
        }
        if tuple.count < end &- start { tuple += Array(repeating: 0, count: end &- start) }
        for index in start..<end { tuple[index &- start] = inputs.number(of: Int(program.unitInputs[index]), batch, row) }
        let (known, hash): (Int32?, UInt64) = tuple.withUnsafeBytes { raw in
            let bytes = UnsafeBufferPointer(rebasing: raw.assumingMemoryBound(to: UInt8.self)[..<((end &- start) &* 4)])
            let hash = hashBytes(bytes)
            return (memories[unit].value(bytes, hash: hash), hash)
        }
        if let known { return Self.unfolded(known) }
        let said = evaluate(unit, batch, row, &names)
        if memories[unit].count >= inputs.memoryLimit { memories[unit].removeAll() }
        tuple.withUnsafeBytes { raw in
            let bytes = UnsafeBufferPointer(rebasing: raw.assumingMemoryBound(to: UInt8.self)[..<((end &- start) &* 4)])
            memories[unit].insert(bytes, hash: hash, value: Self.folded(said))
        }
        return said
    }

    /// Forgets what units said: the numbers that it stands under are given anew.
    private mutating func forget() {
        inputs.forget()
        for unit in soleMemories.indices { soleMemories[unit].removeAll(keepingCapacity: true) }
        for unit in memories.indices { memories[unit].removeAll() }
    }

    /// A table keeps numbers that are not negative; results are of both signs.
    @inline(__always)
    private static func folded(_ number: Int32) -> Int32 { number << 1 ^ number >> 31 }
    @inline(__always)
    private static func unfolded(_ value: Int32) -> Int32 { value >> 1 ^ -(value & 1) }

    /// The slow path: builds the part of the event that the unit may see, and evaluates.
    private mutating func evaluate(_ unit: Int, _ batch: EventBatch, _ row: Int, _ names: inout NameTable) -> Int32 {
        let result = program.units[unit].result(batch, row: row, gazetteer)
        if case .texts(let texts) = result, texts.count == 1 { return names.number(texts[0]) }
        return number(result)
    }

    private mutating func number(_ result: UnitResult) -> Int32 {
        if let known = resultNumbers[result] { return known }
        let number = -1 - Int32(results.count)
        results.append(result)
        resultNumbers[result] = number
        return number
    }

    // MARK: the outcome

    /// Hands over what was observed so far and starts afresh; what was learnt stays.
    ///
    /// - Parameter names: those that `observe` was given.
    mutating func drain(into partial: inout Partial, _ names: inout NameTable) {
        var told: Set<Int32> = []
        for cell in cells { if expand(cell, into: &partial.tallies, &names) { told.insert(cell.classIndex) } }
        cells.removeAll(keepingCapacity: true)
        cellKeys.removeAll(keepingCapacity: true)
        cellTable.removeAll()
        partial.events += events
        events = 0
        for (index, count) in classCounts.enumerated() where count > 0 {
            partial.classes.insert(classes[index].event)
            if !classes[index].isNamed, !told.contains(Int32(index)) {
                partial.unknownActions[classes[index].name, default: 0] += count
            } else {
                partial.knownActions[classes[index].name, default: 0] += count
            }
            classCounts[index] = 0
        }
        for (index, scope) in scopes.enumerated() where !scopeMinutes[index].isEmpty {
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

    /// True if one of the vectors that ask for the action in their condition saw something.
    private mutating func expand(_ cell: Cell, into tallies: inout TallyTable, _ names: inout NameTable) -> Bool {
        var isTold = false
        let tally = Tally(
            count: cell.count, first: cell.first == .max ? nil : cell.first, last: cell.last == .min ? nil : cell.last, record: cell.record)
        let members = classes[Int(cell.classIndex)].members
        for index in members.indices {
            let member = members[index]
            var failure: String?
            if let condition = member.condition {
                switch said(cellKeys[cell.keyOffset + condition]) {
                case .condition(true): break
                case .error(let why): failure = why
                default: continue
                }
            }
            if member.condition != nil, program.asksForAction[member.vector] { isTold = true }
            if vectorNames[member.vector] < 0 { vectorNames[member.vector] = names.number(program.vectors[member.vector].id) }
            let vector = vectorNames[member.vector]
            let place = cellKeys[cell.keyOffset + member.place]
            let subject = member.subject.map { cellKeys[cell.keyOffset + $0] }
            if failure == nil, place >= 0, let subject, subject >= 0 {
                tallies.add(ObservationKey(vector: vector, subject: subject, place: place, attempted: cell.attempted), tally)
                continue
            }
            if place < 0, case .pairs(let pairs) = said(place) {
                for pair in pairs {
                    let key = ObservationKey(
                        vector: vector, subject: names.number(pair.subject), place: names.number(failure.map { "unknown:" + $0 } ?? pair.place),
                        attempted: cell.attempted)
                    tallies.add(key, tally)
                }
                continue
            }
            // Spelled out: a closure that asked `self` would copy it.
            let places = if let failure { [names.number("unknown:" + failure)] } else { texts(place, onError: "unknown:", &names) }
            let subjects = if let subject { texts(subject, onError: nil, &names) } else { [names.number("")] }
            for subject in subjects {
                for place in places { tallies.add(ObservationKey(vector: vector, subject: subject, place: place, attempted: cell.attempted), tally) }
            }
        }
        return isTold
    }

    /// What stands behind a result that is no name.
    private func said(_ result: Int32) -> UnitResult { result >= 0 ? .texts([]) : results[-1 - Int(result)] }

    /// The numbers of a result's texts.
    private func texts(_ result: Int32, onError prefix: String?, _ names: inout NameTable) -> [Int32] {
        if result >= 0 { return [result] }
        switch results[-1 - Int(result)] {
        case .texts(let texts): return texts.map { names.number($0) }
        case .error(let why): return [names.number(prefix.map { $0 + why } ?? "")]
        case .condition, .pairs: return []
        }
    }
}
