import CEL
import Testing

@Suite struct HostTests {
    @Test func `functions of the host are called by the kinds of their arguments`() throws {
        var environment = Environment(container: "acme.policies")
        environment.declare("acme.limit", .int)
        environment.declare("x", .dyn)
        environment.define(
            FunctionDeclaration(
                "acme.region",
                overloads: [
                    FunctionOverload("region_string", [.string], returns: .string) { .success(.string("region of \($0[0])")) },
                    FunctionOverload("region_int", [.int], returns: .string) { _ in
                        .failure(EvaluationError(.host, "no region has a number"))
                    },
                ]))
        environment.define(
            FunctionDeclaration(
                "size",
                overloads: [FunctionOverload("size_ip", [.ip], returns: .int, isMember: true) { _ in .success(32) }]))
        func outcome(_ source: String, _ x: Value = .null) throws -> String {
            text(try environment.compile(source).evaluate([7, x]))
        }
        #expect(try outcome("region('eu')") == #""region of \"eu\"""#)
        #expect(try outcome("acme.region('eu').size() + limit") == "21")
        #expect(try outcome("region(3)") == "host")
        #expect(try outcome("region(x)", "a") == #""region of \"a\"""#)
        #expect(try outcome("region(x)", 1.5) == "no-such-overload")
        #expect(try outcome("ip('1.2.3.4').size() + 'abc'.size()") == "35")
        #expect(throws: CompileError.self) { try environment.compile("region(true)") }
        // An overload of the host's beside those of the library leaves their failures as they are.
        environment.define(
            FunctionDeclaration("int", overloads: [FunctionOverload("int_ip", [.ip], returns: .int) { _ in .success(1) }]))
        #expect(try outcome("int('4x')") == "conversion")
    }

    @Test func `a failure of the host has the place of the call`() throws {
        var environment = Environment()
        environment.define(
            FunctionDeclaration(
                "boom", overloads: [FunctionOverload("boom", [], returns: .dyn) { _ in .failure(EvaluationError(.host, "no")) }]))
        guard case .failure(let error) = try environment.compile("1 == 1 && boom() == 2").evaluate([]) else {
            Issue.record("has a value")
            return
        }
        #expect(marked("1 == 1 && boom() == 2", error.range) == "1 == 1 && «boom()» == 2")
    }

    @Test func `a variable without a value is an error`() throws {
        var environment = Environment()
        environment.declare("a", .int)
        environment.declare("b", .int)
        let program = try environment.compile("a + b")
        #expect(text(program.evaluate([1])) == "unknown-identifier")
        #expect(text(program.explain([1]).result) == "unknown-identifier")
        #expect(program.evaluate([1, 2]) == .success(3))
    }

    @Test func `extensions can be left out`() throws {
        let bare = Environment(extensions: [])
        for source in [
            "'a'.charAt(0)", "math.abs(1)", "ip('::1')", "optional.of(1)", "cel.bind(x, 1, x)", "base64.encode(b'')", "[1].all(i, v, true)",
        ] {
            #expect(throws: CompileError.self) { try bare.compile(source) }
        }
        #expect(try bare.compile("[1].all(x, x == 1)").evaluate([]) == .success(true))
    }

    @Test func `the type of a program is known`() throws {
        var environment = Environment()
        environment.declare("r", .record(RecordType("R", ["a": .list(.int)], isOpen: true)))
        let types = [
            "1": "int", "r.a": "list(int)", "r.b": "dyn", "r.a.map(x, string(x))": "list(string)", "{'a': [1]}": "map(string, list(int))",
            "r.?a": "optional_type(list(int))", "r.a[0] == 1": "bool", "[1, 'a']": "list(dyn)",
            "r.a.transformMap(i, x, x > i)": "map(int, bool)",
        ]
        for (source, type) in types { #expect(try environment.compile(source).resultType.description == type) }
    }
}
