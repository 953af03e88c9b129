import Residency

/// Logs that went through Amazon CloudWatch Logs: what a subscription delivers, what `aws logs filter-log-events` prints, and what an
/// export of a log group writes. The messages are read as the logs they are.
///
///     {"messageType": "DATA_MESSAGE", "owner": "111122223333", "logGroup": "trail", "logStream": "s", "subscriptionFilters": ["f"],
///      "logEvents": [{"id": "1", "timestamp": 1732190000000, "message": "{\\"eventVersion\\": ...}"}]}
///     {"events": [{"logStreamName": "eni-1", "timestamp": 1732190000000, "message": "2 111122223333 eni-1 ..."}], "searchedLogStreams": []}
///     2026-11-21T10:00:00.000Z {"eventVersion": ...}
///
/// A message can be an event of CloudTrail, WAF, Bedrock, CloudFront (JSON), a Kubernetes API server, or a flow in the default columns.
/// Any other is an event that no vector knows, `cloudwatch/message`.
enum CloudWatchLogs: InputFormat {
    static let id = "aws-cloudwatch"
    static let title = "Amazon CloudWatch Logs"

    static let lists = ["logEvents", "events"]

    /// A message of no log that is read.
    static let other = EventLayout(
        format: id, provider: "aws", service: [], action: [], time: ["timestamp"], account: [], region: [], error: [],
        serviceWord: "cloudwatch", actionWord: "message")

    private static let parts = [CloudTrail.shape, WAFLogs.shape, BedrockInvocations.shape, CloudFrontJSON.shape, KubernetesAudit.shape]

    static let shape = LogShape(
        kinds: parts.flatMap(\.kinds), lists: CloudTrail.lists,
        derived: WAFLogs.shape.derived + CloudFrontJSON.shape.derived + CloudTrail.shape.derived + [
            LogShape.Derived(path: ["eventTime"], sources: [["eventTime"], ["requestReceivedTimestamp"], ["stageTimestamp"]])
        ],
        aliases: CloudFrontJSON.shape.aliases, asideMarks: CloudTrail.shape.asideMarks, asideNote: CloudTrail.shape.asideNote,
        complaint: "a message is of no log that is read")

    /// Members by which a message is known to be one of these.
    static let marks = ["eventSource", "webaclId", "schemaType", "x-edge-location", "auditID", "insightDetails", "detail-type"]

    static func recognises(_ head: Head) -> Bool {
        let isEnvelope = head.candidates.contains { object in
            if object.has("logEvents") { return object.has("logGroup") || object.has("messageType") }
            guard let at = object.members["events"] else { return false }
            // The answer's other members stand behind its events: of a long one they are not in its beginning.
            guard let event = head.firstElement(at: at).flatMap({ head.object(at: $0) }) else {
                return object.has("searchedLogStreams") || object.has("nextForwardToken")
            }
            return event.has("message") && event.has("timestamp")
                && (event.has("ingestionTime") || object.has("searchedLogStreams") || object.has("nextForwardToken"))
        }
        return isEnvelope || head.bytes.first.map { 48...57 ~= $0 } ?? false && exported(head.lines(1).first ?? "")
    }

    /// `2026-11-21T10:00:00.000Z {"`
    private static func exported(_ line: String) -> Bool {
        let words = line.split(separator: " ", maxSplits: 1)
        guard words.count == 2, words[0].utf8.count == 24, words[0].hasSuffix("Z") else { return false }
        return words[1].hasPrefix("{") && marks.contains { words[1].contains("\"\($0)\"") }
    }

    static func read(_ session: ReadSession) throws(ReadError) {
        let reading = CloudWatchReading(session)
        try session.window.bytes.first.map { 48...57 ~= $0 } ?? false ? reading.lines() : reading.envelopes()
    }
}

private final class CloudWatchReading {
    private let session: ReadSession
    private let messages: LogReading
    private let lineSheet: EventSheet
    private let columns: [Int?]
    private let rejected: Int?
    private let timestamp: Int?
    private let flowTime: Int?
    private var walk: RecordWalk?
    private var control = 0

    init(_ session: ReadSession) {
        self.session = session
        messages = LogReading(session, CloudWatchLogs.shape)
        let names = VPCFlowLogs.standard.map(VPCFlowLogs.name)
        lineSheet = EventSheet(session, [VPCFlowLogs.layout, CloudWatchLogs.other], isJSON: false) { [known = Set(names + ["rejected"])] in
            $0.count == 1 && known.contains($0[0])
        }
        let projection = lineSheet.projection
        columns = names.map { projection.existingSlot([$0]) }
        rejected = projection.existingSlot(["rejected"])
        timestamp = projection.existingSlot(["timestamp"])
        flowTime = names.firstIndex(of: "action")
    }

