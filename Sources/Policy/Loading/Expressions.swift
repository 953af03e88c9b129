import CEL
import Residency

/// Compiles the expressions of a file, and turns what is wrong with them into diagnostics at their place in the file.
struct ExpressionCompiler {
    private var environments: [String: Lazy<Environment>] = [:]
    /// How names are made: complete before the first expression of a vector is compiled.
    private let names: NameForms
    /// Compile when a program is asked for, not before: for expressions that are known to be right.
    var isLazy = false
    private let waivers = Lazy { ExpressionEnvironment.forWaivers() }
    private let files = Lazy { ExpressionEnvironment.forFiles() }

    init(names: NameForms = NameForms()) { self.names = names }

    /// An expression of a provider's vector.
    mutating func vector(_ node: Node?, provider: String, type: ValueType? = nil, _ problems: inout Problems) -> Expression? {
        guard let node else { return nil }
        return compile(node, environment(of: provider), type, &problems)
    }

    /// An expression that was put together from one of a file and from what other files say; it stands where the first one does.
    mutating func composed(_ text: String, from original: Expression?, of vector: Vector) -> Expression? {
        guard let program = try? environment(of: vector.provider).value.compile(text, options: CompileOptions()) else { return nil }
        return Expression(
            program: program, source: text, file: original?.file ?? vector.file, line: original?.line ?? vector.line,
            column: original?.column ?? vector.column)
    }

    private mutating func environment(of provider: String) -> Lazy<Environment> {
        if let made = environments[provider] { return made }
        let made = Lazy { [names] in ExpressionEnvironment.make(provider: provider, names: names) }
        environments[provider] = made
        return made
    }

    /// A waiver's `match`.
    func waiver(_ node: Node, _ problems: inout Problems) -> Expression? { compile(node, waivers, .bool, &problems) }

    /// An expression over a published file.
    func ranges(_ node: Node, _ type: ValueType?, _ problems: inout Problems) -> Expression? { compile(node, files, type, &problems) }

    private func compile(_ node: Node, _ environment: Lazy<Environment>, _ type: ValueType?, _ problems: inout Problems) -> Expression? {
        guard let text = node.text else {
            problems.error(node, "an expression must be a text, not \(node.kind)")
            return nil
        }
        if isLazy {
            let source = problems.source
            let program = Lazy {
                guard let program = try? environment.value.compile(text, options: CompileOptions(expectedType: type)) else {
                    // INVARIANT: what is built in was compiled by the tests.
                    preconditionFailure("\(source.path):\(node.mark.line): the expression does not compile")
                }
                return program
            }
            return Expression(program, source: text.trimmed, file: source.path, .inside(source, node))
        }
        let start = problems.source.position(ofByte: 0, in: node)
        do throws(CompileError) {
            let program = try environment.value.compile(text, options: CompileOptions(expectedType: type))
            return Expression(
                program: program, source: text.trimmed, file: problems.source.path, line: start.line, column: start.column)
        } catch {
            // What follows the first wrong word is mostly a consequence of it.
            let first = error.issues.first { $0.code == .syntax }
            for issue in error.issues where issue.code != .syntax || issue == first { report(issue, text, node, &problems) }
            return nil
        }
    }

    private func report(_ issue: Issue, _ text: String, _ node: Node, _ problems: inout Problems) {
        let begin = problems.source.position(ofByte: min(issue.range.start, text.trimmedEnd), in: node)
        let end = problems.source.position(ofByte: min(issue.range.end, text.trimmedEnd), in: node)
        let width = problems.source.line(begin.line)?.unicodeScalars.count ?? 0
        let length = end.line == begin.line ? end.column - begin.column : width - begin.column + 1
        problems.error(begin, length: length, issue.message, hint: issue.hint)
    }
}

extension String {
    /// The offset past the last character that is not white space, in UTF-8.
    fileprivate var trimmedEnd: Int {
        utf8.count - utf8.reversed().prefix { $0 == 32 || $0 == 10 || $0 == 13 || $0 == 9 }.count
    }
}
