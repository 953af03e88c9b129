import CEL

/// The expressions of Azure Resource Manager templates, `[concat(parameters('name'), '-logs')]`, as far as a template tells by itself:
/// parameters stand at their defaults. What only a deployment knows is `unknown:` and why.
struct ResourceManagerExpressions {
    private(set) var parameters: Value
    private(set) var variables: Value
    let region: String?
    let subscription: String?
    let budget: TemplateBudget
    /// Where the loops stand that a value is in, by their names; the loop of resources also under no name.
    private var loops: [String: Int64] = [:]

    init(parameters: Value, variables: Value, region: String?, subscription: String?, budget: TemplateBudget = TemplateBudget()) {
        self.parameters = parameters
        self.variables = variables
        self.region = region
        self.subscription = subscription
        self.budget = budget
    }

    /// How often a `copy` turns; `nil` where that is known only when it is deployed.
    func count(_ copy: Value) -> Int? {
        guard let number = resolve(copy.member("count") ?? .null).intValue, budget.makes(turns: number) else { return nil }
        return Int(number)
    }

    /// The expressions as they are in one turn of a loop.
    func inLoop(_ name: String, at index: Int, ofResources: Bool) -> ResourceManagerExpressions {
        var inner = self
        inner.loops[name.lowercased()] = Int64(index)
        if ofResources { inner.loops[""] = Int64(index) }
        return inner
    }

    /// The expressions of a template that stands in another one and means that one's parameters, variables and loops.
    func inside(_ outer: ResourceManagerExpressions) -> ResourceManagerExpressions {
        var inner = self
        inner.parameters = parameters.with(outer.parameters.members.map { ($0.name, $0.value) })
        inner.variables = variables.with(outer.variables.members.map { ($0.name, $0.value) })
        inner.loops = outer.loops
        return inner
    }

    /// A value with every expression in it replaced by what it gives, and the loops of its members run.
    func resolve(_ value: Value, depth: Int = 0) -> Value {
        guard depth < Self.maxDepth else { return Self.unknown("expressions are nested too deep") }
        guard budget.makesValue() else { return Self.unknown("the template makes more than \(TemplateBudget.values) values") }
        if let elements = value.elements { return .array(elements.map { resolve($0, depth: depth + 1) }) }
        if case .string(let text) = value { return self.text(text, depth) }
        guard value.keys != nil else { return value }
        return .object(
            value.members.flatMap { entry -> [(String, Value)] in
                if entry.name == "copy", let loops = entry.value.elements, loops.allSatisfy({ $0.text("name") != nil && $0.member("input") != nil }) {
                    return loops.map { ($0.text("name") ?? "", run($0, depth + 1)) }
                }
                return [(entry.name, resolve(entry.value, depth: depth + 1))]
            })
    }

    /// What a loop of a member makes: a list.
    private func run(_ copy: Value, _ depth: Int) -> Value {
        guard let count = count(copy) else { return Self.unknown("how often `copy` turns is known only when it is deployed") }
        let name = copy.text("name") ?? ""
        let input = copy.member("input") ?? .null
        return .array((0..<count).map { inLoop(name, at: $0, ofResources: false).resolve(input, depth: depth + 1) })
    }

    private static let maxDepth = 64

    static func unknown(_ why: String) -> Value { .string("unknown:" + why) }

    private func text(_ text: String, _ depth: Int) -> Value {
        guard text.hasPrefix("["), text.hasSuffix("]") else { return .string(text) }
        if text.hasPrefix("[[") { return .string(String(text.dropFirst())) }
        var parser = Parser(rest: text.dropFirst().dropLast())
        guard let expression = parser.expression(0), parser.isAtEnd else { return Self.unknown("`\(text)` is not understood") }
        return evaluate(expression, depth + 1)
    }

    indirect enum Node {
        case literal(Value)
        case call(String, [Node])
        case member(Node, Node)
    }

