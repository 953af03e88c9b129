public import CEL
public import Residency

/// What the expressions of the catalogue and of waivers may name.
public enum ExpressionEnvironment {
    /// Made once: the standard library has some two hundred functions.
    private static let standard = Environment()

    /// The environment of a provider's vectors: the variables `resource` (slot 0), `event` (1) and `item` (2), all dynamic,
    /// and the place functions.
    ///
    /// - Parameter names: how names are made, which `placeOf` and `part` read them by.
    public static func make(provider: String, names: NameForms) -> Environment {
        var environment = standard
        environment.declare("resource", .dyn)
        environment.declare("event", .dyn)
        environment.declare("item", .dyn)
        for function in PlaceFunctions.all(provider: provider, names) { environment.define(function) }
        return environment
    }

    /// The environment of a waiver's `match`: the variables `subject` (slot 0: id, type, provider, account, data, tenant,
    /// system) and `finding` (slot 1: policy, requirement, places).
    public static func forWaivers() -> Environment {
        var environment = standard
        let texts = ["id", "type", "provider", "account", "data", "tenant", "system"].map { ($0, ValueType.string) }
        environment.declare("subject", .record(RecordType("subject", Dictionary(uniqueKeysWithValues: texts))))
        environment.declare(
            "finding", .record(RecordType("finding", ["policy": .string, "requirement": .string, "places": .list(.string)])))
        return environment
    }

    /// The environment of `ranges`: the variables `file` (slot 0) and `item` (1), both dynamic.
    static func forFiles() -> Environment {
        var environment = standard
        environment.declare("file", .dyn)
        environment.declare("item", .dyn)
        return environment
    }
}

/// The functions that turn what a record says into the text of a place. A text that begins with `unknown:` passes
/// through; null and the empty text are unknown.
enum PlaceFunctions {
    static func all(provider: String, _ names: NameForms) -> [FunctionDeclaration] {
        [
            text("region", "no region is given") { "region:\(provider)/\($0)" },
            text("zone", "no zone is given") { "region:\(provider)/\($0)" },
            text("placeOf", "no resource is named") { place($0, names) },
            text("host", "no host is given") { "host:\(host($0))" },
            text("address", "no address is given", address),
            text("country", "no country is given", country),
            text("unknown", "") { "unknown:\($0)" },
            text("paired", "no place is given") { "paired:\($0)" },
            two("part", returns: .string) { name, hole in
                guard let name = name.stringValue, let hole = hole.stringValue else { return .string("") }
                return .string(names.text(of: hole, in: name))
            },
            // What is no bare name passes through: nothing, what is not known, a full name.
            two("named", returns: .dyn) { form, name in
                guard let form = form.stringValue, let text = name.stringValue, !text.isEmpty, !text.hasPrefix("unknown:"), !text.hasPrefix(form), !names.isFull(text) else { return name }
                return .string(form + text)
            },
            listFunction, jsonFunction, captureFunction, likeFunction, attributedFunction,
        ]
    }

    private static func text(_ name: String, _ missing: String, _ body: @escaping @Sendable (String) -> String) -> FunctionDeclaration {
        one(name, returns: .string) { value in
            switch value {
            case .null: .success(.string("unknown:\(missing)"))
            case .string(let text) where text.isEmpty: .success(.string("unknown:\(missing)"))
            case .string(let text) where text.hasPrefix("unknown:"): .success(.string(text))
            case .string(let text): .success(.string(body(text)))
            default: .failure(EvaluationError(.noSuchOverload, "`\(name)` takes a text, not `\(value.typeValue.name)`"))
            }
        }
    }

    /// The country of a code of two letters or of three, or of a subdivision's.
    private static func country(_ code: String) -> String {
        guard let country = Country.of(alpha3: code) ?? Country(code) else { return "unknown:`\(code)` is no country's code" }
        return "country:\(country)"
    }

    private static let listFunction = one("list", returns: .list(.dyn)) { value in
        switch value {
        case .null: .success(.array([]))
        case .list: .success(value)
        default: .success(.array([value]))
        }
    }

    /// What a text of JSON holds, `json(event.?requestBody).?location`; an empty map if it is a text of another kind. What is no
    /// text is itself, and so is what is not known yet. JSON that is cut off is an error: what it would have told is not known.
    private static let jsonFunction = one("json", returns: .dyn) { value in
        if value == .null { return .success(.object([])) }
        guard let text = value.stringValue, !text.hasPrefix("unknown:") else { return .success(value) }
        guard let first = text.utf8.first(where: { $0 > 0x20 }), first == UInt8(ascii: "{") || first == UInt8(ascii: "[") else {
            return .success(.object([]))
        }
        do throws(JSONError) { return .success(try JSON.parse(text, maxDepth: 64)) } catch {
            return .failure(EvaluationError(.invalidArgument, "the text of JSON breaks off or is wrong at byte \(error.offset): \(error.message)"))
        }
    }

