import Residency

/// Events in the Open Cybersecurity Schema Framework, as Amazon Security Lake and others write them: API Activity (6003), Network
/// Activity (4001), Authentication (3002) and their like. Findings and inventories are counted and not judged.
///
///     {"class_uid": 6003, "time": 1732190000000, "cloud": {"provider": "AWS", "region": "eu-west-1", "account": {"uid": "111122223333"}},
///      "api": {"operation": "GetObject", "service": {"name": "s3.amazonaws.com"}}, "src_endpoint": {"ip": "192.0.2.7"}, "status": "Success"}
enum OCSFEvents: InputFormat {
    static let id = "ocsf"
    static let title = "OCSF events"

    static let layout = EventLayout(
        format: id, provider: "ocsf", service: [], action: ["class_uid"], time: ["time"], account: ["cloud", "account", "uid"],
        region: ["cloud", "region"], error: ["failed"], serviceWord: "ocsf")

    /// The classes that tell of something that happened to data: of the categories of identity, network and application.
    static let classes: Set<String> = [
        "3002", "3003", "3005", "4001", "4002", "4003", "4006", "4007", "6001", "6003", "6004", "6005", "6006",
    ]

    static let shape = LogShape(
        kinds: [LogShape.Kind(layout, marks: [["class_uid"], ["time"]], choice: (["class_uid"], classes))],
        lists: ["Records", "events"], objectEnvelopes: ["_source", "events", "data"], textEnvelopes: ["_raw", "message"],
        derived: [LogShape.Derived(path: ["failed"], sources: [["status_id"]], leavingOut: ["0", "1", "99"])],
        asideMarks: ["class_uid"], asideNote: "findings, inventory entries and other records of OCSF are not judged",
        complaint: "a record without `class_uid` is not of OCSF")

    static func recognises(_ head: Head) -> Bool {
        shape.isShown(by: head) { $0.has("class_uid") && ($0.has("category_uid") || $0.has("metadata") || $0.has("activity_id")) }
    }

    static func read(_ session: ReadSession) throws(ReadError) { try LogReading(session, shape).run() }
}
