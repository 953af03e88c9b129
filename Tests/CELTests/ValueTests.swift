import CEL
import Testing

@Suite struct ValueTests {
    @Test func `a value takes 24 bytes`() { #expect(MemoryLayout<Value>.stride <= 24) }

    @Test func `maps of any size find their keys and keep their order`() throws {
        for count in [0, 1, 8, 9, 17, 100, 5000] {
            let members = (0..<count).map { ("key\($0)", Value.int(Int64($0))) }
            let value = Value.object(members)
            #expect(value.keys == members.map { .string($0.0) })
            for (name, member) in members { #expect(value.member(name) == member) }
            #expect(value.member("key") == nil)
            #expect(value == .object(members.reversed()))
        }
    }

    @Test func `a long name finds its key however the string is stored`() throws {
        let name = "a-rather-long-name-of-a-field"
        let value = try JSON.parse(#"{"a-rather-long-name-of-a-field": 1, "short": 2}"#)
        #expect(value.member(name) == .int(1))
        #expect(value.member(String(name.reversed().reversed())) == .int(1))
        #expect(value.member(String("xshort".dropFirst())) == .int(2))
    }

    @Test func `equality of values is by code points and kinds`() {
        #expect(Value.string("e\u{301}") != .string("\u{E9}"))
        #expect(Value.int(1) != .double(1))
        #expect(Value.int(1).celEquals(.double(1)))
        #expect(Value.double(.nan) == .double(.nan))
        #expect(!Value.double(.nan).celEquals(.double(.nan)))
        #expect(Set([Value.string("e\u{301}"), .string("\u{E9}"), .double(.nan), .double(.nan), .double(0), .double(-0.0)]).count == 4)
    }

    @Test func `accessors give what is there`() {
        let value: Value = ["name": "x", "list": [1, 2.5, true]]
        #expect(value.member("name")?.stringValue == "x")
        #expect(value.member("list")?.elements?.count == 3)
        #expect(Value.uint(.max).intValue == nil)
        #expect(Value.uint(7).intValue == 7)
        #expect(Value.null.isNull && value.member("list")?.boolValue == nil)
    }

    @Test func `a list that is searched again and again answers the same`() throws {
        var environment = Environment()
        environment.declare("l", .dyn)
        environment.declare("x", .dyn)
        let program = try environment.compile("x in l")
        let list = Value.array((0..<20).map { .string("region-\($0)") })
        let mixed: Value = ["a", 1, "b", 2, "c", 3, "d"]
        for _ in 0..<10 {
            #expect(program.evaluate([list, "region-7"]) == .success(true))
            #expect(program.evaluate([list, "region-77"]) == .success(false))
            #expect(program.evaluate([mixed, "d"]) == .success(true))
        }
    }

    @Test func `a text is found however it and the list's are stored`() throws {
        let names = (0..<12).map { "a-name-that-takes-more-than-two-words-\($0)" } + ["", "short", "e\u{301}"]
        var environment = Environment()
        environment.declare("x", .dyn)
        environment.declare("l", .dyn)
        let constant = try environment.compile("x in [" + names.map { "'\($0)'" }.joined(separator: ", ") + "]")
        let variable = try environment.compile("x in l")
        let list = try JSON.parse(JSON.write(.array(names.map { .string($0) })))
        for program in [constant, variable] {
            for _ in 0..<6 {
                for name in names {
                    // Another string with the same bytes, and storage of its own even where it is short.
                    var other = String()
                    other.reserveCapacity(100)
                    other += name
                    #expect(program.evaluate([.string(name), list]) == .success(true))
                    #expect(program.evaluate([.string(other), list]) == .success(true))
                    #expect(program.evaluate([.string(name + "x"), list]) == .success(false))
                }
                #expect(program.evaluate([.string("\u{E9}"), list]) == .success(false))
                #expect(program.evaluate([1, list]) == .success(false))
            }
        }
    }
}
