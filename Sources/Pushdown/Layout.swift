/// How a table or a set of files holds events: where each of their fields is, and what is lost on the way.
public enum Layout: String, Sendable, CaseIterable {
    /// CloudTrail's own files, `{"Records": [...]}`, as JSON: nothing is lost.
    case documents = "cloudtrail-json"
    /// The table that Athena's documentation has for CloudTrail: a column for each member, requests and answers as text.
    case athenaCloudTrail = "athena-cloudtrail"
    /// Security Lake's table of API activity (OCSF).
    case ocsfAPIActivity = "ocsf-api-activity"

    /// The id of the log format that it holds.
    public var format: String { "aws-cloudtrail" }

    /// What the layout does not keep, for people.
    public var losses: [String] {
        switch self {
        case .documents: []
        case .athenaCloudTrail:
            [
                "`readonly` and every other column of its own is text: true and \"true\" are one",
                "a column that is NULL was missing or null: the two are one",
                "an event is not known by its file: the first record of a group is named by its `eventid`",
            ]
        case .ocsfAPIActivity:
            [
                "only members that OCSF has a place for, requests and answers are there",
                "a column that is NULL was missing or null: the two are one",
                "an event is not known by its file: the first record of a group is named by its `metadata.uid`",
            ]
        }
    }

    /// Where a member of an event is.
    enum Source: Equatable {
        /// In a column that is JSON: the path that is left.
        case json(String, [String])
        /// A column of its own, a text: NULL stands for missing and for null.
        case text(String)
        /// A column that holds the text of a JSON value.
        case written(String, [String])
        case absent
    }

    func source(_ path: [String]) -> Source {
        guard let first = path.first else { return .absent }
        switch self {
        case .documents: return .json("event", path)
        case .athenaCloudTrail: return Self.athena(first, path)
        case .ocsfAPIActivity: return Self.ocsf(first, path)
        }
    }

    private static func athena(_ first: String, _ path: [String]) -> Source {
        let column = first.lowercased()
        if athenaJSON.contains(column) { return .written("c_" + column, Array(path.dropFirst())) }
        return path.count == 1 && athenaTexts.contains(column) ? .text("c_" + column) : .absent
    }

    /// Columns that hold JSON, and columns of a text.
    private static let athenaJSON = ["requestparameters", "responseelements", "additionaleventdata", "serviceeventdetails"]
    private static let athenaTexts = [
        "eventversion", "eventtime", "eventsource", "eventname", "awsregion", "sourceipaddress", "useragent", "errorcode", "errormessage", "requestid",
        "eventid", "readonly", "eventtype", "apiversion", "recipientaccountid", "sharedeventid", "vpcendpointid", "eventcategory",
    ]

    private static func ocsf(_ first: String, _ path: [String]) -> Source {
        let column = "c_" + first.lowercased()
        guard ocsfColumns.contains(where: { $0.name == column }) else { return .absent }
        if first == "requestParameters" || first == "responseElements" { return .written(column, Array(path.dropFirst())) }
        return path.count == 1 ? .text(column) : .absent
    }

    private static let ocsfColumns: [(name: String, sql: String)] = [
        ("c_eventtime", "time_dt"), ("c_eventsource", "api.service.name"), ("c_eventname", "api.operation"), ("c_awsregion", "cloud.region"),
        ("c_sourceipaddress", "coalesce(src_endpoint.ip, src_endpoint.domain)"), ("c_useragent", "http_request.user_agent"),
        ("c_errorcode", "api.response.error"), ("c_recipientaccountid", "cloud.account.uid"), ("c_eventid", "metadata.uid"),
        ("c_requestparameters", "api.request.data"), ("c_responseelements", "api.response.data"),
    ]

    /// The columns of a table that the statement reads, under the names that `source` gives them.
    var columns: [(name: String, sql: String)] {
        switch self {
        case .documents: []
        case .athenaCloudTrail: (Self.athenaTexts + Self.athenaJSON).map { ("c_" + $0, $0) }
        case .ocsfAPIActivity: Self.ocsfColumns
        }
    }

    /// The table's name unless told otherwise.
    var table: String {
        switch self {
        case .documents: "cloudtrail_document"
        case .athenaCloudTrail: "cloudtrail_logs"
        case .ocsfAPIActivity: "amazon_security_lake_table_cloud_trail_mgmt_2_0"
        }
    }
}
