import CEL

/// The intrinsic functions of CloudFormation, as far as a template tells by itself: parameters stand at their defaults, what only a
/// deployment knows is `unknown:` and why. The account and the names of the stack stay as they are written, `${AWS::AccountId}`.
struct TemplateFunctions {
    let parameters: [String: Value]
    let mappings: Value
    let conditions: Value
    let resources: Set<String>
    let region: String?
    let account: String?
    private let budget: TemplateBudget

    init(_ template: Value, region: String?, account: String?, budget: TemplateBudget = TemplateBudget()) {
        self.budget = budget
        var defaults: [String: Value] = [:]
        for (name, parameter) in template.member("Parameters")?.members ?? [] {
            if let value = parameter.member("Default") { defaults[name] = value }
        }
        parameters = defaults
        mappings = template.member("Mappings") ?? .null
        conditions = template.member("Conditions") ?? .null
        resources = Set((template.member("Resources")?.members ?? []).map(\.name))
        self.region = region
        self.account = account
    }

    private static let maxDepth = 64

    static func unknown(_ why: String) -> Value { .string("unknown:" + why) }

    /// The value with every function in it replaced by what it gives; absent where it gives `AWS::NoValue`.
    func resolve(_ value: Value, depth: Int = 0) -> Value? {
        guard depth < Self.maxDepth else { return Self.unknown("functions are nested too deep") }
        guard budget.makesValue() else { return Self.unknown("the template makes more than \(TemplateBudget.values) values") }
        if let elements = value.elements { return .array(elements.compactMap { resolve($0, depth: depth + 1) }) }
        let members = value.members
        guard !members.isEmpty else { return value }
        if members.contains(where: { $0.name.hasPrefix(Self.loop) }) {
            return .object(
                expanding(value, depth: depth + 1).compactMap { entry in
                    if entry.0.hasPrefix(Self.loop) { return (entry.0, Self.unknown("a loop runs over what only a deployment knows")) }
                    return resolve(entry.1, depth: depth + 1).map { (entry.0, $0) }
                })
        }
        if members.count == 1, let only = members.first, only.name == "Ref" || only.name.hasPrefix("Fn::") {
            return call(only.name, only.value, depth + 1)
        }
        return .object(members.compactMap { entry in resolve(entry.value, depth: depth + 1).map { (entry.name, $0) } })
    }

    /// What a loop is called: `Fn::ForEach::Buckets: [Name, [a, b], {"Bucket${Name}": {...}}]`.
    static let loop = "Fn::ForEach::"

    /// The members of an object with its loops run; a loop whose list is not known stays as it is. CloudFormation itself allows 500 resources.
    func expanding(_ value: Value, depth: Int = 0) -> [(String, Value)] {
        var made: [(String, Value)] = []
        for member in value.members {
            guard member.name.hasPrefix(Self.loop), depth < Self.maxDepth, let parts = member.value.elements, parts.count == 3,
                let name = parts[0].stringValue, let items = resolve(parts[1], depth: depth + 1)?.elements, items.count <= Self.maxTurns
            else {
                made.append((member.name, member.value))
                continue
            }
            for item in items {
                guard let text = item.scalarText, made.count <= Self.maxTurns, let body = replacing(name, with: text, in: parts[2], 0) else {
                    // What is left of it is told as a loop that was not run.
                    made.append((member.name, member.value))
                    break
                }
                made += expanding(body, depth: depth + 1)
            }
        }
        return made
    }

    private static let maxTurns = 5_000

    /// A value in which the name of a loop's item stands for the item; `nil` if the template makes too much.
    private func replacing(_ name: String, with item: String, in value: Value, _ depth: Int) -> Value? {
        guard budget.makesValue() else { return nil }
        guard depth < Self.maxDepth else { return value }
        if let elements = value.elements {
            var made: [Value] = []
            for element in elements {
                guard let one = replacing(name, with: item, in: element, depth + 1) else { return nil }
                made.append(one)
            }
            return .array(made)
        }
        func filled(_ text: String) -> String {
            if !text.utf8.contains(UInt8(ascii: "{")) { return text }
            return text.replacing("${\(name)}", with: item).replacing("&{\(name)}", with: item.filter { $0.isLetter || $0.isNumber })
        }
        if let text = value.stringValue { return .string(filled(text)) }
        let members = value.members
        if members.count == 1, members[0].name == "Ref", members[0].value.stringValue == name { return .string(item) }
        guard !members.isEmpty else { return value }
        var made: [(String, Value)] = []
        for member in members {
            guard let one = replacing(name, with: item, in: member.value, depth + 1) else { return nil }
            made.append((filled(member.name), one))
        }
        return .object(made)
    }

