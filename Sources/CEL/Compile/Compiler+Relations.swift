extension Compiler {
    /// Code for the functions that conditions are made of, without copying what they look at; nil for others.
    mutating func compileFast(_ node: Expression, _ function: FunctionTable.Function, _ arguments: [Code]) -> Code? {
        guard function.host.isEmpty, case .call(let call) = node.kind else { return nil }
        let site = CallSite(range: Self.callRange(node, call), name: function.name)
        if arguments.count == 1 {
            let test = arguments[0].test
            return function.name == "!_" ? Code(test: { frame in test(&frame).negated }) : nil
        }
        guard arguments.count == 2 else { return nil }
        let (a, b) = (arguments[0], arguments[1])
        switch function.name {
        case "_==_": return equality(a, b, isEqual: true)
        case "_!=_": return equality(a, b, isEqual: false)
        case "_<_": return ordering(a, b, site) { $0 == .less }
        case "_<=_": return ordering(a, b, site) { $0 == .less || $0 == .equal }
        case "_>_": return ordering(a, b, site) { $0 == .greater }
        case "_>=_": return ordering(a, b, site) { $0 == .greater || $0 == .equal }
        case "@in": return membership(a, b, site)
        case "startsWith", "endsWith", "contains": return textTest(function.name, a, b, site)
        case "matches": return matches(a, b, site)
        case "or", "orValue": return standIn(node, a, b, site, isWrapped: function.name == "or")
        default: return nil
        }
    }

    /// What an optional holds, or else what stands in for it, which is only evaluated then.
    private mutating func standIn(_ node: Expression, _ a: Code, _ b: Code, _ site: CallSite, isWrapped: Bool) -> Code {
        let (first, second) = (a.value, b.value)
        return making(node.range) { frame in
            guard let value = first(&frame) else { return nil }
            guard frame.spend(1) else { return site.failed(&frame) }
            guard case .optional(let optional) = value else {
                let _: Value? = frame.failNoOverload(value)
                return site.failed(&frame)
            }
            if let present = optional.value { return isWrapped ? value : present }
            guard let other = second(&frame) else { return nil }
            if isWrapped, case .optional = other { return other }
            if !isWrapped { return other }
            let _: Value? = frame.failNoOverload(value, other)
            return site.failed(&frame)
        }
    }

    private func equality(_ a: Code, _ b: Code, isEqual: Bool) -> Code {
        let (first, second) = (a.place, b.place)
        if case .string(let text)? = b.constant { return equality(first, text, isEqual) }
        if case .string(let text)? = a.constant { return equality(second, text, isEqual) }
        return Code(test: { frame in
            guard let x = first(&frame), let y = second(&frame) else { return .failed }
            return Truth(x.pointee.celEquals(y.pointee) == isEqual)
        })
    }

    private func equality(_ place: @escaping Code.PlaceCode, _ text: String, _ isEqual: Bool) -> Code {
        Code(test: { frame in
            guard let pointer = place(&frame) else { return .failed }
            return Truth(pointer.isText(text) == isEqual)
        })
    }

    private func ordering(
        _ a: Code, _ b: Code, _ site: CallSite, _ holds: @escaping @Sendable (Comparison) -> Bool
    ) -> Code {
        let (first, second) = (a.place, b.place)
        return Code(test: { frame in
            guard let x = first(&frame), let y = second(&frame) else { return .failed }
            let comparison = x.pointee.compare(y.pointee)
            if comparison != .unsupported { return Truth(holds(comparison)) }
            _ = frame.failNoOverload(x.pointee, y.pointee)
            return site.failed(&frame)
        })
    }

    private func membership(_ a: Code, _ b: Code, _ site: CallSite) -> Code {
        let (first, second) = (a.place, b.place)
        if case .list(let list)? = b.constant, list.count > 2, let table = TextTable(list.elements) {
            return Code(test: { frame in
                guard let x = first(&frame) else { return .failed }
                return Truth(table.contains(x))
            })
        }
        if let set = b.constant.flatMap(Self.constantSet) {
            return Code(test: { frame in
                guard let x = first(&frame) else { return .failed }
                return Truth(Self.has(set, x))
            })
        }
        return Code(test: { frame in
            guard let x = first(&frame), let y = second(&frame) else { return .failed }
            return Self.isMember(x, of: y, site, &frame)
        })
    }

    /// The elements of a constant list as keys, where they all can be.
    private static func constantSet(_ value: Value) -> MapStorage? {
        guard case .list(let list) = value, list.count > 2 else { return nil }
        var builder = MapBuilder(capacity: list.count)
        for element in list.elements {
            guard element.isMapKey else { return nil }
            builder.set(element, to: .null)
        }
        return MapStorage(builder)
    }

    private static func has(_ map: MapStorage, _ x: UnsafePointer<Value>) -> Bool {
        if case .string(let text) = x.pointee { return map.find(text, hash: textHash(text)) != nil }
        return map.find(x.pointee) != nil
    }

    private static func isMember(
        _ x: UnsafePointer<Value>, of y: UnsafePointer<Value>, _ site: CallSite, _ frame: inout Frame
    ) -> Truth {
        if let list = y.listStorage {
            return list._withUnsafeGuaranteedRef { list in
                guard frame.spend(list.elements.count >> 3) else { return site.failed(&frame) }
                if x.stringWords != nil { return Truth(list.contains(x)) }
                return Truth(list.elements.contains { $0.celEquals(x.pointee) })
            }
        }
        if let map = y.mapStorage { return Truth(map._withUnsafeGuaranteedRef { has($0, x) }) }
        _ = frame.failNoOverload(x.pointee, y.pointee)
        return site.failed(&frame)
    }

    // MARK: texts

    private func textTest(_ name: String, _ a: Code, _ b: Code, _ site: CallSite) -> Code {
        if case .string(let part)? = b.constant {
            let wanted = Array(part.utf8)
            return onText(a, b, site) { text in wanted.withUnsafeBufferPointer { Self.holds(name, text, $0) } }
        }
        let (first, second) = (a.place, b.place)
        return Code(test: { frame in
            guard let x = first(&frame), let y = second(&frame) else { return .failed }
            guard case .string(let text) = x.pointee, case .string(let part) = y.pointee else {
                _ = frame.failNoOverload(x.pointee, y.pointee)
                return site.failed(&frame)
            }
            guard frame.spend(1 + text.utf8.count >> 6) else { return site.failed(&frame) }
            return withBytes(text) { text in withBytes(part) { Truth(Self.holds(name, text, $0)) } }
        })
    }

    private static func holds(
        _ name: String, _ text: UnsafeBufferPointer<UInt8>, _ part: UnsafeBufferPointer<UInt8>
    ) -> Bool {
        guard text.count >= part.count else { return false }
        guard let partBase = part.baseAddress, let textBase = text.baseAddress, part.count > 0 else { return true }
        switch name {
        case "startsWith": return sameBytes(textBase, partBase, part.count)
        case "endsWith": return sameBytes(textBase + (text.count - part.count), partBase, part.count)
        default: return TextSearch.contains(text, part)
        }
    }

    /// A test of the bytes of a text.
    private func onText(
        _ a: Code, _ b: Code, _ site: CallSite, cost: @escaping @Sendable (Int) -> Int = { 1 + $0 >> 6 },
        _ holds: @escaping @Sendable (UnsafeBufferPointer<UInt8>) -> Bool
    ) -> Code {
        let place = a.place
        let other = b.constant ?? .null
        return Code(test: { frame in
            guard let x = place(&frame) else { return .failed }
            guard case .string(let text) = x.pointee else {
                _ = frame.failNoOverload(x.pointee, other)
                return site.failed(&frame)
            }
            guard frame.spend(cost(text.utf8.count)) else { return site.failed(&frame) }
            return withBytes(text) { Truth(holds($0)) }
        })
    }

    private func matches(_ a: Code, _ b: Code, _ site: CallSite) -> Code? {
        guard case .string(let pattern)? = b.constant, let regex = try? Regex(pattern) else { return nil }
        return onText(a, b, site, cost: { 1 + regex.cost($0) }, { regex.matches($0) })
    }
}
