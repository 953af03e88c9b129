import Residency

/// Server access logs of Amazon S3.
///
///     79a5...f8be images [06/Feb/2019:00:00:38 +0000] 192.0.2.3 - 3E57427F3 REST.GET.OBJECT a.jpg "GET /images/a.jpg HTTP/1.1" 200 - 113 ...
enum S3AccessLogs: InputFormat {
    static let id = "aws-s3-access"
    static let title = "Amazon S3 server access logs"

    static let layout = EventLayout(
        format: id, provider: "aws", service: [], action: ["operation"], time: ["time"], account: [], region: [], error: ["failed"],
        serviceWord: "s3-access")

    /// In the order of the line. What comes later was added over the years and may be missing.
    static let columns = [
        "bucket_owner", "bucket", "time", "remote_ip", "requester", "request_id", "operation", "key", "request_uri", "http_status",
        "error_code", "bytes_sent", "object_size", "total_time", "turn_around_time", "referer", "user_agent", "version_id", "host_id",
        "signature_version", "cipher_suite", "authentication_type", "host_header", "tls_version", "access_point_arn", "acl_required",
    ]
    /// A line with fewer fields is no record of an access.
    static let fewest = 17

    static func recognises(_ head: Head) -> Bool {
        let line = head.documents.first.map { Array(head.bytes[$0...].prefix(4096)) } ?? []
        return line.withUnsafeBufferPointer { bytes in
            var fields = LineFields(bytes, 0..<(Lines.newline(bytes, from: 0) ?? bytes.count))
            guard let owner = fields.next(), let bucket = fields.next(), let time = fields.next(), fields.next() != nil else { return false }
            return (owner.count == 64 || owner.count == 1) && bucket.count >= 1 && isTime(bytes, time)
                && bytes[time.lowerBound - 1] == UInt8(ascii: "[")
        }
    }

    private static func isTime(_ bytes: UnsafeBufferPointer<UInt8>, _ time: Range<Int>) -> Bool {
        time.count == 26 && bytes[time.lowerBound + 2] == UInt8(ascii: "/") && bytes[time.lowerBound + 11] == UInt8(ascii: ":")
    }

    static func read(_ session: ReadSession) throws(ReadError) {
        let reading = LineReading(session, layout, columns: columns + ["failed"])
        let slots = columns.map { reading.slot($0) }
        let (status, failed) = (columns.firstIndex(of: "http_status"), reading.slot("failed"))
        let time = columns.firstIndex(of: "time")
        try reading.run { (bytes, line) throws(ReadError) in
            var fields = LineFields(bytes, line)
            for index in slots.indices {
                guard let field = fields.next() else {
                    return index >= fewest ? .event : .wrong("an access has at least \(fewest) fields, this line \(index)")
                }
                if index == time, !isTime(bytes, field) {
                    return .wrong("the third field is not a time in brackets", at: field.lowerBound - line.lowerBound)
                }
                reading.set(slots[index], field)
                if index == status, bytes.isFailure(field) { reading.set(failed, field) }
            }
            return .event
        }
    }
}

extension UnsafeBufferPointer<UInt8> {
    /// Whether the piece is an HTTP status that says that nothing was given: 400 and above.
    func isFailure(_ range: Range<Int>) -> Bool { range.count == 3 && isNumber(range) && self[range.lowerBound] >= UInt8(ascii: "4") }
}
