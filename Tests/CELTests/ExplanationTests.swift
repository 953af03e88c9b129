import CEL
import Testing

@Suite struct ExplanationTests {
    /// The tree, one line for each part: text, what it came to, what decided.
    private func lines(_ part: Explanation, _ indent: String = "") -> [String] {
        var line = "\(indent)\(part.label): \(part.text) -> \(text(part.result))"
        if let element = part.decidedBy { line += " (decided by \(element))" }
        if !part.variables.isEmpty { line += " with " + part.variables.map { "\($0.name) = \($0.value)" }.joined(separator: ", ") }
        return [line] + part.children.flatMap { lines($0, indent + "  ") }
    }

    private func explain(_ expression: String, with bindings: String) throws -> String {
        let (environment, slots) = try Case(expression, "", with: bindings).environment()
        return lines(try environment.compile(expression).explain(slots)).joined(separator: "\n")
    }

    @Test func `an explanation shows which element decided`() throws {
        let tree = try explain(
            "r.replicas.all(p, p.region in allowed) || r.exempt",
            with: #"{"r": {"replicas": [{"region": "eu"}, {"region": "us"}, {"region": "ap"}], "exempt": false}, "allowed": ["eu"]}"#)
        #expect(
            tree == """
                ||: r.replicas.all(p, p.region in allowed) || r.exempt -> false
                  all: r.replicas.all(p, p.region in allowed) -> false (decided by 1)
                    field: r.replicas -> [{"region": "eu"}, {"region": "us"}, {"region": "ap"}]
                      variable: r -> {"replicas": [{"region": "eu"}, {"region": "us"}, {"region": "ap"}], "exempt": false}
                    in: p.region in allowed -> true with p = {"region": "eu"}
                      field: p.region -> "eu"
                        variable: p -> {"region": "eu"}
                      variable: allowed -> ["eu"]
                    in: p.region in allowed -> false with p = {"region": "us"}
                      field: p.region -> "us"
                        variable: p -> {"region": "us"}
                      variable: allowed -> ["eu"]
                  field: r.exempt -> false
                    variable: r -> {"replicas": [{"region": "eu"}, {"region": "us"}, {"region": "ap"}], "exempt": false}
                """)
    }

    @Test func `what was not evaluated is shown without a value`() throws {
        #expect(
            try explain("a || b", with: #"{"a": true, "b": 1}"#)
                == "||: a || b -> true\n  variable: a -> true\n  not evaluated: b -> nothing")
        #expect(
            try explain("a ? b : c", with: #"{"a": true, "b": 1, "c": 2}"#)
                == "?:: a ? b : c -> 1\n  variable: a -> true\n  variable: b -> 1\n  not evaluated: c -> nothing")
    }

    @Test func `an error shows at the part it comes from and above`() throws {
        #expect(
            try explain("a.b == 1", with: #"{"a": {}}"#) == """
                ==: a.b == 1 -> no-such-key
                  field: a.b -> no-such-key
                    variable: a -> {}
                """)
    }

    @Test func `a long list is cut down to its beginning and what decided`() throws {
        var environment = Environment()
        environment.declare("l", .list(.int))
        let explanation = try environment.compile("l.exists(x, x == 5000)").explain([.array((0..<9000).map { .int($0) })])
        #expect(explanation.children.count == 102)
        #expect(explanation.decidedBy == .int(5000))
        #expect(explanation.children.last?.variables.first?.value == .int(5000))
    }

    @Test(arguments: 0..<20)
    func `both evaluators come to the same`(_ block: Int) throws {
        let (environment, slots) = try Case("", "", with: ExpressionGenerator.bindings).environment()
        var values = 0
        for index in 0..<60 {
            var generator = ExpressionGenerator(seed: UInt64(block * 60 + index + 1))
            let source = generator.any(4)
            guard let program = try? environment.compile(source, options: CompileOptions(checksTypes: false)) else {
                Issue.record("does not parse: \(source)")
                continue
            }
            let fast = program.evaluate(slots)
            let slow = program.explain(slots).result
            #expect(fast == slow, "\(source)")
            if case .success = fast { values += 1 }
        }
        // Most of them failing would say little.
        #expect(values >= 6)
    }
}
