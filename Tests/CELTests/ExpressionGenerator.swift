import CEL

/// A source of numbers that gives the same ones for the same seed.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

    mutating func next() -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state &* 0x2545_F491_4F6C_DD1D
    }
}

/// Makes expressions that parse; their types mostly fit, so that they come to values and errors of every kind.
struct ExpressionGenerator {
    private var random: SeededGenerator
    private var variables = ["i", "s", "b", "l", "m"]

    init(seed: UInt64) { random = SeededGenerator(seed: seed) }

    /// What the variables of the expressions are.
    static let bindings =
        #"{"i": 3, "s": "eu-west-1", "b": true, "l": [1, 2, 0, "x", null], "m": {"a": 1, "tags": {"k": "v"}, "l": [{"x": 1}, {}]}}"#

    private mutating func pick<T>(_ choices: [T]) -> T { choices[Int.random(in: 0..<choices.count, using: &random)] }

    mutating func any(_ depth: Int) -> String {
        switch Int.random(in: 0..<6, using: &random) {
        case 0: number(depth)
        case 1: text(depth)
        case 2: list(depth)
        case 3: map(depth)
        default: condition(depth)
        }
    }

    mutating func condition(_ depth: Int) -> String {
        guard depth > 0 else { return pick(["true", "false", "b", "has(m.a)", "has(m.zz)", "i > 2", "m.q == 1"]) }
        let next = depth - 1
        switch Int.random(in: 0..<16, using: &random) {
        case 0: return "(\(condition(next)) && \(condition(next)))"
        case 1: return "(\(condition(next)) || \(condition(next)))"
        case 2: return "!\(condition(next))"
        case 3: return "(\(any(next)) == \(any(next)))"
        case 4: return "(\(any(next)) \(pick(["<", "<=", ">", ">="])) \(any(next)))"
        case 5: return "(\(any(next)) in \(list(next)))"
        case 6: return "(\(text(next)) in \(map(next)))"
        case 7: return "\(text(next)).\(pick(["startsWith", "endsWith", "contains", "matches"]))(\(text(next)))"
        case 8: return quantifier(next)
        case 9: return "(\(condition(next)) ? \(condition(next)) : \(condition(next)))"
        case 10: return "(\(condition(next)) && \(condition(next)) && \(condition(next)) && \(condition(next)))"
        case 11: return "(\(condition(next)) || \(condition(next)) || \(condition(next)))"
        case 12: return "has(\(map(next)).\(pick(["a", "tags", "zz"])))"
        case 13: return "\(map(next)).?\(pick(["a", "zz"])).hasValue()"
        default: return condition(0)
        }
    }

    private mutating func quantifier(_ depth: Int) -> String {
        let name = pick(["x", "y", "i"])
        let range = Bool.random(using: &random) ? list(depth) : map(depth)
        variables.append(name)
        defer { variables.removeLast() }
        if Bool.random(using: &random) {
            return "\(range).\(pick(["all", "exists", "existsOne"]))(k, \(name), \(condition(depth)))"
        }
        return "\(range).\(pick(["all", "exists", "exists_one"]))(\(name), \(condition(depth)))"
    }

    mutating func number(_ depth: Int) -> String {
        guard depth > 0 else {
            return pick(["0", "1", "-3", "2u", "1.5", "i", "9223372036854775807", "m.a", variables[variables.count - 1]])
        }
        let next = depth - 1
        switch Int.random(in: 0..<9, using: &random) {
        case 0, 1: return "(\(number(next)) \(pick(["+", "-", "*", "/", "%"])) \(number(next)))"
        case 2: return "-\(number(next))"
        case 3: return "size(\(any(next)))"
        case 4: return "int(\(any(next)))"
        case 5: return "math.greatest(\(number(next)), \(number(next)))"
        case 6: return "\(list(next))[\(number(next))]"
        case 7: return "cel.bind(v, \(number(next)), v + \(number(next)))"
        default: return "(\(condition(next)) ? \(number(next)) : \(number(next)))"
        }
    }

    mutating func text(_ depth: Int) -> String {
        guard depth > 0 else { return pick(["''", "'a'", "'eu-west-1'", "s", "'^eu'", "m.tags.k", "m['tags']['k']", "'ñ'"]) }
        let next = depth - 1
        switch Int.random(in: 0..<7, using: &random) {
        case 0: return "(\(text(next)) + \(text(next)))"
        case 1: return "string(\(any(next)))"
        case 2: return "\(text(next)).substring(\(number(next)))"
        case 3: return "\(text(next)).replace(\(text(next)), \(text(next)))"
        case 4: return "\(list(next)).join(\(text(next)))"
        case 5: return "'%s|%d'.format([\(any(next)), \(number(next))])"
        default: return "\(map(next)).?\(pick(["a", "tags"])).orValue(\(text(next)))"
        }
    }

    mutating func list(_ depth: Int) -> String {
        guard depth > 0 else { return pick(["[]", "l", "[1, 2]", "['a', s]", "m.l", "[i]"]) }
        let next = depth - 1
        let name = pick(["x", "y"])
        switch Int.random(in: 0..<8, using: &random) {
        case 0: return "[\(any(next)), \(any(next))]"
        case 1: return "(\(list(next)) + \(list(next)))"
        case 2: return "\(list(next)).filter(\(name), \(condition(next)))"
        case 3: return "\(list(next)).map(\(name), \(any(next)))"
        case 4: return "\(list(next)).map(\(name), \(condition(next)), \(name))"
        case 5: return "\(map(next)).transformList(k, v, [k, v])"
        case 6: return "\(list(next)).sortBy(\(name), \(any(next)))"
        default: return "\(text(next)).split(\(text(next)))"
        }
    }

    mutating func map(_ depth: Int) -> String {
        guard depth > 0 else { return pick(["{}", "m", "m.tags", "{'a': 1}", "{1: 's', 2u: 1.5}"]) }
        let next = depth - 1
        switch Int.random(in: 0..<5, using: &random) {
        case 0: return "{'a': \(any(next)), \(text(next)): \(any(next))}"
        case 1: return "{?'a': optional.of(\(any(next)))}"
        case 2: return "\(map(next)).transformMap(k, v, \(any(next)))"
        case 3: return "\(list(next)).transformMapEntry(k, v, {string(v): k})"
        default: return map(0)
        }
    }
}