    private func evaluate(_ node: Node, _ depth: Int) -> Value {
        guard depth < Self.maxDepth else { return Self.unknown("expressions are nested too deep") }
        switch node {
        case .literal(let value): return value
        case .member(let base, let key):
            let value = evaluate(base, depth + 1)
            if let text = value.stringValue, text.hasPrefix("unknown:") { return value }
            let name = evaluate(key, depth + 1)
            if let text = name.stringValue, text.hasPrefix("unknown:") { return name }
            if let index = name.intValue, let elements = value.elements, elements.indices.contains(Int(index)) { return elements[Int(index)] }
            return name.stringValue.flatMap { value.member($0) } ?? Self.unknown("the template does not tell it")
        case .call(let name, let arguments): return call(name.lowercased(), arguments.map { evaluate($0, depth + 1) }, depth)
        }
    }

    private func call(_ name: String, _ arguments: [Value], _ depth: Int) -> Value {
        if let unknown = arguments.first(where: { $0.stringValue?.hasPrefix("unknown:") == true }), name != "if", name != "coalesce" {
            return unknown
        }
        let texts = arguments.map(\.scalarText)
        switch name {
        case "parameters":
            guard let parameter = parameters.member(texts.first.flatMap { $0 } ?? "") else { return Self.unknown("there is no such parameter") }
            guard let value = parameter.member("value") ?? parameter.member("defaultValue") else {
                return Self.unknown("the parameter `\(texts.first.flatMap { $0 } ?? "")` has no default")
            }
            return resolve(value, depth: depth + 1)
        case "variables":
            let name = texts.first.flatMap { $0 } ?? ""
            if let value = variables.member(name) { return resolve(value, depth: depth + 1) }
            let made = variables.member("copy")?.elements?.first { $0.text("name") == name }
            return made.map { run($0, depth + 1) } ?? Self.unknown("there is no such variable")
        case "copyindex":
            let loop = arguments.first?.stringValue?.lowercased() ?? ""
            guard let index = loops[loop] else { return Self.unknown("`copyIndex` is outside its loop") }
            return .int(index &+ (arguments.last?.intValue ?? 0))
        case "resourcegroup", "deployment":
            let location = region.map(Value.string) ?? Self.unknown("the template does not tell the resource group's location")
            return .object([("location", location), ("name", "resourceGroup"), ("id", "resourceGroup")])
        case "subscription": return .object([("subscriptionId", .string(subscription ?? "subscription")), ("id", "subscription"), ("tenantId", "tenant")])
        case "concat":
            if arguments.contains(where: { $0.elements != nil }) { return .array(arguments.flatMap { $0.elements ?? [$0] }) }
            return .string(texts.map { $0 ?? "" }.joined())
        case "format":
            var made = texts.first.flatMap { $0 } ?? ""
            for (index, text) in texts.dropFirst().enumerated() { made = made.replacing("{\(index)}", with: text ?? "") }
            return .string(made)
        case "tolower": return .string((texts.first.flatMap { $0 } ?? "").lowercased())
        case "toupper": return .string((texts.first.flatMap { $0 } ?? "").uppercased())
        case "string", "trim": return .string(texts.first.flatMap { $0 } ?? "")
        case "replace" where texts.count == 3: return .string((texts[0] ?? "").replacing(texts[1] ?? "", with: texts[2] ?? ""))
        case "substring" where arguments.count >= 2:
            let start = Int(arguments[1].intValue ?? 0)
            let rest = (texts[0] ?? "").dropFirst(start)
            return .string(String(arguments.count > 2 ? rest.prefix(Int(arguments[2].intValue ?? 0)) : rest))
        case "take" where arguments.count == 2: return .string(String((texts[0] ?? "").prefix(Int(arguments[1].intValue ?? 0))))
        case "if" where arguments.count == 3:
            guard let condition = arguments[0].boolValue else { return arguments[0].stringValue.map(Value.string) ?? Self.unknown("a condition is not known") }
            return arguments[condition ? 1 : 2]
        case "coalesce": return arguments.first { !$0.isNull } ?? .null
        case "empty": return .bool(arguments.first.map { $0.isNull || $0.stringValue?.isEmpty == true || $0.elements?.isEmpty == true } ?? true)
        case "equals" where arguments.count == 2: return .bool(arguments[0] == arguments[1])
        case "not": return arguments.first?.boolValue.map { .bool(!$0) } ?? Self.unknown("a condition is not known")
        case "and": return .bool(arguments.allSatisfy { $0.boolValue == true })
        case "or": return .bool(arguments.contains { $0.boolValue == true })
        case "createarray": return .array(arguments)
        case "length": return (arguments.first?.elements?.count ?? arguments.first?.stringValue?.count ?? arguments.first?.keys?.count)
            .map { .int(Int64($0)) } ?? Self.unknown("a length is not known")
        case "first", "last":
            let found = arguments.first?.elements.flatMap { name == "first" ? $0.first : $0.last }
            return found ?? Self.unknown("a list is empty")
        case "split" where texts.count == 2 && texts[1]?.isEmpty == false:
            return .array((texts[0] ?? "").split(separator: texts[1] ?? "", omittingEmptySubsequences: false).map { .string(String($0)) })
        case "range" where arguments.count == 2:
            guard let from = arguments[0].intValue, let count = arguments[1].intValue, budget.makes(turns: count) else { break }
            return .array((0..<count).map { .int(from &+ $0) })
        case "true": return .bool(true)
        case "false": return .bool(false)
        case "null": return .null
        case "uniquestring", "guid", "newguid": return "unique"
        // The name at the end is what other records know of it.
        case "resourceid", "subscriptionresourceid", "extensionresourceid", "tenantresourceid":
            return .string(texts.last.flatMap { $0 } ?? "")
        default: break
        }
        return Self.unknown("`\(name)` is known only when it is deployed")
    }

