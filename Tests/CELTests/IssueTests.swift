import CEL
import Testing

/// A row of a table of mistakes: the expression with `«...»` around the place that the issue must name.
struct Mistake: CustomStringConvertible, Sendable {
    let marked: String
    let code: CEL.Issue.Code
    let message: String
    let hint: String?

    init(_ marked: String, _ code: CEL.Issue.Code, _ message: String, hint: String? = nil) {
        self.marked = marked
        self.code = code
        self.message = message
        self.hint = hint
    }

    var source: String { marked.replacing("«", with: "").replacing("»", with: "") }
    var description: String { marked }
}

/// Puts `«...»` around a range of a source.
func marked(_ source: String, _ range: SourceRange) -> String {
    let bytes = Array(source.utf8)
    func text(_ part: ArraySlice<UInt8>) -> String { String(decoding: part, as: UTF8.self) }
    let (start, end) = (min(range.start, bytes.count), min(range.end, bytes.count))
    return text(bytes[..<start]) + "«" + text(bytes[start..<end]) + "»" + text(bytes[end...])
}

@Suite struct IssueTests {
    static let environment: Environment = {
        var environment = Environment()
        let place = RecordType("Place", ["country": .string, "city": .string])
        environment.declare(
            "resource",
            .record(
                RecordType(
                    "Resource", ["region": .string, "tags": .map(.string, .string), "replicas": .list(.record(place)), "size": .int])))
        environment.declare("jurisdictions", .map(.string, .list(.string)))
        environment.declare("event", .dyn)
        return environment
    }()

    static let mistakes: [Mistake] = [
        // syntax
        Mistake("1 +«»", .syntax, "expected an expression, found end of expression"),
        Mistake("(1 + 2«»", .syntax, "expected `)`, found end of expression"),
        Mistake("[1, 2«»", .syntax, "expected `,` or `]`, found end of expression"),
        Mistake("[1 «2»]", .syntax, "expected `,` or `]`, found `2`"),
        Mistake("1 «2»", .syntax, "unexpected `2`"),
        Mistake("event.«=»1", .syntax, "unexpected character `=`", hint: "to compare, write `==`"),
        Mistake("true «&» false", .syntax, "unexpected character `&`", hint: "for and, write `&&`"),
        Mistake("«'abc»", .literal, "the string has no end"),
        Mistake("'a«\\q»'", .literal, "the escape sequence is not valid"),
        Mistake("«1abc»", .literal, "malformed number"),
        Mistake("«9223372036854775808»", .literal, "`9223372036854775808` is out of the range of int"),
        Mistake("«while»", .syntax, "`while` is a reserved word", hint: "it can stand after a `.` only"),
        Mistake("true ? 1«»", .syntax, "expected `:`, found end of expression"),
        Mistake("{'a'«}»", .syntax, "expected `:`, found `}`"),
        Mistake("event.«»", .syntax, "expected a field or function name, found end of expression"),
        Mistake("1 + «ñ»", .syntax, "unexpected character `ñ`"),
        // macros
        Mistake("has(«event»)", .macro, "`has` needs a field, as in `has(a.b)`"),
        Mistake("[1].all(«x.y», true)", .macro, "`all` needs the name of a variable here"),
        Mistake("[1].all(x, «x», true)", .macro, "`all` needs two different variables"),
        // names
        Mistake("«resorce».region == 'x'", .unknownIdentifier, "unknown identifier `resorce`", hint: "did you mean `resource`?"),
        Mistake("«xyz»", .unknownIdentifier, "unknown identifier `xyz`"),
        Mistake(
            "resource.«regoin» in jurisdictions.eu", .unknownField, "unknown field `regoin` on Resource", hint: "did you mean `region`?"),
        Mistake(
            "resource.replicas.all(r, r.«counry» == 'DE')", .unknownField, "unknown field `counry` on Place",
            hint: "did you mean `country`?"),
        Mistake("has(resource.«regoin»)", .unknownField, "unknown field `regoin` on Resource", hint: "did you mean `region`?"),
        Mistake(
            "resource[«'zone'»]", .unknownField, "unknown field `zone` on Resource", hint: "it has `region`, `replicas`, `size`, `tags`"),
        Mistake("resource.region.«startWith»('eu')", .unknownFunction, "unknown function `startWith`", hint: "did you mean `startsWith`?"),
        Mistake("math.«gretest»(1, 2)", .unknownFunction, "unknown function `math.gretest`", hint: "did you mean `math.greatest`?"),
        Mistake("«Resource»{name: 'x'}", .unknownType, "unknown type `Resource`", hint: "a map is written `{\"name\": value}`"),
        // types
        Mistake(
            "resource.size «==» '5'", .noOverload, "`==` does not take `int` and `string`",
            hint: "values of these types are never equal; `dyn(...)` turns this check off"),
        Mistake("1 «+» 1.5", .noOverload, "`+` does not take `int` and `double`", hint: "convert one of them, as in `int(...)`"),
        Mistake("'a' «+» 1", .noOverload, "`+` does not take `string` and `int`", hint: "convert the other to a string: `string(...)`"),
        Mistake(
            "«resource.region.startsWith(1)»", .noOverload, "`startsWith` does not take `string` and `int`",
            hint: "it is called as `string.startsWith(string)`"),
        Mistake(
            "«startsWith('a', 'b')»", .noOverload, "`startsWith` does not take `string` and `string`",
            hint: "it is called as `string.startsWith(string)`"),
        Mistake("«resource.size» && true", .type, "a condition must be `bool`, not `int`"),
        Mistake("resource.size.«x»", .type, "`int` has no field `x`"),
        Mistake("[1][«'a'»]", .type, "the index of a list must be `int`, not `string`"),
        Mistake(
            "true ? 1 : «'a'»", .noOverload, "the branches have types `int` and `string`", hint: "`dyn(...)` around one of them allows it"),
        Mistake("«resource.size».all(x, true)", .type, "`all` goes over a list or a map, not `int`"),
        Mistake("[1].filter(x, «x»)", .type, "the condition of `filter` must be `bool`, not `int`"),
        Mistake("[?«1»]", .type, "what stands behind `?` must be an optional, not `int`"),
    ]

