import Residency

/// Events that AWS services send to Amazon EventBridge themselves, as archives, pipes and log groups keep them.
///
///     {"version": "0", "detail-type": "Copy Job State Change", "source": "aws.backup", "account": "111122223333",
///      "time": "2026-11-19T10:00:00Z", "region": "eu-west-1", "resources": ["arn:..."], "detail": {"state": "COMPLETED", ...}}
///
/// The service is the source (`aws.backup`), the action the detail type, which vectors call `event.detailType`. What comes through
/// CloudTrail is an event of CloudTrail in an envelope; one file may hold both.
enum EventBridge: InputFormat {
    static let id = "aws-eventbridge"
    static let title = "Amazon EventBridge events"

    static let layout = EventLayout(
        format: id, provider: "aws", service: ["source"], action: ["detailType"], time: ["time"], account: ["account"], region: ["region"],
        error: [])

    static let kind = LogShape.Kind(layout, marks: [["detailType"], ["source"], ["detail"]])

    static let derived = LogShape.Derived(
        path: ["detailType"], sources: [["detail-type"]],
        leavingOut: ["API Call", "Service Event", "Console Sign In", "Console Action", "Insight", "Console Signin"].map { "aws \($0.lowercased()) via cloudtrail" })

    static func recognises(_ head: Head) -> Bool {
        CloudTrail.shape.isShown(by: head) { $0.has("detail-type") && $0.has("source") && $0.has("detail") && $0.has("region") }
    }

    static func read(_ session: ReadSession) throws(ReadError) { try LogReading(session, CloudTrail.shape).run() }
}