    /// `name(argument, ...)`, `'text'`, numbers, and what follows them: `.member`, `[index]`.
    struct Parser {
        var rest: Substring
        var isAtEnd: Bool { rest.allSatisfy { $0 == " " } }

        mutating func expression(_ depth: Int) -> Node? {
            guard depth < ResourceManagerExpressions.maxDepth, var node = primary(depth) else { return nil }
            while true {
                skip()
                if take("."), let name = word() {
                    node = .member(node, .literal(.string(name)))
                } else if take("[") {
                    guard let index = expression(depth + 1) else { return nil }
                    skip()
                    guard take("]") else { return nil }
                    node = .member(node, index)
                } else {
                    return node
                }
            }
        }

        private mutating func primary(_ depth: Int) -> Node? {
            skip()
            if take("'") { return quoted() }
            if let first = rest.first, first.isNumber || first == "-" {
                let digits = rest.prefix { $0.isNumber || $0 == "-" }
                rest = rest.dropFirst(digits.count)
                return Int64(digits).map { .literal(.int($0)) }
            }
            guard let name = word() else { return nil }
            skip()
            guard take("(") else { return nil }
            var arguments: [Node] = []
            skip()
            if take(")") { return .call(name, arguments) }
            while let argument = expression(depth + 1) {
                arguments.append(argument)
                skip()
                if take(")") { return .call(name, arguments) }
                guard take(",") else { return nil }
            }
            return nil
        }

        private mutating func quoted() -> Node? {
            var text = ""
            while let character = rest.popFirst() {
                guard character == "'" else {
                    text.append(character)
                    continue
                }
                guard take("'") else { return .literal(.string(text)) }
                text.append("'")
            }
            return nil
        }

        private mutating func word() -> String? {
            let name = rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "-" || $0 == "$" }
            rest = rest.dropFirst(name.count)
            return name.isEmpty ? nil : String(name)
        }

        private mutating func take(_ character: Character) -> Bool {
            guard rest.first == character else { return false }
            rest.removeFirst()
            return true
        }

        private mutating func skip() { rest = rest.drop { $0 == " " || $0 == "\n" || $0 == "\t" || $0 == "\r" } }
    }
}
