import CEL
import Residency

/// Google Cloud Asset Inventory: exports (NDJSON or a list), `gcloud asset list`, `search-all-resources`, rows of BigQuery, feeds.
///
///     {"name": "//storage.googleapis.com/orders", "assetType": "storage.googleapis.com/Bucket",
///      "resource": {"location": "EU", "parent": "//cloudresourcemanager.googleapis.com/projects/1", "data": {...}},
///      "ancestors": ["projects/1", "organizations/2"]}
enum CloudAsset: InputFormat {
    static let id = "gcp-asset"
    static let title = "Google Cloud Asset Inventory"

    static let lists = ["assets", "results", "readTimeAssets"]

    static func recognises(_ head: Head) -> Bool {
        guard let object = head.candidates.first else { return false }
        if isAsset(object) { return true }
        for name in ["asset", "priorAsset"] + lists {
            guard let at = object.members[name] else { continue }
            if let inner = head.object(at: at) ?? head.firstElement(at: at).flatMap({ head.object(at: $0) }), isAsset(inner) { return true }
        }
        return false
    }

    private static func isAsset(_ object: Head.Object) -> Bool {
        (object.has("assetType") || object.has("asset_type")) && (object.has("name") || object.has("resource"))
    }

    static func read(_ session: ReadSession) throws(ReadError) {
        let reading = CloudAssetReading(session)
        try ValueWalk.walk(session, lists: lists) { reading.take($0, $1.pointer, $1.byte) }
        reading.finish()
    }
}

/// The reading of one input of assets.
final class CloudAssetReading {
    private let session: ReadSession
    private let maxDepth: Int
    private var others = 0
    private var deleted = 0

    init(_ session: ReadSession) {
        self.session = session
        maxDepth = session.plan.limits.maxDepth
    }

    func take(_ value: Value, _ pointer: String, _ byte: Int) {
        if let asset = value.member("asset") ?? value.member("priorAsset"), value.member("name") == nil {
            if value.member("deleted")?.boolValue == true {
                deleted += 1
                _ = session.number(pointer)
                return
            }
            return take(asset, pointer + "/asset", byte)
        }
        guard let type = value.text("assetType", "asset_type"), let name = value.text("name") else {
            return session.malformed(byte: byte, place: pointer, "a record without `name` and `assetType` is not an asset")
        }
        let isSearch = value.member("resource") == nil && (value.member("location") != nil || value.member("displayName") != nil)
        guard value.member("resource") != nil || isSearch || value.member("orgPolicy") != nil else {
            others += 1
            _ = session.number(pointer)
            return
        }
        // BigQuery keeps the data as a text.
        var resource = value.member("resource") ?? .object([])
        if resource.stringValue != nil { resource = resource.decodingText(maxDepth: maxDepth) }
        var data = (resource.member("data") ?? .object([])).decodingText(maxDepth: maxDepth)
        if isSearch { data = value.member("additionalAttributes") ?? .object([]) }
        let location = location(resource, data, value, name)
        let project = project(value, name, data)
        let labels = labels(data, value)
        let place = location.map { PlaceReference.region(provider: "gcp", name: $0) } ?? .unknown("the asset names no location")
        let bare = String(name.drop { $0 == "/" })
        let own = name.split(separator: "/").last.map(String.init) ?? name
        let item = InventoryItem(
            provider: "gcp", type: type, id: name, name: value.text("displayName") ?? data.text("name")?.lastPart ?? own,
            names: [own, bare, data.text("name"), data.text("selfLink"), data.text("id"), data.text("displayName")], account: project, place: place,
            tags: labels)
        let shown = resource.with([("location", .string(location ?? "")), ("data", data)])
        session.give(item, value.with([("resource", shown), ("assetType", .string(type))]), pointer: pointer)
    }

    private func location(_ resource: Value, _ data: Value, _ asset: Value, _ name: String) -> String? {
        if let own = resource.text("location") ?? asset.text("location") { return own.lastPart }
        if let own = data.text("location", "locationId", "region", "zone") { return own.lastPart }
        return GoogleName.location(in: name) ?? session.plan.stated.region
    }

    /// The project, by its id where the name has it, else by its number.
    private func project(_ asset: Value, _ name: String, _ data: Value) -> String {
        if let project = GoogleName.project(in: name) { return project }
        if let project = asset.text("project").map(\.lastPart) { return project }
        for ancestor in asset.member("ancestors")?.elements ?? [] {
            if let text = ancestor.stringValue, text.hasPrefix("projects/") { return text.lastPart }
        }
        if let path = asset.text("ancestry_path", "ancestryPath"), let project = GoogleName.part(after: ["project", "projects"], in: path) { return project }
        if let parent = asset.member("resource")?.text("parent"), let project = GoogleName.project(in: parent) { return project }
        return data.text("projectId") ?? session.plan.stated.account ?? ""
    }

    private func labels(_ data: Value, _ asset: Value) -> [String: String] {
        for labels in [data.member("labels"), data.member("resourceLabels"), data.at("settings/userLabels"), asset.member("labels")] {
            if let tags = labels?.tagTexts, !tags.isEmpty { return tags }
        }
        return [:]
    }

    func finish() {
        if others > 0 { session.say(.note, "\(others) assets hold policies or relations, not resources, and are not judged") }
        if deleted > 0 { session.say(.note, "\(deleted) assets tell of resources that are deleted") }
    }
}

/// The names of Google Cloud: `//compute.googleapis.com/projects/p/zones/europe-west3-a/instances/i`.
enum GoogleName {
    static func part(after kinds: Set<String>, in name: String) -> String? {
        let parts = name.split(separator: "/").map(String.init)
        for (kind, value) in zip(parts, parts.dropFirst()) where kinds.contains(kind) && value != "-" { return value }
        return nil
    }

    static func project(in name: String) -> String? { part(after: ["projects"], in: name) }

    /// A location, region or zone that the name tells; `global` where it says so.
    static func location(in name: String) -> String? {
        if let found = part(after: ["locations", "zones", "regions"], in: name) { return found }
        return name.split(separator: "/").contains("global") ? "global" : nil
    }
}

extension String {
    /// What follows the last slash.
    var lastPart: String { split(separator: "/").last.map(String.init) ?? self }
}
