/// A compiled expression. Immutable; any number of threads may evaluate it at once.
public struct Program: Sendable {
    /// The expression.
    public let source: String
    /// The type of its value, as far as it is known.
    public let resultType: ValueType
    /// The field paths it reads, sorted; no path is the beginning of another.
    public let references: [Reference]
    /// Constants in it that fail whenever they are reached, such as a malformed regular expression.
    public let warnings: [Issue]

    private let machine: Machine
    var checked: CheckedExpression { machine.checked }

    /// What an evaluation works with, behind one reference.
    private final class Machine: Sendable {
        let value: Code.ValueCode
        let slotCount: Int
        let resultCount: Int
        let localCount: Int
        let checked: CheckedExpression

        init(_ checked: CheckedExpression, value: @escaping Code.ValueCode, resultCount: Int) {
            self.checked = checked
            self.value = value
            self.resultCount = resultCount
            slotCount = checked.variableNames.count
            localCount = checked.localCount
        }

        @inline(__always)
        func run(_ slots: UnsafePointer<Value>, limit: Int) -> Result<Value, EvaluationError> {
            Frame.withFrame(slots: slots, localCount: localCount, resultCount: resultCount, limit: limit) { frame in
                if let value = value(&frame) { return .success(value) }
                return .failure(error(of: frame))
            }
        }

        @inline(never)
        private func error(of frame: Frame) -> EvaluationError {
            frame.failure?.error(source: checked.source) ?? EvaluationError(.unchecked, "the evaluation failed")
        }
    }

    /// The number of steps an evaluation may take unless told otherwise.
    public static let defaultLimit = 1_000_000

    init(_ checked: CheckedExpression) {
        source = checked.source
        resultType = checked.type(of: checked.root)
        var collector = ReferenceCollector(checked)
        references = collector.run()
        var compiler = Compiler(checked)
        let value = compiler.compile(checked.root).value
        machine = Machine(checked, value: value, resultCount: compiler.resultCount)
        warnings = compiler.warnings
    }

    /// Evaluates the expression.
    ///
    /// - Parameters:
    ///   - slots: the variables' values in the order of their declaration.
    ///   - limit: the steps it may take: an iteration of a macro and a call of a function are one each, functions on long
    ///     strings and lists more.
    public func evaluate(_ slots: [Value], limit: Int = Program.defaultLimit) -> Result<Value, EvaluationError> {
        let machine = machine
        guard slots.count >= machine.slotCount else { return .failure(missingSlot(slots.count)) }
        return slots.withUnsafeBufferPointer { slots in
            // The program holds the machine while this runs.
            Unmanaged.passUnretained(machine)._withUnsafeGuaranteedRef { machine in
                machine.run(slots.baseAddress ?? Self.nothing.pointer, limit: limit)
            }
        }
    }

    private static let nothing = Cell(.null)

    private func missingSlot(_ count: Int) -> EvaluationError {
        let name = checked.variableNames.indices.contains(count) ? checked.variableNames[count] : ""
        return EvaluationError(
            .unknownIdentifier, "no value is given for the variable `\(name)`", range: SourceRange(0, source.utf8.count))
    }

    /// Evaluates the expression slowly and shows what each part of it came to.
    ///
    /// The whole's result is what `evaluate` gives. It is another evaluator, which also serves as a second opinion.
    public func explain(_ slots: [Value], limit: Int = Program.defaultLimit) -> Explanation {
        guard slots.count >= checked.variableNames.count else {
            let whole = SourceRange(0, source.utf8.count)
            return Explanation(label: "expression", range: whole, text: source, result: .failure(missingSlot(slots.count)))
        }
        let checked = checked
        return Frame.withScratch(limit: limit) { frame in
            var explainer = Explainer(checked, slots: slots, frame: frame)
            return explainer.explain(checked.root)
        }
    }
}
