import CEL
import Residency

/// Resources as Google Cloud's APIs answer and `gcloud ... list --format=json` prints them; also answers as test recorders keep them.
///
///     [{"kind": "compute#instance", "name": "i", "selfLink": "https://www.googleapis.com/compute/v1/projects/p/zones/europe-west3-a/instances/i"}]
///     {"kind": "storage#buckets", "items": [{"kind": "storage#bucket", "name": "orders", "location": "EU"}]}
///     {"keyRings": [{"name": "projects/p/locations/europe-west1/keyRings/k"}]}
///
/// They become what Cloud Asset Inventory makes of them, so that the same vectors read both.
enum GoogleResource: InputFormat {
    static let id = "gcp-resources"
    static let title = "answers of Google Cloud's APIs (gcloud)"

    static func recognises(_ head: Head) -> Bool {
        guard let object = head.candidates.first else { return false }
        if object.members.count == 2, object.has("body"), let at = object.members["headers"], let headers = head.object(at: at) {
            return headers.has("content-type") || headers.has("content-location") || headers.has("server")
        }
        if isResource(object, head) { return true }
        return object.members.values.contains { at in
            head.firstElement(at: at).flatMap { head.object(at: $0) }.map { isResource($0, head) } ?? false
        }
    }

    private static func isResource(_ object: Head.Object, _ head: Head) -> Bool {
        func text(_ name: String) -> String { object.members[name].flatMap { head.text(at: $0) } ?? "" }
        let kind = text("kind").split(separator: "#")
        if kind.count == 2, GoogleTypes.builtin.services[String(kind[0])] != nil { return true }
        if object.has("location"), text("storage_url").hasPrefix("gs://") { return true }
        if object.has("destination"), object.has("writerIdentity") { return true }
        let name = text("name")
        guard name.hasPrefix("projects/") || text("selfLink").contains("googleapis.com/") else { return false }
        return !object.has("insertId") && !object.has("logName") && !object.has("protoPayload")
    }

    static func read(_ session: ReadSession) throws(ReadError) {
        let reading = GoogleResourceReading(session)
        try ValueWalk.walk(session, lists: ["items"]) { reading.take($0, $1) }
        reading.finish()
    }
}

/// Which asset type a resource is: the table in `Tables/gcp-collections.yaml`.
struct GoogleTypes: Sendable {
    let services: [String: String]
    private let rows: [(name: String, with: String?, type: String)]

    static let builtin: GoogleTypes = {
        do {
            return try GoogleTypes(yaml: String(decoding: PackageResources.gcp_collections_yaml, as: UTF8.self))
        } catch {
            preconditionFailure("gcp-collections.yaml: \(error)")
        }
    }()

    init(yaml: String) throws(YAMLText.Fault) {
        var budget = YAMLText.maxValues
        guard let node = try YAMLText.documents(yaml).first else { throw YAMLText.Fault(message: "is empty") }
        let table = try YAMLText.value(node, &budget)
        services = Dictionary(uniqueKeysWithValues: (table.member("services")?.members ?? []).map { ($0.name, $0.value.stringValue ?? "") })
        rows = (table.member("collections")?.elements ?? []).map { ($0.text("name") ?? "", $0.text("with"), $0.text("type") ?? "") }
    }

    /// The type of a resource: by its kind, else by the collection in its link or name.
    func type(of value: Value) -> String? {
        let kind = (value.text("kind") ?? "").split(separator: "#").map(String.init)
        if kind.count == 2, let service = services[kind[0]] { return "\(service)/\(kind[1].prefix(1).uppercased())\(kind[1].dropFirst())" }
        if value.isStorageListing { return "storage.googleapis.com/Bucket" }
        if value.isSink { return "logging.googleapis.com/LogSink" }
        let parts = (value.text("selfLink") ?? value.text("name") ?? "").split(separator: "/").map(String.init)
        guard parts.count >= 2 else { return nil }
        let collection = parts[parts.count - 2]
        // `https://container.googleapis.com/v1/projects/...`: the host is the service.
        if parts.count > 2, parts[0] == "https:", let row = rows.first(where: { $0.name == collection && $0.type.hasPrefix(parts[1] + "/") }) {
            return row.type
        }
        return rows.first { $0.name == collection && ($0.with == nil || value.member($0.with ?? "") != nil) }?.type
    }
}