    /// `capture(event.?requestParameters.key, 'tenants/{tenant}/*')`: what stands for the hole; the empty text if nothing does.
    private static let captureFunction = two("capture", returns: .string) { text, pattern in
        guard let text = text.stringValue, let pattern = pattern.stringValue else { return .string("") }
        return .string(Attribution.capture(pattern, in: text))
    }

    /// Whether a text matches a pattern with `*` and `?`; what is no text does not.
    private static let likeFunction = two("like", returns: .bool) { text, pattern in
        guard let text = text.stringValue, let pattern = pattern.stringValue else { return .bool(false) }
        return .bool(Glob.matches(pattern, text))
    }

    /// A subject, or each of several, with the first of the tenants that is not empty.
    private static let attributedFunction = two("attributed", returns: .dyn) { subject, tenants in
        guard let tenant = tenants.elements?.lazy.compactMap(\.stringValue).first(where: { !$0.isEmpty }) else { return subject }
        if let name = subject.stringValue { return .string(Attribution(name: name, tenant: tenant).text) }
        guard let names = subject.elements else { return subject }
        return .array(names.map { name in name.stringValue.map { .string(Attribution(name: $0, tenant: tenant).text) } ?? name })
    }

    private static func two(_ name: String, returns result: ValueType, _ body: @escaping @Sendable (Value, Value) -> Value) -> FunctionDeclaration {
        FunctionDeclaration(
            name,
            overloads: [
                FunctionOverload("\(name)_dyn_dyn", [.dyn, .dyn], returns: result) { arguments in
                    guard arguments.count == 2 else { return .failure(EvaluationError(.noSuchOverload, "`\(name)` takes two arguments")) }
                    let plain = arguments.map { argument in if case .optional(let optional) = argument { optional.value ?? .null } else { argument } }
                    return .success(body(plain[0], plain[1]))
                }
            ])
    }

    private static func one(
        _ name: String, returns result: ValueType, _ body: @escaping @Sendable (Value) -> Result<Value, EvaluationError>
    ) -> FunctionDeclaration {
        FunctionDeclaration(
            name,
            overloads: [
                FunctionOverload("\(name)_dyn", [.dyn], returns: result) { arguments in
                    guard let argument = arguments.first else {
                        return .failure(EvaluationError(.noSuchOverload, "`\(name)` takes one argument"))
                    }
                    // `resource.?a.?b`, where it is absent, is null.
                    if case .optional(let optional) = argument { return body(optional.value ?? .null) }
                    return body(argument)
                }
            ])
    }

    /// A region that the name itself carries, else the resource, to be looked up in the inventory.
    private static func place(_ text: String, _ names: NameForms) -> String {
        names.region(of: text).map { "region:\($0.provider)/\($0.region)" } ?? "resource:\(text)"
    }

    /// The host of a URL or of `host:port`.
    private static func host(_ text: String) -> String {
        var rest = Substring(text)
        if let scheme = rest.range(of: "://") { rest = rest[scheme.upperBound...] }
        rest = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        if let at = rest.lastIndex(of: "@") { rest = rest[rest.index(after: at)...] }
        if rest.hasPrefix("["), let end = rest.firstIndex(of: "]") { return String(rest[rest.index(after: rest.startIndex)..<end]) }
        if !Gazetteer.isAddress(String(rest)), let colon = rest.lastIndex(of: ":") { rest = rest[..<colon] }
        return rest.lowercased()
    }

    /// Some logs write the name of a service or words where the caller's address should be; in others a port follows it.
    private static func address(_ text: String) -> String {
        if Gazetteer.isAddress(text) { return "ip:\(text)" }
        let name = host(text)
        if name.count < text.count, Gazetteer.isAddress(name) { return "ip:\(name)" }
        if text.allSatisfy({ $0.isNumber || $0 == "." }) { return "unknown:`\(text)` is not an internet address" }
        if text.contains("."), !text.contains(" ") { return "host:\(name)" }
        return "unknown:`\(text)` is neither an address nor a host"
    }
}

extension Substring {
    fileprivate func range(of separator: String) -> Range<Index>? {
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(separator) { return start..<index(start, offsetBy: separator.count) }
            start = index(after: start)
        }
        return nil
    }
}