    @Test(arguments: mistakes)
    func `a mistake is named where it is`(_ row: Mistake) {
        do throws(CompileError) {
            _ = try Self.environment.compile(row.source)
            Issue.record("compiles")
        } catch {
            #expect(marked(row.source, error.issues[0].range) == row.marked)
            #expect(error.issues[0].code == row.code)
            #expect(error.issues[0].message == row.message)
            #expect(error.issues[0].hint == row.hint)
        }
    }

    @Test func `several mistakes of one expression are all reported`() {
        let source = "resource.regoin == 1 || [1, +, 2].all(x, y) || evnt.a"
        do throws(CompileError) {
            _ = try Self.environment.compile(source)
            Issue.record("compiles")
        } catch {
            let places = error.issues.map { String(decoding: Array(source.utf8)[$0.range.start..<$0.range.end], as: UTF8.self) }
            #expect(places == ["regoin", "+", "y", "evnt"])
        }
    }

    @Test func `the result must have the type the caller wants`() {
        #expect(throws: CompileError.self) {
            _ = try Self.environment.compile("resource.size", options: CompileOptions(expectedType: .bool))
        }
        #expect(throws: Never.self) { _ = try Self.environment.compile("event.x", options: CompileOptions(expectedType: .bool)) }
    }

    @Test func `a constant that can't be used is a warning`() throws {
        let program = try Environment().compile("false ? 'a'.matches('(') : timestamp('soon') == timestamp(0)")
        #expect(
            program.warnings.map { marked(program.source, $0.range) } == [
                "false ? «'a'.matches('(')» : timestamp('soon') == timestamp(0)",
                "false ? 'a'.matches('(') : «timestamp('soon')» == timestamp(0)",
            ])
    }
}
