/// What a macro makes of its elements, one after the other.
struct MacroGathering {
    /// An element of a list or map.
    struct Element {
        let key: Value
        let value: Value
        let isMap: Bool
    }

    private let kind: Expression.Macro.Kind
    /// The macro's name as it is written.
    let name: String
    private let variableNames: [String]
    /// Set once no further element matters.
    private(set) var outcome: Result<Value, EvaluationError>?
    /// The element that decided, as index or key.
    private(set) var decidedBy: Value?
    private var failure: EvaluationError?
    private var failedAt: Value?
    private var matches: [Value] = []
    private var values: [Value] = []
    private var keys: [Value] = []
    private var entries = MapBuilder()

    init(_ node: Expression) {
        guard case .macro(let macro) = node.kind else { preconditionFailure("only macros gather") }
        kind = macro.kind
        name = macro.name.text
        variableNames = macro.variables.map(\.text)
    }

    /// The values of the macro's variables for an element.
    func variables(_ element: Element) -> [Value] {
        variableNames.count == 2 ? [element.key, element.value] : [element.isMap ? element.key : element.value]
    }

    /// The macro's variables with their values for an element.
    func named(_ element: Element) -> [Explanation.Variable] {
        zip(variableNames, variables(element)).map { Explanation.Variable(name: $0, value: $1) }
    }

    mutating func stop(with outcome: Result<Value, EvaluationError>, at key: Value) {
        self.outcome = outcome
        decidedBy = key
    }

    /// Takes what the condition and the result came to for an element.
    mutating func take(
        _ condition: Result<Value, EvaluationError>?, _ result: Result<Value, EvaluationError>?, _ place: Element
    ) {
        let key = place.key
        let element = variables(place)[0]
        switch condition {
        case .failure(let error)?:
            if error.code == .limit || !(kind == .all || kind == .exists) { return stop(with: .failure(error), at: key) }
            if failure == nil { (failure, failedAt) = (error, key) }
            return
        case .success(.bool(let holds))?:
            if kind == .all, !holds { return stop(with: .success(.bool(false)), at: key) }
            if kind == .exists, holds { return stop(with: .success(.bool(true)), at: key) }
            if !holds { return }
            matches.append(key)
            if kind == .filter { values.append(element) }
        default: break
        }
        switch result {
        case .failure(let error)?: stop(with: .failure(error), at: key)
        case .success(let value)?: add(value, element: element, at: key)
        case nil: break
        }
    }

    private mutating func add(_ value: Value, element: Value, at key: Value) {
        switch kind {
        case .transformMap: _ = entries.insert(element, value)
        case .transformMapEntry:
            guard case .map(let map) = value else {
                return stop(with: .failure(EvaluationError(.noSuchOverload, "the result must be a map")), at: key)
            }
            for entry in map.entries where !entries.insert(entry.key, entry.value) {
                let message = "the key `\(NumberText.plain(entry.key))` is made twice"
                return stop(with: .failure(EvaluationError(.duplicateKey, message)), at: key)
            }
        case .sortBy:
            keys.append(value)
            values.append(element)
        default: values.append(value)
        }
    }

    /// The macro's value when all elements are through, or its failure with the range of the macro where it has none.
    mutating func finish(_ range: SourceRange, _ source: String, _ frame: inout Frame) -> Result<Value, EvaluationError> {
        let result = finish(source, range, &frame)
        guard case .failure(let error) = result, error.range == .none else { return result }
        return .failure(EvaluationError(error.code, error.message, range: range, hint: error.hint, path: error.path))
    }

    private mutating func finish(
        _ source: String, _ range: SourceRange, _ frame: inout Frame
    ) -> Result<Value, EvaluationError> {
        if let outcome { return outcome }
        if let failure {
            decidedBy = failedAt
            return .failure(failure)
        }
        switch kind {
        case .all: return .success(.bool(true))
        case .exists: return .success(.bool(false))
        case .existsOne:
            decidedBy = matches.last
            return .success(.bool(matches.count == 1))
        case .transformMap, .transformMapEntry: return .success(.map(MapValue(builder: entries)))
        case .sortBy:
            if let sorted = ListsLibrary.sorted(values, by: keys, &frame) { return .success(sorted) }
            frame.locate(range)
            let error = frame.failure?.error(source: source)
            frame.recover()
            return .failure(error ?? EvaluationError(.invalidArgument, "these can't be sorted"))
        default: return .success(.list(ListValue(values)))
        }
    }
}
