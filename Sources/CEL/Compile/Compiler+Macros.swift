extension Compiler {
    mutating func compileMacro(_ node: Expression) -> Code {
        guard case .macro(let macro) = node.kind else { return compileName(node) }
        let target = compile(macro.target).place
        let place = localCount
        localCount += macro.variables.count
        let condition = macro.condition.map { compile($0) }
        let result = macro.result.map { compile($0) }
        localCount = place
        let loop = Loop(
            place: place, isPair: macro.variables.count == 2, range: node.range, name: macro.name.text,
            targetRange: macro.target.range)
        return assemble(node, macro, loop, target, condition, result)
    }

    private mutating func assemble(
        _ node: Expression, _ macro: Expression.Macro, _ loop: Loop, _ target: @escaping Code.PlaceCode,
        _ condition: Code?, _ result: Code?
    ) -> Code {
        switch (macro.kind, condition, result) {
        case (.all, let condition?, _): return quantifier(target, loop, condition.test, stop: .no)
        case (.exists, let condition?, _): return quantifier(target, loop, condition.test, stop: .yes)
        case (.existsOne, let condition?, _): return exactlyOne(target, loop, condition.test)
        case (.filter, let condition?, _): return filter(node, target, loop, condition)
        case (.map, _, let result?), (.transformList, _, let result?):
            return transform(node, target, loop, condition, result.value)
        case (.transformMap, _, let result?): return transformMap(node, target, loop, condition, result.value)
        case (.transformMapEntry, _, let result?): return transformEntries(node, target, loop, condition, result.value)
        case (.sortBy, _, let result?): return sortBy(node, target, loop, result.value)
        case (.bind, _, let result?): return bind(node, target, loop, result.value)
        case (.optMap, _, let result?): return optionalMap(node, target, loop, result.value, isFlat: false)
        case (.optFlatMap, _, let result?): return optionalMap(node, target, loop, result.value, isFlat: true)
        default: return failing(node, Issue(.macro, node.range, "`\(macro.name.text)` is malformed"))
        }
    }

    /// `all` and `exists`: an element that fails matters only where no other decides.
    private func quantifier(_ target: @escaping Code.PlaceCode, _ loop: Loop, _ condition: @escaping Code.TestCode, stop: Truth) -> Code {
        Code(test: { frame in
            guard let pointer = target(&frame) else { return .failed }
            var failure: Failure?
            var result = stop.negated
            let ended = loop.run(over: pointer, &frame) { frame in
                let truth = condition(&frame)
                if truth == stop {
                    result = stop
                    return false
                }
                if truth == .failed {
                    if frame.isExhausted { return false }
                    failure = failure ?? frame.failure
                    frame.recover()
                }
                return true
            }
            if !ended || frame.isExhausted { return .failed }
            if let failure, result != stop {
                _ = frame.fail(failure)
                return .failed
            }
            return result
        })
    }

    private func exactlyOne(_ target: @escaping Code.PlaceCode, _ loop: Loop, _ condition: @escaping Code.TestCode) -> Code {
        Code(test: { frame in
            guard let pointer = target(&frame) else { return .failed }
            var count = 0
            var isFailed = false
            let ended = loop.run(over: pointer, &frame) { frame in
                let truth = condition(&frame)
                if truth == .yes { count += 1 }
                isFailed = truth == .failed
                return !isFailed
            }
            return ended && !isFailed ? Truth(count == 1) : .failed
        })
    }

    /// Goes over the elements for which the condition holds; false where something failed.
    @inline(__always)
    private static func each(
        _ target: Code.PlaceCode, _ loop: Loop, _ condition: Code?, _ frame: inout Frame,
        _ body: (inout Frame) -> Bool
    ) -> Bool {
        guard let pointer = target(&frame) else { return false }
        var isFailed = false
        let ended = loop.run(over: pointer, &frame) { frame in
            if let condition {
                let truth = condition.test(&frame)
                if truth == .no { return true }
                if truth == .failed {
                    isFailed = true
                    return false
                }
            }
            isFailed = !body(&frame)
            return !isFailed
        }
        return ended && !isFailed
    }

    private mutating func filter(_ node: Expression, _ target: @escaping Code.PlaceCode, _ loop: Loop, _ condition: Code) -> Code {
        making(node.range) { frame in
            var values: [Value] = []
            let ended = Self.each(target, loop, condition, &frame) { frame in
                values.append(frame.locals[loop.place].pointee)
                return true
            }
            return ended ? .list(ListValue(values)) : nil
        }
    }

    private mutating func transform(
        _ node: Expression, _ target: @escaping Code.PlaceCode, _ loop: Loop, _ condition: Code?, _ result: @escaping Code.ValueCode
    ) -> Code {
        making(node.range) { frame in
            var values: [Value] = []
            let ended = Self.each(target, loop, condition, &frame) { frame in
                guard let value = result(&frame) else { return false }
                values.append(value)
                return true
            }
            return ended ? .list(ListValue(values)) : nil
        }
    }

    private mutating func transformMap(
        _ node: Expression, _ target: @escaping Code.PlaceCode, _ loop: Loop, _ condition: Code?, _ result: @escaping Code.ValueCode
    ) -> Code {
        making(node.range) { frame in
            var builder = MapBuilder()
            let ended = Self.each(target, loop, condition, &frame) { frame in
                guard let value = result(&frame) else { return false }
                _ = builder.insert(frame.locals[loop.place].pointee, value)
                return true
            }
            return ended ? .map(MapValue(builder: builder)) : nil
        }
    }

    private mutating func transformEntries(
        _ node: Expression, _ target: @escaping Code.PlaceCode, _ loop: Loop, _ condition: Code?, _ result: @escaping Code.ValueCode
    ) -> Code {
        making(node.range) { frame in
            var builder = MapBuilder()
            let ended = Self.each(target, loop, condition, &frame) { frame in
                guard let value = result(&frame) else { return false }
                return loop.insert(value, into: &builder, &frame)
            }
            return ended ? .map(MapValue(builder: builder)) : nil
        }
    }

    private mutating func sortBy(_ node: Expression, _ target: @escaping Code.PlaceCode, _ loop: Loop, _ key: @escaping Code.ValueCode)
        -> Code
    {
        making(node.range) { frame in
            var keys: [Value] = []
            var elements: [Value] = []
            let ended = Self.each(target, loop, nil, &frame) { frame in
                elements.append(frame.locals[loop.place].pointee)
                guard let value = key(&frame) else { return false }
                keys.append(value)
                return true
            }
            guard ended else { return nil }
            let sorted = ListsLibrary.sorted(elements, by: keys, &frame)
            if sorted == nil { frame.locate(loop.range) }
            return sorted
        }
    }

    private mutating func bind(_ node: Expression, _ target: @escaping Code.PlaceCode, _ loop: Loop, _ value: @escaping Code.ValueCode)
        -> Code
    {
        making(node.range) { frame in
            guard let pointer = target(&frame) else { return nil }
            frame.locals[loop.place] = pointer
            return value(&frame)
        }
    }

    private mutating func optionalMap(
        _ node: Expression, _ target: @escaping Code.PlaceCode, _ loop: Loop, _ result: @escaping Code.ValueCode, isFlat: Bool
    ) -> Code {
        making(node.range) { frame in
            guard let pointer = target(&frame) else { return nil }
            guard case .optional(let optional) = pointer.pointee else {
                _ = frame.failNoOverload(pointer.pointee)
                frame.locate(loop.range, function: loop.name)
                return nil
            }
            guard let inner = optional.value else { return .optional(.none) }
            return withUnsafePointer(to: inner) { pointer in
                frame.locals[loop.place] = pointer
                guard let value = result(&frame) else { return nil }
                if !isFlat { return .optional(OptionalValue(value)) }
                if case .optional = value { return value }
                _ = frame.failNoOverload(value)
                frame.locate(loop.range, function: loop.name)
                return nil
            }
        }
    }
}
