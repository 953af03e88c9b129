import Residency

/// OpenTelemetry's traces, logs and metrics in the JSON encoding of OTLP, as the collector's file exporter writes them.
///
///     {"resourceSpans": [{"resource": {"attributes": [{"key": "cloud.region", "value": {"stringValue": "eu-west-1"}}]},
///       "scopeSpans": [{"spans": [{"traceId": "...", "name": "GET /orders", "kind": 3, "startTimeUnixNano": "1544712660000000000",
///         "attributes": [{"key": "server.address", "value": {"stringValue": "api.example.com"}}]}]}]}]}
///
/// An event is a span, a log record or a metric. Expressions see `event.resource['cloud.region']`,
/// `event.attributes['server.address']`, and the members of the span by their names.
enum OpenTelemetry: InputFormat {
    static let id = "otlp"
    static let title = "OpenTelemetry (OTLP JSON)"

    private static func layout(_ word: String, time: String) -> EventLayout {
        EventLayout(
            format: id, provider: "otel", service: [], action: [], time: time.isEmpty ? [] : [time],
            account: ["resource", "cloud.account.id"], region: ["resource", "cloud.region"], error: [], serviceWord: word, actionWord: word)
    }

    /// One signal: where its records stand.
    struct Signal: Sendable {
        var list: String
        var scopes: [String]
        var records: [String]
        var layout: EventLayout
    }

    static let signals = [
        Signal(
            list: "resourceSpans", scopes: ["scopeSpans", "instrumentationLibrarySpans"], records: ["spans"],
            layout: layout("span", time: "startTimeUnixNano")),
        Signal(
            list: "resourceLogs", scopes: ["scopeLogs", "instrumentationLibraryLogs"], records: ["logRecords", "logs"],
            layout: layout("log", time: "timeUnixNano")),
        Signal(
            list: "resourceMetrics", scopes: ["scopeMetrics", "instrumentationLibraryMetrics"], records: ["metrics"],
            layout: layout("metric", time: "")),
    ]

    /// Members that hold such a document.
    static let envelopes = ["result", "data", "body"]

    static func recognises(_ head: Head) -> Bool {
        return head.candidates.contains { isDocument($0) || envelopes.contains(where: inner($0)) }

        func isDocument(_ object: Head.Object) -> Bool { signals.contains { object.has($0.list) } }
        func inner(_ object: Head.Object) -> (String) -> Bool {
            { name in object.members[name].flatMap { head.object(at: $0) }.map(isDocument) ?? false }
        }
    }

    static func read(_ session: ReadSession) throws(ReadError) { try OpenTelemetryReading(session).run() }
}

private final class OpenTelemetryReading {
    private let session: ReadSession
    private let sheet: EventSheet
    /// The wanted attributes and members, and where they go.
    private var resourceKeys: [(key: [UInt8], slot: Int)] = []
    private var attributeKeys: [(key: [UInt8], slot: Int)] = []
    private var memberKeys: [(key: [UInt8], slot: Int)] = []
    private let resourceSlot: Int?
    private let attributesSlot: Int?
    private var walk: RecordWalk?

    init(_ session: ReadSession) {
        self.session = session
        sheet = EventSheet(session, OpenTelemetry.signals.map(\.layout), isJSON: true) { $0.count <= 2 }
        resourceSlot = sheet.projection.existingSlot(["resource"])
        attributesSlot = sheet.projection.existingSlot(["attributes"])
        for (slot, path) in sheet.projection.paths.enumerated() {
            let key = Array(path[path.count - 1].utf8)
            switch (path.count, path[0]) {
            case (2, "resource"): resourceKeys.append((key, slot))
            case (2, "attributes"): attributeKeys.append((key, slot))
            case (1, let name) where name != "resource" && name != "attributes": memberKeys.append((key, slot))
            default: break
            }
        }
    }

    func run() throws(ReadError) {
        let trie = session.tries.trie(Projection(), lists: OpenTelemetry.signals.map(\.list))
        let walk = RecordWalk(session, trie: trie) { [unowned self] (batch) throws(ReadError) in
            for row in 0..<batch.count { try take(batch, row) }
        }
        self.walk = walk
        defer { self.walk = nil }
        try walk.walk()
    }

