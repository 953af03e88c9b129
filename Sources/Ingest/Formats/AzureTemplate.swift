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
        template(document.value(maxDepth: session.plan.limits.maxDepth), session, "", given: .null, depth: 0)
    }

    private static let maxTemplates = 8

    private static func template(_ template: Value, _ session: ReadSession, _ pointer: String, given: Value, depth: Int) {
        var parameters = template.member("parameters") ?? .object([])
        for value in given.members {
            guard let own = parameters.member(value.name) else { continue }
            parameters = parameters.with([(value.name, own.with(value.value.member("value").map { [("value", $0)] } ?? []))])
        }
        let expressions = ResourceManagerExpressions(
            parameters: parameters, variables: template.member("variables") ?? .object([]), region: session.plan.stated.region,
            subscription: session.plan.stated.account)
        let resources = template.member("resources") ?? .null
        // With symbolic names the resources are a map.
        let list = resources.elements.map { $0.enumerated().map { ("\($0.offset)", $0.element) } } ?? resources.members.map { ($0.name, $0.value) }
        for (key, resource) in list {
            take(resource, key, expressions, session, "\(pointer)/resources/\(key)", parent: nil, depth: depth)
        }
    }

    private static func take(
        _ resource: Value, _ key: String, _ expressions: ResourceManagerExpressions, _ session: ReadSession, _ pointer: String,
        parent: (type: String, name: String, place: PlaceReference)?, depth: Int
    ) {
        guard let given = resource.text("type") else {
            return session.malformed(byte: 0, place: pointer, "\(pointer) has no `type`")
        }
        let type = parent.map { given.contains("/") && given.lowercased().hasPrefix("microsoft.") ? given : "\($0.type)/\(given)" } ?? given
        if resource.member("existing")?.boolValue == true {
            _ = session.number(pointer)
            return
        }
        if type.lowercased() == "microsoft.resources/deployments", let inner = resource.at("properties/template"), depth < maxTemplates {
            _ = session.number(pointer)
            let values = expressions.resolve(resource.at("properties/parameters") ?? .null)
            return template(inner, session, pointer + "/properties/template", given: values, depth: depth + 1)
        }
        let resolved = expressions.resolve(resource.without("resources"))
        let name = resolved.text("name") ?? key
        let place = place(resolved, parent?.place)
        let full = parent.map { name.contains("/") ? name : "\($0.name)/\(name)" } ?? name
        let known = name.hasPrefix("unknown:") ? key : full
        let item = InventoryItem(
            provider: "azure", type: type.lowercased(), id: "\(type.lowercased())/\(known)", name: known, names: [known.lastPart, key],
            account: session.plan.stated.account ?? "", place: place, tags: (resolved.member("tags") ?? .null).tagTexts)
        session.give(item, resolved.with([("location", .string(place.regionName))]), pointer: pointer)
        for (index, child) in (resource.member("resources")?.elements ?? []).enumerated() {
            take(
                child, "\(key)-\(index)", expressions, session, "\(pointer)/resources/\(index)", parent: (type, known, place), depth: depth)
        }
    }

    private static func place(_ resource: Value, _ parent: PlaceReference?) -> PlaceReference {
        guard let location = resource.text("location") else { return parent ?? .unknown("the template names no location") }
        if location.hasPrefix("unknown:") { return PlaceReference(text: location) }
        return .region(provider: "azure", name: AzureName.region(location))
    }
}
