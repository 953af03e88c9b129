import CEL
import Testing

@Suite struct RendererTests {
    @Test func `an issue shows its place in the file, the line and what to do`() throws {
        let source = "resource.regoin in jurisdictions.eu\n  && true"
        let origin = Origin(file: "policies/eu.yaml", line: 14, column: 9)
        do throws(CompileError) {
            _ = try IssueTests.environment.compile(source)
            Issue.record("compiles")
        } catch {
            #expect(
                IssueRenderer(source: source, origin: origin).render(error.issues[0]) == """
                    policies/eu.yaml:14:18: error: unknown field `regoin` on Resource
                      resource.regoin in jurisdictions.eu
                               ^~~~~~
                      hint: did you mean `region`?
                    """)
        }
    }

    @Test func `the lines of a block scalar have their own columns`() {
        let source = "true &&\n  zone == 'ñ' + yy"
        let origin = Origin(file: "p.yaml", line: 3, column: 7, lineColumns: [7, 7])
        do throws(CompileError) {
            _ = try Environment().compile(source)
            Issue.record("compiles")
        } catch {
            #expect(
                error.issues.map(IssueRenderer(source: source, origin: origin).render) == [
                    "p.yaml:4:9: error: unknown identifier `zone`\n    zone == 'ñ' + yy\n    ^~~~",
                    "p.yaml:4:23: error: unknown identifier `yy`\n    zone == 'ñ' + yy\n                  ^~",
                ])
        }
    }

    @Test func `an error of evaluation shows what keys there are`() throws {
        var environment = Environment()
        environment.declare("resource", .dyn)
        let program = try environment.compile("resource.tags.regoin == 'eu'")
        let resource = try JSON.parse(#"{"tags": {"region": "eu", "team": "x"}}"#)
        guard case .failure(let error) = program.evaluate([resource]) else {
            Issue.record("has a value")
            return
        }
        #expect(error.path == ["resource", "tags", "regoin"])
        #expect(
            IssueRenderer(source: program.source, origin: Origin(file: "x.yaml")).render(error) == """
                x.yaml:1:15: error: no such key `regoin` in `resource.tags`
                  resource.tags.regoin == 'eu'
                                ^~~~~~
                  hint: did you mean `region`?
                """)
    }

    /// Errors of evaluation and the place they name.
    static let failures: [(marked: String, message: String, hint: String?)] = [
        ("1 «/» x", "division by zero", nil),
        ("l[«5»]", "the index 5 is outside the list of 2", nil),
        ("m.«zzz»", "no such key `zzz` in `m`", "it has `a`, `b`"),
        ("m.a.«b»", "`int` has no field `b`", nil),
        ("x «+» 'a'", "`+` does not take `int` and `string`", nil),
        ("«x» || false", "a condition must be `bool`, not `int`", nil),
        (
            "«timestamp(m.a + 'x')» == null".replacing("m.a + 'x'", with: "s"), "`soon` is not a timestamp in range",
            "it is written as in `2026-01-31T23:59:59Z`"
        ),
        ("[1, 2].all(y, y «/» x == 1)", "division by zero", nil),
        ("«optional.none().value()»", "the optional has no value", "`orValue(...)` gives a default"),
        ("«x».all(y, y)", "`all` goes over a list or a map, not `int`", nil),
        ("m[«s»]", "no such key `soon` in `m`", "it has `a`, `b`"),
    ]

    @Test(arguments: failures.indices)
    func `an error of evaluation names its place`(_ index: Int) throws {
        let row = Self.failures[index]
        let source = row.marked.replacing("«", with: "").replacing("»", with: "")
        let table = Case(source, "", with: #"{"x": 0, "l": [1, 2], "m": {"a": 1, "b": 2}, "s": "soon"}"#)
        let (environment, slots) = try table.environment()
        let program = try environment.compile(source)
        for result in [program.evaluate(slots), program.explain(slots).result] {
            guard case .failure(let error)? = result else {
                Issue.record("no error")
                continue
            }
            #expect(marked(source, error.range) == row.marked)
            #expect(error.message == row.message)
            #expect(error.hint == row.hint)
        }
    }
}
