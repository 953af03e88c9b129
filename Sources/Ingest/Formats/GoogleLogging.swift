import Residency

/// Entries of Google Cloud Logging: audit logs, flow logs of VPC networks, Access Transparency, and whatever else was exported with
/// them.
///
///     {"logName": "projects/p/logs/cloudaudit.googleapis.com%2Fdata_access", "timestamp": "...", "resource": {"type": ..., "labels": {...}},
///      "protoPayload": {"serviceName": "storage.googleapis.com", "methodName": "storage.objects.get", "resourceName": ...,
///                       "requestMetadata": {"callerIp": ...}, "resourceLocation": {"currentLocations": ["eu"]}, "status": {}}}
enum GoogleLogging: InputFormat {
    static let id = "gcp-logging"
    static let title = "Google Cloud Logging entries"

    private static func layout(
        service: [String] = [], action: [String] = [], error: [String] = [], suffix: String = "", _ serviceWord: String = "",
        _ actionWord: String = ""
    ) -> EventLayout {
        EventLayout(
            format: id, provider: "gcp", service: service, action: action, time: ["timestamp"],
            account: ["resource", "labels", "project_id"], region: ["resource", "labels", "location"], error: error,
            serviceSuffix: suffix, serviceWord: serviceWord, actionWord: actionWord)
    }

    static let audit = layout(
        service: ["protoPayload", "serviceName"], action: ["protoPayload", "methodName"], error: ["failed"], suffix: ".googleapis.com")
    static let flow = layout("vpc-flow", "flow")
    static let transparency = layout("access-transparency", "access")
    /// Every other entry, by the type of what it is of: `http_load_balancer`.
    static let entry = layout(action: ["resource", "type"], "log-entry", "entry")

    static let shape = LogShape(
        kinds: [
            LogShape.Kind(audit, marks: [["protoPayload", "serviceName"], ["protoPayload", "methodName"]]),
            LogShape.Kind(flow, marks: [["jsonPayload", "connection"], ["jsonPayload", "reporter"]]),
            LogShape.Kind(transparency, marks: [["jsonPayload", "location", "principalOfficeCountry"]]),
            LogShape.Kind(transparency, marks: [["jsonPayload", "accesses"], ["jsonPayload", "product"]]),
            // A call that is cut down to what somebody looked for names no service.
            LogShape.Kind(audit, marks: [["protoPayload", "methodName"]]),
            LogShape.Kind(entry, marks: [["logName"]]),
            LogShape.Kind(entry, marks: [["resource", "type"], ["insertId"]]),
        ],
        lists: ["entries"],
        objectEnvelopes: ["data", "_source", "jsonMessage", "logEntry", "entries", "hits"], textEnvelopes: ["_raw", "message", "line"],
        derived: [
            LogShape.Derived(path: ["timestamp"], sources: [["timestamp"], ["receiveTimestamp"]]),
            LogShape.Derived(path: ["failed"], sources: [["protoPayload", "status", "code"]], leavingOut: ["0"]),
        ],
        // Tables of BigQuery name the payload so.
        aliases: ["protopayload_auditlog": "protoPayload"],
        complaint: "a record without `logName` is not an entry of Cloud Logging")

    static func recognises(_ head: Head) -> Bool {
        shape.isShown(by: head) { object in
            if object.has("logName") {
                return ["timestamp", "receiveTimestamp", "insertId", "resource", "severity", "protoPayload", "jsonPayload", "textPayload"]
                    .contains(where: object.has)
            }
            guard let at = object.members["protoPayload"] ?? object.members["protopayload_auditlog"] else { return false }
            return object.has("insertId") || object.has("timestamp") || head.object(at: at)?.has("methodName") ?? false
        }
    }

    static func read(_ session: ReadSession) throws(ReadError) { try LogReading(session, shape).run() }
}
