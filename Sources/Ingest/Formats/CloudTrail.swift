import Residency

/// AWS CloudTrail events, in every envelope they come in.
///
///     {"Records": [{"eventVersion": "1.08", "eventSource": "s3.amazonaws.com", "eventName": "GetObject", ...}]}
///     {"detail-type": "AWS API Call via CloudTrail", "detail": {"eventVersion": ...}}
///     {"EventId": "...", "CloudTrailEvent": "{\"eventVersion\": ...}"}
enum CloudTrail: InputFormat {
    static let id = "aws-cloudtrail"
    static let title = "AWS CloudTrail"

    static let layout = EventLayout(
        format: id, provider: "aws", service: ["eventSource"], action: ["eventName"], time: ["eventTime"],
        account: ["recipientAccountId"], region: ["awsRegion"], error: ["errorCode"], serviceSuffix: ".amazonaws.com")

    /// Members of a document whose elements are events or envelopes.
    static let lists = ["Records", "Events"]
    /// Members that hold an event, or a list or document of events.
    static let objectEnvelopes = [
        "detail", "data", "_source", "aws", "cloudtrail", "event", "Records", "Events", "hits", "eventData", "result", "results",
    ]
    /// Members that hold the text of one.
    static let textEnvelopes = [
        "CloudTrailEvent", "_raw", "message", "Message", "original", "body", "eventData", "detail", "@message", "eventJson", "eventjson",
    ]

    static func recognises(_ head: Head) -> Bool {
        head.candidates.contains { looksRight($0, head, depth: 0) }
    }

    private static func looksRight(_ object: Head.Object, _ head: Head, depth: Int, isInList: Bool = false) -> Bool {
        let marks = ["eventVersion", "eventSource", "eventName", "eventTime", "awsRegion", "eventID", "userIdentity", "eventCategory"]
        let needed = isInList ? 1 : 4
        if marks.count(where: object.has) >= needed { return !isBucketNotification(object, head) }
        if object.has("eventName"), object.members["eventSource"].flatMap({ head.text(at: $0) })?.hasSuffix(".amazonaws.com") ?? false { return true }
        guard depth < RecordWalk.maxEnvelopes else { return false }
        for name in objectEnvelopes {
            guard let at = object.members[name] else { continue }
            if let inner = head.object(at: at), looksRight(inner, head, depth: depth + 1) { return true }
            if let element = head.firstElement(at: at), let inner = head.object(at: element),
                looksRight(inner, head, depth: depth + 1, isInList: name == "Records")
            {
                return true
            }
            if name == "Records", object.members.count == 1, head.first(at) == UInt8(ascii: "["), head.firstElement(at: at) == nil {
                return true
            }
        }
        return textEnvelopes.contains { name in
            guard let at = object.members[name], let text = head.text(at: at) else { return false }
            return text.contains("\"eventVersion\"") || text.contains("\"awsRegion\"")
        }
    }

    /// S3's notifications use the same names for something else.
    private static func isBucketNotification(_ object: Head.Object, _ head: Head) -> Bool {
        object.members["eventSource"].flatMap { head.text(at: $0) }?.hasPrefix("aws:") ?? false
    }

    static let shape = LogShape(
        kinds: [LogShape.Kind(layout, marks: [layout.action, layout.service]), EventBridge.kind], lists: lists, objectEnvelopes: objectEnvelopes,
        textEnvelopes: textEnvelopes, derived: [EventBridge.derived], asideMarks: ["insightDetails"],
        asideNote: "CloudTrail Insights tell of rates of calls, not of calls, and are not judged",
        complaint: "a record without `eventSource` and `eventName` is not a CloudTrail event")

    static func read(_ session: ReadSession) throws(ReadError) { try LogReading(session, shape).run() }
}
