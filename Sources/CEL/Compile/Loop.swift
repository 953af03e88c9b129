/// How a macro goes over a list or map: it points its variables at each element in turn.
struct Loop: Sendable {
    /// Where the macro's variables are in the frame.
    let place: Int
    /// Whether there are two: index and element, or key and value.
    let isPair: Bool
    let range: SourceRange
    let name: String
    let targetRange: SourceRange

    /// Calls the body for each element until it says false. False where there is nothing to go over or no step is left.
    @inline(__always)
    func run(over pointer: UnsafePointer<Value>, _ frame: inout Frame, _ body: (inout Frame) -> Bool) -> Bool {
        if let list = pointer.listStorage {
            return list._withUnsafeGuaranteedRef { list in
                isPair ? runPairs(list, &frame, body) : runElements(list, &frame, body)
            }
        }
        if let map = pointer.mapStorage {
            return map._withUnsafeGuaranteedRef { run($0, &frame, body) }
        }
        return refuse(pointer.pointee, &frame)
    }

    @inline(__always)
    private func runElements(_ list: ListStorage, _ frame: inout Frame, _ body: (inout Frame) -> Bool) -> Bool {
        list.elements.withUnsafeBufferPointer { elements in
            guard let base = elements.baseAddress else { return true }
            for index in 0..<elements.count {
                guard frame.spend(1) else { return exhausted(&frame) }
                frame.locals[place] = base + index
                if !body(&frame) { return true }
            }
            return true
        }
    }

    private func runPairs(_ list: ListStorage, _ frame: inout Frame, _ body: (inout Frame) -> Bool) -> Bool {
        var number = Value.int(0)
        return withUnsafeMutablePointer(to: &number) { number in
            list.elements.withUnsafeBufferPointer { elements in
                guard let base = elements.baseAddress else { return true }
                for index in 0..<elements.count {
                    guard frame.spend(1) else { return exhausted(&frame) }
                    number.pointee = .int(Int64(index))
                    frame.locals[place] = UnsafePointer(number)
                    frame.locals[place + 1] = base + index
                    if !body(&frame) { return true }
                }
                return true
            }
        }
    }

    private func run(_ map: MapStorage, _ frame: inout Frame, _ body: (inout Frame) -> Bool) -> Bool {
        for index in 0..<map.count {
            guard frame.spend(1) else { return exhausted(&frame) }
            frame.locals[place] = map.keyPointer(index)
            if isPair { frame.locals[place + 1] = map.valuePointer(index) }
            if !body(&frame) { return true }
        }
        return true
    }

    @inline(never)
    private func exhausted(_ frame: inout Frame) -> Bool {
        frame.locate(range, function: name)
        return false
    }

    @inline(never)
    private func refuse(_ value: Value, _ frame: inout Frame) -> Bool {
        _ = frame.fail(
            .noSuchOverload, "`\(name)` goes over a list or a map, not `\(value.typeValue.name)`")
        frame.locate(targetRange)
        return false
    }

    /// Adds the entries of a map that a `transformMapEntry` made.
    func insert(_ value: Value, into builder: inout MapBuilder, _ frame: inout Frame) -> Bool {
        guard case .map(let map) = value else {
            _ = frame.failNoOverload(value)
            frame.locate(range, function: name)
            return false
        }
        for entry in map.entries where !builder.insert(entry.key, entry.value) {
            _ = frame.fail(.duplicateKey, "the key `\(NumberText.plain(entry.key))` is made twice")
            frame.locate(range)
            return false
        }
        return true
    }
}
