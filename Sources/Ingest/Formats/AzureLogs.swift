import Residency

/// Azure's activity log, resource logs and sign-in logs, as diagnostic settings deliver them and as the portal and the interfaces
/// list them.
///
///     {"time": "...", "resourceId": "/SUBSCRIPTIONS/...", "operationName": "MICROSOFT.STORAGE/STORAGEACCOUNTS/WRITE", "category": "Administrative",
///      "resultType": "Success", "callerIpAddress": "192.0.2.7", "location": "westeurope", "properties": {...}}
///     {"eventTimestamp": "...", "resourceId": "...", "operationName": {"value": "Microsoft.Storage/storageAccounts/write"},
///      "status": {"value": "Succeeded"}, "httpRequest": {"clientIpAddress": "192.0.2.7"}, "category": {"value": "Administrative"}}
///     {"createdDateTime": "...", "userPrincipalName": "...", "ipAddress": "192.0.2.7", "location": {"countryOrRegion": "DE"}}
///
/// Fields that the reader fills in, whatever the shape: `event.operation`, `event.callerAddress`, `event.resource`, `event.kind` (the
/// category), `event.requestBody` (what was asked for, else what was answered, mostly a text of JSON), `event.country` (of a
/// sign-in), and `event.failed` where the operation failed.
enum AzureLogs: InputFormat {
    static let id = "azure-logs"
    static let title = "Azure activity, resource and sign-in logs"

    /// What a sign-in calls its location is a country.
    static let signIn = EventLayout(
        format: id, provider: "azure", service: [], action: [], time: ["eventTime"], account: ["subscription"], region: [],
        error: ["failed"], serviceWord: "signin", actionWord: "sign-in")
    /// The service is the category: `Administrative`, `StorageRead`, `AuditEvent`.
    static let event = EventLayout(
        format: id, provider: "azure", service: ["kind"], action: ["operation"], time: ["eventTime"], account: ["subscription"],
        region: ["region"], error: ["failed"], serviceWord: "log", actionWord: "none")

    static let shape = LogShape(
        kinds: [
            LogShape.Kind(signIn, marks: [["userPrincipalName"], ["ipAddress"]]),
            LogShape.Kind(signIn, marks: [["properties", "userPrincipalName"], ["properties", "ipAddress"]]),
            LogShape.Kind(event, marks: [["operation"], ["eventTime"]]),
            LogShape.Kind(event, marks: [["kind"], ["eventTime"]]),
            LogShape.Kind(event, marks: [["operation"], ["resource"]]),
        ],
        lists: ["records", "value"],
        objectEnvelopes: ["records", "value", "data", "_source", "Records"], textEnvelopes: ["body", "_raw", "message"],
        derived: [
            field("operation", ["operationName"], ["operationName", "value"], ["operation_name", "value"], ["OperationNameValue"], ["OperationName"]),
            field("kind", ["category"], ["category", "value"], ["Category"], ["CategoryValue"], ["Type"]),
            field(
                "callerAddress", ["callerIpAddress"], ["CallerIpAddress"], ["CallerIPAddress"], ["httpRequest", "clientIpAddress"], ["http_request", "client_ip_address"],
                ["properties", "callerIpAddress"], ["properties", "ipAddress"], ["ipAddress"], ["IPAddress"], ["properties", "clientIP"],
                ["properties", "clientIp"], ["claims", "ipaddr"]),
            field("resource", ["resourceId"], ["resource_id"], ["ResourceId"], ["_ResourceId"], ["resourceUri"]),
            field("region", ["location"], ["Location"], ["resourceLocation"], ["region"]),
            field(
                "country", ["location", "countryOrRegion"], ["properties", "location", "countryOrRegion"], ["LocationDetails", "countryOrRegion"]),
            LogShape.Derived(
                path: ["requestBody"],
                sources: [
                    ["properties", "requestbody"], ["properties", "requestBody"], ["Properties_d", "requestbody"], ["Properties", "requestbody"],
                    ["properties", "responseBody"], ["properties", "responsebody"], ["Properties_d", "responseBody"],
                ], scalarsOnly: false),
            field("subscription", ["subscriptionId"], ["subscription_id"], ["SubscriptionId"], ["_SubscriptionId"], ["tenantId"], ["TenantId"]),
            field("eventTime", ["time"], ["eventTimestamp"], ["event_timestamp"], ["createdDateTime"], ["TimeGenerated"], ["timeStamp"], ["timestamp"]),
            LogShape.Derived(
                path: ["failed"],
                sources: [
                    ["status", "value"], ["status", "errorCode"], ["properties", "status", "errorCode"], ["resultType"], ["ResultType"],
                    ["ActivityStatusValue"], ["statusText"],
                ],
                leavingOut: [
                    "success", "succeeded", "start", "started", "accept", "accepted", "0", "ok", "resolved", "active", "updated", "completed",
                    "in progress", "inprogress", "",
                ]),
        ],
        complaint: "a record without an operation and a time is not of an Azure log")

    private static func field(_ name: String, _ sources: [String]...) -> LogShape.Derived { LogShape.Derived(path: [name], sources: sources) }

    private static let operations = ["operationName", "operation_name", "OperationNameValue", "OperationName"]
    private static let times = [
        "time", "eventTimestamp", "event_timestamp", "TimeGenerated", "timeStamp", "timestamp", "eventDataId", "event_data_id",
    ]
    private static let marks = [
        "resourceId", "category", "ResourceId", "_ResourceId", "TableName", "correlationId", "CorrelationId", "correlation_id", "CategoryValue", "resourceUri",
    ]

    static func recognises(_ head: Head) -> Bool {
        shape.isShown(by: head) { object in
            if object.has("userPrincipalName"), object.has("ipAddress"), object.has("createdDateTime") { return true }
            let named = object.has("category") && object.has("resourceId") || operations.contains(where: object.has)
            return named && times.contains(where: object.has) && marks.contains(where: object.has)
        }
    }

    static func read(_ session: ReadSession) throws(ReadError) { try LogReading(session, shape).run() }
}
