import Residency

/// Access logs of Elastic Load Balancing: application, network and classic load balancers.
///
///     https 2018-07-02T22:23:00.186641Z app/lb/50dc6c495c0c9188 192.0.2.1:2817 10.0.0.1:80 0.08 0.04 0.03 200 200 0 57 "GET ..." ...
///     tls 2.0 2018-12-20T02:59:40 net/lb/c6e77e28c25b2234 g3d4b5e8bb8464cd 192.0.2.1:51341 172.16.0.4:443 5 2 98 246 - arn:... - ...
///     2015-05-13T23:39:43.945958Z lb 192.0.2.1:2817 10.0.0.1:80 0.00 0.00 0.00 200 200 0 29 "GET http://..." "curl/7.38.0" - -
enum LoadBalancerLogs: InputFormat {
    static let id = "aws-elb"
    static let title = "AWS load balancer logs"

    static let layout = EventLayout(
        format: id, provider: "aws", service: [], action: ["type"], time: ["time"], account: ["account"], region: ["region"],
        error: ["failed"], serviceWord: "elb", actionWord: "classic")

    private static let application = [
        "type", "time", "elb", "client", "target", "", "", "", "status", "target_status", "received_bytes", "sent_bytes", "request",
        "user_agent", "ssl_cipher", "ssl_protocol", "target_group_arn", "trace_id", "domain_name", "chosen_cert_arn",
        "matched_rule_priority", "request_creation_time", "actions_executed", "redirect_url", "error_reason",
    ]
    private static let network = [
        "type", "version", "time", "elb", "listener", "client", "target", "", "", "received_bytes", "sent_bytes", "", "chosen_cert_arn", "",
        "ssl_cipher", "ssl_protocol", "", "domain_name",
    ]
    private static let classic = [
        "time", "elb", "client", "target", "", "", "", "status", "target_status", "received_bytes", "sent_bytes", "request", "user_agent",
        "ssl_cipher", "ssl_protocol",
    ]
    private static let types: Set<String> = ["http", "https", "h2", "grpcs", "ws", "wss"]

    static func recognises(_ head: Head) -> Bool {
        guard let line = head.lines(4).first(where: { !$0.isEmpty }) else { return false }
        let fields = line.split(separator: " ").map(String.init)
        guard fields.count > 11 else { return false }
        if types.contains(fields[0]) { return isTime(fields[1]) && fields[3].contains(":") }
        if fields[0] == "tls" { return isTime(fields[2]) && fields[5].contains(":") }
        return isTime(fields[0]) && fields[2].contains(":") && fields[11].hasPrefix("\"")
    }

    private static func isTime(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        return bytes.count >= 19 && bytes[4] == UInt8(ascii: "-") && bytes[10] == UInt8(ascii: "T") && bytes[13] == UInt8(ascii: ":")
    }

    static func read(_ session: ReadSession) throws(ReadError) {
        let reading = LineReading(
            session, layout, columns: Array(Set(application + network + classic + ["failed", "region", "account"]).subtracting([""])))
        let plans = [application, network, classic].map { Columns($0, reading) }
        try reading.run { (bytes, line) throws(ReadError) in
            let first = bytes[line.lowerBound]
            let plan = plans[48...57 ~= first ? 2 : bytes.begins("tls ", at: line) ? 1 : 0]
            var fields = LineFields(bytes, line)
            for index in plan.slots.indices {
                guard let field = fields.next() else {
                    return index >= plan.fewest ? .event : .wrong("a line of a load balancer has at least \(plan.fewest) fields, this one \(index)")
                }
                if index == plan.time, field.count < 19 || bytes[field.lowerBound + 4] != UInt8(ascii: "-") {
                    return .wrong("a time is due here", at: field.lowerBound - line.lowerBound)
                }
                reading.set(plan.slots[index], plan.ports.contains(index) ? bytes.withoutPort(field) : field)
                if index == plan.status, bytes.isFailure(field) { reading.set(plan.failed, field) }
                if plan.names.contains(index), bytes.begins("arn:", at: field) { plan.place(bytes, field, reading) }
            }
            return .event
        }
    }

    private struct Columns {
        var slots: [Int?]
        var fewest: Int
        var ports: [Int]
        var names: [Int]
        var time: Int?
        var status: Int?
        var failed: Int?
        var region: Int?
        var account: Int?

        init(_ columns: [String], _ reading: LineReading) {
            func positions(_ wanted: String...) -> [Int] { wanted.compactMap { columns.firstIndex(of: $0) } }
            slots = columns.map { reading.slot($0) }
            fewest = (positions("user_agent", "sent_bytes").max() ?? 0) + 1
            ports = positions("client", "target")
            names = positions("target_group_arn", "chosen_cert_arn")
            time = columns.firstIndex(of: "time")
            status = columns.firstIndex(of: "status")
            failed = reading.slot("failed")
            region = reading.slot("region")
            account = reading.slot("account")
        }

        /// The fourth and fifth part of an ARN: region and account of the load balancer.
        func place(_ bytes: UnsafeBufferPointer<UInt8>, _ name: Range<Int>, _ reading: LineReading) {
            let parts = bytes[name].split(separator: UInt8(ascii: ":"), maxSplits: 5, omittingEmptySubsequences: false)
            guard parts.count == 6 else { return }
            reading.set(region, parts[3].startIndex..<parts[3].endIndex)
            reading.set(account, parts[4].startIndex..<parts[4].endIndex)
        }
    }
}
