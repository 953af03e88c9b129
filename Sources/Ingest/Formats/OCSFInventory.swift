import CEL
import Residency

/// Inventories in OCSF, category Discovery: cloud resources (class 5023) and devices (5001).
///
///     {"class_uid": 5023, "cloud": {"provider": "AWS", "region": "eu-west-1", "account": {"uid": "111122223333"}},
///      "resources": [{"uid": "arn:aws:s3:::orders", "type": "AWS::S3::Bucket"}]}
enum OCSFInventory: InputFormat {
    static let id = "ocsf-inventory"
    static let title = "OCSF inventory"

    private static let classes: Set<String> = ["5001", "5023"]

    static func recognises(_ head: Head) -> Bool {
        head.candidates.contains { object in
            guard let at = object.members["class_uid"] else { return false }
            let digits = head.bytes[at...].prefix { 48...57 ~= $0 }
            return classes.contains(String(decoding: digits, as: UTF8.self))
        }
    }

    static func read(_ session: ReadSession) throws(ReadError) {
        let reading = OCSFInventoryReading(session: session)
        try ValueWalk.walk(session, lists: ["events"]) { reading.take($0, $1) }
    }
}

/// The reading of one input of inventory events.
private struct OCSFInventoryReading {
    let session: ReadSession

    /// Members of an event that are a resource, or several, with the activity that holds if the provider has no type of its own for it.
    private static let kinds = [
        ("resources", "stored"), ("databucket", "stored"), ("database", "stored"), ("table", "stored"), ("container", "processed"),
        ("idp", "processed"), ("device", "processed"),
    ]

    func take(_ event: Value, _ place: RecordPlace) {
        guard event.member("class_uid") != nil else {
            return session.malformed(byte: place.byte, place: place.pointer, "a record without `class_uid` is not an OCSF event")
        }
        let base = place.pointer.insideRecord
        var found = false
        for (name, activity) in Self.kinds {
            guard let value = event.member(name), !value.isNull else { continue }
            found = true
            if let elements = value.elements {
                for (index, element) in elements.enumerated() { give(element, name, activity, event, "\(base)/\(name)/\(index)", place) }
            } else {
                give(value, name, activity, event, "\(base)/\(name)", place)
            }
        }
        if !found { _ = session.number(place.pointer) }
    }

    private func give(_ value: Value, _ name: String, _ activity: String, _ event: Value, _ pointer: String, _ place: RecordPlace) {
        guard let uid = value.text("uid", "instance_uid", "name", "hostname") else {
            return session.malformed(byte: place.byte, place: pointer, "`\(name)` has neither `uid` nor `name`")
        }
        let cloud = event.member("cloud") ?? .null
        let provider = Self.provider(value.text("provider") ?? cloud.text("provider") ?? "")
        let arn = AmazonName(uid)
        let region = value.text("region") ?? arn.flatMap { $0.region.isEmpty ? nil : $0.region } ?? event.text("region") ?? cloud.text("region")
        let country = value.at("location/country")?.stringValue
        let spot: PlaceReference =
            if let region, let provider { .region(provider: provider, name: region) }
            else if let country { .country(country) }
            else if let provider, let region = session.plan.stated.region { .region(provider: provider, name: region) }
            else { .unknown("the event names no region") }
        let type = value.text("type").flatMap { $0.contains("::") || $0.contains("/") ? $0 : nil } ?? arn.map { AmazonAnswers.builtin.type(of: $0) }
            ?? Self.bucketTypes[provider ?? ""].flatMap { name == "databucket" ? $0 : nil }
        let item = InventoryItem(
            provider: type == nil ? "own" : provider ?? "own", type: type ?? activity, id: uid, name: value.text("name", "hostname") ?? uid,
            names: [arn?.name, value.text("uid_alt")], account: value.at("owner/account/uid")?.stringValue ?? cloud.at("account/uid")?.stringValue ?? session.plan.stated.account ?? "",
            place: spot, tags: Self.tags(value))
        let ordinal = session.number(pointer)
        session.give(
            item.resource(.object([("values", value), ("configuration", value.member("data") ?? .object([])), ("place", .string(spot.text))]), ordinal: ordinal, pointer: pointer))
    }

    private static let bucketTypes = ["aws": "AWS::S3::Bucket", "gcp": "storage.googleapis.com/Bucket", "azure": "microsoft.storage/storageaccounts"]

    private static func provider(_ name: String) -> String? {
        switch name.lowercased() {
        case "aws", "amazon", "amazon web services": "aws"
        case "gcp", "google", "google cloud", "google cloud platform": "gcp"
        case "azure", "microsoft azure", "microsoft": "azure"
        case "": nil
        default: name.lowercased()
        }
    }

    /// Labels are texts `name:value` or `name=value`; tags are pairs.
    private static func tags(_ value: Value) -> [String: String] {
        var tags = (value.member("tags") ?? .null).tagTexts
        for pair in value.member("tags")?.elements ?? [] { if let name = pair.text("name") { tags[name] = pair.text("value") ?? "" } }
        for label in value.member("labels")?.elements ?? [] {
            let parts = (label.stringValue ?? "").split(maxSplits: 1, whereSeparator: { $0 == ":" || $0 == "=" }).map(String.init)
            if parts.count == 2 { tags[parts[0]] = parts[1] }
        }
        return tags
    }
}
