import Residency

/// Flow logs of Azure Network Watcher, of network security groups and of virtual networks. Each tuple is an event.
///
///     {"records": [{"time": "...", "category": "NetworkSecurityGroupFlowEvent", "resourceId": "/SUBSCRIPTIONS/...", "properties": {"Version": 2,
///       "flows": [{"rule": "r", "flows": [{"mac": "...", "flowTuples": ["1542110377,10.0.0.4,192.0.2.7,44931,443,T,O,A,B,,,,"]}]}]}}]}
///     {"records": [{"time": "...", "category": "FlowLogFlowEvent", "targetResourceID": "/subscriptions/...", "flowRecords":
///       {"flows": [{"aclID": "...", "flowGroups": [{"rule": "r", "flowTuples": ["1663146003599,10.0.0.6,192.0.2.7,23956,443,6,O,B,NX,0,0,0,0"]}]}]}}]}
enum AzureFlowLogs: InputFormat {
    static let id = "azure-flow"
    static let title = "Azure flow logs"

    static let layout = EventLayout(
        format: id, provider: "azure", service: [], action: [], time: ["start"], account: [], region: [], error: ["rejected"],
        serviceWord: "flow", actionWord: "flow")

    /// What an event can have: the parts of the tuple, and what its record says of it.
    static let columns: Set<String> = [
        "start", "srcaddr", "dstaddr", "srcport", "dstport", "protocol", "direction", "state", "rejected", "resource", "rule", "mac",
    ]
    static let tuple = ["start", "srcaddr", "dstaddr", "srcport", "dstport", "protocol", "direction", "state"]

    static func recognises(_ head: Head) -> Bool {
        return head.candidates.contains { object in
            if isRecord(object) { return true }
            guard let at = object.members["records"], let first = head.firstElement(at: at), let record = head.object(at: first) else {
                return false
            }
            return isRecord(record) || record.members["category"].flatMap { head.text(at: $0) }?.hasSuffix("FlowEvent") ?? false
        }

        func isRecord(_ object: Head.Object) -> Bool {
            object.has("flowRecords")
                || object.members["category"].flatMap { head.text(at: $0) } == "NetworkSecurityGroupFlowEvent"
        }
    }

    static func read(_ session: ReadSession) throws(ReadError) { try AzureFlowReading(session).run() }
}

private final class AzureFlowReading {
    private let session: ReadSession
    private let sheet: EventSheet
    private let slots: [Int?]
    private let rejected: Int?
    private let resource: Int?
    private let rule: Int?
    private let mac: Int?
    private var walk: RecordWalk?

    init(_ session: ReadSession) {
        self.session = session
        sheet = EventSheet(session, [AzureFlowLogs.layout], isJSON: false) { $0.count == 1 && AzureFlowLogs.columns.contains($0[0]) }
        let projection = sheet.projection
        slots = AzureFlowLogs.tuple.map { projection.existingSlot([$0]) }
        rejected = projection.existingSlot(["rejected"])
        resource = projection.existingSlot(["resource"])
        rule = projection.existingSlot(["rule"])
        mac = projection.existingSlot(["mac"])
    }

    func run() throws(ReadError) {
        let trie = session.tries.trie(Projection(), lists: ["records"])
        let walk = RecordWalk(session, trie: trie) { [unowned self] (batch) throws(ReadError) in
            for row in 0..<batch.count { take(batch, row) }
        }
        self.walk = walk
        defer { self.walk = nil }
        try walk.walk()
    }

    private func take(_ batch: RecordBatch, _ row: Int) {
        let place = batch.pointer(row)
        if let fault = walk?.isSound(batch, row) {
            return session.malformed(byte: batch.byte(row) + fault.at, place: place, fault.message)
        }
        let members = JSONSpan(batch.bytes, batch.record(row), session.scanner).members
        let before = session.ordinal
        var flows = 0
        let known = Known(resource: members["targetResourceID"] ?? members["resourceId"], mac: members["macAddress"])
        for (index, flow) in (members["properties"]?.members["flows"]?.elements ?? []).enumerated() {
            let outer = flow.members
            for (number, inner) in (outer["flows"]?.elements ?? []).enumerated() {
                let group = inner.members
                flows += 1
                tuples(
                    group["flowTuples"], Known(resource: known.resource, mac: group["mac"], rule: outer["rule"]),
                    "\(place)/properties/flows/\(index)/flows/\(number)/flowTuples/", batch)
            }
        }
        for (index, flow) in (members["flowRecords"]?.members["flows"]?.elements ?? []).enumerated() {
            for (number, group) in (flow.members["flowGroups"]?.elements ?? []).enumerated() {
                let group = group.members
                flows += 1
                tuples(
                    group["flowTuples"], Known(resource: known.resource, mac: known.mac, rule: group["rule"]),
                    "\(place)/flowRecords/flows/\(index)/flowGroups/\(number)/flowTuples/", batch)
            }
        }
        sheet.give(batch.bytes)
        if flows == 0, session.ordinal == before, members["flowRecords"] == nil, members["properties"]?.members["flows"] == nil {
            session.malformed(byte: batch.byte(row), place: place, "a record without `flows` is not of a flow log")
        }
    }

    /// What a record says of all of its tuples.
    private struct Known {
        var resource: JSONSpan?
        var mac: JSONSpan?
        var rule: JSONSpan?
    }

    private func tuples(_ list: JSONSpan?, _ known: Known, _ prefix: String, _ batch: RecordBatch) {
        for (index, tuple) in (list?.elements ?? []).enumerated() {
            let bytes = batch.bytes
            sheet.begin(bytes)
            let byte = batch.position.map { $0 + tuple.range.lowerBound } ?? batch.fixedByte
            guard let text = inside(tuple, bytes), fill(bytes, text) else {
                sheet.give(bytes)
                session.malformed(byte: byte, place: "\(prefix)\(index)", "not a flow: time, addresses, ports, protocol, direction and state")
                continue
            }
            for (slot, span) in [(resource, known.resource), (rule, known.rule), (mac, known.mac)] {
                if let slot, let span, let text = inside(span, bytes) { sheet.set(slot, text) }
            }
            sheet.end(byte: byte, prefix: prefix, index: index)
        }
    }

    private func inside(_ span: JSONSpan, _ bytes: UnsafeBufferPointer<UInt8>) -> Range<Int>? {
        guard span.range.count > 2, bytes[span.range.lowerBound] == UInt8(ascii: "\"") else { return nil }
        return (span.range.lowerBound + 1)..<(span.range.upperBound - 1)
    }

    private func fill(_ bytes: UnsafeBufferPointer<UInt8>, _ text: Range<Int>) -> Bool {
        var fields = LineFields(bytes, text, separator: UInt8(ascii: ","))
        for index in slots.indices {
            guard let field = fields.next() else { return false }
            if index == 0, !bytes.isNumber(field) { return false }
            if let slot = slots[index], !field.isEmpty { sheet.set(slot, field) }
            if index == slots.count - 1, bytes.holds("D", at: field), let rejected { sheet.set(rejected, field) }
        }
        return true
    }
}
