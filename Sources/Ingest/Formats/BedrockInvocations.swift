import Residency

/// Model invocation logs of Amazon Bedrock. Prompts and answers are in them; they are skipped, not decoded.
///
///     {"schemaType": "ModelInvocationLog", "timestamp": "2026-11-21T10:00:00Z", "accountId": "111122223333", "region": "eu-west-1",
///      "operation": "Converse", "modelId": "eu.amazon.nova-lite-v1:0", "inferenceRegion": "eu-north-1", "input": {...}, "output": {...}}
enum BedrockInvocations: InputFormat {
    static let id = "aws-bedrock"
    static let title = "Amazon Bedrock invocation logs"

    static let layout = EventLayout(
        format: id, provider: "aws", service: [], action: ["operation"], time: ["timestamp"], account: ["accountId"], region: ["region"],
        error: ["errorCode"], serviceWord: "bedrock-invocation")

    static let shape = LogShape(
        kinds: [LogShape.Kind(layout, marks: [["schemaType"], ["modelId"]])], lists: ["Records"],
        objectEnvelopes: ["_source"], textEnvelopes: ["message", "_raw"],
        complaint: "a record without `schemaType` and `modelId` is not an invocation of a model")

    static func recognises(_ head: Head) -> Bool {
        shape.isShown(by: head) { object in
            object.members["schemaType"].flatMap { head.text(at: $0) } == "ModelInvocationLog"
        }
    }

    static func read(_ session: ReadSession) throws(ReadError) { try LogReading(session, shape).run() }
}
