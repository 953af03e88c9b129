/// A regular expression in the syntax of RE2, that says whether a text has a match in time linear in the text.
struct Regex: Sendable {
    private let machine: RegexMachine
    private let table: RegexTable?

    /// Compiles a pattern.
    ///
    /// - Parameter isReused: whether it is worth working out a table, which takes longer than one match without.
    init(_ pattern: String, isReused: Bool = true) throws(RegexError) {
        var parser = RegexParser(pattern)
        let program = try RegexProgram(try parser.parse())
        machine = RegexMachine(program: program, classes: ScalarClasses(program.sets))
        table = isReused ? RegexTable(machine) : nil
    }

    /// Whether the pattern matches somewhere in the text.
    func matches(_ text: String) -> Bool { withBytes(text) { matches($0) } }

    /// Whether the pattern matches somewhere in the text, which is valid UTF-8.
    @inline(__always)
    func matches(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        if let table { return table.matches(bytes) }
        var steps = 0
        return machine.matches(bytes, steps: &steps)
    }

    /// What a match costs in steps of an evaluation, at most.
    func cost(_ count: Int) -> Int {
        table != nil ? count >> 6 : count.multipliedReportingOverflow(by: machine.program.instructions.count).partialValue >> 6
    }

    /// The steps the machine takes for a text, to show that they are linear; the table takes one for each code point.
    func machineSteps(_ text: String) -> (matches: Bool, steps: Int) {
        var steps = 0
        let isMatch = withBytes(text) { machine.matches($0, steps: &steps) }
        return (isMatch, steps)
    }

    /// Whether matching goes by the table.
    var hasTable: Bool { table != nil }
}
