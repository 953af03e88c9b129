/// A machine worked out beforehand: for each state and class of code points the next state.
///
/// A state is the ways that are open, and what lies before. Once it is built, matching shares nothing and takes one look-up
/// for a byte. Patterns for which it would get large go without.
final class RegexTable: Sendable {
    /// Rows of `width` states; the last column is the end of the text.
    private let transitions: [UInt16]
    private let width: Int
    private let asciiClasses: [UInt16]
    private let classes: ScalarClasses

    private static let matched: UInt16 = 0
    private static let dead: UInt16 = 1
    private static let first: UInt16 = 2

    /// The bounds on what is built.
    private static let maxStates = 1000
    private static let maxCells = 1 << 16
    private static let maxWork = 400_000

    private struct State: Hashable {
        let ways: [Int]
        let before: RegexMachine.Before
    }

    /// Where the ways of a state lead without reading.
    private struct Reached {
        var isMatch = false
        /// How many places.
        let count: Int
        /// The sets among them, and the place behind each, in order.
        let sets: [(next: Int, set: Int)]

        init(_ state: State, _ after: RegexMachine.After, _ machine: RegexMachine, _ seen: inout WaySet) {
            seen.removeAll()
            for way in state.ways + [0] where machine.follow(way, state.before, after, &seen) {
                isMatch = true
                break
            }
            count = seen.members.count
            var sets: [(next: Int, set: Int)] = []
            for place in seen.members {
                if case .set(let number) = machine.program.instructions[place] { sets.append((place + 1, number)) }
            }
            self.sets = sets.sorted { $0.next < $1.next }
        }
    }

    init?(_ machine: RegexMachine) {
        let classes = machine.classes
        let width = classes.count + 1
        let start = State(ways: [], before: .start)
        var numbers: [State: UInt16] = [start: Self.first]
        var states = [start]
        var transitions = [UInt16](repeating: Self.matched, count: width) + [UInt16](repeating: Self.dead, count: width)
        var seen = WaySet(capacity: machine.program.instructions.count)
        let needsBefore = Self.needsBefore(machine.program)
        let canStartLater = [.word, .newline, .other].contains { Self.canStart(machine, after: $0) }
        var work = 0
        var next = 0
        while next < states.count {
            let state = states[next]
            next += 1
            // What follows depends on the kind of what comes after, of which there are few; the columns share it.
            var reached: [RegexMachine.After: Reached] = [:]
            // So do most columns the state that they lead to.
            var targets: [(state: State, number: UInt16)] = []
            for column in 0..<width {
                let after = column == classes.count ? RegexMachine.After.end : machine.after(column)
                let here = reached[after] ?? Reached(state, after, machine, &seen)
                reached[after] = here
                work += here.count + 1
                if here.isMatch || column == classes.count {
                    transitions.append(here.isMatch ? Self.matched : Self.dead)
                    continue
                }
                let members = classes.members[column]
                let ways = here.sets.filter { members[$0.set] }.map(\.next)
                let target = State(ways: ways, before: needsBefore ? machine.before(column) : .other)
                if target.ways.isEmpty, !canStartLater {
                    transitions.append(Self.dead)
                } else if let known = targets.first(where: { $0.state == target }) {
                    transitions.append(known.number)
                } else {
                    let number = numbers[target] ?? Self.first + UInt16(states.count)
                    if numbers.updateValue(number, forKey: target) == nil { states.append(target) }
                    targets.append((target, number))
                    transitions.append(number)
                }
            }
            if states.count > Self.maxStates || states.count * width > Self.maxCells || work > Self.maxWork { return nil }
        }
        self.transitions = transitions
        self.width = width
        self.classes = classes
        asciiClasses = classes.ascii
    }

    /// Whether what lies before makes a difference after the first code point.
    private static func needsBefore(_ program: RegexProgram) -> Bool {
        program.instructions.contains { instruction in
            guard case .assertion(let assertion) = instruction else { return false }
            return assertion != .textStart && assertion != .textEnd
        }
    }

    /// Whether a match can begin behind this; with `^` it can at the start only.
    private static func canStart(_ machine: RegexMachine, after before: RegexMachine.Before) -> Bool {
        for after in [RegexMachine.After.end, .word, .newline, .other] {
            var seen = WaySet(capacity: machine.program.instructions.count)
            if machine.follow(0, before, after, &seen) { return true }
            for place in seen.members {
                if case .set = machine.program.instructions[place] { return true }
            }
        }
        return false
    }

    /// Whether the pattern matches somewhere.
    func matches(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        transitions.withUnsafeBufferPointer { transitions in
            asciiClasses.withUnsafeBufferPointer { asciiClasses in
                var state = Int(Self.first)
                var position = 0
                while position < bytes.count {
                    let byte = bytes[position]
                    let column: Int
                    if byte < 0x80 {
                        column = Int(asciiClasses[Int(byte)])
                        position &+= 1
                    } else {
                        let (code, width) = ScalarReader.read(bytes, at: position)
                        column = classes.classOf(code)
                        position &+= width
                    }
                    state = Int(transitions[state &* width &+ column])
                    if state <= Int(Self.dead) { return state == Int(Self.matched) }
                }
                return transitions[state &* width &+ (width &- 1)] == Self.matched
            }
        }
    }
}
