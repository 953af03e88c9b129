/// `math.greatest`, rounding, signs, bits.
enum MathLibrary {
    static let definitions: [Definition] =
        extreme("math.greatest", .greater) + extreme("math.least", .less) + rounding + bits + [
            Definition("math.abs", same([.int, .uint, .double])) { value, frame in
                switch value {
                case .int(let x) where x == .min: frame.fail(.overflow, "the result is out of the range of int")
                case .int(let x): .int(abs(x))
                case .uint: value
                case .double(let x): .double(x.magnitude)
                default: frame.failNoOverload(value)
                }
            },
            Definition("math.sign", same([.int, .uint, .double])) { value, frame in
                switch value {
                case .int(let x): .int(x.signum())
                case .uint(let x): .uint(x == 0 ? 0 : 1)
                case .double(let x): .double(x > 0 ? 1 : (x < 0 ? -1 : x))
                default: frame.failNoOverload(value)
                }
            },
            Definition("math.sqrt", [.int, .uint, .double].map { Signature.global($0, returns: .double) }) { value, frame in
                value.doubleValue.map { .double($0.squareRoot()) } ?? frame.failNoOverload(value)
            },
        ]

    private static func same(_ types: [ValueType]) -> [Signature] { types.map { .global($0, returns: $0) } }

    /// The greatest or least of the arguments, or of the elements of a list.
    private static func extreme(_ name: String, _ wanted: Comparison) -> [Definition] {
        let numbers: [ValueType] = [.int, .uint, .double]
        var signatures = same(numbers)
        signatures += numbers.map { .global(.list($0), returns: $0) } + [.global(.list(.dyn), returns: .dyn)]
        for a in numbers {
            for b in numbers { signatures.append(.global(a, b, returns: a == b ? a : .dyn)) }
        }
        let find: @Sendable ([Value], inout Frame) -> Value? = { arguments, frame in
            var candidates = arguments
            if arguments.count == 1, case .list(let list) = arguments[0] { candidates = list.elements }
            guard var best = candidates.first else {
                return frame.fail(.invalidArgument, "`\(name)` needs a number at least")
            }
            guard frame.spend(candidates.count >> 3) else { return nil }
            for candidate in candidates {
                guard candidate.doubleValue != nil else { return frame.failNoOverload(arguments) }
                if candidate.compare(best) == wanted { best = candidate }
            }
            return best
        }
        return [
            Definition(name, signatures.filter { $0.parameters.count == 1 }, find),
            Definition(name, signatures.filter { $0.parameters.count == 2 }, find),
            Definition(name, [.variadic(.dyn, returns: .dyn)], find),
        ]
    }

    private static let rounding: [Definition] = [
        rounded("math.ceil", .up), rounded("math.floor", .down), rounded("math.round", .toNearestOrAwayFromZero),
        rounded("math.trunc", .towardZero), test("math.isNaN") { $0.isNaN }, test("math.isInf") { $0.isInfinite },
        test("math.isFinite") { $0.isFinite },
    ]

    private static func rounded(_ name: String, _ rule: FloatingPointRoundingRule) -> Definition {
        Definition(name, [.global(.double, returns: .double)]) { value, frame in
            if case .double(let x) = value { .double(x.rounded(rule)) } else { frame.failNoOverload(value) }
        }
    }

    private static func test(_ name: String, _ holds: @escaping @Sendable (Double) -> Bool) -> Definition {
        Definition(name, [.global(.double, returns: .bool)]) { value, frame in
            if case .double(let x) = value { .bool(holds(x)) } else { frame.failNoOverload(value) }
        }
    }

    private static let bits: [Definition] = [
        combined("math.bitAnd") { $0 & $1 }, combined("math.bitOr") { $0 | $1 }, combined("math.bitXor") { $0 ^ $1 },
        Definition("math.bitNot", same([.int, .uint])) { value, frame in
            switch value {
            case .int(let x): .int(~x)
            case .uint(let x): .uint(~x)
            default: frame.failNoOverload(value)
            }
        },
        shifted("math.bitShiftLeft") { $1 > 63 ? 0 : $0 << $1 },
        shifted("math.bitShiftRight") { $1 > 63 ? 0 : $0 >> $1 },
    ]

    private static func combined(_ name: String, _ combine: @escaping @Sendable (UInt64, UInt64) -> UInt64) -> Definition {
        Definition(name, [.global(.int, .int, returns: .int), .global(.uint, .uint, returns: .uint)]) { a, b, frame in
            switch (a, b) {
            case (.int(let x), .int(let y)): .int(Int64(bitPattern: combine(UInt64(bitPattern: x), UInt64(bitPattern: y))))
            case (.uint(let x), .uint(let y)): .uint(combine(x, y))
            default: frame.failNoOverload(a, b)
            }
        }
    }

    /// Shifts bits; an int is taken as bits, so that zeros come in from the left.
    private static func shifted(_ name: String, _ shift: @escaping @Sendable (UInt64, UInt64) -> UInt64) -> Definition {
        Definition(name, [.global(.int, .int, returns: .int), .global(.uint, .int, returns: .uint)]) { a, b, frame in
            guard case .int(let count) = b else { return frame.failNoOverload(a, b) }
            guard count >= 0 else { return frame.fail(.invalidArgument, "bits can't be shifted by a negative number") }
            switch a {
            case .int(let x): return .int(Int64(bitPattern: shift(UInt64(bitPattern: x), UInt64(count))))
            case .uint(let x): return .uint(shift(x, UInt64(count)))
            default: return frame.failNoOverload(a, b)
            }
        }
    }
}
