/// Parses an expression: precedence climbing over tokens, with a bound on nesting.
///
/// After an error it goes on behind the next comma or bracket that fits, to report what else is wrong; the node in
/// the place of the error is `failed`.
struct Parser {
    /// The levels of nodes an expression may have. A level costs up to 4 KB of stack in a build without optimization, and
    /// threads have 512 KB.
    static let maxHeight = 100
    /// The bytes an expression may have.
    static let maxLength = 1 << 20
    /// The issues after which parsing stops.
    static let maxIssues = 20

    let bytes: [UInt8]
    private let tokens: [Token]
    private var position = 0
    private var depth = 0
    private(set) var nodeCount = 0
    private(set) var issues: [Issue]
    let macros: MacroSet
    /// Set once going on makes no sense.
    private var isAborted = false

    init(_ source: String, macros: MacroSet) {
        bytes = Array(source.utf8)
        self.macros = macros
        if bytes.count > Self.maxLength {
            tokens = [Token(kind: .end, start: 0, end: 0)]
            issues = [Issue(.tooComplex, .none, "the expression is longer than \(Self.maxLength) bytes")]
            isAborted = true
            return
        }
        var lexer = Lexer(bytes)
        tokens = lexer.tokens()
        issues = lexer.issues
    }

    /// Parses the whole text.
    mutating func parse() -> Expression {
        let expression = parseExpression()
        if token.kind != .end, !isAborted {
            report(.syntax, token.range, "unexpected \(describe(token))")
        }
        issues.sort { $0.range.start < $1.range.start }
        return expression
    }

    // MARK: tokens

    var token: Token { tokens[position] }

    func peek(_ offset: Int = 1) -> Token { tokens[min(position + offset, tokens.count - 1)] }

    mutating func advance() { if position < tokens.count - 1 { position += 1 } }

    mutating func take(_ kind: Token.Kind) -> Bool {
        guard token.kind == kind else { return false }
        advance()
        return true
    }

    /// The end of the token before this one.
    var lastEnd: Int { position > 0 ? tokens[position - 1].end : 0 }

    func text(_ token: Token) -> String { String(decoding: bytes[token.start..<token.end], as: UTF8.self) }

    func describe(_ token: Token) -> String { token.kind == .end ? "end of expression" : "`\(text(token))`" }

    mutating func report(_ code: Issue.Code, _ range: SourceRange, _ message: String, hint: String? = nil) {
        guard !isAborted else { return }
        issues.append(Issue(code, range, message, hint: hint))
        if issues.count >= Self.maxIssues { abort() }
    }

    /// Jumps to the end: every rule finds that it has nothing left to read.
    private mutating func abort() {
        isAborted = true
        position = tokens.count - 1
    }

    /// Reports what stands here instead of what is expected, unless the lexer has reported it.
    mutating func reportUnexpected(_ expected: String) {
        if token.kind == .invalid { return }
        report(.syntax, token.range, "expected \(expected), found \(describe(token))")
    }

    // MARK: nodes

    mutating func node(_ range: SourceRange, _ kind: Expression.Kind) -> Expression {
        let node = Expression(id: nodeCount, range: range, kind: kind)
        nodeCount += 1
        if node.height > Self.maxHeight {
            reportDepth(range)
            return failed(range)
        }
        return node
    }

    mutating func failed(_ range: SourceRange) -> Expression {
        let node = Expression(id: nodeCount, range: range, kind: .failed)
        nodeCount += 1
        return node
    }

    private mutating func reportDepth(_ range: SourceRange) {
        report(
            .tooComplex, SourceRange(range.start, min(range.end, range.start + 1)),
            "the expression is nested more than \(Self.maxHeight) deep")
        abort()
    }

    // MARK: rules

    mutating func parseExpression() -> Expression {
        depth += 1
        let expression = depth > Self.maxHeight ? tooDeep() : parseConditional()
        depth -= 1
        return expression
    }

    private mutating func tooDeep() -> Expression {
        let range = token.range
        reportDepth(range)
        return failed(range)
    }

