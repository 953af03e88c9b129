import Residency

/// Logs of Amazon CloudFront as JSON, which the second version of its standard logs may be: one request a line.
///
///     {"date": "2026-11-21", "time": "10:00:00", "x-edge-location": "LHR62-C2", "c-ip": "198.51.100.7", "cs-method": "GET",
///      "cs(Host)": "d111111abcdef8.cloudfront.net", "sc-status": "200", "x-edge-result-type": "Hit", ...}
///
/// Expressions see the names that lines of text have: `event.x_edge_location`, `event.cs_host`.
enum CloudFrontJSON: InputFormat {
    static let id = CloudFrontLogs.id
    static let title = "Amazon CloudFront logs (JSON)"

    static let shape = LogShape(
        kinds: [LogShape.Kind(CloudFrontLogs.layout, marks: [["x_edge_location"]])],
        lists: ["Records"], objectEnvelopes: ["_source", "aws", "cloudfront"], textEnvelopes: ["message", "_raw"],
        derived: [
            LogShape.Derived(path: ["timestamp"], sources: [["timestamp"], ["timestamp(ms)"], ["date"]], upTo: ["time"]),
            LogShape.Derived(path: ["failed"], sources: [["sc_status"]], leavingOut: ["0", "000", "-"] + (100..<400).map(String.init)),
        ],
        aliases: aliases, complaint: "a record without `x-edge-location` is not a request that CloudFront served")

    private static let aliases: [String: String] = {
        var names: [String: String] = ["cs-host": "cs_host"]
        for column in CloudFrontLogs.standard + CloudFrontLogs.further where CloudFrontLogs.name(column) != column {
            names[column] = CloudFrontLogs.name(column)
        }
        return names
    }()

    static func recognises(_ head: Head) -> Bool {
        shape.isShown(by: head) { object in
            object.has("x-edge-location") && ["c-ip", "cs-method", "sc-status", "date", "timestamp"].contains(where: object.has)
        }
    }

    static func read(_ session: ReadSession) throws(ReadError) { try LogReading(session, shape).run() }
}
