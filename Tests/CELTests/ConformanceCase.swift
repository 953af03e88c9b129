import CEL
import Foundation

/// One case of the conformance suite in its form as JSON.
struct ConformanceCase {
    let file: String
    let section: String
    let name: String
    let fields: [String: Any]

    /// How skips and reports name the case.
    var id: String { "\(file)/\(section)/\(name)" }

    /// What is wrong with how the library treats the case; nil if nothing.
    func failure() -> String? {
        guard let source = fields["expr"] as? String, let expect = fields["expect"] as? [String: Any] else {
            return "the case can't be read"
        }
        var environment = Environment(container: fields["container"] as? String ?? "")
        var slots: [Value] = []
        let bindings = fields["bindings"] as? [String: Any] ?? [:]
        for declaration in fields["type_env"] as? [[String: Any]] ?? [] {
            guard let name = declaration["name"] as? String else { return "a declaration without a name" }
            if declaration["kind"] as? String == "function" {
                environment.define(Self.function(name, declaration))
            } else {
                environment.declare(name, Self.type(declaration["type"]))
                slots.append(Self.value(bindings[name]) ?? .null)
            }
        }
        for (name, value) in bindings.sorted(by: { $0.key < $1.key }) where !environment.variableNames.contains(name) {
            environment.declare(name, .dyn)
            slots.append(Self.value(value) ?? .null)
        }
        let options = CompileOptions(
            checksTypes: fields["disable_check"] as? Bool != true, expandsMacros: fields["disable_macros"] as? Bool != true)
        let program: Program
        do throws(CompileError) {
            program = try environment.compile(source, options: options)
        } catch {
            // A case that must fail when evaluated may be refused by the checker too where its types show it.
            let mayFail = expect["eval_error"] != nil || expect["any_eval_errors"] != nil
            let isChecked = error.issues.allSatisfy { $0.code != .syntax && $0.code != .literal }
            return mayFail && isChecked && fields["check_only"] as? Bool != true ? nil : "does not compile: \(error)"
        }
        if let type = expect["deduced_type"], Self.type(type) != program.resultType {
            return "has type \(program.resultType), not \(Self.type(type))"
        }
        if fields["check_only"] as? Bool == true { return nil }
        return check(program.evaluate(slots), expect) ?? check(program.explain(slots).result ?? .success(.null), expect)
    }

    private func check(_ result: Result<Value, EvaluationError>, _ expect: [String: Any]) -> String? {
        let wantsError = expect["eval_error"] != nil || expect["any_eval_errors"] != nil
        switch result {
        case .failure(let error): return wantsError ? nil : "fails: \(error.message)"
        case .success(let value):
            if wantsError { return "is \(value), not an error" }
            guard let wanted = Self.value(expect["value"]) else { return expect["value"] == nil ? nil : "unreadable value" }
            return Self.same(value, wanted) ? nil : "is \(value), not \(wanted)"
        }
    }

    /// Same kind and content; a NaN is a NaN.
    private static func same(_ a: Value, _ b: Value) -> Bool { a == b }

    private static func function(_ name: String, _ declaration: [String: Any]) -> FunctionDeclaration {
        let overloads = (declaration["overloads"] as? [[String: Any]] ?? []).map { overload in
            FunctionOverload(
                overload["id"] as? String ?? name, (overload["params"] as? [Any] ?? []).map(type),
                returns: type(overload["result"]), isMember: overload["member"] as? Bool ?? false
            ) { _ in .failure(EvaluationError(.host, "declared only")) }
        }
        return FunctionDeclaration(name, overloads: overloads)
    }

    static func type(_ json: Any?) -> ValueType {
        guard let json = json as? [String: Any], let kind = json["kind"] as? String else { return .dyn }
        let parameters = (json["params"] as? [Any] ?? []).map(type)
        let name = json["name"] as? String ?? ""
        switch kind {
        case "bool": return .bool
        case "int": return .int
        case "uint": return .uint
        case "double": return .double
        case "string": return .string
        case "bytes": return .bytes
        case "null", "null_type": return .null
        case "timestamp": return .timestamp
        case "duration": return .duration
        case "type": return .type
        case "list": return .list(type(json["elem"]))
        case "map": return .map(type(json["key"]), type(json["value"]))
        case "type_param": return .parameter(name)
        case "abstract" where name == "optional_type": return .optional(parameters.first ?? .dyn)
        case "abstract" where name == "net.IP": return .ip
        case "abstract" where name == "net.CIDR": return .cidr
        case "abstract": return .opaque(name, parameters)
        default: return .dyn
        }
    }

    static func value(_ json: Any?) -> Value? {
        guard let (kind, content) = (json as? [String: Any])?.first else { return nil }
        switch kind {
        case "null": return .null
        case "bool": return (content as? Bool).map { .bool($0) }
        case "int64": return (content as? String).flatMap(Int64.init).map { .int($0) }
        case "uint64": return (content as? String).flatMap(UInt64.init).map { .uint($0) }
        case "double":
            if let text = content as? String { return Double(text).map { .double($0) } }
            return (content as? NSNumber).map { .double($0.doubleValue) }
        case "string": return (content as? String).map { .string($0) }
        case "bytes_base64": return (content as? String).flatMap { Data(base64Encoded: $0) }.map { .bytes(Array($0)) }
        case "list": return (content as? [Any])?.compactMap(value).asList
        case "map":
            let entries = (content as? [[Any]] ?? []).compactMap { pair -> (Value, Value)? in
                guard pair.count == 2, let key = value(pair[0]), let value = value(pair[1]) else { return nil }
                return (key, value)
            }
            return MapValue(entries: entries).map { .map($0) }
        case "timestamp", "duration":
            guard let fields = content as? [String: Any] else { return nil }
            let seconds = (fields["seconds"] as? String).flatMap(Int64.init) ?? (fields["seconds"] as? NSNumber)?.int64Value ?? 0
            let nanos = (fields["nanos"] as? NSNumber)?.int64Value ?? 0
            if kind == "timestamp" { return Timestamp(seconds: seconds, nanos: nanos).map { .timestamp($0) } }
            return Duration_(seconds: seconds, nanos: nanos).map { .duration($0) }
        case "type": return (content as? String).map { .type(TypeValue($0)) }
        default: return nil
        }
    }
}

extension [Value] {
    fileprivate var asList: Value { .list(self) }
}
