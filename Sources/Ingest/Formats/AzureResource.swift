import CEL
import Residency

/// Azure resources: Resource Graph (`az graph query`, REST, also its table form), `az resource list` and `show`, ARM's REST answers, what
/// `Export-AzResource` and like tools write.
///
///     {"data": [{"id": "/subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/a",
///                "type": "microsoft.storage/storageaccounts", "location": "westeurope", "properties": {...}}]}
///     {"value": [{"id": "/subscriptions/...", "type": "Microsoft.Storage/storageAccounts", "location": "West Europe"}]}
enum AzureResource: InputFormat {
    static let id = "azure-resources"
    static let title = "Azure Resource Graph or ARM resources"

    static let lists = ["data", "value", "Value", "interactions", "resources"]

    static func recognises(_ head: Head) -> Bool {
        guard let object = head.candidates.first else { return false }
        if isResource(object, head) { return true }
        if let at = object.members["interactions"], let element = head.firstElement(at: at), let exchange = head.object(at: element) {
            return exchange.has("request") && exchange.has("response")
        }
        for name in ["data", "value", "Value"] {
            guard let at = object.members[name] else { continue }
            if let element = head.firstElement(at: at), let inner = head.object(at: element), isResource(inner, head) { return true }
            // An answer without resources is known by what stands beside them.
            if name == "data", object.has("totalRecords") || object.has("total_records") || object.has("facets") { return true }
        }
        return false
    }

    private static func isResource(_ object: Head.Object, _ head: Head) -> Bool {
        for name in ["id", "Id", "ResourceId", "resourceId"] {
            guard let text = object.members[name].flatMap({ head.text(at: $0) })?.lowercased() else { continue }
            if text.hasPrefix("/subscriptions/") || text.hasPrefix("/providers/") { return !eventMarks.contains(where: object.has) }
        }
        // Policies and the like stand without an id; a type and properties tell them.
        let type = (object.members["type"] ?? object.members["Type"] ?? object.members["ResourceType"]).flatMap { head.text(at: $0) } ?? ""
        guard type.lowercased().hasPrefix("microsoft.") else { return false }
        return type.contains("/") ? object.has("properties") || object.has("Properties") : object.has("SubscriptionId")
    }

    /// What log records have besides an id.
    private static let eventMarks = ["operationName", "eventTimestamp", "time", "category", "TimeGenerated", "eventDataId"]

    static func read(_ session: ReadSession) throws(ReadError) {
        let reading = AzureResourceReading(session)
        try ValueWalk.walk(session, lists: lists) { reading.take($0, $1) }
        reading.finish()
    }
}

/// The reading of one input of resources.
private final class AzureResourceReading {
    private let session: ReadSession
    private var others = 0

    init(_ session: ReadSession) { self.session = session }

    func take(_ value: Value, _ place: RecordPlace) {
        if place.list == "interactions" { return exchange(value, place) }
        document(value, place.pointer, place.byte)
    }

    private func document(_ value: Value, _ pointer: String, _ byte: Int) {
        let base = pointer.insideRecord
        if let data = value.member("data"), let columns = data.member("columns")?.elements, let rows = data.member("rows")?.elements {
            return table(columns, rows, base + "/data/rows", byte)
        }
        resource(value, pointer, byte, parent: nil)
    }

    /// The rows of Resource Graph's table form.
    private func table(_ columns: [Value], _ rows: [Value], _ pointer: String, _ byte: Int) {
        let names = columns.map { $0.text("name") ?? "" }
        for (index, row) in rows.enumerated() {
            resource(.object(Array(zip(names, row.elements ?? []))), "\(pointer)/\(index)", byte, parent: nil)
        }
    }

    /// A request and its answer, as test recorders keep them.
    private func exchange(_ value: Value, _ place: RecordPlace) {
        let body = value.at("response/body/data") ?? value.at("response/body/string") ?? value.at("response/body") ?? .null
        let answer = body.decodingText(maxDepth: session.plan.limits.maxDepth)
        let pointer = place.pointer + "/response/body/data"
        if let elements = (answer.member("value") ?? answer.member("data"))?.elements {
            let name = answer.member("value") == nil ? "data" : "value"
            for (index, element) in elements.enumerated() { part(element, "\(pointer)/\(name)/\(index)", place.byte) }
            if elements.isEmpty { note(place.pointer) }
        } else {
            part(answer, pointer, place.byte)
        }
    }

    /// A value of an answer that may be something else than a resource.
    private func part(_ value: Value, _ pointer: String, _ byte: Int) {
        let shown = value.beginningSmallOnTop
        guard let id = Self.identity(shown), Self.type(shown, id, nil) != nil else { return note(pointer) }
        resource(value, pointer, byte, parent: nil)
    }

    private func note(_ pointer: String) {
        others += 1
        _ = session.number(pointer)
    }

    private static func identity(_ value: Value) -> String? {
        guard let id = value.text("id", "Id", "ResourceId", "resourceId"), id.hasPrefix("/") else { return nil }
        return id
    }

