import CEL
import Residency

/// A Terraform plan or state as `terraform show -json` prints it.
///
///     {"format_version": "1.2", "planned_values": {"root_module": {"resources": [...], "child_modules": [...]}},
///      "resource_changes": [...], "configuration": {"provider_config": {...}}}
///     {"format_version": "1.0", "values": {"root_module": ...}}
///
/// A plan is read as what will exist once it is applied: what it deletes is counted and not handed over, and what will be
/// known only then is the text `unknown:known after apply`.
enum TerraformPlan: InputFormat {
    static let id = "terraform-plan"
    static let title = "Terraform plan (terraform show -json)"

    static func recognises(_ head: Head) -> Bool {
        head.candidates.contains { object in
            if object.has("planned_values") || object.has("resource_changes") { return true }
            guard object.has("format_version") || object.has("terraform_version") else { return false }
            if let at = object.members["values"], let inner = head.object(at: at) {
                return inner.has("root_module") || inner.has("outputs")
            }
            if object.has("prior_state") || (object.has("format_version") && object.has("configuration")) { return true }
            // A state that holds nothing.
            return object.has("format_version") && object.members.keys.allSatisfy { ["format_version", "terraform_version"].contains($0) }
        }
    }

    static func read(_ session: ReadSession) throws(ReadError) {
        guard let document = try session.document() else { return }
        let reading = TerraformPlanReading(session, document)
        reading.run()
    }
}

/// The reading of one plan.
private final class TerraformPlanReading {
    private let session: ReadSession
    private let top: [String: JSONSpan]
    private let maxDepth: Int
    private let providers: TerraformProviders
    private var changes: [String: Change] = [:]
    private var seen: Set<String> = []
    private var deleted = 0
    private var forgotten = 0

    /// What a plan says of one resource, apart from its values.
    private struct Change {
        var pointer: String
        var actions: [String]
        var unknown: JSONSpan?
        var before: JSONSpan?
        var after: JSONSpan?
        var mode: String
        var type: String
        var name: String
        var provider: String
        var module: String
        var index: Value?
    }

    init(_ session: ReadSession, _ document: JSONSpan) {
        self.session = session
        top = document.members
        maxDepth = session.plan.limits.maxDepth
        providers = TerraformProviders(
            configuration: top["configuration"]?.value(maxDepth: maxDepth) ?? .null,
            variables: top["variables"]?.value(maxDepth: maxDepth) ?? .null)
    }

    func run() {
        let isState = top["planned_values"] == nil && top["resource_changes"] == nil && top["prior_state"] == nil && top["configuration"] == nil
        if isState { session.outcome.format = TerraformState.id }
        var order: [String] = []
        for (position, span) in (top["resource_changes"]?.elements ?? []).enumerated() {
            guard let (address, change) = change(span, "/resource_changes/\(position)") else { continue }
            // One address comes twice when a deposed object is deleted beside the new one.
            let key = changes[address] == nil ? address : "\(address) (\(position))"
            changes[key] = change
            order.append(key)
        }
        let deferred = top["deferred_changes"]?.elements ?? []
        for (position, span) in deferred.enumerated() {
            guard let inner = span.members["resource_change"] else { continue }
            guard let (address, change) = change(inner, "/deferred_changes/\(position)/resource_change") else { continue }
            guard changes[address] == nil else { continue }
            changes[address] = change
            order.append(address)
        }
        let name = isState ? "values" : "planned_values"
        if let root = top[name]?.members["root_module"] { module(root, "/\(name)/root_module") }
        for key in order where !seen.contains(key) { leftOver(key) }
        if deleted > 0 { session.say(.note, "\(deleted) resources will be deleted by this plan and are not judged") }
        if forgotten > 0 { session.say(.note, "\(forgotten) resources will be forgotten by Terraform, not deleted, and are judged as they were") }
        if !deferred.isEmpty { session.say(.note, "\(deferred.count) changes are put off to a later plan and are judged as far as this one knows them") }
        if top["errored"]?.value(maxDepth: maxDepth) == .bool(true) {
            session.malformed(byte: top["errored"]?.range.lowerBound ?? 0, place: "/errored", "planning ended with an error: what was not planned is not here")
        }
    }