    private mutating func parseConditional() -> Expression {
        let condition = parseBinary(.or)
        return take(.question) ? parseBranches(condition) : condition
    }

    private mutating func parseBranches(_ condition: Expression) -> Expression {
        let first = parseBinary(.or)
        if !take(.colon) {
            reportUnexpected("`:`")
            return failed(condition.range.joined(first.range))
        }
        let second = parseExpression()
        return node(condition.range.joined(second.range), .conditional(condition, first, second))
    }

    /// How tightly an operator binds.
    private enum Precedence: Int {
        case or, and, relation, sum, product, unary
        var next: Precedence { Precedence(rawValue: rawValue + 1) ?? .unary }
    }

    private static func binary(_ kind: Token.Kind) -> (precedence: Precedence, function: String)? {
        switch kind {
        case .or: (.or, "_||_")
        case .and: (.and, "_&&_")
        case .equal: (.relation, "_==_")
        case .notEqual: (.relation, "_!=_")
        case .less: (.relation, "_<_")
        case .lessEqual: (.relation, "_<=_")
        case .greater: (.relation, "_>_")
        case .greaterEqual: (.relation, "_>=_")
        case .in: (.relation, "@in")
        case .plus: (.sum, "_+_")
        case .minus: (.sum, "_-_")
        case .star: (.product, "_*_")
        case .slash: (.product, "_/_")
        case .percent: (.product, "_%_")
        default: nil
        }
    }

    // What stands first in an expression is parsed by functions with next to nothing on the stack: brackets in brackets
    // go through them again and again.

    private mutating func parseBinary(_ minimum: Precedence) -> Expression {
        let left = parseUnary()
        return Self.binary(token.kind) == nil ? left : parseOperators(left, minimum)
    }

    private mutating func parseOperators(_ first: Expression, _ minimum: Precedence) -> Expression {
        var left = first
        while let (precedence, function) = Self.binary(token.kind), precedence.rawValue >= minimum.rawValue {
            if precedence == .or || precedence == .and {
                left = parseChain(left, token.kind, precedence)
            } else {
                left = parseOperator(left, function, precedence)
            }
        }
        return left
    }

    private mutating func parseOperator(_ left: Expression, _ function: String, _ precedence: Precedence) -> Expression {
        let name = Expression.Name(text: function, range: token.range)
        advance()
        let right = parseBinary(precedence.next)
        let call = Expression.Call(function: name, isAbsolute: false, target: nil, arguments: [left, right])
        return node(left.range.joined(right.range), .call(call))
    }

    /// `a && b && c` is one node, however long.
    private mutating func parseChain(_ first: Expression, _ kind: Token.Kind, _ precedence: Precedence) -> Expression {
        var terms = [first]
        while take(kind) { terms.append(parseBinary(precedence.next)) }
        let range = first.range.joined(terms[terms.count - 1].range)
        return node(range, kind == .and ? .and(terms) : .or(terms))
    }

    private mutating func parseUnary() -> Expression { isSign ? parseSigned() : parseMember() }

    /// Whether an operator stands here. A minus before a number belongs to that.
    private var isSign: Bool { token.kind == .bang || (token.kind == .minus && !isNumber(peek().kind)) }

    private mutating func parseSigned() -> Expression {
        let start = position
        while isSign { advance() }
        let end = position
        if end - start > Self.maxHeight { return tooDeep() }
        return applySigns(start..<end, to: parseMember())
    }

    private mutating func applySigns(_ signs: Range<Int>, to operand: Expression) -> Expression {
        var operand = operand
        for token in tokens[signs].reversed() {
            let name = Expression.Name(text: token.kind == .bang ? "!_" : "-_", range: token.range)
            let call = Expression.Call(function: name, isAbsolute: false, target: nil, arguments: [operand])
            operand = node(SourceRange(token.start, operand.range.end), .call(call))
        }
        return operand
    }

    func isNumber(_ kind: Token.Kind) -> Bool { kind == .int || kind == .double }
}
