import Residency

/// AWS flow logs of a VPC or a transit gateway, as text: a heading that names the columns, in any order, or the default ones
/// without a heading.
///
///     version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status
///     2 111122223333 eni-0a1b 10.0.1.5 192.0.2.7 41892 443 6 14 2841 1732190000 1732190060 ACCEPT OK
///
/// Expressions see a column under its name with `_` for `-`: `event.pkt_dstaddr`.
enum VPCFlowLogs: InputFormat {
    static let id = "aws-vpc-flow"
    static let title = "AWS flow logs"

    static let layout = EventLayout(
        format: id, provider: "aws", service: [], action: [], time: ["start"], account: ["account_id"], region: ["region"],
        error: ["rejected"], serviceWord: "vpc-flow", actionWord: "flow")

    /// The columns of a log without a heading (version 2).
    static let standard = [
        "version", "account-id", "interface-id", "srcaddr", "dstaddr", "srcport", "dstport", "protocol", "packets", "bytes", "start", "end",
        "action", "log-status",
    ]
    /// Columns of versions 3 to 10 and of transit gateways.
    static let further = [
        "vpc-id", "subnet-id", "instance-id", "tcp-flags", "type", "pkt-srcaddr", "pkt-dstaddr", "region", "az-id", "sublocation-type",
        "sublocation-id", "pkt-src-aws-service", "pkt-dst-aws-service", "flow-direction", "traffic-path", "ecs-cluster-name",
        "ecs-cluster-arn", "ecs-container-instance-id", "ecs-container-instance-arn", "ecs-container-id", "ecs-second-container-id",
        "ecs-service-name", "ecs-task-definition-arn", "ecs-task-arn", "ecs-task-id", "reject-reason", "resource-id", "encryption-status",
        "resource-type", "tgw-id", "tgw-attachment-id", "tgw-src-vpc-account-id", "tgw-dst-vpc-account-id", "tgw-src-vpc-id",
        "tgw-dst-vpc-id", "tgw-src-subnet-id", "tgw-dst-subnet-id", "tgw-src-eni", "tgw-dst-eni", "tgw-src-az-id", "tgw-dst-az-id",
        "tgw-pair-attachment-id", "packets-lost-no-route", "packets-lost-blackhole", "packets-lost-mtu-exceeded",
        "packets-lost-ttl-expired",
    ]
    private static let known = Set(standard + further)

    static func name(_ column: String) -> String { String(column.map { $0 == "-" ? "_" : $0 }) }

    static func recognises(_ head: Head) -> Bool {
        guard let line = head.lines(4).lazy.map({ $0.filter { $0 != "\r" } }).first(where: { !$0.isEmpty }) else { return false }
        let fields = line.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
        return heading(fields) != nil || isStandard(fields[...]) || isStandard(fields.dropFirst())
    }

    /// The columns that a line names, if it is a heading.
    private static func heading(_ fields: [String]) -> [String]? {
        guard fields.count >= 3, fields.contains("srcaddr") || fields.contains("dstaddr") || fields.contains("interface-id") else { return nil }
        return fields.count { known.contains($0) } * 2 > fields.count ? fields : nil
    }

    /// Whether these are the fields of version 2. An export of a log group has a time before them.
    private static func isStandard(_ fields: ArraySlice<String>) -> Bool {
        guard fields.count == standard.count, let first = fields.first, let last = fields.last else { return false }
        return first == "2" && ["OK", "NODATA", "SKIPDATA"].contains(last) && fields[fields.startIndex + 2].contains("-")
    }

    static func read(_ session: ReadSession) throws(ReadError) {
        let reading = LineReading(session, layout, columns: (standard + further).map(name) + ["rejected"])
        var columns = Columns(standard, reading)
        try reading.run { (bytes, line) throws(ReadError) in
            if bytes[line.lowerBound] > UInt8(ascii: "9") {
                let fields = bytes[line].split(separator: UInt8(ascii: " ")).map { String(decoding: $0, as: UTF8.self) }
                if let found = heading(fields) {
                    columns = Columns(found, reading)
                    return .beside
                }
            }
            var fields = LineFields(bytes, line)
            if isTime(bytes, line) { _ = fields.next() }
            for index in columns.slots.indices {
                guard let field = fields.next(), !field.isEmpty else { return .wrong("a flow has fewer fields than its heading") }
                reading.set(columns.slots[index], field)
                if index == columns.action, bytes.holds("REJECT", at: field) { reading.set(columns.rejected, field) }
                if index == columns.start, !bytes.isNumber(field) { return .wrong("`start` is not a time", at: field.lowerBound - line.lowerBound) }
            }
            return fields.next() == nil ? .event : .wrong("a flow has more fields than its heading")
        }
    }

    /// Takes a line in the default columns apart, after the time that an export of a log group puts before it.
    ///
    /// - Parameter take: is given each field by the number of its column.
    /// - Returns: false if it is no such line.
    static func standardFields(_ bytes: UnsafeBufferPointer<UInt8>, _ line: Range<Int>, _ take: (Int, Range<Int>) -> Void) -> Bool {
        let words = bytes[line].split(separator: UInt8(ascii: " "))
        let fields = isTime(bytes, line) ? words.dropFirst() : words[...]
        guard fields.count == standard.count, isStandard(ArraySlice(fields.map { String(decoding: $0, as: UTF8.self) })) else { return false }
        for (column, field) in fields.enumerated() { take(column, field.indices) }
        return true
    }

    private static func isTime(_ bytes: UnsafeBufferPointer<UInt8>, _ line: Range<Int>) -> Bool {
        line.count > 24 && bytes[line.lowerBound + 4] == UInt8(ascii: "-") && bytes[line.lowerBound + 10] == UInt8(ascii: "T")
    }

    private struct Columns {
        /// By column: where it goes.
        var slots: [Int?]
        var action: Int?
        var start: Int?
        var rejected: Int?

        init(_ names: [String], _ reading: LineReading) {
            slots = names.map { reading.slot(name($0)) }
            action = names.firstIndex(of: "action")
            start = names.firstIndex(of: "start")
            rejected = reading.slot("rejected")
        }
    }
}
