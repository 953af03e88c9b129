import Residency

/// Audit events of a Kubernetes API server, one a line or in a list.
///
///     {"kind": "Event", "apiVersion": "audit.k8s.io/v1", "auditID": "...", "stage": "ResponseComplete", "verb": "get",
///      "objectRef": {"resource": "secrets", "namespace": "shop", "name": "db"}, "sourceIPs": ["192.0.2.7"], "responseStatus": {"code": 200}}
///
/// The service is the kind of object (`secrets`, `pods/exec`), the action the verb.
enum KubernetesAudit: InputFormat {
    static let id = "kubernetes-audit"
    static let title = "Kubernetes audit logs"

    static let layout = EventLayout(
        format: id, provider: "kubernetes", service: ["objectRef", "resource"], action: ["verb"], time: ["eventTime"], account: [],
        region: [], error: ["responseStatus", "reason"], serviceWord: "none")

    static let shape = LogShape(
        kinds: [LogShape.Kind(layout, marks: [["auditID"], ["verb"]])], lists: ["items"],
        objectEnvelopes: ["items", "_source", "audit", "data"], textEnvelopes: ["message", "log", "_raw", "@message"],
        derived: [
            LogShape.Derived(path: ["eventTime"], sources: [["requestReceivedTimestamp"], ["stageTimestamp"], ["timestamp"]])
        ],
        complaint: "a record without `auditID` and `verb` is not an audit event")

    static func recognises(_ head: Head) -> Bool {
        shape.isShown(by: head) { object in
            if object.has("auditID") { return object.has("verb") || object.has("stage") }
            guard object.has("items") else { return false }
            return object.members["apiVersion"].flatMap { head.text(at: $0) }?.hasPrefix("audit.k8s.io/") ?? false
        }
    }

    static func read(_ session: ReadSession) throws(ReadError) { try LogReading(session, shape).run() }
}
