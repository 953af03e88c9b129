import CEL
import Foundation
import Testing

@Suite struct LimitTests {
    /// Runs a body on a thread with the stack that threads have by default.
    private func onSmallStack(_ body: @escaping @Sendable () -> Void) {
        let done = DispatchSemaphore(value: 0)
        let thread = Thread {
            body()
            done.signal()
        }
        thread.stackSize = 512 * 1024
        thread.start()
        done.wait()
    }

    static let nested: [(name: String, make: @Sendable (Int) -> String)] = [
        ("brackets", { String(repeating: "(", count: $0) + "1" + String(repeating: ")", count: $0) }),
        ("lists", { String(repeating: "[", count: $0) + String(repeating: "]", count: $0) }),
        ("maps", { String(repeating: "{'a': ", count: $0) + "1" + String(repeating: "}", count: $0) }),
        ("calls", { String(repeating: "dyn(", count: $0) + "1" + String(repeating: ")", count: $0) }),
        ("indexes", { String(repeating: "[0][", count: $0) + "0" + String(repeating: "]", count: $0) }),
        ("not", { String(repeating: "!", count: $0) + "true" }), ("minus", { String(repeating: "- ", count: $0) + "x" }),
        ("fields", { "x" + String(repeating: ".a", count: $0) }), ("sums", { "x" + String(repeating: " + 1", count: $0) }),
        ("conditions", { String(repeating: "b ? 1 : ", count: $0) + "2" }),
        ("macros", { String(repeating: "[1].map(x, ", count: $0) + "x" + String(repeating: ")", count: $0) }),
        ("members", { "'a'" + String(repeating: ".trim()", count: $0) }),
        (
            "mixed",
            { String(repeating: "(b && [1].exists(x, {'a': -(1 + ", count: $0 / 5) + "1" + String(repeating: ")} == {}))", count: $0 / 5) }
        ),
    ]

    @Test(arguments: nested.indices)
    func `nesting is refused before the stack ends, and works up to there`(_ index: Int) {
        let make = Self.nested[index].make
        onSmallStack {
            var environment = Environment()
            environment.declare("x", .dyn)
            environment.declare("b", .bool)
            do throws(CompileError) {
                _ = try environment.compile(make(10_000))
                Issue.record("compiles")
            } catch {
                #expect(error.issues.last?.code == .tooComplex)
            }
            // The deepest that is let through is checked, compiled, evaluated and explained.
            var deepest: Program?
            var low = 1
            var high = 400
            while low < high {
                let middle = (low + high + 1) / 2
                if let program = try? environment.compile(make(middle), options: CompileOptions(checksTypes: false)) {
                    deepest = program
                    low = middle
                } else {
                    high = middle - 1
                }
            }
            #expect(low >= (["macros", "mixed"].contains(Self.nested[index].name) ? 30 : 70))
            _ = deepest?.evaluate([1, true])
            _ = deepest?.explain([1, true])
        }
    }

    @Test func `a chain of conditions may be long`() throws {
        var environment = Environment()
        environment.declare("x", .int)
        let program = try environment.compile((0..<5000).map { "x == \($0)" }.joined(separator: " || "))
        #expect(program.evaluate([4999]) == .success(true))
        #expect(program.evaluate([5000]) == .success(false))
        #expect(program.explain([4999]).result == .success(true))
    }

    @Test func `the limit of steps ends an evaluation and names what takes them`() throws {
        var environment = Environment()
        environment.declare("l", .list(.int))
        let program = try environment.compile("l.all(x, l.all(y, x + y >= 0)) || l.size() > 1")
        let list = Value.array((0..<2000).map { .int($0) })
        for result in [program.evaluate([list]), program.explain([list]).result] {
            guard case .failure(let error)? = result else {
                Issue.record("has a value")
                continue
            }
            #expect(error.code == .limit)
            #expect(marked(program.source, error.range).contains("«l.all(y, x + y >= 0)»") || error.message.contains("1000000 steps"))
        }
        #expect(program.evaluate([.array([1, 2])], limit: 20) == .success(true))
    }

    @Test(arguments: ["s + s", "[s, s].join()", "s.replace('a', s)", "l + l", "lists.range(100000000)", "s.matches(s)", "s.format([s])"])
    func `what makes or reads much costs much`(_ source: String) throws {
        var environment = Environment()
        environment.declare("s", .string)
        environment.declare("l", .list(.int))
        let program = try environment.compile(source)
        let slots: [Value] = [.string(String(repeating: "a", count: 100_000)), .array(Array(repeating: 1, count: 100_000))]
        guard case .failure(let error) = program.evaluate(slots, limit: 1000) else {
            Issue.record("has a value")
            return
        }
        #expect(error.code == .limit)
    }

    @Test func `filter and map take time in proportion to the list`() throws {
        var environment = Environment()
        environment.declare("l", .list(.int))
        for source in ["l.filter(x, x % 2 == 0).size()", "l.map(x, x + 1).size()", "l.transformList(i, x, i + x).size()"] {
            let program = try environment.compile(source)
            let clock = ContinuousClock()
            func time(_ count: Int64) -> Duration {
                let list = Value.array((0..<count).map { .int($0) })
                return (0..<3).map { _ in clock.measure { _ = program.evaluate([list]) } }.min() ?? .zero
            }
            // Linear time is 16 times as much, quadratic time 256 times; what else runs meanwhile takes its part.
            #expect(time(160_000) < time(10_000) * 80)
        }
    }

    @Test func `a program is evaluated by many threads at once`() async throws {
        var environment = Environment()
        environment.declare("r", .dyn)
        environment.declare("allowed", .list(.string))
        let program = try environment.compile("r.l.exists(x, x in allowed) && r.s.matches('^a+$')")
        let slots = [try JSON.parse(#"{"l": ["q", "c"], "s": "aaa"}"#), .array(["a", "b", "c", "d", "e", "f", "g"])]
        let wrong = await withTaskGroup(of: Int.self) { group in
            for _ in 0..<8 {
                group.addTask { (0..<2000).count { _ in program.evaluate(slots) != .success(true) } }
            }
            return await group.reduce(0, +)
        }
        #expect(wrong == 0)
    }
}