    private func take(_ batch: RecordBatch, _ row: Int) throws(ReadError) {
        let place = batch.pointer(row)
        if let fault = walk?.isSound(batch, row) {
            let byte = batch.byte(row) + (batch.position == nil ? 0 : fault.at)
            return session.malformed(byte: byte, place: place, fault.message)
        }
        let members = JSONSpan(batch.bytes, batch.record(row), session.scanner).members
        for name in OpenTelemetry.envelopes where members["resource"] == nil && batch.depth < RecordWalk.maxEnvelopes {
            guard let inner = members[name], inner.isObject else { continue }
            return try walk?.walk(
                nested: UnsafeBufferPointer(rebasing: batch.bytes[inner.range]), prefix: "\(place)/\(name)",
                position: batch.position.map { $0 + inner.range.lowerBound }, fixedByte: batch.fixedByte, depth: batch.depth + 1) ?? ()
        }
        var isKnown = members["resource"] != nil || OpenTelemetry.signals.contains { members[$0.list] != nil }
        var resource: [(slot: Int, range: Range<Int>)] = []
        if let span = members["resource"] {
            if let resourceSlot, span.isObject { resource.append((resourceSlot, span.range)) }
            if let list = span.members["attributes"] { attributes(list, batch.bytes, resourceKeys) { resource.append(($0, $1)) } }
        }
        for (number, signal) in OpenTelemetry.signals.enumerated() {
            for name in signal.scopes {
                guard let scopes = members[name] else { continue }
                isKnown = true
                for (index, scope) in scopes.elements.enumerated() {
                    let inner = scope.members
                    for name in signal.records {
                        guard let records = inner[name], records.isList else { continue }
                        let prefix = "\(place)/\(signal.scopes.first { members[$0] != nil } ?? "")/\(index)/\(name)/"
                        emit(records, number, resource, prefix, batch)
                    }
                }
            }
        }
        sheet.give(batch.bytes)
        if !isKnown {
            session.malformed(byte: batch.byte(row), place: place, "neither `resource` nor spans, logs or metrics: not of OTLP")
        }
    }

    private func emit(
        _ records: JSONSpan, _ signal: Int, _ resource: [(slot: Int, range: Range<Int>)], _ prefix: String, _ batch: RecordBatch
    ) {
        let bytes = batch.bytes
        for (index, record) in session.scanner.members(bytes, at: records.range.lowerBound, before: records.range.upperBound).members.enumerated() {
            let byte = batch.position.map { $0 + record.value.lowerBound } ?? batch.fixedByte
            guard !record.value.isEmpty, bytes[record.value.lowerBound] == UInt8(ascii: "{") else {
                sheet.give(bytes)
                session.malformed(byte: byte, place: "\(prefix)\(index)", "a record is not an object")
                continue
            }
            sheet.begin(bytes, layout: signal)
            for (slot, range) in resource { sheet.set(slot, range) }
            // An object's beginning is all that an expression may see of the way to the attributes.
            if let attributesSlot { sheet.set(attributesSlot, record.value) }
            for member in session.scanner.members(bytes, at: record.value.lowerBound, before: record.value.upperBound).members {
                if bytes.holds("attributes", at: member.name) {
                    let list = JSONSpan(bytes, member.value, session.scanner)
                    attributes(list, bytes, attributeKeys) { sheet.set($0, $1) }
                } else if let wanted = memberKeys.first(where: { bytes.matches($0.key, at: member.name) }) {
                    sheet.set(wanted.slot, member.value)
                }
            }
            sheet.end(byte: byte, prefix: prefix, index: index)
        }
    }

    /// Hands over the values of the wanted attributes: the text or number itself, without the type that is written around it.
    private func attributes(
        _ list: JSONSpan, _ bytes: UnsafeBufferPointer<UInt8>, _ wanted: [(key: [UInt8], slot: Int)], _ give: (Int, Range<Int>) -> Void
    ) {
        guard list.isList, !wanted.isEmpty else { return }
        for pair in session.scanner.members(bytes, at: list.range.lowerBound, before: list.range.upperBound).members {
            guard !pair.value.isEmpty, bytes[pair.value.lowerBound] == UInt8(ascii: "{") else { continue }
            var slot: Int?
            var value: Range<Int>?
            for member in session.scanner.members(bytes, at: pair.value.lowerBound, before: pair.value.upperBound).members {
                if bytes.holds("key", at: member.name), member.value.count > 2 {
                    let key = (member.value.lowerBound + 1)..<(member.value.upperBound - 1)
                    slot = wanted.first { bytes.matches($0.key, at: key) }?.slot
                } else if bytes.holds("value", at: member.name) {
                    value = member.value
                }
            }
            guard let slot, let value, !value.isEmpty, bytes[value.lowerBound] == UInt8(ascii: "{") else { continue }
            guard let inner = session.scanner.members(bytes, at: value.lowerBound, before: value.upperBound).members.first?.value, !inner.isEmpty else { continue }
            give(slot, inner)
        }
    }
}

extension UnsafeBufferPointer<UInt8> {
    fileprivate func matches(_ text: [UInt8], at range: Range<Int>) -> Bool {
        range.count == text.count && text.elementsEqual(self[range])
    }
}
