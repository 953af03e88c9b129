import CEL
import Residency

/// Compiles the expressions of a file, and turns what is wrong with them into diagnostics at their place in the file.
struct ExpressionCompiler {
    private var environments: [String: Environment] = [:]
    /// How names are made: complete before the first expression of a vector is compiled.
    private let names: NameForms
    /// Compile when a program is asked for, not before: for expressions that are known to be right.
    var isLazy = false
    private let waivers = ExpressionEnvironment.forWaivers()
    private let files = ExpressionEnvironment.forFiles()

    init(names: NameForms = NameForms()) { self.names = names }

    /// An expression of a provider's vector.
    mutating func vector(_ node: Node?, provider: String, type: ValueType? = nil, _ problems: inout Problems) -> Expression? {
        guard let node else { return nil }
        let environment = environment(provider)
        return compile(node, environment, type, &problems)
    }

    /// An expression that was put together from one of a file and from what other files say; it stands where the first one does.
    mutating func composed(_ text: String, from original: Expression?, of vector: Vector) -> Expression? {
        let environment = environment(vector.provider)
        guard let program = try? environment.compile(text, options: CompileOptions()) else { return nil }
        return Expression(
            program: program, source: text, file: original?.file ?? vector.file, line: original?.line ?? vector.line,
            column: original?.column ?? vector.column)
    }

    private mutating func environment(_ provider: String) -> Environment {
        let environment = environments[provider] ?? ExpressionEnvironment.make(provider: provider, names: names)
        environments[provider] = environment
        return environment
    }

    /// A waiver's `match`.
    func waiver(_ node: Node, _ problems: inout Problems) -> Expression? { compile(node, waivers, .bool, &problems) }

    /// An expression over a published file.
    func ranges(_ node: Node, _ type: ValueType?, _ problems: inout Problems) -> Expression? { compile(node, files, type, &problems) }

    private func compile(_ node: Node, _ environment: Environment, _ type: ValueType?, _ problems: inout Problems) -> Expression? {
        guard let text = node.text else {
            problems.error(node, "an expression must be a text, not \(node.kind)")
            return nil
        }
        let start = problems.source.position(ofByte: 0, in: node)
        if isLazy {
            let place = "\(problems.source.path):\(start.line)"
            let program = LazyProgram {
                guard let program = try? environment.compile(text, options: CompileOptions(expectedType: type)) else {
                    // INVARIANT: what is built in was compiled by the tests.
                    preconditionFailure("\(place): the expression does not compile")
                }
                return program
            }
            return Expression(program, source: text.trimmed, file: problems.source.path, line: start.line, column: start.column)
        }
        do throws(CompileError) {
            let program = try environment.compile(text, options: CompileOptions(expectedType: type))
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
