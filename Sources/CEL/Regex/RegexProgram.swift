/// A regular expression as instructions for a machine that follows all ways at once.
struct RegexProgram: Sendable {
    enum Instruction: Sendable {
        /// Goes on after a code point of the class.
        case set(Int)
        /// Goes on at two places.
        case split(Int, Int)
        case jump(Int)
        case assertion(RegexNode.Assertion)
        case match
    }

    private(set) var instructions: [Instruction] = []
    /// The sets that `set` refers to.
    private(set) var sets: [ScalarSet] = []
    private var setNumbers: [ScalarSet: Int] = [:]

    /// The nodes gone through, a repeated one as often as it is repeated.
    private var work = 0

    /// The instructions a pattern may take, as RE2's limit on memory bounds it there.
    static let maxSize = 20_000
    /// The different classes of code points a pattern may name; a letter is one.
    static let maxSets = 1000

    init(_ node: RegexNode) throws(RegexError) {
        try emit(node)
        instructions.append(.match)
    }

    private static let tooLarge = RegexError(message: "the regular expression is too large", offset: 0)

    private mutating func append(_ instruction: Instruction) throws(RegexError) {
        guard instructions.count < Self.maxSize else { throw Self.tooLarge }
        instructions.append(instruction)
    }

    private mutating func emit(_ node: RegexNode) throws(RegexError) {
        work += 1
        guard work < 10 * Self.maxSize else { throw Self.tooLarge }
        switch node {
        case .empty: break
        case .set(let set): try append(.set(try number(set)))
        case .assertion(let assertion): try append(.assertion(assertion))
        case .sequence(let nodes):
            for node in nodes { try emit(node) }
        case .alternatives(let nodes): try emitAlternatives(nodes)
        case .repeated(let node, let least, let most): try emitRepeated(node, least, most)
        }
    }

    private mutating func number(_ set: ScalarSet) throws(RegexError) -> Int {
        if let known = setNumbers[set] { return known }
        guard sets.count < Self.maxSets else { throw Self.tooLarge }
        setNumbers[set] = sets.count
        sets.append(set)
        return sets.count - 1
    }

    private mutating func emitAlternatives(_ nodes: [RegexNode]) throws(RegexError) {
        var jumps: [Int] = []
        for (index, node) in nodes.enumerated() {
            guard index < nodes.count - 1 else {
                try emit(node)
                break
            }
            let split = instructions.count
            try append(.jump(0))
            try emit(node)
            jumps.append(instructions.count)
            try append(.jump(0))
            instructions[split] = .split(split + 1, instructions.count)
        }
        for jump in jumps { instructions[jump] = .jump(instructions.count) }
    }

    private mutating func emitRepeated(_ node: RegexNode, _ least: Int, _ most: Int?) throws(RegexError) {
        for _ in 0..<least { try emit(node) }
        guard let most else {
            let split = instructions.count
            try append(.jump(0))
            try emit(node)
            try append(.jump(split))
            instructions[split] = .split(split + 1, instructions.count)
            return
        }
        var splits: [Int] = []
        for _ in least..<max(most, least) {
            splits.append(instructions.count)
            try append(.jump(0))
            try emit(node)
        }
        for split in splits { instructions[split] = .split(split + 1, instructions.count) }
    }
}

/// The code points of a program in classes: those of one class go the same ways everywhere.
struct ScalarClasses: Sendable {
    /// The first code point of each run, and the class of the run.
    private let starts: [UInt32]
    private let runClasses: [UInt16]
    /// The classes of ASCII, by code point.
    let ascii: [UInt16]
    let count: Int
    /// For each class the sets it belongs to.
    let members: [[Bool]]
    let isWord: [Bool]
    let isNewline: [Bool]

    init(_ sets: [ScalarSet]) {
        let all = sets + [.word, ScalarSet(10)]
        var bounds: Set<UInt32> = [0]
        for set in all {
            for range in set.ranges {
                bounds.insert(range.lowerBound)
                if range.upperBound < ScalarSet.maximum { bounds.insert(range.upperBound + 1) }
            }
        }
        let starts = bounds.sorted()
        var numbers: [[Bool]: UInt16] = [:]
        var signatures: [[Bool]] = []
        var runClasses: [UInt16] = []
        for start in starts {
            let signature = all.map { $0.contains(start) }
            if let known = numbers[signature] {
                runClasses.append(known)
            } else {
                let number = UInt16(truncatingIfNeeded: signatures.count)
                numbers[signature] = number
                signatures.append(signature)
                runClasses.append(number)
            }
        }
        self.starts = starts
        self.runClasses = runClasses
        count = signatures.count
        members = signatures.map { Array($0.dropLast(2)) }
        isWord = signatures.map { $0[sets.count] }
        isNewline = signatures.map { $0[sets.count + 1] }
        var ascii: [UInt16] = []
        for code in 0..<128 { ascii.append(Self.find(UInt32(code), starts, runClasses)) }
        self.ascii = ascii
    }

    private static func find(_ code: UInt32, _ starts: [UInt32], _ classes: [UInt16]) -> UInt16 {
        var low = 0
        var high = starts.count
        while low < high {
            let middle = (low + high) / 2
            if starts[middle] <= code { low = middle + 1 } else { high = middle }
        }
        return classes[low - 1]
    }

    func classOf(_ code: UInt32) -> Int {
        code < 128 ? Int(ascii[Int(code)]) : Int(Self.find(code, starts, runClasses))
    }
}
