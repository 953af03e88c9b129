import CEL
import Residency

/// AWS Config's configuration items: snapshots, history files, notifications, rule events and query output.
///
///     {"fileVersion": "1.0", "configSnapshotId": "...", "configurationItems": [{"resourceType": "AWS::S3::Bucket", ...}]}
///     {"configurationItem": {...}, "messageType": "ConfigurationItemChangeNotification"}
///     {"invokingEvent": "{\"configurationItem\": ...}"}
///     {"Results": ["{\"resourceId\": ...}"]}
enum AWSConfig: InputFormat {
    static let id = "aws-config"
    static let title = "AWS Config"

    /// Members of a document whose elements are items.
    static let lists = ["configurationItems", "baseConfigurationItems", "Results"]
    /// Members that hold an item, or the text of one, or one inside something else.
    static let envelopes = ["configurationItem", "invokingEvent", "detail", "Message", "message", "configurationItemSummary"]

    static func recognises(_ head: Head) -> Bool {
        head.candidates.contains { looksRight($0, head, depth: 0) }
    }

    private static func looksRight(_ object: Head.Object, _ head: Head, depth: Int) -> Bool {
        if isItem(object.has) || object.has("configurationItems") || object.has("baseConfigurationItems") { return true }
        if object.has("invokingEvent") || object.has("configurationItem") { return true }
        if let at = object.members["Results"], let element = head.firstElement(at: at), let text = head.text(at: element) {
            return text.contains("\"resourceType\"") || text.contains("\"resourceId\"") || object.has("QueryInfo")
        }
        guard depth < 2 else { return false }
        for name in ["detail", "Message"] {
            guard let at = object.members[name] else { continue }
            if let inner = head.object(at: at), looksRight(inner, head, depth: depth + 1) { return true }
            if let text = head.text(at: at), text.contains("\"configurationItem\"") { return true }
        }
        return false
    }

    static func isItem(_ has: (String) -> Bool) -> Bool {
        guard has("resourceType"), has("resourceId") || has("resourceName") || has("arn") || has("ARN") else { return false }
        let marks = ["configurationItemStatus", "configurationItemCaptureTime", "configurationStateId", "configuration", "awsRegion"]
        return marks.contains(where: has)
    }

    static func read(_ session: ReadSession) throws(ReadError) {
        let reading = AWSConfigReading(session)
        let trie = session.tries.trie(Projection(), lists: lists)
        let walk = RecordWalk(session, trie: trie) { (batch) throws(ReadError) in
            for row in 0..<batch.count { reading.take(batch, row) }
        }
        try walk.walk()
        reading.finish()
    }
}

/// The reading of one input of AWS Config.
private final class AWSConfigReading {
    private let session: ReadSession
    private let maxDepth: Int
    private var deleted = 0

    init(_ session: ReadSession) {
        self.session = session
        maxDepth = session.plan.limits.maxDepth
    }

    func take(_ batch: RecordBatch, _ row: Int) {
        let place = batch.pointer(row)
        let record = UnsafeBufferPointer(rebasing: batch.bytes[batch.record(row)])
        do {
            try take(try JSON.parse(record, maxDepth: maxDepth), place, byte: batch.byte(row), depth: 0)
        } catch {
            session.malformed(byte: batch.byte(row) + error.offset, place: place, error.message)
        }
    }

    /// Takes an item, or what an envelope holds.
    private func take(_ value: Value, _ place: String, byte: Int, depth: Int) throws(JSONError) {
        if case .string(let text) = value { return try take(try JSON.parse(text, maxDepth: maxDepth), place, byte: byte, depth: depth + 1) }
        if AWSConfig.isItem({ value.member($0) != nil }) { return item(value, place) }
        if depth < RecordWalk.maxEnvelopes {
            for name in AWSConfig.lists {
                guard let items = value.member(name)?.elements else { continue }
                for (index, item) in items.enumerated() { try take(item, "\(place)/\(name)/\(index)", byte: byte, depth: depth + 1) }
                return
            }
            for name in AWSConfig.envelopes {
                guard let inner = value.member(name), !inner.isNull else { continue }
                return try take(inner, "\(place)/\(name)", byte: byte, depth: depth + 1)
            }
        }
        // A notice that a delivery or a scheduled check is due is no item, and nothing is wrong with it.
        if let kind = value.text("messageType") {
            number(place)
            session.say(.note, byte: byte, "\(place) is a `\(kind)` and holds no configuration item")
            return
        }
        session.malformed(byte: byte, place: place, "a record without `resourceType` and `resourceId` is not a configuration item")
    }

    private func number(_ place: String) {
        session.outcome.pointers.append(ordinal: session.ordinal, place: place)
        session.ordinal += 1
        session.outcome.records += 1
    }

    private func item(_ value: Value, _ place: String) {
        let ordinal = session.ordinal
        number(place)
        if let status = value.text("configurationItemStatus"), AWSConfigReading.gone.contains(status) {
            deleted += 1
            return
        }
        session.give(ConfigurationItem.resource(value, ordinal: ordinal, pointer: place, maxDepth: maxDepth))
    }

    func finish() {
        if deleted > 0 { session.say(.note, "\(deleted) configuration items tell of resources that are deleted or not recorded") }
    }

    private static let gone: Set<String> = ["ResourceDeleted", "ResourceDeletedNotRecorded", "ResourceNotRecorded"]
}

/// How a configuration item becomes a resource.
enum ConfigurationItem {
    static func resource(_ item: Value, ordinal: Int, pointer: String, maxDepth: Int) -> Resource {
        let arn = item.text("ARN", "arn")
        let (name, resourceID) = (item.text("resourceName"), item.text("resourceId"))
        let id = arn ?? resourceID ?? name ?? ""
        let account = item.text("awsAccountId", "accountId") ?? AmazonName(arn)?.account ?? ""
        let region = item.text("awsRegion")
        let tagged = (item.member("tags") ?? .null).decodingText(maxDepth: maxDepth)
        let tags = tagged.tagTexts
        let type = item.text("resourceType") ?? ""
        var added: [(String, Value)] = []
        added.reserveCapacity(8)
        if let configuration = item.member("configuration") {
            added.append(("configuration", configuration.decodingText(maxDepth: maxDepth)))
        }
        if let supplement = item.member("supplementaryConfiguration") {
            let decoded = supplement.members.map { ($0.name, $0.value.decodingText(maxDepth: maxDepth)) }
            added.append(("supplementaryConfiguration", .object(decoded)))
        }
        added += [
            ("type", .string(type)), ("id", .string(id)), ("name", .string(name ?? resourceID ?? id)), ("region", .string(region ?? "")),
            ("account", .string(account)), ("tags", tagged.tagMap(tags)),
        ]
        return Resource(
            provider: "aws", type: type, id: id, aliases: aliases([arn, resourceID, name], besides: id), account: account,
            place: place(region, arn), tags: tags, attributes: item.with(added), ordinal: ordinal, pointer: pointer)
    }

    private static func place(_ region: String?, _ arn: String?) -> PlaceReference {
        switch region {
        case nil: AmazonName(arn)?.place ?? .unknown("the configuration item names no region")
        case "global", "Not Applicable": .region(provider: "aws", name: "global")
        case let region?: .region(provider: "aws", name: region)
        }
    }
}
