import CEL

/// Which provider each resource of a plan uses, and the region and account it is configured with.
struct TerraformProviders {
    struct Provider {
        var region: String?
        var account: String?
    }

    /// By the key that resources refer to: `aws`, `aws.west`, `module.m:aws`.
    private var providers: [String: Provider] = [:]
    /// From a module's path without indexes and a resource's `type.name` to the key.
    private var keys: [String: String] = [:]
    /// The resources whose configuration sets a region of their own, by the same names.
    private var regional: Set<String> = []

    /// What a module's variables are made of.
    private struct Scope {
        /// The expressions of the call, and the module that makes it.
        var arguments: Value
        var caller: String
        /// The module's declarations, with their defaults.
        var declared: Value
    }

    /// By the module's path; the root's variables have values.
    private var scopes: [String: Scope] = [:]
    private let variables: Value

    init(configuration: Value, variables: Value) {
        self.variables = variables
        addModule(configuration.member("root_module") ?? .null, path: "", call: .null, caller: "")
        for (key, config) in configuration.member("provider_config")?.members ?? [] {
            let expressions = config.member("expressions") ?? .null
            let module = Self.path(config.text("module_address") ?? "")
            func constant(_ names: String...) -> String? {
                for name in names {
                    if let text = value(expressions.member(name), in: module)?.scalarText, !text.isEmpty { return text }
                }
                return nil
            }
            let zone = constant("zone").map { $0.split(separator: "-").prefix(2).joined(separator: "-") }
            let accounts = expressions.member("allowed_account_ids")?.member("constant_value")?.elements ?? []
            providers[key] = Provider(
                region: constant("region", "location") ?? zone,
                account: constant("project", "subscription_id") ?? (accounts.count == 1 ? accounts[0].scalarText : nil))
        }
    }

    private mutating func addModule(_ module: Value, path: String, call: Value, caller: String) {
        scopes[path] = Scope(arguments: call, caller: caller, declared: module.member("variables") ?? .null)
        for resource in module.member("resources")?.elements ?? [] {
            guard let type = resource.text("type"), let name = resource.text("name"), let key = resource.text("provider_config_key") else {
                continue
            }
            keys["\(path)|\(type).\(name)"] = key
            if resource.member("expressions")?.member("region") != nil { regional.insert("\(path)|\(type).\(name)") }
        }
        for (name, call) in module.member("module_calls")?.members ?? [] {
            addModule(
                call.member("module") ?? .null, path: path.isEmpty ? name : "\(path).\(name)", call: call.member("expressions") ?? .null, caller: path)
        }
    }

    /// Whether a resource's configuration sets its region; if not, it is the provider's.
    func setsRegion(of type: String, name: String, module: String) -> Bool { regional.contains("\(Self.path(module))|\(type).\(name)") }

    /// The provider of a resource: the one its configuration names, else the only one of its kind at the root.
    func provider(of type: String, name: String, module: String) -> Provider? {
        if providers.isEmpty { return nil }
        if let key = keys["\(Self.path(module))|\(type).\(name)"] {
            if let found = providers[key] { return found }
            // `module.m:aws` is inherited from the root when the module configures none.
            if let last = key.split(separator: ":").last, let found = providers[String(last)] { return found }
        }
        return providers[TerraformResource.kind(of: type)]
    }

    /// `module.a["x"].module.b` as `a.b`.
    private static func path(_ module: String) -> String {
        if module.isEmpty { return "" }
        var path = ""
        var isQuoted = false
        var depth = 0
        for character in module {
            if character == "\"" { isQuoted.toggle() }
            if character == "[" && !isQuoted { depth += 1 }
            if depth == 0 { path.append(character) }
            if character == "]" && !isQuoted { depth -= 1 }
        }
        return path.split(separator: ".").enumerated().filter { $0.offset % 2 == 1 }.map { String($0.element) }.joined(separator: ".")
    }

    /// What an expression is, if it is a constant or one variable of its module, or a part of one.
    private func value(_ expression: Value?, in module: String, depth: Int = 0) -> Value? {
        if let constant = expression?.member("constant_value"), !constant.isNull { return constant }
        let references = (expression?.member("references")?.elements ?? []).compactMap(\.stringValue)
        // `var.regions.second` is followed by what it is a part of. Of an expression of two variables nobody says how it uses them.
        guard let first = references.first, first.hasPrefix("var."), references.allSatisfy({ first.hasPrefix($0) }) else { return nil }
        let steps = first.split { ".[]\"".contains($0) }.dropFirst().map(String.init)
        guard let name = steps.first, var found = variable(name, in: module, depth: depth) else { return nil }
        for step in steps.dropFirst() {
            guard let next = Int(step).flatMap({ index in found.elements.flatMap { $0.indices.contains(index) ? $0[index] : nil } }) ?? found.member(step)
            else { return nil }
            found = next
        }
        return found
    }

    private func variable(_ name: String, in module: String, depth: Int) -> Value? {
        guard let scope = scopes[module], depth < Self.maxModules else { return nil }
        if module.isEmpty, let given = variables.member(name)?.member("value") { return given }
        if let argument = scope.arguments.member(name) { return value(argument, in: scope.caller, depth: depth + 1) }
        return scope.declared.member(name)?.member("default")
    }

    private static let maxModules = 64
}
