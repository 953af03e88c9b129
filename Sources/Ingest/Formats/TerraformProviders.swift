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

    init(configuration: Value, variables: Value) {
        for (key, config) in configuration.member("provider_config")?.members ?? [] {
            let expressions = config.member("expressions") ?? .null
            func constant(_ names: String...) -> String? {
                for name in names {
                    if let text = Self.constant(expressions.member(name), variables) { return text }
                }
                return nil
            }
            let zone = constant("zone").map { $0.split(separator: "-").prefix(2).joined(separator: "-") }
            let accounts = expressions.member("allowed_account_ids")?.member("constant_value")?.elements ?? []
            providers[key] = Provider(
                region: constant("region", "location") ?? zone,
                account: constant("project", "subscription_id") ?? (accounts.count == 1 ? accounts[0].scalarText : nil))
        }
        addModule(configuration.member("root_module") ?? .null, path: "")
    }

    private mutating func addModule(_ module: Value, path: String) {
        for resource in module.member("resources")?.elements ?? [] {
            guard let type = resource.text("type"), let name = resource.text("name"), let key = resource.text("provider_config_key") else {
                continue
            }
            keys["\(path)|\(type).\(name)"] = key
            if resource.member("expressions")?.member("region") != nil { regional.insert("\(path)|\(type).\(name)") }
        }
        for (name, call) in module.member("module_calls")?.members ?? [] {
            addModule(call.member("module") ?? .null, path: path.isEmpty ? name : "\(path).\(name)")
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

    /// What an expression is, if it is a constant or one variable.
    private static func constant(_ expression: Value?, _ variables: Value) -> String? {
        if let text = expression?.member("constant_value")?.scalarText, !text.isEmpty { return text }
        for reference in expression?.member("references")?.elements ?? [] {
            guard let name = reference.stringValue, name.hasPrefix("var.") else { continue }
            return variables.member(String(name.dropFirst(4)))?.text("value")
        }
        return nil
    }
}
