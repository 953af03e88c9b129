/// An expression with what each part of it came to: a tree of parts.
public final class Explanation: Sendable {
    /// What kind of part it is, as a reader would call it: `field`, `call`, `&&`, `all`, ...
    public let label: String
    /// The bytes of the part.
    public let range: SourceRange
    /// The text of the part.
    public let text: String
    /// Its value or its error; nil where it was not evaluated, as it didn't matter.
    public let result: Result<Value, EvaluationError>?
    /// The parts it is made of. For a macro: its range, then one for each element that was looked at, the first hundred
    /// and the one that decided.
    public let children: [Explanation]
    /// For a macro: the element that decided, as index or key.
    public let decidedBy: Value?
    /// For the element of a macro: the values of the macro's variables.
    public let variables: [Variable]

    /// A variable of a macro and its value.
    public struct Variable: Sendable, Hashable {
        /// The variable's name.
        public let name: String
        /// What it was for this element.
        public let value: Value
    }

    init(
        label: String, range: SourceRange, text: String, result: Result<Value, EvaluationError>?,
        children: [Explanation] = [], decidedBy: Value? = nil, variables: [Variable] = []
    ) {
        self.label = label
        self.range = range
        self.text = text
        self.result = result
        self.children = children
        self.decidedBy = decidedBy
        self.variables = variables
    }

    /// The value, where there is one.
    public var value: Value? { if case .success(let value)? = result { value } else { nil } }

    /// The error, where there is one.
    public var error: EvaluationError? { if case .failure(let error)? = result { error } else { nil } }

    func with(result: Result<Value, EvaluationError>) -> Explanation {
        Explanation(
            label: label, range: range, text: text, result: result, children: children, decidedBy: decidedBy,
            variables: variables)
    }

    func with(variables: [Variable]) -> Explanation {
        Explanation(
            label: label, range: range, text: text, result: result, children: children, decidedBy: decidedBy,
            variables: variables)
    }
}
