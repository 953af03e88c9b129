import CEL
import Testing

@Suite struct ReferenceTests {
    static let cases: [(expression: String, references: String)] = [
        ("resource.region in jurisdictions.eu", "jurisdictions.eu resource.region"),
        ("resource.tags['data-class'] != 'x'", "resource.tags.data-class"),
        ("has(resource.a.b)", "resource.a.b"),
        ("has(resource.a) && resource.a.b == 1", "resource.a"),
        ("resource.replicas.all(r, r.region in allowed)", "allowed resource.replicas"),
        ("resource[event.key]", "event.key resource"),
        ("size(resource) > 1 && resource.a == 1", "resource"),
        ("resource.?a.?b.orValue(1)", "resource.a.b"),
        ("resource.l[0].x", "resource.l"),
        ("cel.bind(t, resource.tags, t.a)", "resource.tags"),
        ("[1].exists(resource, resource == 1)", ""),
        ("resource.name.startsWith(event.prefix)", "event.prefix resource.name"),
        ("math.greatest(event.a, event.b.c)", "event.a event.b.c"),
        ("{'a': event.x}.a", "event.x"),
        ("event.a.filter(resource, resource.x > event.y)", "event.a event.y"),
        ("event", "event"),
        ("1", ""),
        ("has(event.?a.b)", "event.a.b"),
        ("type(event.a) == int", "event.a"),
        ("event.m.transformMap(k, v, v.x)", "event.m"),
        ("false && event.a", "event.a"),
        ("event.a.b.c.d", "event.a.b.c.d"),
        ("event.`x-y`.z", "event.x-y.z"),
    ]

    @Test(arguments: cases.indices)
    func `a program knows the fields it reads`(_ index: Int) throws {
        var environment = Environment()
        for name in ["resource", "jurisdictions", "allowed", "event"] { environment.declare(name, .dyn) }
        let program = try environment.compile(Self.cases[index].expression)
        let found = program.references.map { ([$0.variable] + $0.path).joined(separator: ".") }.joined(separator: " ")
        #expect(found == Self.cases[index].references)
    }

    @Test func `the fields it names are all it needs`() throws {
        var environment = Environment()
        environment.declare("r", .dyn)
        let program = try environment.compile("r.a.b == 1 && has(r.c.d) && r.l.exists(x, x == 2)")
        let whole = try JSON.parse(#"{"a": {"b": 1, "z": 0}, "c": {"d": 0, "e": 1}, "l": [2], "rest": {"big": 1}}"#)
        let projected = try JSON.parse(#"{"a": {"b": 1}, "c": {"d": 0}, "l": [2]}"#)
        #expect(program.references.map(\.path) == [["a", "b"], ["c", "d"], ["l"]])
        #expect(program.evaluate([whole]) == .success(true))
        #expect(program.evaluate([projected]) == .success(true))
    }
}
