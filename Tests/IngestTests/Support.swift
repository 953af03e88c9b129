import CEL
import Foundation
import Ingest
import Residency

/// A folder that is gone when the test is.
final class Scratch {
    let path: String

    init() {
        path = NSTemporaryDirectory() + "ingest-\(UUID().uuidString)"
        try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    @discardableResult
    func write(_ name: String, _ bytes: [UInt8]) throws -> String {
        let file = path + "/" + name
        let folder = (file as NSString).deletingLastPathComponent
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try Data(bytes).write(to: URL(fileURLWithPath: file))
        return file
    }
}

/// What a reading handed over.
struct Reading {
    /// The slots of one event, by path (`requestParameters.bucketName`); absent fields are left out.
    struct Event: Equatable {
        var ordinal: Int
        var offset: UInt64
        var fields: [String: String]
        /// The word that stands for the service where the event names none.
        var word = ""
    }

    var outcome: ReadOutcome
    var events: [Event] = []
    var resources: [Resource] = []
    var hashed: [UInt8] = []
    var batches = 0
    var footprint = 0

    var messages: [String] { outcome.diagnostics.map(\.message) }
}

func plan(_ paths: [String] = [], for provider: String = "aws", limits: ReadLimits = ReadLimits()) -> ReadPlan {
    plan(paths.map { $0.split(separator: ".").map(String.init) }, for: [provider], limits: limits)
}

func plan(_ paths: [[String]], for providers: [String], limits: ReadLimits = ReadLimits()) -> ReadPlan {
    var projection = Projection()
    // As the engine asks: the members on the way come along.
    for path in paths { for length in 1...path.count { _ = projection.slot(Array(path.prefix(length))) } }
    return ReadPlan(projections: Dictionary(uniqueKeysWithValues: providers.map { ($0, projection) }), limits: limits)
}

func read(path: String, _ plan: ReadPlan = plan(), with reader: InputReader = InputReader(), keeping: Bool = true) throws -> Reading {
    var reading = Reading(outcome: ReadOutcome())
    var events: [Reading.Event] = []
    var resources: [Resource] = []
    var hashed: [UInt8] = []
    var batches = 0
    reading.outcome = try reader.read(InputFile(path: path, name: "input"), plan: plan) { bytes in
        if keeping { hashed += bytes }
    } resources: { resource in
        if keeping { resources.append(resource) }
    } events: { layout, projection, batch in
        batches += 1
        guard keeping else { return }
        for row in 0..<batch.count {
            var fields: [String: String] = [:]
            for (slot, path) in projection.paths.enumerated() {
                let bytes = batch.bytes(row, slot)
                if !bytes.isEmpty { fields[path.joined(separator: ".")] = String(decoding: bytes, as: UTF8.self) }
            }
            events.append(.init(ordinal: batch.firstOrdinal + row, offset: batch.offsets[row], fields: fields, word: layout.serviceWord))
        }
    }
    reading.events = events
    reading.resources = resources
    reading.hashed = hashed
    reading.batches = batches
    return reading
}

func read(_ bytes: [UInt8], _ plan: ReadPlan = plan(), with reader: InputReader = InputReader()) throws -> Reading {
    let scratch = Scratch()
    return try read(path: scratch.write("input", bytes), plan, with: reader)
}

func read(_ text: String, _ plan: ReadPlan = plan(), with reader: InputReader = InputReader()) throws -> Reading {
    try read(Array(text.utf8), plan, with: reader)
}

/// One event, as CloudTrail writes it.
func event(_ name: String = "GetObject", region: String = "eu-west-1", more: String = "") -> String {
    """
    {"eventVersion":"1.08","userIdentity":{"type":"IAMUser","accountId":"111122223333"},"eventTime":"2026-11-21T10:00:00Z",\
    "eventSource":"s3.amazonaws.com","eventName":"\(name)","awsRegion":"\(region)","sourceIPAddress":"192.0.2.7",\
    "requestParameters":{"bucketName":"b"},"responseElements":null\(more),"recipientAccountId":"111122223333"}
    """
}

/// A gzip member that stores its bytes uncompressed.
func gzip(_ bytes: [UInt8]) -> [UInt8] {
    var out: [UInt8] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]
    var at = 0
    repeat {
        let count = min(65535, bytes.count - at)
        let isLast = at + count == bytes.count
        out += [isLast ? 1 : 0, UInt8(count & 255), UInt8(count >> 8), UInt8(~count & 255), UInt8(~count >> 8 & 255)]
        out += bytes[at..<(at + count)]
        at += count
    } while at < bytes.count
    var crc: UInt32 = 0xffff_ffff
    for byte in bytes {
        crc ^= UInt32(byte)
        for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xedb8_8320 : crc >> 1 }
    }
    crc = ~crc
    for value in [crc, UInt32(truncatingIfNeeded: bytes.count)] {
        for shift in [0, 8, 16, 24] { out.append(UInt8(value >> UInt32(shift) & 255)) }
    }
    return out
}

/// The repository's folder, from where this file stands.
let repository = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().path

/// The public sample data beside the repository, where it is.
let corpus: String? = {
    let path = URL(fileURLWithPath: repository + "/../shared/corpus").standardizedFileURL.path
    return FileManager.default.fileExists(atPath: path) ? path : nil
}()

/// Numbers that are the same in every run.
struct Dice: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
        return mixed ^ mixed >> 31
    }
}
