extension Compiler {
    /// `&&` stops at a false term and `||` at a true one, wherever it stands: a term that fails matters only where no
    /// other decides.
    mutating func compileTerms(_ node: Expression) -> Code {
        let codes = node.kind.children.map { compile($0) }
        if case .and = node.kind { return terms(node, codes, stop: .no) }
        return terms(node, codes, stop: .yes)
    }

    private func terms(_ node: Expression, _ codes: [Code], stop: Truth) -> Code {
        for code in codes {
            if case .bool(let flag)? = code.constant, Truth(flag) == stop {
                return Code(constant: .bool(flag), range: node.range)
            }
        }
        let open = codes.filter { code in
            if case .bool? = code.constant { false } else { true }
        }
        if open.isEmpty { return Code(constant: .bool(stop == .no), range: node.range) }
        // One term is the whole only as a condition: as a value it need not be a bool.
        let test = Self.combine(open[...], stop: stop).test
        return Code(test: { frame in test(&frame) })
    }

    /// Joins terms two by two, so that however many there are, calls nest a few deep only.
    ///
    /// The terms come as `Code`: closures that are elements of an array are wrapped once more, which costs.
    private static func combine(_ codes: ArraySlice<Code>, stop: Truth) -> Code {
        guard codes.count > 1 else { return codes[codes.startIndex] }
        let middle = codes.startIndex + (codes.count + 1) / 2
        let first = combine(codes[..<middle], stop: stop).test
        let second = combine(codes[middle...], stop: stop).test
        return Code(test: { frame in
            let truth = first(&frame)
            if truth == stop { return stop }
            return truth == .failed ? decide(second, stop: stop, &frame) : second(&frame)
        })
    }

    /// Goes on after a term has failed.
    @inline(never)
    private static func decide(_ test: Code.TestCode, stop: Truth, _ frame: inout Frame) -> Truth {
        guard !frame.isExhausted, let failure = frame.failure else { return .failed }
        frame.recover()
        let truth = test(&frame)
        if truth == stop { return stop }
        if frame.isExhausted { return .failed }
        _ = frame.fail(failure)
        return .failed
    }

    mutating func compileConditional(_ node: Expression) -> Code {
        let parts = node.kind.children.map { compile($0) }
        return branches(node, parts[0], parts[1], parts[2])
    }

    private func branches(_ node: Expression, _ condition: Code, _ first: Code, _ second: Code) -> Code {
        if case .bool(let flag)? = condition.constant { return flag ? first : second }
        let test = condition.test
        let (one, other) = (first.place, second.place)
        return Code(
            range: node.range,
            place: { frame in
                switch test(&frame) {
                case .yes: one(&frame)
                case .no: other(&frame)
                case .failed: nil
                }
            })
    }
}
