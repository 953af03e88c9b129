import CEL
import CPrefetch
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
        /// Where its key begins among those of `cellTable`.
        var keyStart: Int
    }

    /// What is worked out of an event before its turn comes: the memory that it will need is asked for meanwhile.
    private struct Ahead {
        var classIndex = 0
        var seconds = Int64.min
        /// Its first text in `texts`.
        var texts = 0
        /// Where its key begins in `keys`, and the hash of that.
        var key = 0
        var hash: UInt64 = 0
    }

    /// So many events are looked at ahead of their turn.
    private static let strip = 32

    private let program: EventProgram
    private let gazetteer: Gazetteer
    private var classTable = ByteTable()
    private var classes: [EventProgram.Class] = []
    private var classCounts: ContiguousArray<Int> = []
    /// The units of all classes, one after the other, and where those of each class begin.
    private var classUnits: ContiguousArray<Int32> = []
    private var classStarts: ContiguousArray<Int> = [0]
    /// By class: the unit that tells whether its sweep is made, -1 for none, and where in `classUnits` the sweep's own begin.
    private var classGates: ContiguousArray<(unit: Int, sweep: Int)> = []
    private var inputs: EventInputs
    /// By unit of at most one input: what it said, by the number of that; `Int32.min` if it was not asked yet.
    private var soleMemories: ContiguousArray<ContiguousArray<Int32>>
    /// By unit of several inputs: what it said, under their numbers.
    private var memories: ContiguousArray<ByteTable>
    /// What units said that is not one text. A result is a number: of a name, or, if negative, of an entry here.
    private var results = NumberedResults()
    /// By key: the number of the class, whether the call failed, and what each unit of the class said.
    private var cellTable = ByteTable(capacity: 1024)
    private var cells: ContiguousArray<Cell> = []
    private var scopeTable = ByteTable()
    private var scopes: [LogActivity.Scope] = []
    private var scopeMinutes: [Set<Int32>] = []
    private var lastMinute: ContiguousArray<Int32> = []
    private var first = Int64.max
    private var last = Int64.min
    private var events = 0
    private var ahead = ContiguousArray(repeating: Ahead(), count: Self.strip)
    /// The texts of fields that are results as they stand, event by event and unit by unit, with their hashes.
    private var texts: ContiguousArray<(bytes: UnsafeBufferPointer<UInt8>?, hash: UInt64)> = []
    private var keys: ContiguousArray<Int32> = []
    private var tuple = ContiguousArray<Int32>(repeating: 0, count: 16)
    /// By vector: the number of its name, -1 if it was not needed yet.
    private var vectorNames: ContiguousArray<Int32>

    /// - Parameter memoryLimit: how many values of a field, and results of a unit, are remembered at most.
    init(program: EventProgram, gazetteer: Gazetteer, memoryLimit: Int) {
        self.program = program
        self.gazetteer = gazetteer
        memories = ContiguousArray(repeating: ByteTable(), count: program.units.count)
        soleMemories = ContiguousArray(repeating: [], count: program.units.count)
        inputs = EventInputs(program.inputs, gazetteer, program.sweep, memoryLimit: memoryLimit)
        vectorNames = ContiguousArray(repeating: -1, count: program.vectors.count)
    }

    /// Counts a batch of events in. The names it meets are numbered by `names`, which is the same at every call.
    mutating func observe(_ batch: EventBatch, input: Int, _ names: inout NameTable) {
        inputs.beginBatch()
        for start in stride(from: 0, to: batch.count, by: Self.strip) {
            let rows = start..<min(start + Self.strip, batch.count)
            lookAhead(batch, rows, names)
            makeKeys(batch, rows, &names)
            count(batch, rows, input: input)
        }
    }

    /// What kind of event each is and when it was, and the texts that are results as they stand.
    @inline(__always)
    private mutating func lookAhead(_ batch: EventBatch, _ rows: Range<Int>, _ names: borrowing NameTable) {
        texts.removeAll(keepingCapacity: true)
        for row in rows {
            let classIndex = self.classIndex(batch, row)
            classCounts[classIndex] &+= 1
            var event = Ahead(classIndex: classIndex, texts: texts.count)
            if let slot = program.time, let parsed = RawField.seconds(batch.bytes(row, slot), isJSON: batch.isJSON) {
                event.seconds = parsed
                if parsed < first { first = parsed }
                if parsed > last { last = parsed }
                noteScope(batch, row, minute: Int32(truncatingIfNeeded: parsed / 60))
            }
            ahead[row &- rows.lowerBound] = event
            for index in classStarts[classIndex]..<classStarts[classIndex &+ 1] {
                let unit = Int(classUnits[index])
                let slot = Int(program.textSlots[unit])
                if slot < 0 { continue }
                let value = RawField.value(program.textSteps[unit], in: batch.bytes(row, slot), isJSON: batch.isJSON)
                guard let plain = value.flatMap({ RawField.plainBytes($0, isJSON: batch.isJSON) }) else {
                    texts.append((nil, 0))
                    continue
                }
                let hash = hashBytes(plain)
                names.expect(hash: hash)
                texts.append((plain, hash))
            }
        }
        events &+= rows.count
        for text in texts where text.bytes != nil { names.expectKey(hash: text.hash) }
    }

    /// What the units of its class say of each event: that is its key.
    @inline(__always)
    private mutating func makeKeys(_ batch: EventBatch, _ rows: Range<Int>, _ names: inout NameTable) {
        keys.removeAll(keepingCapacity: true)
        for row in rows {
            let (index, start) = (row &- rows.lowerBound, keys.count)
            let classIndex = ahead[index].classIndex
            var text = ahead[index].texts
            if inputs.isFull { forget() }
            inputs.beginEvent()
            ahead[index].key = start
            let (first, end) = (classStarts[classIndex], classStarts[classIndex &+ 1])
            var asked = end
            let gate = classGates[classIndex]
            if gate.unit >= 0, isShut(gate.unit, batch, row, &text, &names) { asked = gate.sweep }
            // Nothing is asked of it: a class without vectors, or one that is not swept.
            if first == asked { continue }
            keys.append(Int32(truncatingIfNeeded: classIndex))
            keys.append(program.error.map { RawField.isPresent(batch.bytes(row, $0)) } ?? false ? 1 : 0)
            for unit in first..<asked { keys.append(result(of: Int(classUnits[unit]), batch, row, &text, &names)) }
            for _ in asked..<end { keys.append(NumberedResults.no) }
            let hash = keys.withUnsafeBytes { raw in
                hashBytes(UnsafeBufferPointer(rebasing: raw.assumingMemoryBound(to: UInt8.self)[(start &* 4)...]))
            }
            cellTable.expect(hash: hash)
            ahead[index].hash = hash
        }
    }

    /// Counts each event under its key.
    @inline(__always)
    private mutating func count(_ batch: EventBatch, _ rows: Range<Int>, input: Int) {
        cells.withUnsafeBufferPointer { cells in
            for index in 0..<rows.count {
                let cell = Int(cellTable.expectKey(hash: ahead[index].hash))
                if cell >= 0, let base = cells.baseAddress { cprefetch(base + cell) }
            }
        }
        for row in rows {
            let event = ahead[row &- rows.lowerBound]
            let end = row &+ 1 == rows.upperBound ? keys.count : ahead[row &+ 1 &- rows.lowerBound].key
            if event.key == end { continue }
            let record = RecordNumber(input: input, ordinal: batch.firstOrdinal &+ row)
            let cell = self.cell(event.key..<end, hash: event.hash, record)
            cells[cell].count &+= 1
            if event.seconds != .min {
                if event.seconds < cells[cell].first { cells[cell].first = event.seconds }
                if event.seconds > cells[cell].last { cells[cell].last = event.seconds }
            }
        }
    }

    @inline(__always)
    private mutating func cell(_ key: Range<Int>, hash: UInt64, _ record: RecordNumber) -> Int {
        keys.withUnsafeBytes { raw in
            let bytes = UnsafeBufferPointer(
                rebasing: raw.assumingMemoryBound(to: UInt8.self)[(key.lowerBound &* 4)..<(key.upperBound &* 4)])
            if let known = cellTable.value(bytes, hash: hash) {
                let index = Int(known)
                if record < cells[index].record { cells[index].record = record }
                return index
            }
            let index = cells.count
            cells.append(Cell(count: 0, first: .max, last: .min, record: record, keyStart: cellTable.keyBytes))
            cellTable.insert(bytes, hash: hash, value: Int32(index))
            return index
        }
    }

    /// A part of a cell's key: the class, whether the call failed, then the units' results.
    private func part(_ number: Int, of cell: Cell) -> Int32 {
        cellTable.withKeys { UnsafeRawPointer($0.baseAddress! + cell.keyStart).loadUnaligned(fromByteOffset: number &* 4, as: Int32.self) }
    }

    // MARK: classes and scopes

    @inline(__always)
    private mutating func classIndex(_ batch: EventBatch, _ row: Int) -> Int {
        let service = program.service.map { batch.bytes(row, $0) } ?? UnsafeBufferPointer(start: nil, count: 0)
        let action = program.action.map { batch.bytes(row, $0) } ?? UnsafeBufferPointer(start: nil, count: 0)
        let hash = hashBytes(action, seed: hashBytes(service))
        if let found = classTable.value(service, action, hash: hash) { return Int(found) }
        let made = program.makeClass(
            service: RawField.text(service, isJSON: batch.isJSON) ?? "", action: RawField.text(action, isJSON: batch.isJSON) ?? "")
        classes.append(made)
        classCounts.append(0)
        classGates.append((made.gate ?? -1, classUnits.count + made.sweep))
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

    /// Whether a class's gate says that it is not swept. Few classes have one, and what is asked of all others stays in one piece.
    @inline(never)
    private mutating func isShut(_ gate: Int, _ batch: EventBatch, _ row: Int, _ text: inout Int, _ names: inout NameTable) -> Bool {
        result(of: gate, batch, row, &text, &names) == NumberedResults.no
    }

    @inline(__always)
    private mutating func result(of unit: Int, _ batch: EventBatch, _ row: Int, _ text: inout Int, _ names: inout NameTable) -> Int32 {
        if program.textSlots[unit] >= 0 {
            let (bytes, hash) = texts[text]
            text &+= 1
            if let bytes {
                if let known = names.known(bytes, hash: hash) { return known }
                if String(validating: bytes, as: UTF8.self) != nil { return names.insert(bytes, hash: hash) }
            }
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
        return results.number(result, &names)
    }

    // MARK: the outcome

    /// Hands over what was observed so far and starts afresh; what was learnt stays.
    ///
    /// - Parameter names: those that `observe` was given.
    mutating func drain(into partial: inout Partial, _ names: inout NameTable) {
        var told: Set<Int32> = []
        partial.tallies.reserve(cells.count)
        for cell in cells { if expand(cell, into: &partial.tallies, &names) { told.insert(part(0, of: cell)) } }
        cells.removeAll(keepingCapacity: true)
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
        // So did one that lists what it sees.
        var isListed = false
        let tally = Tally(
            count: cell.count, first: cell.first == .max ? nil : cell.first, last: cell.last == .min ? nil : cell.last, record: cell.record)
        let attempted = part(1, of: cell) == 1
        let members = classes[Int(part(0, of: cell))].members
        for member in members {
            // Those of sweeps come last: what another vector saw needs none.
            if isTold || isListed, !program.vectors[member.vector].sweeps.isEmpty { continue }
            var failure: Int32?
            if let condition = member.condition {
                switch results[part(2 + condition, of: cell)] {
                case .condition(true): break
                case .error(let unknown): failure = unknown
                default: continue
                }
            }
            if member.condition != nil, program.asksForAction[member.vector] { isTold = true }
            if vectorNames[member.vector] < 0 { vectorNames[member.vector] = names.number(program.vectors[member.vector].id) }
            let vector = vectorNames[member.vector]
            func add(_ subject: Int32, _ place: Int32) {
                tallies.add(ObservationKey(vector: vector, subject: subject, place: failure ?? place, attempted: attempted), tally)
            }
            let place = part(2 + member.place, of: cell)
            let subject = member.subject.map { part(2 + $0, of: cell) } ?? names.number("")
            if place >= 0, subject >= 0 {
                add(subject, place)
                continue
            }
            if case .pairs(let pairs) = results[place] {
                isListed = isListed || !pairs.isEmpty && program.asksForAction[member.vector]
                for pair in pairs { add(pair.subject, pair.place) }
                continue
            }
            // What went wrong is a place that is unknown, and a subject without a name.
            let places: [Int32] =
                if let failure { [failure] } else {
                    switch results[place] {
                    case .names(let numbers): numbers
                    case .error(let unknown): [unknown]
                    default: []
                    }
                }
            let subjects: [Int32] =
                switch results[subject] {
                case .names(let numbers): numbers
                case .error: [names.number("")]
                default: []
                }
            for subject in subjects { for place in places { add(subject, place) } }
        }
        return isTold
    }
}

/// What units said that is not one text, each once. Texts are numbers of names.
private struct NumberedResults {
    enum Said {
        case condition(Bool)
        case names([Int32])
        case pairs([(subject: Int32, place: Int32)])
        /// What could not be told, as a place.
        case error(Int32)
    }

    /// The number of a condition that does not hold.
    static let no: Int32 = -1

    private var all: ContiguousArray<Said> = [.condition(false)]
    private var numbers: [UnitResult: Int32] = [.condition(false): no]

    /// - Parameter result: a number that `number(_:_:)` gave, or that of a name.
    subscript(result: Int32) -> Said { result >= 0 ? .names([result]) : all[-1 - Int(result)] }

    mutating func number(_ result: UnitResult, _ names: inout NameTable) -> Int32 {
        if let known = numbers[result] { return known }
        let said: Said =
            switch result {
            case .condition(let holds): .condition(holds)
            case .texts(let texts): .names(texts.map { names.number($0) })
            case .pairs(let pairs): .pairs(pairs.map { (names.number($0.subject), names.number($0.place)) })
            case .error(let why): .error(names.number("unknown:" + why))
            }
        all.append(said)
        let number = -Int32(all.count)
        numbers[result] = number
        return number
    }
}
