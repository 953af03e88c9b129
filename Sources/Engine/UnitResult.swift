import CEL
import Policy
import Residency

/// What a unit says of an event: decoded once, then known by a number.
enum UnitResult: Hashable {
    case condition(Bool)
    case texts([String])
    case pairs([Pair])
    /// The expression err'd: what it would have told is unknown.
    case error(String)

    struct Pair: Hashable {
        var subject: String
        var place: String
    }
}

/// Turns expression values into what the engine works with.
enum Decode {
    /// A text, or each text of a list; anything else is an error that says what it is.
    static func texts(_ result: Result<Value, EvaluationError>) -> UnitResult {
        switch result {
        case .failure(let error): return .error(error.message)
        case .success(let value):
            if let text = value.stringValue { return .texts([text]) }
            guard let elements = value.elements else { return .error("the expression gives no text") }
            var texts: [String] = []
            for element in elements {
                guard let text = element.stringValue else { return .error("the expression gives a list with something else than texts") }
                texts.append(text)
            }
            return .texts(texts)
        }
    }

    static func condition(_ result: Result<Value, EvaluationError>) -> UnitResult {
        switch result {
        case .failure(let error): .error(error.message)
        case .success(let value): value.boolValue.map { .condition($0) } ?? .error("the condition gives no bool")
        }
    }

    /// Runs a whole vector: the list of what it observes. `defaultSubject` stands for a vector without `subject`.
    static func whole(_ vector: Vector, resource: Value, event: Value, defaultSubject: String) -> UnitResult {
        whole(vector, [resource, event, .null], defaultSubject: defaultSubject)
    }

    /// - Parameter record: what the expressions see: the resource, the event, and no item yet.
    static func whole(_ vector: Vector, _ record: [Value], defaultSubject: String) -> UnitResult {
        func open(_ expression: Expression, _ failure: String) -> UnitResult {
            .pairs([.init(subject: subject(vector, record, defaultSubject).first ?? "", place: unknown + (pending(expression, record) ?? failure))])
        }
        if let when = vector.when {
            switch condition(when.program.evaluate(record)) {
            case .condition(true): break
            case .error(let failure): return open(when, failure)
            default: return .pairs([])
            }
        }
        var pairs: [UnitResult.Pair] = []
        guard let each = vector.each else {
            add(vector, record, defaultSubject, &pairs)
            return .pairs(pairs)
        }
        let items: [Value]
        switch each.program.evaluate(record) {
        case .failure(let error): return open(each, error.message)
        case .success(let value):
            if let elements = value.elements {
                items = elements
            } else if let keys = value.keys {
                items = keys.compactMap { key in key.stringValue.flatMap { value.member($0) } }
            } else if case .null = value {
                items = []
            } else {
                items = [value]
            }
        }
        for item in items {
            if let text = item.stringValue, text.hasPrefix(unknown) {
                // What is not known yet has no members: it is the place that is unknown.
                for subject in subject(vector, record, defaultSubject) { pairs.append(.init(subject: subject, place: text)) }
                continue
            }
            var slots = record
            slots[2] = item
            add(vector, slots, defaultSubject, &pairs)
        }
        return .pairs(pairs)
    }

    /// Adds where a vector sees its subjects.
    private static func add(_ vector: Vector, _ slots: [Value], _ defaultSubject: String, _ pairs: inout [UnitResult.Pair]) {
        let places: [String]
        switch texts(vector.place.program.evaluate(slots)) {
        case .texts(let texts): places = texts
        case .error(let why): places = [unknown + (pending(vector.place, slots) ?? why)]
        default: return
        }
        if places.isEmpty { return }
        for subject in subject(vector, slots, defaultSubject) {
            for place in places { pairs.append(.init(subject: subject, place: place)) }
        }
    }

    private static let unknown = "unknown:"

    /// The reason that stands where an expression looked for members: what a record does not know yet is a text.
    private static func pending(_ expression: Expression, _ slots: [Value]) -> String? {
        for reference in expression.program.references {
            var value: Value? = reference.variable == "resource" ? slots[0] : reference.variable == "item" ? slots[2] : nil
            for step in reference.path { value = value.flatMap { $0.stringValue == nil ? $0.member(step) : $0 } }
            for text in [value?.stringValue] + (value?.elements?.map(\.stringValue) ?? []) {
                if let text, text.hasPrefix(unknown) { return String(text.dropFirst(unknown.count)) }
            }
        }
        return nil
    }

    private static func subject(_ vector: Vector, _ slots: [Value], _ defaultSubject: String) -> [String] {
        guard let expression = vector.subject else { return [defaultSubject] }
        if case .texts(let texts) = texts(expression.program.evaluate(slots)) { return texts }
        return [""]
    }
}

extension EventProgram.Unit {
    /// What the unit says of an event. Addresses are known by where they are, so that a thousand callers of one network are
    /// one observation.
    func result(_ batch: EventBatch, row: Int, _ gazetteer: Gazetteer) -> UnitResult {
        let event = shape.value(batch, row)
        func canonical(_ place: String) -> String {
            place.hasPrefix("ip:") ? gazetteer.canonical(PlaceReference(text: place)).text : place
        }
        switch kind {
        case .words(let sweep): return sweep.result(batch, row, gazetteer)
        case .field(_, _, let program): return Decode.texts(program.evaluate([.null, event, .null]))
        case .condition(let program): return Decode.condition(program.evaluate([.null, event, .null]))
        case .texts(let program):
            let said = Decode.texts(program.evaluate([.null, event, .null]))
            if case .texts(let texts) = said { return .texts(texts.map(canonical)) }
            return said
        case .whole(let vector):
            let said = Decode.whole(vector, resource: .null, event: event, defaultSubject: "")
            if case .pairs(let pairs) = said { return .pairs(pairs.map { .init(subject: $0.subject, place: canonical($0.place)) }) }
            return said
        }
    }
}