    private func change(_ span: JSONSpan, _ pointer: String) -> (String, Change)? {
        var (address, type, name): (String?, String?, String?)
        var change = Change(pointer: pointer, actions: [], mode: "managed", type: "", name: "", provider: "", module: "", index: nil)
        span.forEachMember { member, value in
            switch member {
            case "address": address = value.text
            case "type": type = value.text
            case "name": name = value.text
            case "mode": change.mode = value.text ?? "managed"
            case "provider_name": change.provider = value.text ?? ""
            case "module_address": change.module = value.text ?? ""
            case "index": change.index = value.value(maxDepth: maxDepth)
            case "change":
                (change.actions, change.unknown, change.before, change.after) = ([], nil, nil, nil)
                value.forEachMember { member, value in
                    switch member {
                    case "actions": change.actions = value.elements.compactMap(\.text)
                    case "after_unknown": change.unknown = value
                    case "before": change.before = value
                    case "after": change.after = value
                    default: break
                    }
                }
            default: break
            }
        }
        (change.type, change.name) = (type ?? "", name ?? "")
        guard let address = address ?? type.map({ "\($0).\(name ?? "")" }) else {
            session.malformed(byte: span.range.lowerBound, place: pointer, "a change without `address` and `type`")
            return nil
        }
        return (address, change)
    }

    /// Goes through a module and the modules in it.
    private func module(_ span: JSONSpan, _ pointer: String) {
        let members = span.members
        let address = members["address"]?.text ?? ""
        for (position, resource) in (members["resources"]?.elements ?? []).enumerated() {
            planned(
                resource.value(maxDepth: maxDepth), module: address, "\(pointer)/resources/\(position)", byte: resource.range.lowerBound)
        }
        for (position, child) in (members["child_modules"]?.elements ?? []).enumerated() {
            module(child, "\(pointer)/child_modules/\(position)")
        }
    }

    private func planned(_ value: Value, module: String, _ pointer: String, byte: Int) {
        guard let type = value.text("type"), let name = value.text("name") else {
            return session.malformed(byte: byte, place: pointer, "a resource without `type` and `name`")
        }
        let address = value.text("address") ?? (module.isEmpty ? "" : module + ".") + "\(type).\(name)"
        seen.insert(address)
        let change = changes[address]
        let ordinal = session.number(pointer)
        guard value.text("mode") != "data" else { return }
        var values = value.member("values") ?? .object([])
        if let unknown = change?.unknown?.value(maxDepth: maxDepth) { values = Self.marking(values, unknown) }
        give(
            Change(
                pointer: pointer, actions: change?.actions ?? [], mode: "managed", type: type, name: name,
                provider: value.text("provider_name") ?? change?.provider ?? "", module: module, index: value.member("index")),
            address: address, values: values, ordinal: ordinal)
    }

    /// A change whose resource is not among the planned values: a deletion, a data source, or a file without them.
    private func leftOver(_ key: String) {
        guard let change = changes[key] else { return }
        let ordinal = session.number(change.pointer)
        guard change.mode != "data" else { return }
        if change.actions == ["forget"], let before = change.before?.value(maxDepth: maxDepth), !before.isNull {
            forgotten += 1
            return give(change, address: key, values: before, ordinal: ordinal)
        }
        let after = change.after?.value(maxDepth: maxDepth) ?? .null
        if change.actions == ["delete"] || after.isNull {
            deleted += 1
            return
        }
        let unknown = change.unknown?.value(maxDepth: maxDepth) ?? .null
        give(change, address: key, values: Self.marking(after, unknown), ordinal: ordinal)
    }

    private func give(_ change: Change, address: String, values: Value, ordinal: Int) {
        let provider = providers.provider(of: change.type, name: change.name, module: change.module)
        let resource = TerraformResource(
            address: address, module: change.module, type: change.type, name: change.name, providerName: change.provider,
            providerRegion: provider?.region ?? session.plan.stated.region,
            providerAccount: provider?.account ?? session.plan.stated.account,
            inheritsRegion: !providers.setsRegion(of: change.type, name: change.name, module: change.module), index: change.index, values: values)
        session.give(resource.resource(ordinal: ordinal, pointer: change.pointer))
    }

    /// The values with a text at every place where `unknown` says `true`.
    static func marking(_ values: Value, _ unknown: Value) -> Value {
        switch unknown {
        case .bool(true): return .string(TerraformResource.unknownText)
        case .map:
            guard values.isNull || values.members.count > 0 || values.keys != nil else { return values }
            let added = unknown.members.compactMap { entry -> (String, Value)? in
                let own = values.member(entry.name) ?? .null
                let marked = marking(own, entry.value)
                return marked == own ? nil : (entry.name, marked)
            }
            return added.isEmpty ? values : values.with(added)
        case .list(let list):
            guard !list.elements.isEmpty else { return values }
            let own = values.elements ?? []
            let count = max(own.count, list.elements.count)
            let marked = (0..<count).map { index in
                let value = index < own.count ? own[index] : .null
                return index < list.elements.count ? marking(value, list.elements[index]) : value
            }
            return marked.allSatisfy(\.isNull) && values.isNull ? values : .array(marked)
        default: return values
        }
    }
}
