import Residency

/// AWS CloudTrail events, in every envelope they come in.
///
///     {"Records": [{"eventVersion": "1.08", "eventSource": "s3.amazonaws.com", "eventName": "GetObject", ...}]}
///     {"detail-type": "AWS API Call via CloudTrail", "detail": {"eventVersion": ...}}
///     {"EventId": "...", "CloudTrailEvent": "{\"eventVersion\": ...}"}
enum CloudTrail: InputFormat {
    static let id = "aws-cloudtrail"
    static let title = "AWS CloudTrail"

    static let layout = EventLayout(
        format: id, provider: "aws", service: ["eventSource"], action: ["eventName"], time: ["eventTime"],
        account: ["recipientAccountId"], region: ["awsRegion"], error: ["errorCode"], serviceSuffix: ".amazonaws.com")

    /// Members of a document whose elements are events or envelopes.
    static let lists = ["Records", "Events"]
    /// Members that hold an event, or a list or document of events.
    static let objectEnvelopes = ["detail", "data", "_source", "aws", "cloudtrail", "event", "Records", "Events", "hits", "eventData"]
    /// Members that hold the text of one.
    static let textEnvelopes = ["CloudTrailEvent", "_raw", "message", "Message", "original", "body", "eventData", "detail"]

    static func recognises(_ head: Head) -> Bool {
        head.candidates.contains { looksRight($0, head, depth: 0) }
    }

    private static func looksRight(_ object: Head.Object, _ head: Head, depth: Int, isInList: Bool = false) -> Bool {
        let marks = ["eventVersion", "eventSource", "eventName", "eventTime", "awsRegion", "eventID", "userIdentity", "eventCategory"]
        let needed = isInList ? 1 : 4
        if marks.count(where: object.has) >= needed { return !isBucketNotification(object, head) }
        guard depth < RecordWalk.maxEnvelopes else { return false }
        for name in objectEnvelopes {
            guard let at = object.members[name] else { continue }
            if let inner = head.object(at: at), looksRight(inner, head, depth: depth + 1) { return true }
            if let element = head.firstElement(at: at), let inner = head.object(at: element),
                looksRight(inner, head, depth: depth + 1, isInList: name == "Records")
            {
                return true
            }
            if name == "Records", object.members.count == 1, head.first(at) == UInt8(ascii: "["), head.firstElement(at: at) == nil {
                return true
            }
        }
        return textEnvelopes.contains { name in
            guard let at = object.members[name], let text = head.text(at: at) else { return false }
            return text.contains("\"eventVersion\"") || text.contains("\"awsRegion\"")
        }
    }

    /// S3's notifications use the same names for something else.
    private static func isBucketNotification(_ object: Head.Object, _ head: Head) -> Bool {
        object.members["eventSource"].flatMap { head.text(at: $0) }?.hasPrefix("aws:") ?? false
    }

    static func read(_ session: ReadSession) throws(ReadError) {
        try CloudTrailReading(session).run()
    }
}

/// The reading of one CloudTrail input.
private final class CloudTrailReading {
    private let session: ReadSession
    private let projection: Projection
    private let action: Int
    private let service: Int
    private var insights = 0
    private var walk: RecordWalk?

    init(_ session: ReadSession) {
        self.session = session
        var projection = session.plan.projections[CloudTrail.layout.provider] ?? Projection()
        let layout = CloudTrail.layout
        for path in [layout.time, layout.account, layout.region, layout.error] { _ = projection.slot(path) }
        service = projection.slot(layout.service)
        action = projection.slot(layout.action)
        self.projection = projection
    }

    func run() throws(ReadError) {
        let trie = session.tries.trie(projection, lists: CloudTrail.lists)
        let walk = RecordWalk(session, trie: trie) { [unowned self] (batch) throws(ReadError) in try take(batch) }
        self.walk = walk
        defer { self.walk = nil }
        try walk.walk()
        if insights > 0 {
            session.say(.note, "\(insights) CloudTrail Insights tell of rates of calls, not of calls, and are not judged")
        }
    }

    /// Hands over runs of events; what is not an event is looked at on its own.
    private func take(_ batch: RecordBatch) throws(ReadError) {
        let width = projection.paths.count
        let fields = batch.fields
        var start = 0
        for row in 0..<batch.count {
            let fault = walk?.isSound(batch, row)
            if fault == nil, fields[row * width + action].length > 0, fields[row * width + service].length > 0 { continue }
            give(batch, start..<row)
            start = row + 1
            if let fault {
                let byte = batch.byte(row) + (batch.position == nil ? 0 : fault.at)
                session.malformed(byte: byte, place: batch.pointer(row), fault.message)
            } else {
                try open(batch, row)
            }
        }
        give(batch, start..<batch.count)
    }