    /// Takes a resource and those inside it.
    private func resource(_ given: Value, _ pointer: String, _ byte: Int, parent: (type: String, id: String, place: PlaceReference)?) {
        guard given.keys != nil else { return session.malformed(byte: byte, place: pointer, "a record is not an object") }
        let value = given.beginningSmallOnTop
        let id = Self.identity(value) ?? ""
        guard let type = Self.type(value, id, parent?.type) else {
            return session.malformed(byte: byte, place: pointer, "a record without an `id` or a `type` is not a resource")
        }
        let name = value.text("name", "resourceName") ?? id.lastPart
        let place = self.place(value, parent?.place)
        let subscription = Self.part("subscriptions", id) ?? value.text("subscriptionId") ?? session.plan.stated.account ?? ""
        // What nothing names is called by its type and where it stands, lest all such be one.
        let called = name.isEmpty ? "\(type) at \(pointer)" : name
        let shown = id.isEmpty ? (parent.map { $0.id + "/" } ?? "") + called : id
        let item = InventoryItem(
            provider: "azure", type: type, id: shown, name: name, names: [id.lowercased(), value.text("fullyQualifiedDomainName")], account: subscription,
            place: place, tags: (value.member("tags") ?? .null).decodingText(maxDepth: session.plan.limits.maxDepth).tagTexts)
        // Settings that the record lacks stay absent: a vector that asks for them errs, and that is no pass.
        var shared: [(String, Value)] = [
            ("location", .string(place.regionName)),
            ("resourceGroup", .string(Self.part("resourcegroups", id) ?? value.text("resourceGroup", "resourceGroupName") ?? "")),
        ]
        if let properties = value.member("properties") {
            shared.append(("properties", properties.decodingText(maxDepth: session.plan.limits.maxDepth)))
        } else if let settings = Self.settings(value) {
            shared.append(("properties", settings))
        }
        if let sku = value.member("sku"), !sku.isNull { shared.append(("sku", sku.beginningSmallOnTop)) }
        let inner = value.member("resources")?.elements ?? []
        session.give(item, value.without("resources").with(shared), pointer: pointer)
        for (index, child) in inner.enumerated() where child.keys != nil {
            resource(child, "\(pointer)/resources/\(index)", byte, parent: (type, shown, place))
        }
    }

    /// What is not a setting of a resource but said of it.
    private static let said: Set<String> = [
        "id", "name", "type", "location", "tags", "sku", "kind", "zones", "resourceGroup", "identity", "managedBy", "plan", "etag", "systemData",
        "extendedLocation", "apiVersion", "provisioningState", "createdTime", "changedTime", "resources",
    ]

    /// The settings of a record as `az storage account list` and its like write it: what Resource Manager has in `properties` stands in the
    /// record itself. A query's columns are not taken for settings: what it left out would pass for what is not set.
    private static func settings(_ value: Value) -> Value? {
        guard value.member("resourceGroup") != nil, value.member("subscriptionId") == nil, value.member("tenantId") == nil else { return nil }
        let settings = value.members.filter { !said.contains($0.name) }
        return settings.count < 4 ? nil : .object(settings.map { ($0.name, $0.value) })
    }

    /// The type in small letters, as the record says it or as its id tells.
    private static func type(_ value: Value, _ id: String, _ parent: String?) -> String? {
        if let own = value.text("type", "resourceType").map({ $0.lowercased().filter { $0 != " " } }) {
            if own == "microsoft.subscription" { return "microsoft.resources/subscriptions" }
            return own.contains("/") || own.hasPrefix("microsoft.") ? own : parent.map { "\($0)/\(own)" } ?? own
        }
        let parts = id.split(separator: "/").map { $0.lowercased() }
        guard let at = parts.lastIndex(of: "providers"), at + 2 < parts.count else {
            guard parts.first == "subscriptions" else { return nil }
            if parts.count == 4, parts[2] == "resourcegroups" { return "microsoft.resources/subscriptions/resourcegroups" }
            return parts.count == 2 ? "microsoft.resources/subscriptions" : nil
        }
        let kinds = stride(from: at + 2, to: parts.count, by: 2).map { parts[$0] }
        return ([parts[at + 1]] + kinds).joined(separator: "/")
    }

    /// What follows a part of an id, whatever its letters: `/subscriptions/s/resourceGroups/g`.
    private static func part(_ kind: String, _ id: String) -> String? {
        let parts = id.split(separator: "/").map(String.init)
        guard let at = parts.firstIndex(where: { $0.lowercased() == kind }), at + 1 < parts.count else { return nil }
        return parts[at + 1]
    }

    /// A resource inside another has no place of its own: it is where its parent is.
    private func place(_ value: Value, _ parent: PlaceReference?) -> PlaceReference {
        if let location = value.text("location") { return .region(provider: "azure", name: AzureName.region(location)) }
        if let parent { return parent }
        return session.plan.stated.region.map { .region(provider: "azure", name: AzureName.region($0)) } ?? .unknown("the record names no location")
    }

    func finish() {
        if others > 0 { session.say(.note, "\(others) answers are no resources and are not judged") }
    }
}

enum AzureName {
    /// `westeurope`, also where it is written `West Europe`.
    static func region(_ text: String) -> String { text.lowercased().filter { $0 != " " } }
}

extension PlaceReference {
    /// The region's name; empty for any other place.
    var regionName: String { if case .region(_, let name) = self { name } else { "" } }
}

extension Value {
    /// The map with the names of its own members beginning small.
    var beginningSmallOnTop: Value {
        guard members.contains(where: { $0.name.first?.isUppercase == true }) else { return self }
        var seen: Set<String> = []
        return .object(
            members.compactMap { entry in
                let name = entry.name.prefix(1).lowercased() + entry.name.dropFirst()
                return seen.insert(name).inserted ? (name, entry.value) : nil
            })
    }

    /// The map without a member.
    func without(_ name: String) -> Value {
        guard member(name) != nil else { return self }
        return .object(members.filter { $0.name != name }.map { ($0.name, $0.value) })
    }
}
