import EvidenceVerify
import Foundation
import Ingest
import Residency

/// What a storage says of its objects (sizes, checksums, versions), held against the inputs that are copies of them.
struct StorageCheck {
    private var checked = 0
    /// How many were checked by what; `size`: by nothing else.
    private var means: [String: Int] = [:]
    private var changed: [String] = []
    private var absent: [String] = []

    /// `nil` if no input speaks of objects.
    init?(_ inputs: [InputSummary]) {
        let matches = Self.matches(inputs)
        guard !matches.isEmpty else { return nil }
        for (entry, number) in matches {
            guard let number else {
                absent.append(entry.object ?? entry.name)
                continue
            }
            guard let holds = Self.holds(entry, inputs[number]) else { continue }
            checked += 1
            means[entry.strongest?.rawValue ?? "size", default: 0] += 1
            if !holds { changed.append(inputs[number].path) }
        }
    }

    /// Gives inputs what their storage calls them, and reads those again of which it keeps a checksum other than SHA-256. They
    /// must still be what was judged.
    static func complete(_ inputs: inout [InputSummary], _ files: [InputFile]) {
        for (entry, number) in matches(inputs) {
            guard let number else { continue }
            if let object = entry.object { inputs[number].object = object }
            guard entry.sums[.sha256] == nil, !entry.sums.isEmpty, files.indices.contains(number) else { continue }
            inputs[number].checksums = checksums(of: files[number], Set(entry.sums.keys), inputs[number].sha256)
        }
    }

    var canonical: CanonicalValue {
        [
            "absent": .int(absent.count), "by": .object(means.mapValues(CanonicalValue.int)),
            "changed": .strings(Array(changed.prefix(Self.listed))), "checked": .int(checked), "holds": .bool(changed.isEmpty),
        ]
    }

    var shortfalls: [String] {
        guard let first = changed.first else { return [] }
        return ["an input is not what its storage says: `\(first)` has another size or checksum\(changed.count > 1 ? " (and \(changed.count - 1) more)" : "")"]
    }

    var blindSpots: [String] {
        guard let first = absent.first else { return [] }
        return [CoverageSentence(absent.count == 1 ? .absentObject : .absentObjects, ["\(absent.count)", first]).text]
    }

    private static let listed = 20

    /// What is said of one object.
    private struct Entry {
        /// Where it lies: a path on disk (beside the file that says it), or the object's name.
        var name: String
        var bucket: String?
        var object: String?
        var size: Int?
        var sums: [Checksum: [UInt8]] = [:]

        var strongest: Checksum? { Checksum.allCases.first { sums[$0] != nil } }
    }

    private static func matches(_ inputs: [InputSummary]) -> [(entry: Entry, number: Int?)] {
        let entries = inputs.filter { $0.format == DocumentFormat.storageMetadata.rawValue }.flatMap(Self.entries)
        guard !entries.isEmpty else { return [] }
        var numbers: [String: [Int]] = [:]
        for (number, input) in inputs.enumerated() { numbers[fileName(input.path), default: []].append(number) }
        return entries.map { ($0, best($0, numbers[fileName($0.name)] ?? [], inputs)) }
    }

    private static func entries(_ input: InputSummary) -> [Entry] {
        guard let json = input.document, let value = try? StrictJSON.parse(json) else { return [] }
        if let list = value.elements { return list.compactMap(listed) }
        if let entry = listed(value) { return [entry] }
        guard let name = object(of: input.path) else { return [] }
        var entry = Entry(name: name, size: number(value["ContentLength"] ?? value["ObjectSize"]))
        let isComposite = (value["ChecksumType"] ?? value["Checksum"]?["ChecksumType"])?.text == "COMPOSITE"
        for kind in Checksum.allCases where !isComposite {
            let name = "Checksum\(kind.rawValue.uppercased())"
            entry.sums[kind] = kind.decoded((value[name] ?? value["Checksum"]?[name])?.text)
        }
        if let version = value["VersionId"]?.text, version != "null" { entry.object = "\(name)#\(version)" }
        return entry.size == nil && entry.sums.isEmpty ? [] : [entry]
    }

