extension StandardLibrary {
    static let relations: [Definition] = [
        Definition("_==_", [.global(.parameter("A"), .parameter("A"), returns: .bool)]) { a, b, _ in .bool(a.celEquals(b)) },
        Definition("_!=_", [.global(.parameter("A"), .parameter("A"), returns: .bool)]) { a, b, _ in .bool(!a.celEquals(b)) },
        ordering("_<_") { $0 == .less },
        ordering("_<=_") { $0 == .less || $0 == .equal },
        ordering("_>_") { $0 == .greater },
        ordering("_>=_") { $0 == .greater || $0 == .equal },
        Definition(
            "@in",
            [
                .global(.parameter("A"), .list(.parameter("A")), returns: .bool),
                .global(.parameter("A"), .map(.parameter("A"), .parameter("B")), returns: .bool),
            ], contains),
    ]

    private static func ordering(_ name: String, _ holds: @escaping @Sendable (Comparison) -> Bool) -> Definition {
        Definition(name, ordered) { a, b, frame in
            let comparison = a.compare(b)
            return comparison == .unsupported ? frame.failNoOverload(a, b) : .bool(holds(comparison))
        }
    }

    private static let ordered: [Signature] = {
        let same: [ValueType] = [.bool, .int, .uint, .double, .string, .bytes, .timestamp, .duration]
        let numbers: [ValueType] = [.int, .uint, .double]
        var signatures = same.map { Signature.global($0, $0, returns: .bool) }
        for a in numbers {
            for b in numbers where a != b { signatures.append(.global(a, b, returns: .bool)) }
        }
        return signatures
    }()

    static let contains: @Sendable (Value, Value, inout Frame) -> Value? = { element, collection, frame in
        switch collection {
        case .list(let list):
            guard frame.spend(list.count >> 3) else { return nil }
            return .bool(list.elements.contains { $0.celEquals(element) })
        case .map(let map): return .bool(map.storage.find(element) != nil)
        default: return frame.failNoOverload(element, collection)
        }
    }
}
