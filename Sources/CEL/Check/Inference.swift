/// What is known of type parameters while an expression is checked.
struct Inference {
    private var bindings: [String: ValueType] = [:]
    private var count = 0

    /// A type parameter that nothing is known of.
    mutating func fresh() -> ValueType {
        count += 1
        return .parameter("\(Self.mark)\(count)")
    }

    /// Inferred parameters can't be confused with declared ones, as no name begins so.
    private static let mark = "%"

    /// The type with the parameters of a signature replaced by fresh ones.
    mutating func instantiate(_ types: [ValueType]) -> [ValueType] {
        var names: [String: ValueType] = [:]
        return types.map { instantiate($0, &names) }
    }

    private mutating func instantiate(_ type: ValueType, _ names: inout [String: ValueType]) -> ValueType {
        switch type {
        case .parameter(let name):
            if let known = names[name] { return known }
            let new = fresh()
            names[name] = new
            return new
        case .list(let element): return .list(instantiate(element, &names))
        case .map(let key, let value): return .map(instantiate(key, &names), instantiate(value, &names))
        case .optional(let wrapped): return .optional(instantiate(wrapped, &names))
        case .opaque(let name, let parameters):
            var result: [ValueType] = []
            for parameter in parameters { result.append(instantiate(parameter, &names)) }
            return .opaque(name, result)
        default: return type
        }
    }

    /// The type with what is known put in; what isn't stays a parameter or, if asked for, becomes `dyn`.
    func resolve(_ type: ValueType, freeIsDyn: Bool = false) -> ValueType {
        switch type {
        case .parameter(let name):
            if let bound = bindings[name] { return resolve(bound, freeIsDyn: freeIsDyn) }
            return freeIsDyn ? .dyn : type
        case .list(let element): return .list(resolve(element, freeIsDyn: freeIsDyn))
        case .map(let key, let value):
            return .map(resolve(key, freeIsDyn: freeIsDyn), resolve(value, freeIsDyn: freeIsDyn))
        case .optional(let wrapped): return .optional(resolve(wrapped, freeIsDyn: freeIsDyn))
        case .opaque(let name, let parameters):
            return .opaque(name, parameters.map { resolve($0, freeIsDyn: freeIsDyn) })
        default: return type
        }
    }

    /// Whether arguments can be passed for parameters; if so, what that says of type parameters is kept.
    mutating func assign(_ arguments: [ValueType], to parameters: [ValueType]) -> Bool {
        let saved = bindings
        for (argument, parameter) in zip(arguments, parameters) where !unify(argument, parameter) {
            bindings = saved
            return false
        }
        return true
    }

    /// Whether a value of one type can be used where the other is wanted.
    mutating func assign(_ type: ValueType, to other: ValueType) -> Bool { assign([type], to: [other]) }

    /// The type that covers both, or nil where only `dyn` does.
    mutating func join(_ a: ValueType, _ b: ValueType) -> ValueType? {
        guard assign(a, to: b) else { return nil }
        return general(resolve(a), resolve(b))
    }

    private mutating func unify(_ a: ValueType, _ b: ValueType) -> Bool {
        if case .parameter(let name) = b {
            let (isBound, fits) = bind(name, to: a)
            if fits { return true }
            if isBound { return false }
        }
        if case .parameter(let name) = a { return bind(name, to: b).fits }
        switch (a, b) {
        case (.dyn, _), (_, .dyn): return true
        case (.null, _): return b == .null || b.isNullable
        case (_, .null): return a.isNullable
        case (.list(let x), .list(let y)), (.optional(let x), .optional(let y)): return unify(x, y)
        case (.map(let key, let value), .map(let key2, let value2)): return unify(key, key2) && unify(value, value2)
        // A record is a map with string keys to whoever only wants that.
        case (.record, .map(let key, let value)): return unify(.string, key) && unify(.dyn, value)
        case (.map(let key, let value), .record): return unify(key, .string) && unify(value, .dyn)
        case (.record(let x), .record(let y)): return x.name == y.name
        case (.opaque(let name, let x), .opaque(let name2, let y)):
            guard name == name2, x.count == y.count else { return false }
            for (left, right) in zip(x, y) where !unify(left, right) { return false }
            return true
        default: return a == b
        }
    }

    /// Makes a type what a parameter stands for, or what it stands for more general.
    private mutating func bind(_ name: String, to type: ValueType) -> (isBound: Bool, fits: Bool) {
        if type == .parameter(name) { return (true, true) }
        if let bound = bindings[name] {
            if bound == type { return (true, true) }
            guard unify(type, bound) else { return (true, false) }
            let wider = general(resolve(type), resolve(bound))
            if !occurs(name, in: wider) { bindings[name] = wider }
            return (true, true)
        }
        if occurs(name, in: type) { return (false, false) }
        bindings[name] = type
        return (false, true)
    }

    private func occurs(_ name: String, in type: ValueType) -> Bool {
        switch type {
        case .parameter(let other): other == name || bindings[other].map { occurs(name, in: $0) } ?? false
        case .list(let element), .optional(let element): occurs(name, in: element)
        case .map(let key, let value): occurs(name, in: key) || occurs(name, in: value)
        case .opaque(_, let parameters): parameters.contains { occurs(name, in: $0) }
        default: false
        }
    }

    /// The less specific of two types that fit each other, part by part.
    private func general(_ a: ValueType, _ b: ValueType) -> ValueType {
        switch (a, b) {
        case (.dyn, _), (_, .dyn): .dyn
        case (.parameter, _): a
        case (_, .parameter): b
        case (.null, _): b
        case (_, .null): a
        case (.list(let x), .list(let y)): .list(general(x, y))
        case (.optional(let x), .optional(let y)): .optional(general(x, y))
        case (.map(let key, let value), .map(let key2, let value2)): .map(general(key, key2), general(value, value2))
        case (.record, .map): b
        case (.opaque(let name, let x), .opaque(_, let y)): .opaque(name, zip(x, y).map { general($0, $1) })
        default: a
        }
    }
}

extension ValueType {
    /// Whether null may stand for a value of this type.
    var isNullable: Bool {
        switch self {
        case .timestamp, .duration, .optional, .record, .opaque, .ip, .cidr: true
        default: false
        }
    }
}