    private func give(_ batch: RecordBatch, _ range: Range<Int>) {
        guard !range.isEmpty, let base = batch.bytes.baseAddress else { return }
        let width = projection.paths.count
        var repeated = 0
        for row in range {
            batch.rows.offsets[row] = UInt64(batch.byte(row))
            if batch.isRepeated(row) { repeated += 1 }
        }
        note(batch, range)
        if repeated > 0, let row = range.first(where: batch.isRepeated) {
            session.say(
                .warning, byte: batch.byte(row), "\(batch.pointer(row)) has a member twice; the last one counts",
                hint: repeated > 1 ? "so have \(repeated - 1) more near it" : nil)
        }
        session.give(
            CloudTrail.layout, projection,
            EventBatch(
                base: base, byteCount: batch.bytes.count, fields: batch.fields + range.lowerBound * width,
                offsets: batch.rows.offsets + range.lowerBound,
                count: range.count, width: width, firstOrdinal: session.ordinal, isJSON: true))
        session.ordinal += range.count
    }

    private func note(_ batch: RecordBatch, _ range: Range<Int>) {
        switch batch.places {
        case .list(let prefix, let first):
            session.outcome.pointers.append(ordinal: session.ordinal, prefix: prefix, index: first + range.lowerBound)
        case .lines(let lines):
            for row in range {
                session.outcome.pointers.append(ordinal: session.ordinal + row - range.lowerBound, prefix: "line:", index: lines[row])
            }
        case .single(let place): session.outcome.pointers.append(ordinal: session.ordinal, place: place)
        }
    }

    /// Looks into a record that has no event's members: an envelope, an Insight, or nothing that is known.
    private func open(_ batch: RecordBatch, _ row: Int) throws(ReadError) {
        let range = batch.record(row)
        let place = batch.pointer(row)
        guard batch.bytes[range.lowerBound] == UInt8(ascii: "{") else {
            return session.malformed(byte: batch.byte(row), place: place, "a record is not an object")
        }
        var members: [String: Range<Int>] = [:]
        for member in session.scanner.members(batch.bytes, at: range.lowerBound).members {
            members[String(decoding: batch.bytes[member.name], as: UTF8.self)] = member.value
        }
        if members["insightDetails"] != nil {
            session.outcome.pointers.append(ordinal: session.ordinal, place: place)
            session.ordinal += 1
            session.outcome.records += 1
            insights += 1
            return
        }
        guard batch.depth < RecordWalk.maxEnvelopes, try openEnvelope(batch, row, members, place) else {
            return session.malformed(
                byte: batch.byte(row), place: place, "a record without `eventSource` and `eventName` is not a CloudTrail event")
        }
    }

    private func openEnvelope(
        _ batch: RecordBatch, _ row: Int, _ members: [String: Range<Int>], _ place: String
    ) throws(ReadError) -> Bool {
        for name in CloudTrail.objectEnvelopes {
            guard let value = members[name], !value.isEmpty else { continue }
            let first = batch.bytes[value.lowerBound]
            guard first == UInt8(ascii: "{") || first == UInt8(ascii: "[") else { continue }
            guard mayHoldEvents(batch.bytes, value) else { continue }
            let inner = UnsafeBufferPointer(rebasing: batch.bytes[value])
            try walk?.walk(
                nested: inner, prefix: "\(place)/\(name)", position: batch.position.map { $0 + value.lowerBound },
                fixedByte: batch.fixedByte, depth: batch.depth + 1)
            return true
        }
        for name in CloudTrail.textEnvelopes {
            guard let value = members[name], value.count > 2, batch.bytes[value.lowerBound] == UInt8(ascii: "\"") else { continue }
            let body = UnsafeBufferPointer(rebasing: batch.bytes[(value.lowerBound + 1)..<(value.upperBound - 1)])
            guard body.first == UInt8(ascii: "{") || body.first == UInt8(ascii: "[") else { continue }
            let text = session.buffers.text(batch.depth)
            text.reserve(body.count)
            guard let made = JSONText.unescape(body, into: text.base) else {
                session.malformed(byte: batch.byte(row), place: place, "a wrong escape in `\(name)`")
                return true
            }
            try walk?.walk(
                nested: UnsafeBufferPointer(start: text.base, count: made), prefix: "\(place)/\(name)", position: nil,
                fixedByte: batch.byte(row), depth: batch.depth + 1)
            return true
        }
        return false
    }

    /// Whether the value is worth opening: `event` and `aws` are used for other things too.
    private func mayHoldEvents(_ bytes: UnsafeBufferPointer<UInt8>, _ value: Range<Int>) -> Bool {
        let members = session.scanner.members(bytes, at: value.lowerBound, limit: 64).members
        if bytes[value.lowerBound] == UInt8(ascii: "[") { return true }
        let names = Set(members.map { String(decoding: bytes[$0.name], as: UTF8.self) })
        if names.contains("eventVersion") || names.contains("eventName") || names.contains("insightDetails") { return true }
        return !names.isDisjoint(with: CloudTrail.objectEnvelopes) || !names.isDisjoint(with: CloudTrail.textEnvelopes)
    }
}
