import CEL
import Glibc
import Residency
@testable import Ingest

/// The readers of inputs. `DOMICILE_FUZZ_FORMAT` names the format that is fuzzed; its reader is given every input, recognised or not.
///
/// Each input is read twice, in one window and in windows so small that every record lies across their edges: what is sound must be
/// the same in both. A third reading tells the format by the content, as users' inputs are read.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    guard count > 0 else { return 0 }
    let bytes = UnsafeBufferPointer(start: start, count: count)
    inputFile.fill(bytes)
    firstByte = start.pointee
    // Elements of XML are two steps down.
    let mapping = wanted == MappedTable.id ? [mappings[start.pointee == UInt8(ascii: "<") ? 1 : 0]] : []
    InputWindow.chunk = 2 << 20
    InputWindow.wholePlain = 4 << 20
    InputWindow.rawChunk = 256 << 10
    let whole = Reading(forced: true, mapping, count)
    _ = Reading(forced: false, mapping, count)
    InputWindow.chunk = 61
    InputWindow.wholePlain = 61
    InputWindow.rawChunk = 61
    let pieces = Reading(forced: true, mapping, count)
    if whole.outcome.malformed == 0, pieces.outcome.malformed == 0 {
        precondition(whole.ordinals == pieces.ordinals, "windows change the records: \(whole.ordinals) \(pieces.ordinals)")
        precondition(whole.digest == pieces.digest, "windows change what the records are")
    }
    return 0
}

private nonisolated(unsafe) let inputFile = MemoryFile()
private nonisolated(unsafe) var firstByte: UInt8 = 0
private nonisolated(unsafe) let reader = InputReader()
private let wanted = String(cString: getenv("DOMICILE_FUZZ_FORMAT") ?? strdup("aws-cloudtrail"))
private func mapping(_ records: String) -> InputMapping {
    let text = "domicile-mapping: 1\nfiles: [\"*\"]\nrecords: \(records)\nresource: {type: $kind, id: \"${a} of ${b.c}\", place: $place, tags: {data: $d}}\n"
    do throws(YAMLText.Fault) { return try InputMapping(yaml: text) } catch { fatalError(error.message) }
}
private let mappings = [mapping("r"), mapping("r/row")]
private let formats = inputFormats.filter { $0.id == wanted }
private let limits = ReadLimits(maxInflatedBytes: 64 << 20)

/// A file that is in memory alone.
private final class MemoryFile {
    private let descriptor: CInt
    var path: String { "/proc/self/fd/\(descriptor)" }

    init() {
        let name = "/dev/shm/domicile-fuzz-\(getpid())"
        descriptor = open(name, O_RDWR | O_CREAT | O_TRUNC, 0o600)
        unlink(name)
    }

    func fill(_ bytes: UnsafeBufferPointer<UInt8>) {
        precondition(ftruncate(descriptor, 0) == 0 && pwrite(descriptor, bytes.baseAddress, bytes.count, 0) == bytes.count)
    }
}

/// What became of one input.
private struct Reading {
    var outcome = ReadOutcome()
    var ordinals: [Int] = []
    var digest: UInt64 = 0

    init(forced: Bool, _ mappings: [InputMapping], _ size: Int) {
        var ordinals: [Int] = []
        var digest: UInt64 = 0xcbf2_9ce4_8422_2325
        var hashed = 0
        let plan = ReadPlan(
            projections: Projections { _ in everything }, limits: limits, stated: StatedOrigin(region: "eu-west-1", account: "111122223333"),
            mappings: mappings)
        func mix(_ bytes: some Sequence<UInt8>) { for byte in bytes { digest = (digest ^ UInt64(byte)) &* 0x100_0000_01b3 } }
        let file = InputFile(path: inputFile.path, name: "input")
        let hash = { (bytes: UnsafeRawBufferPointer) in hashed += bytes.count }
        let resources = { (resource: Resource) in
            ordinals.append(resource.ordinal)
            mix(resource.id.utf8)
            mix(resource.pointer.utf8)
            precondition(!resource.id.isEmpty && !resource.pointer.isEmpty)
        }
        let events = { (layout: EventLayout, projection: Projection, batch: EventBatch) in
            for row in 0..<batch.count {
                ordinals.append(batch.firstOrdinal + row)
                for slot in projection.paths.indices { mix(batch.bytes(row, slot)) }
            }
        }
        do throws(ReadError) {
            // A format may have two shapes.
            let isSecond = firstByte == UInt8(ascii: "{") && size % 2 == 1 || firstByte == UInt8(ascii: "[")
            if forced, let format = isSecond ? formats.last : formats.first {
                let source = try RawSource(file)
                let session = ReadSession(
                    file: file, plan: plan, reader: reader, source: source, hash: hash, resources: resources, events: events)
                try session.open()
                session.outcome.format = format.id
                try format.read(session)
                outcome = session.close()
            } else {
                outcome = try reader.read(file, plan: plan, hash: hash, resources: resources, events: events)
            }
        } catch { fatalError(error.message) }
        self.ordinals = ordinals
        self.digest = digest
        check(hashed, size)
    }

    private func check(_ hashed: Int, _ size: Int) {
        precondition(hashed == size, "not all bytes were hashed")
        precondition(outcome.records >= outcome.resources + outcome.events)
        precondition(outcome.resources + outcome.events == ordinals.count)
        precondition(outcome.malformed == 0 || !outcome.diagnostics.isEmpty)
        precondition(Set(ordinals).count == ordinals.count, "a number was given twice")
        precondition(ordinals.allSatisfy { $0 >= 0 && $0 < outcome.records + outcome.malformed })
        precondition(outcome.diagnostics.count <= ReadLimits.defaultMaxDiagnostics + 3)
        for ordinal in ordinals { precondition(!outcome.pointers.pointer(ordinal).isEmpty) }
    }
}

/// Fields that the formats have.
private let everything: Projection = {
    let paths = [
        "dstaddr", "pkt_dstaddr", "interface_id", "flow_direction", "remote_ip", "bucket", "host_header", "client", "elb", "c_ip",
        "x_edge_location", "cs_host", "httpRequest.country", "webaclId", "modelId", "inferenceRegion", "requestParameters.bucketName",
        "sourceIPAddress", "protoPayload.requestMetadata.callerIp", "protoPayload.resourceLocation.currentLocations",
        "jsonPayload.connection.dest_ip", "jsonPayload.accesses", "callerAddress", "country", "resource.cloud.region", "direction", "rule",
        "attributes.server.address", "attributes.url.full", "kind", "sourceIPs", "objectRef.namespace", "cloud.provider", "dst_endpoint.ip",
        "resources", "properties.regionName",
    ]
    var projection = Projection()
    for text in paths {
        let parts = text.split(separator: ".").map(String.init)
        let isFlat = ["resource", "attributes"].contains(parts[0])
        let path = isFlat ? [parts[0], parts.dropFirst().joined(separator: ".")] : parts
        for length in 1...path.count { _ = projection.slot(Array(path.prefix(length))) }
    }
    return projection
}()
