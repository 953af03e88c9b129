import Residency

/// Logs of AWS WAF web ACLs, one request a line.
///
///     {"timestamp": 1648179682260, "formatVersion": 1, "webaclId": "arn:aws:wafv2:eu-west-1:...", "action": "ALLOW",
///      "httpSourceName": "ALB", "httpSourceId": "...", "httpRequest": {"clientIp": "192.0.2.7", "country": "DE", ...}}
///
/// `event.refused` is there where the request was not let through.
enum WAFLogs: InputFormat {
    static let id = "aws-waf"
    static let title = "AWS WAF logs"

    static let layout = EventLayout(
        format: id, provider: "aws", service: [], action: ["httpSourceName"], time: ["timestamp"], account: [], region: [],
        error: ["refused"], serviceWord: "waf-request")

    static let shape = LogShape(
        kinds: [LogShape.Kind(layout, marks: [["webaclId"], ["httpRequest"]])], lists: ["Records"],
        objectEnvelopes: ["_source", "aws", "waf"], textEnvelopes: ["message", "_raw"],
        derived: [LogShape.Derived(path: ["refused"], sources: [["action"]], leavingOut: ["allow", "count"])],
        complaint: "a record without `webaclId` and `httpRequest` is not a request that WAF saw")

    static func recognises(_ head: Head) -> Bool {
        shape.isShown(by: head) { $0.has("webaclId") && ($0.has("httpRequest") || $0.has("formatVersion")) }
    }

    static func read(_ session: ReadSession) throws(ReadError) { try LogReading(session, shape).run() }
}
