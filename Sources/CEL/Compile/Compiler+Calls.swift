extension Compiler {
    mutating func compileCall(_ node: Expression) -> Code {
        guard case .function(_, let isMember) = checked.resolutions[node.id] else { return compileUnknown(node) }
        // What stands before the point is an argument, or the beginning of the function's name.
        var parts = node.kind.children[...]
        if !isMember, case .call(let call) = node.kind, call.target != nil { parts = parts.dropFirst() }
        return call(node, parts.map { compile($0) })
    }

    private func compileUnknown(_ node: Expression) -> Code {
        if case .unresolved(let issue) = checked.resolutions[node.id] { return failing(node, issue) }
        return failing(node, Issue(.unknownFunction, node.range, "unknown function"))
    }

    private mutating func call(_ node: Expression, _ arguments: [Code]) -> Code {
        guard case .function(let function, let isMember) = checked.resolutions[node.id], case .call(let call) = node.kind
        else { return compileUnknown(node) }
        let isConstant = arguments.allSatisfy { $0.constant != nil }
        let code = compileFast(node, function, arguments) ?? compileGeneral(node, call, function, isMember, arguments)
        return isConstant && function.host.isEmpty ? fold(node, code) : code
    }

    private mutating func compileGeneral(
        _ node: Expression, _ call: Expression.Call, _ function: FunctionTable.Function, _ isMember: Bool,
        _ arguments: [Code]
    ) -> Code {
        let body = function.body(isMember: isMember, arity: arguments.count)
        let site = CallSite(range: Self.callRange(node, call), name: function.name)
        switch body {
        case .unary(let body): return unary(node, arguments[0].value, site, body)
        case .binary(let body): return binary(node, arguments[0].value, arguments[1].value, site, body)
        default:
            let codes = arguments
            return making(node.range) { frame in
                var values: [Value] = []
                values.reserveCapacity(codes.count)
                for code in codes {
                    guard let value = code.value(&frame) else { return nil }
                    values.append(value)
                }
                guard frame.spend(1), let result = body.call(values, &frame) else { return site.failed(&frame) }
                return result
            }
        }
    }

    /// Where an operator failed: at its sign, a function: the whole call.
    static func callRange(_ node: Expression, _ call: Expression.Call) -> SourceRange {
        OverloadText.isOperator(call.function.text) ? call.function.range : node.range
    }

    private mutating func unary(
        _ node: Expression, _ argument: @escaping Code.ValueCode, _ site: CallSite,
        _ body: @escaping @Sendable (Value, inout Frame) -> Value?
    ) -> Code {
        making(node.range) { frame in
            guard let value = argument(&frame) else { return nil }
            guard frame.spend(1), let result = body(value, &frame) else { return site.failed(&frame) }
            return result
        }
    }

    private mutating func binary(
        _ node: Expression, _ first: @escaping Code.ValueCode, _ second: @escaping Code.ValueCode, _ site: CallSite,
        _ body: @escaping @Sendable (Value, Value, inout Frame) -> Value?
    ) -> Code {
        making(node.range) { frame in
            guard let a = first(&frame), let b = second(&frame) else { return nil }
            guard frame.spend(1), let result = body(a, b, &frame) else { return site.failed(&frame) }
            return result
        }
    }
}

/// Where and what a call is, for failures.
struct CallSite: Sendable {
    let range: SourceRange
    let name: String

    @inline(never)
    func failed(_ frame: inout Frame) -> Value? {
        frame.locate(range, function: name)
        return nil
    }

    @inline(never)
    func failed(_ frame: inout Frame) -> Truth {
        frame.locate(range, function: name)
        return .failed
    }
}