    private func call(_ name: String, _ argument: Value, _ depth: Int) -> Value? {
        switch name {
        case "Ref": return reference(argument.stringValue ?? "")
        case "Fn::GetAtt":
            let parts = argument.elements?.compactMap(\.stringValue) ?? argument.stringValue.map { $0.split(separator: ".").map(String.init) } ?? []
            guard let target = parts.first, resources.contains(target) else { return Self.unknown("the template has no such resource") }
            // An attribute names the resource; where it is, the inventory tells.
            return .string(target)
        case "Fn::Sub": return substitute(argument, depth)
        case "Fn::Join":
            guard let list = argument.elements, list.count == 2, let parts = resolve(list[1], depth: depth)?.elements else { break }
            return joined(parts, list[0].stringValue ?? "")
        case "Fn::Select":
            guard let list = argument.elements, list.count == 2, let index = resolve(list[0], depth: depth)?.scalarText.flatMap({ Int($0) })
            else { break }
            if let parts = resolve(list[1], depth: depth)?.elements, parts.indices.contains(index) { return parts[index] }
        case "Fn::Split":
            guard let list = argument.elements, list.count == 2, let text = resolve(list[1], depth: depth)?.stringValue,
                let separator = list[0].stringValue, !separator.isEmpty, !text.hasPrefix("unknown:")
            else { break }
            return .array(text.split(separator: separator, omittingEmptySubsequences: false).map { .string(String($0)) })
        case "Fn::FindInMap":
            var place = mappings
            for step in argument.elements ?? [] {
                guard let key = resolve(step, depth: depth)?.scalarText, let next = place.member(key) else {
                    return Self.unknown("the mapping has no such entry")
                }
                place = next
            }
            return place
        case "Fn::If":
            guard let list = argument.elements, list.count == 3, let condition = list[0].stringValue else { break }
            guard let holds = holds(.object([("Condition", .string(condition))]), depth) else {
                return Self.unknown("the condition `\(condition)` is not known")
            }
            return resolve(list[holds ? 1 : 2], depth: depth)
        case "Fn::Base64": return resolve(argument, depth: depth)
        case "Fn::GetAZs":
            let asked = resolve(argument, depth: depth)?.stringValue ?? ""
            let zone = asked.isEmpty ? region : asked
            guard let zone, !zone.hasPrefix("unknown:") else { return Self.unknown("the template does not tell AWS::Region") }
            return .array(["a", "b", "c"].map { .string(zone + $0) })
        case "Fn::ImportValue": return Self.unknown("another stack exports it")
        default: break
        }
        return Self.unknown("`\(name)` is known only when the stack is made")
    }

    private func reference(_ name: String) -> Value? {
        if let value = parameters[name] { return value }
        switch name {
        case "AWS::NoValue": return nil
        case "AWS::Region": return region.map(Value.string) ?? Self.unknown("the template does not tell AWS::Region")
        case "AWS::AccountId": return .string(account ?? "${AWS::AccountId}")
        case "AWS::URLSuffix": return "amazonaws.com"
        default:
            if name.hasPrefix("AWS::") { return .string("${\(name)}") }
            return resources.contains(name) ? .string(name) : Self.unknown("the parameter `\(name)` has no default")
        }
    }

    private func joined(_ parts: [Value], _ separator: String) -> Value {
        let texts = parts.map { $0.scalarText ?? "unknown:a part is no text" }
        return .string(texts.first { $0.hasPrefix("unknown:") } ?? texts.joined(separator: separator))
    }

    /// `text ${Name} text`; `${!Name}` stays a `${Name}`.
    private func substitute(_ argument: Value, _ depth: Int) -> Value {
        let list = argument.elements
        guard let pattern = argument.stringValue ?? list?.first?.stringValue else { return Self.unknown("`Fn::Sub` has no text") }
        let own = list.flatMap { $0.count > 1 ? $0[1] : nil } ?? .null
        var text = ""
        var rest = Substring(pattern)
        while let start = rest.firstRange(of: "${"), let end = rest[start.upperBound...].firstIndex(of: "}") {
            text += rest[..<start.lowerBound]
            let name = String(rest[start.upperBound..<end])
            rest = rest[rest.index(after: end)...]
            if name.hasPrefix("!") {
                text += "${\(name.dropFirst())}"
                continue
            }
            let value = own.member(name).flatMap { resolve($0, depth: depth) } ?? reference(name.split(separator: ".").first.map(String.init) ?? name)
            let made = value?.scalarText ?? ""
            if made.hasPrefix("unknown:") { return .string(made) }
            text += made
        }
        return .string(text + rest)
    }

    /// Whether a condition holds with the parameters at their defaults; `nil` if that cannot be told.
    func holds(_ condition: Value, _ depth: Int = 0) -> Bool? {
        guard depth < Self.maxDepth, let only = condition.members.first else { return nil }
        let list = only.value.elements ?? []
        switch only.name {
        case "Condition": return only.value.stringValue.flatMap { conditions.member($0) }.flatMap { holds($0, depth + 1) }
        case "Fn::Not": return list.first.flatMap { holds($0, depth + 1) }.map { !$0 }
        case "Fn::And":
            let all = list.map { holds($0, depth + 1) }
            return all.contains(false) ? false : all.contains(nil) ? nil : true
        case "Fn::Or":
            let all = list.map { holds($0, depth + 1) }
            return all.contains(true) ? true : all.contains(nil) ? nil : false
        case "Fn::Equals":
            guard list.count == 2, let left = resolve(list[0], depth: depth)?.scalarText, let right = resolve(list[1], depth: depth)?.scalarText,
                !left.hasPrefix("unknown:"), !right.hasPrefix("unknown:"), !left.contains("${"), !right.contains("${")
            else { return nil }
            return left == right
        default: return nil
        }
    }
}
