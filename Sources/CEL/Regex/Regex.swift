/// A regular expression in the syntax of RE2, that says whether a text has a match in time linear in the text.
struct Regex: Sendable {
    private let machine: RegexMachine
    /// `nil` if none is wanted.
    private let lazyTable: LazyTable?

    /// Compiles a pattern.
    ///
    /// - Parameter isReused: whether it is worth working out a table, which takes longer than one match without.
    init(_ pattern: String, isReused: Bool = true) throws(RegexError) {
        var parser = RegexParser(pattern)
        let program = try RegexProgram(try parser.parse())
        machine = RegexMachine(program: program, classes: ScalarClasses(program.sets))
        lazyTable = isReused ? LazyTable() : nil
    }

    /// Whether the pattern matches somewhere in the text.
    func matches(_ text: String) -> Bool { withBytes(text) { matches($0) } }

    /// Whether the pattern matches somewhere in the text, which is valid UTF-8.
    @inline(__always)
    func matches(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        if let answer = lazyTable?.matches(bytes, machine) { return answer }
        var steps = 0
        return machine.matches(bytes, steps: &steps)
    }

    /// What a match costs in steps of an evaluation, at most.
    func cost(_ count: Int) -> Int {
        hasTable ? count >> 6 : count.multipliedReportingOverflow(by: machine.program.instructions.count).partialValue >> 6
    }

    /// The steps the machine takes for a text, to show that they are linear; the table takes one for each code point.
    func machineSteps(_ text: String) -> (matches: Bool, steps: Int) {
        var steps = 0
        let isMatch = withBytes(text) { machine.matches($0, steps: &steps) }
        return (isMatch, steps)
    }

    /// Whether matching goes by the table.
    var hasTable: Bool { lazyTable?.isWorkedOut(machine) ?? false }
}

/// A table that is worked out when the first text is matched, by whichever thread comes first: most patterns are never asked.
private final class LazyTable: Sendable {
    private let made = OnceReference<Made>()

    /// The answer of the table; `nil` if the pattern goes without.
    @inline(__always)
    func matches(_ bytes: UnsafeBufferPointer<UInt8>, _ machine: RegexMachine) -> Bool? {
        object(machine)._withUnsafeGuaranteedRef { $0.table?.matches(bytes) }
    }

    @inline(__always)
    func isWorkedOut(_ machine: RegexMachine) -> Bool { object(machine)._withUnsafeGuaranteedRef { $0.table != nil } }

    @inline(__always)
    private func object(_ machine: RegexMachine) -> Unmanaged<Made> { made.object ?? made.set(Made(RegexTable(machine))) }

    private final class Made: Sendable {
        let table: RegexTable?

        init(_ table: RegexTable?) { self.table = table }
    }
}
