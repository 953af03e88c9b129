/// `sort`, `distinct`, `flatten`, `slice`, `reverse`, `first`, `last`, `lists.range`. `sortBy` is a macro.
enum ListsLibrary {
    private static let element = ValueType.parameter("T")
    private static let list = ValueType.list(.parameter("T"))

    static let definitions: [Definition] = [
        Definition("sort", [.member(list, returns: list)]) { value, frame in
            guard case .list(let list) = value else { return frame.failNoOverload(value) }
            return sorted(list.elements, by: list.elements, &frame)
        },
        Definition("distinct", [.member(list, returns: list)], distinct),
        Definition("reverse", [.member(list, returns: list)]) { value, frame in
            switch value {
            case .list(let list): frame.spend(list.count >> 3) ? .list(list.elements.reversed()) : nil
            case .string: StringsLibrary.reverse(value, &frame)
            default: frame.failNoOverload(value)
            }
        },
        Definition("first", [.member(list, returns: .optional(element))]) { value, frame in
            guard case .list(let list) = value else { return frame.failNoOverload(value) }
            return .optional(OptionalValue(list.elements.first))
        },
        Definition("last", [.member(list, returns: .optional(element))]) { value, frame in
            guard case .list(let list) = value else { return frame.failNoOverload(value) }
            return .optional(OptionalValue(list.elements.last))
        },
        Definition("flatten", [.member(.list(.dyn), returns: .list(.dyn))]) { value, frame in flatten(value, .int(1), &frame) },
        Definition("flatten", [.member(.list(.dyn), .int, returns: .list(.dyn))], flatten),
        Definition("slice", [.member(list, .int, .int, returns: list)], slice),
        Definition("lists.range", [.global(.int, returns: .list(.int))]) { value, frame in
            guard case .int(let count) = value else { return frame.failNoOverload(value) }
            guard let length = Int(exactly: max(0, count)), frame.spend(length) else { return nil }
            return .list((0..<max(0, count)).map { .int($0) })
        },
    ]

    /// Sorts elements by keys, which must be of one kind that has an order. Equal keys keep their order.
    static func sorted(_ elements: [Value], by keys: [Value], _ frame: inout Frame) -> Value? {
        guard frame.spend(elements.count * max(1, elements.count.bitWidth - elements.count.leadingZeroBitCount) >> 2) else {
            return nil
        }
        if let first = keys.first {
            for key in keys where key.typeValue != first.typeValue || key.compare(first) == .unsupported {
                return frame.fail(.invalidArgument, "only values of one type that has an order can be sorted")
            }
        }
        let order = keys.indices.sorted { a, b in
            let comparison = keys[a].compare(keys[b])
            return comparison == .less || (comparison != .greater && a < b)
        }
        return .list(order.map { elements[$0] })
    }

    private static let distinct: @Sendable (Value, inout Frame) -> Value? = { value, frame in
        guard case .list(let list) = value else { return frame.failNoOverload(value) }
        var keys = MapBuilder()
        var others: [Value] = []
        var result: [Value] = []
        for element in list.elements {
            if element.keyHash != nil {
                guard frame.spend(1) else { return nil }
                if !keys.set(element, to: .null) { result.append(element) }
            } else {
                guard frame.spend(1 + others.count) else { return nil }
                if others.contains(where: { $0.celEquals(element) }) { continue }
                others.append(element)
                result.append(element)
            }
        }
        return .list(result)
    }

    private static let flatten: @Sendable (Value, Value, inout Frame) -> Value? = { value, depth, frame in
        guard case .list(let list) = value, case .int(let depth) = depth else { return frame.failNoOverload(value, depth) }
        guard depth >= 0 else { return frame.fail(.invalidArgument, "the depth must not be negative") }
        var level = list.elements
        for _ in 0..<min(depth, 1000) {
            guard frame.spend(level.count) else { return nil }
            guard level.contains(where: { if case .list = $0 { true } else { false } }) else { break }
            level = level.flatMap { element in
                if case .list(let inner) = element { inner.elements } else { [element] }
            }
        }
        return .list(level)
    }

    private static let slice: @Sendable (Value, Value, Value, inout Frame) -> Value? = { value, start, end, frame in
        guard case .list(let list) = value, case .int(let start) = start, case .int(let end) = end else {
            return frame.failNoOverload(value, start, end)
        }
        guard start >= 0, end >= start, end <= Int64(list.count) else {
            return frame.fail(.indexOutOfRange, "the slice from \(start) to \(end) is not in the list of \(list.count)")
        }
        guard frame.spend(Int(end - start) >> 3) else { return nil }
        return .list(Array(list.elements[Int(start)..<Int(end)]))
    }
}