    /// An element of a list: Google Cloud Storage's by its API or by gcloud, or Azure's.
    private static func listed(_ value: CanonicalValue) -> Entry? {
        guard let name = value["name"]?.text else { return nil }
        if let bucket = value["bucket"]?.text {
            let generation = value["generation"].flatMap { $0.text ?? $0.number.map(String.init) }
            return Entry(
                name: name, bucket: bucket, object: "gs://\(bucket)/\(name)\(generation.map { "#" + $0 } ?? "")", size: number(value["size"]),
                sums: sums(md5: value["md5Hash"] ?? value["md5_hash"], crc32c: value["crc32c"] ?? value["crc32c_hash"]))
        }
        guard let properties = value["properties"] else { return nil }
        let container = value["container"]?.text
        return Entry(
            name: name, bucket: container, object: container.map { "\($0)/\(name)\(value["versionId"]?.text.map { "#" + $0 } ?? "")" },
            size: number(properties["contentLength"]), sums: sums(md5: properties["contentSettings"]?["contentMd5"]))
    }

    private static func sums(md5: CanonicalValue?, crc32c: CanonicalValue? = nil) -> [Checksum: [UInt8]] {
        var sums: [Checksum: [UInt8]] = [:]
        sums[.md5] = Checksum.md5.decoded(md5?.text)
        sums[.crc32c] = Checksum.crc32c.decoded(crc32c?.text)
        return sums
    }

    /// Numbers beyond JSON's are written as strings.
    private static func number(_ value: CanonicalValue?) -> Int? { value?.number ?? value?.text.flatMap { Int($0) } }

    /// The input that lies where the object does: the folders that both have agree, the more the better.
    private static func best(_ entry: Entry, _ candidates: [Int], _ inputs: [InputSummary]) -> Int? {
        let full = (entry.bucket.map { $0 + "/" } ?? "") + entry.name
        let places = [full, entry.name]
        for place in places {
            if let found = candidates.first(where: { inputs[$0].path == place || inputs[$0].path.hasSuffix("/" + place) }) { return found }
        }
        return candidates.count == 1 && !inputs[candidates[0]].path.contains("/") ? candidates[0] : nil
    }

    /// Whether the input is what is said of it; `nil` if nothing is said that can be checked.
    private static func holds(_ entry: Entry, _ input: InputSummary) -> Bool? {
        if let size = entry.size, size != input.bytes { return false }
        // A slice is written as digits, an array would be hashed.
        if let sha256 = entry.sums[.sha256] { return Digest.hexadecimal(sha256[...]) == input.sha256 }
        let known = entry.sums.filter { input.checksums[$0.key.rawValue] != nil }
        if known.isEmpty { return entry.size == nil ? nil : true }
        return known.allSatisfy { Digest.hexadecimal($0.value[...]) == input.checksums[$0.key.rawValue] }
    }

    /// These checksums of a file that still has this SHA-256; other texts if it has not.
    private static func checksums(of file: InputFile, _ kinds: Set<Checksum>, _ sha256: String) -> [String: String] {
        guard file.path != "-", let sums = Checksum.of(file.path, kinds.union([.sha256])) else { return [:] }
        let isSame = sums[.sha256] == sha256
        return Dictionary(uniqueKeysWithValues: kinds.map { ($0.rawValue, isSame ? sums[$0] ?? "" : "changed") })
    }

    /// The file that a file beside it speaks of: `x.json.gz` of `x.json.gz.meta.json`.
    static func object(of sidecar: String) -> String? {
        [".meta.json", ".head.json", ".metadata.json"].first { sidecar.hasSuffix($0) }.map { String(sidecar.dropLast($0.utf8.count)) }
    }

    private static func fileName(_ path: String) -> String { path.split(separator: "/").last.map(String.init) ?? path }
}