/// The reading of one input of answers.
private final class GoogleResourceReading {
    private let session: ReadSession
    private let assets: CloudAssetReading
    private var others = 0

    init(_ session: ReadSession) {
        self.session = session
        assets = CloudAssetReading(session)
    }

    func take(_ value: Value, _ place: RecordPlace) {
        guard value.keys != nil else { return session.malformed(byte: place.byte, place: place.pointer, "a record is not an object") }
        if value.member("headers") != nil, let body = value.member("body") {
            return answer(body, place.pointer.insideRecord + "/body", place)
        }
        answer(value, place.pointer, place)
    }

    /// Takes a resource, or an answer that lists some: below a member, or by zones and regions in `items`.
    private func answer(_ value: Value, _ pointer: String, _ place: RecordPlace) {
        if Self.isResource(value) { return resource(value, pointer, place) }
        let base = pointer.insideRecord
        let before = session.ordinal
        for member in value.members {
            if let elements = member.value.elements {
                for (index, element) in elements.enumerated() where Self.isResource(element) {
                    resource(element, "\(base)/\(member.name)/\(index)", place)
                }
            } else if member.name == "items" {
                for scope in member.value.members {
                    for list in scope.value.members {
                        for (index, element) in (list.value.elements ?? []).enumerated() where Self.isResource(element) {
                            resource(element, "\(base)/items/\(scope.name.replacing("/", with: "~1"))/\(list.name)/\(index)", place)
                        }
                    }
                }
            }
        }
        if session.ordinal == before { note(pointer) }
    }

    private static func isResource(_ value: Value) -> Bool {
        guard value.keys != nil, value.member("items") == nil else { return false }
        if let kind = value.text("kind"), kind.contains("#") {
            return !kind.hasSuffix("List") && !kind.hasSuffix("Response") && kind != "storage#policy" && value.text("name", "id") != nil
        }
        return value.text("name")?.hasPrefix("projects/") == true || value.text("selfLink")?.contains("googleapis.com/") == true
            || value.isStorageListing || value.isSink
    }

    private func resource(_ given: Value, _ pointer: String, _ place: RecordPlace) {
        guard let type = GoogleTypes.builtin.type(of: given) else { return note(pointer) }
        let value = given.isStorageListing ? given.asBucket : given
        let service = type.prefix { $0 != "/" }
        let name: String
        if let link = value.text("selfLink"), let start = link.firstRange(of: "projects/") {
            name = "//\(service)/\(link[start.lowerBound...])"
        } else if let own = value.text("name"), own.hasPrefix("projects/") {
            name = "//\(service)/\(own)"
        } else if let own = value.text("name", "id") {
            name = "//\(service)/\(own)"
        } else {
            return note(pointer)
        }
        let project = value.text("projectNumber", "projectId", "project")
        let asset: [(String, Value)] = [
            ("name", .string(name)), ("assetType", .string(type)), ("resource", .object([("data", value)])),
            ("ancestors", .array(project.map { [.string("projects/" + $0)] } ?? [])),
        ]
        assets.take(.object(asset), pointer, place.byte)
    }

    private func note(_ pointer: String) {
        others += 1
        _ = session.number(pointer)
    }

    func finish() {
        if others > 0 { session.say(.note, "\(others) answers are no resources of a type that is known, and are not judged") }
    }
}

extension Value {
    /// A bucket as `gcloud storage buckets list` prints it, by names of its own.
    fileprivate var isStorageListing: Bool { text("storage_url")?.hasPrefix("gs://") == true && text("location") != nil }

    /// A sink as `gcloud logging sinks list` prints it: its name stands alone.
    fileprivate var isSink: Bool { text("destination") != nil && text("writerIdentity") != nil }

    /// The bucket by the names of the API.
    fileprivate var asBucket: Value {
        let names = [
            "location_type": "locationType", "custom_placement_config": "customPlacementConfig", "logging_config": "logging",
            "default_storage_class": "storageClass",
        ]
        let key: [(String, Value)] = text("default_kms_key").map { [("encryption", .object([("defaultKmsKeyName", .string($0))]))] } ?? []
        return .object(members.map { (names[$0.name] ?? $0.name, $0.value) } + key)
    }
}
