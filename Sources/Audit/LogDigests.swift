import EvidenceVerify
import Foundation
import Ingest
import Residency

/// CloudTrail's digest files among the inputs, and the log files that they speak of, as they lie on disk.
///
/// The object's name in S3 is known where the folders were kept (`…/AWSLogs/111122223333/CloudTrail/…`). A copy that lies
/// elsewhere under the file's own name, which is unique, is taken for what it is called.
struct LogDigests {
    /// What the findings file calls them.
    static let member = "cloudtrail"
    /// What is said of logs that digests could have proved.
    static let missing = CoverageSentence(.noDigests, ["CloudTrail"]).text
    /// Part of the name of every digest file, and of no log file.
    private static let digestMark = "CloudTrail-Digest"

    /// Whether a file's name is that of a digest.
    static func isDigest(_ name: String) -> Bool { name.contains(digestMark) }

    private let inputs: [InputSummary]
    private var logs: [String: [InputSummary]] = [:]
    private var logsByContent: [String: InputSummary] = [:]

    init(_ inputs: [InputSummary]) {
        self.inputs = inputs
        for input in inputs where input.document == nil && input.content != nil && !Self.isDigest(input.path) {
            logs[Self.fileName(input.path), default: []].append(input)
            if let content = input.content, logsByContent[content] == nil { logsByContent[content] = input }
        }
    }

    /// The verdict on the whole; `nil` if there are no digest files.
    func check() -> LogIntegrity? {
        let documents = inputs.filter { $0.format == DocumentFormat.cloudTrailDigest.rawValue || Self.isDamagedDigest($0) }
        guard !documents.isEmpty else { return nil }
        let keyFiles = inputs.filter { $0.format == DocumentFormat.cloudTrailKeys.rawValue }.compactMap(\.document)
        // Keys that can't be read are no keys: every digest then lacks its own, and says so.
        guard let verifier = (try? CloudTrailDigests(publicKeys: keyFiles)) ?? (try? CloudTrailDigests(publicKeys: [])) else { return nil }
        let signatures = self.signatures()
        let digests = documents.map { input -> CloudTrailDigests.Digest in
            let json = input.document ?? []
            let place = Self.place(input.path, says: CloudTrailDigests.place(of: json))
            return .init(bucket: place.bucket, key: place.key, json: json, signature: signatures[input.path])
        }
        var matched: Set<String> = []
        var integrity = verifier.verify(
            digests,
            elsewhere: { hash in
                guard let found = logsByContent[hash] else { return nil }
                matched.insert(found.path)
                return found.path
            },
            log: { _, key in
                guard let found = log(key) else { return nil }
                matched.insert(found.path)
                return found.content
            })
        integrity.uncovered = logs.values.joined().filter { EventLayouts.areDigested($0.format) && !matched.contains($0.path) }.map(\.path).sorted()
        return integrity
    }

    /// A file with a digest's name that is none.
    private static func isDamagedDigest(_ input: InputSummary) -> Bool {
        input.format == ReadOutcome.unknownFormat && fileName(input.path).contains("_\(digestMark)_") && !input.path.hasSuffix(".meta.json")
    }

    /// The signatures that were saved beside the digests: S3 keeps them as the objects' metadata.
    private func signatures() -> [String: String] {
        var signatures: [String: String] = [:]
        for input in inputs where input.format == DocumentFormat.storageMetadata.rawValue {
            guard let json = input.document, let value = try? StrictJSON.parse(json),
                let signature = value["signature"]?.text ?? value["Metadata"]?["signature"]?.text
            else { continue }
            if let object = StorageCheck.object(of: input.path) { signatures[object] = signature }
        }
        return signatures
    }

    private func log(_ key: String) -> InputSummary? {
        let candidates = logs[Self.fileName(key)] ?? []
        return candidates.first { Self.lies($0.path, at: key) } ?? candidates.first { !$0.path.contains(Self.layout) }
    }

    private static func place(_ path: String, says own: (bucket: String, key: String)?) -> (bucket: String, key: String) {
        guard let own else { return ("", path) }
        if lies(path, at: own.key) { return own }
        if let range = path.range(of: layout) { return (own.bucket, String(path[range.lowerBound...])) }
        return fileName(path) == fileName(own.key) ? own : (own.bucket, path)
    }

    /// Whether a path on disk is the object's, whatever folder it was copied into; a copy may have been inflated.
    private static func lies(_ path: String, at key: String) -> Bool {
        let path = inflatedName(path)
        let key = inflatedName(key)
        return path == key || path.hasSuffix("/" + key)
    }

    private static func fileName(_ path: String) -> String { inflatedName(path.split(separator: "/").last.map(String.init) ?? path) }

    private static func inflatedName(_ path: String) -> String { path.hasSuffix(".gz") ? String(path.dropLast(3)) : path }

    private static let layout = "AWSLogs/"
}

extension LogDigests {
    /// A sentence for each kind of trouble.
    static func shortfalls(_ integrity: LogIntegrity) -> [String] {
        LogIntegrity.Problem.Kind.allCases.compactMap { kind in
            let problems = integrity.problems.filter { $0.kind == kind }
            guard let first = problems.first else { return nil }
            let more = problems.count > 1 ? " (and \(problems.count - 1) more)" : ""
            return "CloudTrail's digest files: \(says(kind)): `\(first.path)`, \(first.detail)\(more)"
        }
    }

    static func blindSpots(_ integrity: LogIntegrity) -> [String] {
        guard let first = integrity.uncovered.first else { return [] }
        let count = integrity.uncovered.count
        return [CoverageSentence(count == 1 ? .undigestedLog : .undigestedLogs, ["\(count) CloudTrail", first]).text]
    }

    private static func says(_ kind: LogIntegrity.Problem.Kind) -> String {
        switch kind {
        case .unreadable: "one can't be read"
        case .moved: "a file is not where it was written"
        case .key: "the public key is missing (`aws cloudtrail list-public-keys`)"
        case .signature: "a signature does not hold"
        case .chain: "the chain is broken"
        case .gap: "there is a gap"
        case .missing: "a log file is missing"
        case .changed: "a log file was changed"
        }
    }
}
