import CEL
import Residency

/// Azure Resource Manager templates (JSON; `bicep build` makes one of a Bicep file), with templates inside them.
///
///     {"$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#", "contentVersion": "1.0.0.0",
///      "resources": [{"type": "Microsoft.Storage/storageAccounts", "location": "[resourceGroup().location]", ...}]}
enum AzureTemplate: InputFormat {
    static let id = "azure-template"
    static let title = "Azure Resource Manager template"

    static func recognises(_ head: Head) -> Bool {
        guard let object = head.candidates.first else { return false }
        if let schema = object.members["$schema"].flatMap({ head.text(at: $0) })?.lowercased(), schema.contains("deploymenttemplate.json") { return true }
        return object.has("contentVersion") && object.has("resources")
    }

    static func read(_ session: ReadSession) throws(ReadError) {
        guard try session.readTree(), let document = try session.document() else { return }
        let reading = AzureTemplateReading(session)
        reading.template(document.value(maxDepth: session.plan.limits.maxDepth), "", outer: nil, given: .null, depth: 0)
        reading.finish()
    }
}

/// The reading of one template and of those inside it.
private final class AzureTemplateReading {
    private let session: ReadSession
    private let budget = TemplateBudget()
    /// Templates that stand elsewhere.
    private var linked = 0

    init(_ session: ReadSession) { self.session = session }

    private static let maxTemplates = 8

    /// - Parameter outer: whose parameters and variables the template's expressions mean before its own.
    func template(_ template: Value, _ pointer: String, outer: ResourceManagerExpressions?, given: Value, depth: Int) {
        let expressions = outer.map { own(template, given).inside($0) } ?? own(template, given)
        let resources = template.member("resources") ?? .null
        // With symbolic names the resources are a map.
        let list = resources.elements.map { $0.enumerated().map { ("\($0.offset)", $0.element) } } ?? resources.members.map { ($0.name, $0.value) }
        for (key, resource) in list { each(resource, key, expressions, "\(pointer)/resources/\(key)", parent: nil, depth: depth) }
    }

    /// A template's own parameters, at what it is given or at their defaults.
    private func own(_ template: Value, _ given: Value) -> ResourceManagerExpressions {
        var parameters = template.member("parameters") ?? .object([])
        for value in given.members {
            guard let own = parameters.member(value.name) else { continue }
            parameters = parameters.with([(value.name, own.with(value.value.member("value").map { [("value", $0)] } ?? []))])
        }
        return ResourceManagerExpressions(
            parameters: parameters, variables: template.member("variables") ?? .object([]), region: session.plan.stated.region,
            subscription: session.plan.stated.account, budget: budget)
    }

    private typealias Parent = (type: String, name: String, place: PlaceReference)

    /// Takes a resource as often as its `copy` says; once where that is not known.
    private func each(
        _ resource: Value, _ key: String, _ expressions: ResourceManagerExpressions, _ pointer: String, parent: Parent?, depth: Int
    ) {
        guard let copy = resource.member("copy"), let count = expressions.count(copy) else {
            return take(resource, key, expressions, pointer, parent: parent, depth: depth)
        }
        for index in 0..<count {
            let inLoop = expressions.inLoop(copy.text("name") ?? "", at: index, ofResources: true)
            take(resource, "\(key)-\(index)", inLoop, pointer, parent: parent, depth: depth)
        }
    }

    private func take(
        _ resource: Value, _ key: String, _ expressions: ResourceManagerExpressions, _ pointer: String, parent: Parent?, depth: Int
    ) {
        guard let given = resource.text("type") else {
            return session.malformed(byte: 0, place: pointer, "\(pointer) has no `type`")
        }
        let type = parent.map { given.contains("/") && given.lowercased().hasPrefix("microsoft.") ? given : "\($0.type)/\(given)" } ?? given
        if resource.member("existing")?.boolValue == true {
            _ = session.number(pointer)
            return
        }
        if type.lowercased() == "microsoft.resources/deployments" {
            if let inner = resource.at("properties/template"), depth < Self.maxTemplates {
                _ = session.number(pointer)
                // Expressions of a template inside mean what they mean outside, unless it says otherwise.
                let isInner = resource.at("properties/expressionEvaluationOptions/scope")?.stringValue?.lowercased() == "inner"
                let values = expressions.resolve(resource.at("properties/parameters") ?? .null)
                return template(
                    inner, pointer + "/properties/template", outer: isInner ? nil : expressions, given: values, depth: depth + 1)
            }
            linked += 1
        }
        let resolved = expressions.resolve(resource.without("resources").without("copy"))
        let name = resolved.text("name") ?? key
        let place = place(resolved, parent?.place)
        let full = parent.map { name.contains("/") ? name : "\($0.name)/\(name)" } ?? name
        let known = name.hasPrefix("unknown:") ? key : full
        let item = InventoryItem(
            provider: "azure", type: type.lowercased(), id: "\(type.lowercased())/\(known)", name: known, names: [known.lastPart, key],
            account: session.plan.stated.account ?? "", place: place, tags: (resolved.member("tags") ?? .null).tagTexts)
        // A template says all that is set: what it leaves out is not set.
        let properties = resolved.member("properties") ?? .object([])
        session.give(item, resolved.with([("location", .string(place.regionName)), ("properties", properties)]), pointer: pointer)
        for (index, child) in (resource.member("resources")?.elements ?? []).enumerated() {
            each(child, "\(key)-\(index)", expressions, "\(pointer)/resources/\(index)", parent: (type, known, place), depth: depth)
        }
    }

    private func place(_ resource: Value, _ parent: PlaceReference?) -> PlaceReference {
        guard let location = resource.text("location") else { return parent ?? .unknown("the template names no location") }
        if location.hasPrefix("unknown:") { return PlaceReference(text: location) }
        return .region(provider: "azure", name: AzureName.region(location))
    }

    func finish() {
        guard linked > 0 else { return }
        session.say(
            .warning, "\(linked) templates are linked and not in this file: what they make is not known",
            hint: "give those templates too, or what exists after the deployment (`az graph query`)")
    }
}
