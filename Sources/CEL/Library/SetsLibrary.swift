/// Lists as sets: `sets.contains`, `sets.equivalent`, `sets.intersects`.
enum SetsLibrary {
    private static let list = ValueType.list(.parameter("T"))

    static let definitions: [Definition] = [
        relation("sets.contains") { a, b in b.allSatisfy { element in a.contains { $0.celEquals(element) } } },
        relation("sets.intersects") { a, b in a.contains { element in b.contains { $0.celEquals(element) } } },
        relation("sets.equivalent") { a, b in
            b.allSatisfy { element in a.contains { $0.celEquals(element) } }
                && a.allSatisfy { element in b.contains { $0.celEquals(element) } }
        },
    ]

    private static func relation(_ name: String, _ holds: @escaping @Sendable ([Value], [Value]) -> Bool) -> Definition {
        Definition(name, [.global(list, list, returns: .bool)]) { a, b, frame in
            guard case .list(let x) = a, case .list(let y) = b else { return frame.failNoOverload(a, b) }
            guard frame.spend(x.count.multipliedReportingOverflow(by: y.count).partialValue >> 2) else { return nil }
            return .bool(holds(x.elements, y.elements))
        }
    }
}
