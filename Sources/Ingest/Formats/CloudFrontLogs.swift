import Residency

/// Standard logs of Amazon CloudFront: tabs between the fields, and a heading that names them.
///
///     #Version: 1.0
///     #Fields: date time x-edge-location sc-bytes c-ip cs-method cs(Host) ...
///     2019-12-04<tab>21:02:31<tab>LAX1<tab>392<tab>192.0.2.100<tab>GET<tab>d111111abcdef8.cloudfront.net<tab>...
///
/// Expressions see a column under its name in lower case with `_`: `event.x_edge_location`, `event.cs_host`.
enum CloudFrontLogs: InputFormat {
    static let id = "aws-cloudfront"
    static let title = "Amazon CloudFront logs"

    static let layout = EventLayout(
        format: id, provider: "aws", service: [], action: [], time: ["timestamp"], account: [], region: [], error: ["failed"],
        serviceWord: "cloudfront-access", actionWord: "request")

    static let standard = [
        "date", "time", "x-edge-location", "sc-bytes", "c-ip", "cs-method", "cs(Host)", "cs-uri-stem", "sc-status", "cs(Referer)",
        "cs(User-Agent)", "cs-uri-query", "cs(Cookie)", "x-edge-result-type", "x-edge-request-id", "x-host-header", "cs-protocol", "cs-bytes",
        "time-taken", "x-forwarded-for", "ssl-protocol", "ssl-cipher", "x-edge-response-result-type", "cs-protocol-version", "fle-status",
        "fle-encrypted-fields", "c-port", "time-to-first-byte", "x-edge-detailed-result-type", "sc-content-type", "sc-content-len",
        "sc-range-start", "sc-range-end",
    ]
    /// Columns that logs of the second version may have.
    static let further = ["timestamp", "distributionid", "c-country", "asn", "origin-fbl", "origin-lbl", "cache-behavior-path-pattern", "DistributionId"]
    /// Without a heading, a line has at least these.
    private static let fewest = 20

    static func name(_ column: String) -> String {
        String(column.lowercased().compactMap { $0 == "-" || $0 == "(" ? "_" : $0 == ")" ? nil : $0 })
    }

    static func recognises(_ head: Head) -> Bool {
        let lines = head.lines(4)
        if lines.contains(where: { $0.hasPrefix("#Fields:") && $0.contains("x-edge-location") }) { return true }
        guard let fields = lines.first(where: { !$0.isEmpty })?.split(separator: "\t"), fields.count >= fewest else { return false }
        return fields[0].utf8.count == 10 && fields[1].utf8.count == 8 && fields[2].prefix(3).allSatisfy { $0.isUppercase }
    }

    static func read(_ session: ReadSession) throws(ReadError) {
        let reading = LineReading(session, layout, columns: (standard + further).map(name) + ["failed"])
        var columns = Columns(standard, reading, fewest: fewest)
        try reading.run { (bytes, line) throws(ReadError) in
            if bytes[line.lowerBound] == UInt8(ascii: "#") {
                if bytes.begins("#Fields:", at: line) {
                    let names = String(decoding: bytes[line].dropFirst(8), as: UTF8.self).split(whereSeparator: { $0 == " " || $0 == "\t" })
                    columns = Columns(names.map(String.init), reading, fewest: names.count)
                }
                return .beside
            }
            var fields = LineFields(bytes, line, separator: UInt8(ascii: "\t"))
            var date = 0
            for index in columns.slots.indices {
                guard let field = fields.next() else {
                    return index >= columns.fewest ? .event : .wrong("a request has at least \(columns.fewest) fields, this line \(index)")
                }
                reading.set(columns.slots[index], field)
                if index == columns.date { date = field.lowerBound }
                if index == columns.time, index == columns.date + 1 { reading.set(columns.timestamp, date..<field.upperBound) }
                if index == columns.status, bytes.isFailure(field) { reading.set(columns.failed, field) }
            }
            return fields.next() == nil ? .event : .wrong("a request has more fields than its heading")
        }
    }

    private struct Columns {
        var slots: [Int?]
        var fewest: Int
        var date: Int
        var time: Int
        var status: Int
        var timestamp: Int?
        var failed: Int?

        init(_ names: [String], _ reading: LineReading, fewest: Int) {
            slots = names.map { reading.slot(name($0)) }
            self.fewest = fewest
            date = names.firstIndex(of: "date") ?? -2
            time = names.firstIndex(of: "time") ?? -2
            status = names.firstIndex(of: "sc-status") ?? -1
            timestamp = reading.slot("timestamp")
            failed = reading.slot("failed")
        }
    }
}
