import Residency

/// GitHub's audit log of an organisation or enterprise: as it is exported, streamed, or answered by the API.
///
///     {"@timestamp": 1713596671828, "_document_id": "...", "action": "git.clone", "actor": "alice", "actor_ip": "192.0.2.7",
///      "actor_location": {"country_code": "DE"}, "org": "acme", "repo": "acme/shop"}
///
/// The service is `audit-log`, the action GitHub's.
enum GitHubAudit: InputFormat {
    static let id = "github-audit"
    static let title = "GitHub audit logs"

    static let layout = EventLayout(
        format: id, provider: "github", service: [], action: ["action"], time: ["@timestamp"], account: ["org"], region: [], error: [],
        serviceWord: "audit-log")

    static let shape = LogShape(
        kinds: [LogShape.Kind(layout, marks: [["action"], ["_document_id"]]), LogShape.Kind(layout, marks: [["action"], ["actor"], ["@timestamp"]])],
        lists: ["items"], objectEnvelopes: ["_source", "event"], textEnvelopes: ["message", "_raw"],
        derived: [LogShape.Derived(path: ["@timestamp"], sources: [["@timestamp"], ["created_at"]])],
        complaint: "a record without `action` and `actor` is not an event of an audit log")

    static func recognises(_ head: Head) -> Bool {
        shape.isShown(by: head) { object in
            guard object.has("action"), object.has("@timestamp") || object.has("created_at") else { return false }
            return object.has("_document_id") || object.has("actor_location") || (object.has("actor_id") && object.has("org"))
        }
    }

    static func read(_ session: ReadSession) throws(ReadError) { try LogReading(session, shape).run() }
}
