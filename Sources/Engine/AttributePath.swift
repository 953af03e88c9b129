import CEL

/// The way to a value inside a record's attributes.
struct AttributePath: Hashable {
    enum Step: Hashable {
        case member(String)
        case element(Int)
    }

    var steps: [Step] = []

    func appending(_ step: Step) -> AttributePath { AttributePath(steps: steps + [step]) }

    /// The name of the last member on the way.
    var name: String? {
        for step in steps.reversed() { if case .member(let name) = step { return name } }
        return nil
    }

    /// Whether it leads into an element of a list.
    var isInList: Bool { steps.contains { if case .element = $0 { true } else { false } } }

    /// What stands at the same place in the other elements of the innermost list.
    func siblings(in root: Value) -> [Value] {
        guard let last = steps.lastIndex(where: { if case .element = $0 { true } else { false } }), case .element(let own) = steps[last] else { return [] }
        let elements = AttributePath(steps: Array(steps[..<last])).value(in: root)?.elements ?? []
        let rest = AttributePath(steps: Array(steps[(last + 1)...]))
        return elements.indices.filter { $0 != own }.compactMap { rest.value(in: elements[$0]) }
    }

    /// `replica[0].region_name`, `metadata.labels["topology.kubernetes.io/region"]`
    var text: String {
        var text = ""
        for step in steps {
            switch step {
            case .member(let name) where name.contains(".") || name.contains("/"): text += "[\"\(name)\"]"
            case .member(let name): text += text.isEmpty ? name : "." + name
            case .element(let index): text += "[\(index)]"
            }
        }
        return text
    }

    func value(in root: Value) -> Value? {
        var value = root
        for step in steps {
            switch step {
            case .member(let name):
                guard let next = value.member(name) else { return nil }
                value = next
            case .element(let index):
                guard let elements = value.elements, elements.indices.contains(index) else { return nil }
                value = elements[index]
            }
        }
        return value
    }

    /// The record with another value at the end of this way, or with nothing there; what is not on the way stays.
    func replacing(in root: Value, with new: Value?) -> Value {
        guard let step = steps.first else { return new ?? .null }
        let rest = AttributePath(steps: Array(steps.dropFirst()))
        switch step {
        case .member(let name):
            guard case .map(let map) = root else { return root }
            var members: [(String, Value)] = []
            for (key, value) in map.entries {
                guard let key = key.stringValue, key != name else { continue }
                members.append((key, value))
            }
            if !rest.steps.isEmpty || new != nil { members.append((name, rest.replacing(in: map[name] ?? .object([]), with: new))) }
            return .object(members)
        case .element(let index):
            guard var elements = root.elements, elements.indices.contains(index) else { return root }
            if rest.steps.isEmpty, new == nil { elements.remove(at: index) } else { elements[index] = rest.replacing(in: elements[index], with: new) }
            return .array(elements)
        }
    }

    /// Every way on from here that ends at a text or a truth value, and every element of a list; at most `limit`.
    func leaves(in root: Value, limit: Int) -> [AttributePath] {
        guard let value = value(in: root) else { return [] }
        var found: [AttributePath] = []
        collect(value, limit: limit, into: &found)
        return found
    }

    private func collect(_ value: Value, limit: Int, into found: inout [AttributePath]) {
        guard found.count < limit else { return }
        switch value {
        case .string, .bool: found.append(self)
        case .map(let map):
            for (key, value) in map.entries { if let key = key.stringValue { appending(.member(key)).collect(value, limit: limit, into: &found) } }
        case .list(let list):
            for (index, element) in list.elements.enumerated() {
                let path = appending(.element(index))
                if case .map = element { found.append(path) }
                path.collect(element, limit: limit, into: &found)
            }
        default: break
        }
    }
}
