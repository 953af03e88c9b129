/// A node of a parsed expression.
final class Expression: Sendable {
    /// The position of this node among those of its expression; what later stages find goes into arrays by it.
    let id: Int
    let range: SourceRange
    let kind: Kind
    /// The number of levels of nodes from here down. A macro counts as three: evaluating it takes that much more stack.
    let height: Int

    init(id: Int, range: SourceRange, kind: Kind) {
        self.id = id
        self.range = range
        self.kind = kind
        let own = if case .macro = kind { 3 } else { 1 }
        height = own + (kind.children.map(\.height).max() ?? 0)
    }

    indirect enum Kind: Sendable {
        /// What could not be parsed; an issue says why.
        case failed
        case literal(Value)
        /// A name; an absolute one is written with a point before it and not looked up in the container.
        case identifier(Name, absolute: Bool)
        case select(Expression, field: Name, isOptional: Bool)
        /// `has(operand.field)`
        case test(Expression, field: Name, isOptional: Bool)
        case index(Expression, Expression, isOptional: Bool)
        case call(Call)
        case list([Element])
        case map([Entry])
        case message(Name, [Entry])
        case and([Expression])
        case or([Expression])
        case conditional(Expression, Expression, Expression)
        case macro(Macro)
    }

    /// A name and where it stands.
    struct Name: Sendable {
        let text: String
        let range: SourceRange
    }

    /// A call of a function, also of an operator, whose name then is as in `_+_`.
    struct Call: Sendable {
        let function: Name
        let isAbsolute: Bool
        /// What stands before the point: a value, or the beginning of a qualified name.
        let target: Expression?
        let arguments: [Expression]
    }

    struct Element: Sendable {
        let value: Expression
        let isOptional: Bool
    }

    struct Entry: Sendable {
        let key: Expression
        let value: Expression
        let isOptional: Bool
    }

    /// A call that works on an expression and not on its value.
    struct Macro: Sendable {
        enum Kind: String, Sendable {
            case all, exists, existsOne, filter, map, transformList, transformMap, transformMapEntry, sortBy
            case bind, optMap, optFlatMap
        }
        let kind: Kind
        /// The macro's name as it is written.
        let name: Name
        /// What it goes over; for `bind` the value of the variable.
        let target: Expression
        let variables: [Name]
        /// The condition of `all`, `exists`, `existsOne`, `filter`, or the one before a `map`'s or `transform`'s result.
        let condition: Expression?
        /// What is made of each element; for `bind`, `optMap`, `optFlatMap` what is made of the variable.
        let result: Expression?
    }
}

extension Expression.Kind {
    /// The nodes directly below, in the order of the text.
    var children: [Expression] {
        switch self {
        case .failed, .literal, .identifier: []
        case .select(let operand, _, _), .test(let operand, _, _): [operand]
        case .index(let operand, let index, _): [operand, index]
        case .call(let call): (call.target.map { [$0] } ?? []) + call.arguments
        case .list(let elements): elements.map(\.value)
        case .map(let entries), .message(_, let entries): entries.flatMap { [$0.key, $0.value] }
        case .and(let terms), .or(let terms): terms
        case .conditional(let condition, let first, let second): [condition, first, second]
        case .macro(let macro): [macro.target] + [macro.condition, macro.result].compactMap { $0 }
        }
    }
}

extension Expression {
    /// The names of `a.b.c` where that is all this is, and whether a point stands before it.
    var qualifiedName: (names: [Name], absolute: Bool)? {
        var names: [Name] = []
        var node = self
        while true {
            switch node.kind {
            case .identifier(let name, let absolute):
                names.append(name)
                return (names.reversed(), absolute)
            case .select(let operand, let field, false):
                names.append(field)
                node = operand
            default: return nil
            }
        }
    }
}