    // MARK: envelopes

    func envelopes() throws(ReadError) {
        let trie = session.tries.trie(Projection(), lists: CloudWatchLogs.lists)
        let walk = RecordWalk(session, trie: trie) { [unowned self] (batch) throws(ReadError) in
            for row in 0..<batch.count { try take(batch, row) }
        }
        self.walk = walk
        defer { self.walk = nil }
        try walk.walk()
        messages.finish()
        if control > 0 { session.say(.note, "\(control) messages are of CloudWatch itself, about the delivery") }
    }

    private func take(_ batch: RecordBatch, _ row: Int) throws(ReadError) {
        let place = batch.pointer(row)
        let byte = batch.byte(row)
        if let fault = walk?.isSound(batch, row) { return session.malformed(byte: byte + fault.at, place: place, fault.message) }
        let members = JSONSpan(batch.bytes, batch.record(row), session.scanner).members
        guard let message = members["message"], message.range.count >= 2, batch.bytes[message.range.lowerBound] == UInt8(ascii: "\"") else {
            // An envelope whose list is empty is a record of its own.
            if CloudWatchLogs.lists.contains(where: { members[$0] != nil }) { return }
            return session.malformed(byte: byte, place: place, "a record without `message` is not of CloudWatch Logs")
        }
        let body = UnsafeBufferPointer(rebasing: batch.bytes[(message.range.lowerBound + 1)..<(message.range.upperBound - 1)])
        let room = session.buffers.text(batch.depth)
        let time = members["timestamp"].map { batch.bytes[$0.range] }
        // The time stands behind the message, so that an event's fields are pieces of one text.
        room.reserve(body.count + (time?.count ?? 0))
        guard let count = JSONText.unescape(body, into: room.base) else {
            return session.malformed(byte: byte, place: place, "a wrong escape in `message`")
        }
        if let time { for (index, value) in time.enumerated() { room.base[count + index] = value } }
        let text = UnsafeBufferPointer(start: UnsafePointer(room.base), count: count + (time?.count ?? 0))
        try log(text, 0..<count, place: "\(place)/message", position: nil, byte: byte, depth: batch.depth + 1)
    }

    // MARK: lines of an export

    func lines() throws(ReadError) {
        let reading = LineReading(session, CloudWatchLogs.other, columns: [])
        try reading.run { [self] (bytes, line) throws(ReadError) in
            guard let blank = bytes[line].firstIndex(of: UInt8(ascii: " ")), blank - line.lowerBound < 40 else {
                return .wrong("a line of an export begins with a time and a blank")
            }
            let place = "line:\(reading.line)"
            let inner = UnsafeBufferPointer(rebasing: bytes[(blank + 1)..<line.upperBound])
            let position = session.window.position + blank + 1
            try log(inner, 0..<inner.count, place: place, position: position, byte: session.window.position + line.lowerBound, depth: 1)
            return .beside
        }
        messages.finish()
    }

    // MARK: messages

    /// Reads a message; behind it in `text` may stand its time.
    private func log(
        _ text: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, place: String, position: Int?, byte: Int, depth: Int
    ) throws(ReadError) {
        let body = UnsafeBufferPointer(rebasing: text[range])
        if body.first == UInt8(ascii: "{"), isKnown(body) {
            return try messages.read(body, at: place, position: position, byte: byte, depth: depth)
        }
        if body.starts(with: "CWL CONTROL MESSAGE".utf8) {
            _ = session.number(place)
            control += 1
            return
        }
        lineSheet.begin(text, layout: 0)
        let isFlow = VPCFlowLogs.standardFields(text, range) { column, field in
            guard field.count > 1 || text[field.lowerBound] != UInt8(ascii: "-") else { return }
            if let slot = columns[column] { lineSheet.set(slot, field) }
            if column == flowTime, let rejected, text.holds("REJECT", at: field) { lineSheet.set(rejected, field) }
        }
        if !isFlow {
            lineSheet.begin(text, layout: 1)
            if let timestamp, range.upperBound < text.count { lineSheet.set(timestamp, range.upperBound..<text.count) }
        }
        lineSheet.end(byte: byte, place: place)
        lineSheet.give(text)
    }

    private func isKnown(_ body: UnsafeBufferPointer<UInt8>) -> Bool {
        let names = session.scanner.members(body, at: 0).members.map { String(decoding: body[$0.name], as: UTF8.self) }
        return CloudWatchLogs.marks.contains(where: names.contains)
    }
}
