public import CEL
public import Policy
public import Residency

/// Makes a partial result of what another engine counted. Places, subjects and the wording of errors come from the same
/// programs as ever: the other engine only filters, groups and counts.
public struct AnswerObserver {
    private struct Asked {
        var question: Question
        var program: EventProgram
        /// By field of the question: its slot in the program's projection.
        var slots: [Int]
        var member: EventProgram.Member?
        var units: [Int]
    }

    public let questions: [Question]
    private let layout: EventLayout
    private let gazetteer: Gazetteer
    private let asked: [Asked]
    private let classes: EventProgram
    private var partial = Partial()

    public init(_ rules: RuleBook, layout: EventLayout) {
        self.layout = layout
        gazetteer = rules.gazetteer
        let sweep = WordSweep(rules.catalogue.vectors, gazetteer)
        questions = Question.all(rules.catalogue, layout: layout)
        classes = EventProgram(
            layout: layout, projection: EventProgram.projection(rules.catalogue.vectors, provider: layout.provider), vectors: rules.catalogue.vectors,
            sweep: sweep)
        asked = questions.map { question in
            let projection = EventProgram.projection([question.vector], provider: layout.provider, layout: layout)
            let program = EventProgram(layout: layout, projection: projection, vectors: [question.vector], sweep: sweep)
            let made = program.members(of: 0)
            return Asked(
                question: question, program: program, slots: question.fields.compactMap { projection.existingSlot($0.path) }, member: made.member,
                units: made.units)
        }
    }

    /// Says how many events an input has; they are the elements of its `Records`.
    public mutating func note(input: Int, events: Int) {
        partial.events += events
        guard events > 0 else { return }
        var pointers = RecordPointers()
        pointers.append(ordinal: 0, prefix: "/Records/", index: 0)
        partial.pointers[input] = pointers
    }

    /// Counts the events of a service and an action, as the events name them.
    public mutating func note(service: String, action: String, events: Int) {
        let made = classes.makeClass(service: service, action: action)
        if !made.isNamed {
            partial.unknownActions[made.name, default: 0] += events
        } else {
            partial.knownActions[made.name, default: 0] += events
        }
    }

    /// The ids of the vectors that look at events of a service and an action.
    public func vectors(service: String, action: String) -> [String] {
        classes.makeClass(service: service, action: action).members.map { classes.vectors[$0.vector].id }
    }

    /// Says that there were events between two times, seconds since 1970, in one minute.
    public mutating func note(account: String, region: String, first: Int64, last: Int64) {
        partial.activity.minutes[.init(provider: layout.provider, account: account, region: region), default: []].insert(Int32(truncatingIfNeeded: first / 60))
        partial.activity.first = min(partial.activity.first ?? first, first)
        partial.activity.last = max(partial.activity.last ?? last, last)
    }

    /// Counts a group of events in.
    ///
    /// - Parameters:
    ///   - fields: by field of the question its JSON, `nil` where the events lack it.
    ///   - holds: the condition is known to hold.
    public mutating func observe(question: Int, fields: [String?], holds: Bool, attempted: Bool, tally: Tally) {
        guard asked.indices.contains(question), let member = asked[question].member else { return }
        let one = asked[question]
        let results = evaluate(one, fields, without: holds ? member.condition : nil)
        var failure: String?
        if !holds, let condition = member.condition {
            switch results[condition] {
            case .condition(true): break
            case .error(let why): failure = why
            default: return
            }
        }
        func add(_ subject: String, _ place: String) {
            let reference = PlaceReference(text: failure.map { "unknown:" + $0 } ?? place)
            partial.add(Observed(vector: one.question.vector.id, subject: subject, place: reference, attempted: attempted), tally)
        }
        if case .pairs(let pairs) = results[member.place] { return pairs.forEach { add($0.subject, $0.place) } }
        let places = failure.map { _ in [""] } ?? texts(results[member.place], onError: "unknown:")
        let subjects = member.subject.map { texts(results[$0], onError: nil) } ?? [""]
        for subject in subjects {
            for place in places { add(subject, place) }
        }
    }

    /// Hands over all that was counted.
    public func finish() -> Partial { partial }

    private func texts(_ result: UnitResult, onError prefix: String?) -> [String] {
        switch result {
        case .texts(let texts): texts
        case .error(let why): [prefix.map { $0 + why } ?? ""]
        case .condition, .pairs: []
        }
    }

    /// What the units of a vector say of an event with these fields, in the order of its units.
    private func evaluate(_ one: Asked, _ fields: [String?], without skipped: Int?) -> [UnitResult] {
        var bytes: [UInt8] = []
        var views = Array(repeating: FieldView(offset: 0, length: 0), count: one.program.width)
        for (slot, field) in zip(one.slots, fields) {
            guard let field else { continue }
            let start = bytes.count
            bytes += field.utf8
            views[slot] = FieldView(offset: UInt32(start), length: UInt32(bytes.count - start))
        }
        if bytes.isEmpty { bytes = [0] }
        return bytes.withUnsafeBufferPointer { bytes in
            views.withUnsafeBufferPointer { views in
                [UInt64(0)].withUnsafeBufferPointer { offsets in
                    guard let base = bytes.baseAddress, let fields = views.baseAddress, let offsets = offsets.baseAddress else { return [] }
                    let batch = EventBatch(
                        base: base, byteCount: bytes.count, fields: fields, offsets: offsets, count: 1, width: one.program.width, firstOrdinal: 0,
                        isJSON: true)
                    return one.units.enumerated().map { index, unit in
                        index == skipped ? .condition(true) : one.program.units[unit].result(batch, row: 0, gazetteer)
                    }
                }
            }
        }
    }
}

extension AnswerObserver {
    /// Counts a group of events in that came back whole.
    ///
    /// - Parameter event: its JSON.
    /// - Throws: if it is not JSON.
    public mutating func observe(question: Int, event: String, attempted: Bool, tally: Tally) throws(JSONError) {
        guard questions.indices.contains(question) else { return }
        let root = try JSON.parse(event)
        let fields = questions[question].fields.map { field -> String? in
            var value: Value? = root
            for name in field.path { value = value?.member(name) }
            return value.map { String(decoding: JSON.write($0), as: UTF8.self) }
        }
        observe(question: question, fields: fields, holds: questions[question].vector.when == nil, attempted: attempted, tally: tally)
    }
}
