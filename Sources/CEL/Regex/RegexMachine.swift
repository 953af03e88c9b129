/// Follows all ways of a program at once: a step for each code point and way, whatever the pattern.
struct RegexMachine: Sendable {
    let program: RegexProgram
    let classes: ScalarClasses

    /// What lies before a place in the text.
    enum Before: UInt8 { case start, word, newline, other }
    /// What lies after a place in the text.
    enum After { case end, word, newline, other }

    func before(_ scalarClass: Int) -> Before {
        classes.isWord[scalarClass] ? .word : (classes.isNewline[scalarClass] ? .newline : .other)
    }

    func after(_ scalarClass: Int) -> After {
        classes.isWord[scalarClass] ? .word : (classes.isNewline[scalarClass] ? .newline : .other)
    }

    /// Adds the ways that can be reached from a place without reading; true where a match is one of them.
    func follow(_ start: Int, _ before: Before, _ after: After, _ seen: inout WaySet) -> Bool {
        var stack = [start]
        while let place = stack.popLast() {
            guard seen.insert(place) else { continue }
            switch program.instructions[place] {
            case .match: return true
            case .jump(let target): stack.append(target)
            case .split(let first, let second):
                stack.append(second)
                stack.append(first)
            case .assertion(let assertion): if holds(assertion, before, after) { stack.append(place + 1) }
            case .set: break
            }
        }
        return false
    }

    private func holds(_ assertion: RegexNode.Assertion, _ before: Before, _ after: After) -> Bool {
        switch assertion {
        case .textStart: before == .start
        case .textEnd: after == .end
        case .lineStart: before == .start || before == .newline
        case .lineEnd: after == .end || after == .newline
        case .wordBoundary: (before == .word) != (after == .word)
        case .notWordBoundary: (before == .word) == (after == .word)
        }
    }

    /// Whether the pattern matches somewhere. Counts a step for each way at each code point.
    func matches(_ bytes: UnsafeBufferPointer<UInt8>, steps: inout Int) -> Bool {
        var current: [Int] = []
        var seen = WaySet(capacity: program.instructions.count)
        var before = Before.start
        var position = 0
        while true {
            let (code, width) = ScalarReader.read(bytes, at: position)
            let scalarClass = width == 0 ? 0 : classes.classOf(code)
            let after = width == 0 ? After.end : after(scalarClass)
            seen.removeAll()
            for place in current where follow(place, before, after, &seen) { return true }
            if follow(0, before, after, &seen) { return true }
            steps += seen.members.count
            if width == 0 { return false }
            current.removeAll(keepingCapacity: true)
            for place in seen.members {
                if case .set(let number) = program.instructions[place], classes.members[scalarClass][number] {
                    current.append(place + 1)
                }
            }
            before = self.before(scalarClass)
            position += width
        }
    }
}

/// Places in a program, each once, in the order they came.
struct WaySet {
    private(set) var members: [Int] = []
    private var positions: [Int]

    init(capacity: Int) { positions = Array(repeating: 0, count: capacity) }

    /// Adds a place; false where it is there already.
    mutating func insert(_ place: Int) -> Bool {
        let position = positions[place]
        if position < members.count, members[position] == place { return false }
        positions[place] = members.count
        members.append(place)
        return true
    }

    mutating func removeAll() { members.removeAll(keepingCapacity: true) }
}

/// Reads code points of UTF-8 that is known to be valid.
enum ScalarReader {
    /// The code point at an offset and its width in bytes, 0 at the end.
    @inline(__always)
    static func read(_ bytes: UnsafeBufferPointer<UInt8>, at position: Int) -> (code: UInt32, width: Int) {
        guard position < bytes.count else { return (0, 0) }
        let first = UInt32(bytes[position])
        if first < 0x80 { return (first, 1) }
        let width = first < 0xE0 ? 2 : (first < 0xF0 ? 3 : 4)
        guard position &+ width <= bytes.count else { return (0xFFFD, 1) }
        var code = first & (0xFF >> UInt32(width + 1))
        for offset in 1..<width { code = code << 6 | UInt32(bytes[position + offset] & 0x3F) }
        return (code, width)
    }
}
