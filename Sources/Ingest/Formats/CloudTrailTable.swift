import CEL
import Residency

/// CloudTrail's events as rows of a table (Athena, Glue, CloudTrail Lake copied to a table): the names in lower case, and what differs
/// from call to call as a text.
///
///     {"eventversion": "1.08", "eventsource": "s3.amazonaws.com", "eventname": "GetObject", "awsregion": "eu-west-1",
///      "useridentity": {"type": "IAMUser", "accountid": "111122223333"}, "requestparameters": "{\"bucketName\":\"b\"}", ...}
///
/// Each row is written as the event that it was, and read as one.
enum CloudTrailTable: InputFormat {
    static let id = "aws-cloudtrail-table"
    static let title = "AWS CloudTrail (rows of a table)"

    static let lists = ["Records", "rows", "Rows"]

    static func recognises(_ head: Head) -> Bool {
        head.candidates.contains { object in
            if isRow(object) { return true }
            return lists.contains { name in
                object.members[name].flatMap { head.firstElement(at: $0) }.flatMap { head.object(at: $0) }.map(isRow) ?? false
            }
        }
    }

    private static func isRow(_ object: Head.Object) -> Bool {
        object.has("eventsource") && object.has("eventname") && (object.has("awsregion") || object.has("eventtime"))
    }

    static func read(_ session: ReadSession) throws(ReadError) {
        let events = LogReading(session, CloudTrail.shape)
        let maxDepth = session.plan.limits.maxDepth
        var stopped: ReadError?
        try ValueWalk.walk(session, lists: lists) { row, place in
            guard row.member("eventsource") != nil, row.member("eventname") != nil else {
                return session.malformed(byte: place.byte, place: place.pointer, "a row without `eventsource` and `eventname` is not a CloudTrail event")
            }
            let text = JSON.write(event(row, maxDepth))
            text.withUnsafeBufferPointer { text in
                do throws(ReadError) {
                    try events.read(text, at: place.pointer, position: nil, byte: place.byte, depth: 1)
                } catch {
                    stopped = error
                }
            }
        }
        if let stopped { throw stopped }
        events.finish()
    }

    /// The event that a row was made from.
    static func event(_ row: Value, _ maxDepth: Int) -> Value {
        .object(
            row.members.map { member in
                let name = names[member.name] ?? member.name
                if texts.contains(member.name) {
                    let value = member.value.stringValue == "null" ? .null : member.value.decodingText(maxDepth: maxDepth)
                    return (name, value)
                }
                return (name, restored(member.value))
            })
    }

    /// A value with the names of events at every depth.
    private static func restored(_ value: Value) -> Value {
        if let elements = value.elements { return .array(elements.map(restored)) }
        guard value.keys != nil else { return value }
        return .object(value.members.map { (names[$0.name] ?? $0.name, restored($0.value)) })
    }

    /// Columns that hold JSON as a text.
    private static let texts: Set<String> = ["requestparameters", "responseelements", "additionaleventdata", "serviceeventdetails"]

    private static let names: [String: String] = {
        let all = [
            "eventVersion", "userIdentity", "eventTime", "eventSource", "eventName", "awsRegion", "sourceIPAddress", "userAgent", "errorCode",
            "errorMessage", "requestParameters", "responseElements", "additionalEventData", "requestID", "eventID", "eventType", "apiVersion",
            "readOnly", "managementEvent", "recipientAccountId", "serviceEventDetails", "sharedEventID", "vpcEndpointId",
            "vpcEndpointAccountId", "eventCategory", "tlsDetails", "insightDetails", "addendum", "sessionCredentialFromConsole", "edgeDeviceDetails",
            "principalId", "accountId", "accessKeyId", "userName", "invokedBy", "sessionContext", "sessionIssuer", "webIdFederationData",
            "federatedProvider", "sourceIdentity", "ec2RoleDelivery", "ec2IssuedInVpc", "onBehalfOf", "identityStoreArn", "userId",
            "mfaAuthenticated", "creationDate", "tlsVersion", "cipherSuite", "clientProvidedHostHeader",
        ]
        var names = Dictionary(uniqueKeysWithValues: all.map { ($0.lowercased(), $0) })
        names["accountid"] = "accountId"
        return names
    }()
}
