import Foundation
import Policy
import Residency

/// The facts that the tests' files build on, and how they are loaded.
enum Samples {
    /// 22 November 2026, noon UTC.
    static let now: Int64 = 1_795_348_800

    static let places = """
        provider: aws
        source: a test
        date: 2026-11-22
        zones: {pattern: "{region}{letter}"}
        places:
          - {name: eu-west-1, country: IE, title: Europe (Ireland)}
          - {name: eu-central-1, country: DE, title: Europe (Frankfurt)}
          - {name: eu-west-2, country: GB, title: Europe (London)}
          - {name: us-east-1, country: US, title: US East (N. Virginia)}
          - {name: ca-central-1, country: CA-QC, title: Canada (Central)}
          - {name: global, kind: edge, country: unknown, why: an edge network in many countries}
        networks:
          - {cidr: 203.0.113.0/24, country: DE, title: Berlin office}
        """

    static let jurisdictions = """
        jurisdictions:
          - {id: eu, title: European Union, source: Treaty on European Union, countries: [DE, FR, IE]}
          - {id: eea, title: European Economic Area, any: [eu, {countries: [IS, LI, NO]}]}
          - {id: uk, title: United Kingdom, countries: [GB]}
          - {id: us, title: United States, countries: [US]}
          - {id: quebec, title: Quebec, countries: [CA-QC]}
          - id: eu-adequate
            version: 2021-06-28
            title: Adequate under GDPR Art. 45
            countries: [CH, {country: GB, from: 2021-06-28, until: 2026-12-10}]
        """

    static let catalogue = """
        vectors:
          - id: aws.s3.bucket
            says: objects are stored in {place}
            activity: stored
            resource: AWS::S3::Bucket
            place: region(resource.region)
            reference: AWS Config resource schema
          - id: aws.s3.copy
            says: objects are copied to {place}
            activity: copied
            resource: AWS::S3::Bucket
            place: region(resource.region)
            reference: AWS Config resource schema
        """

    static func file(_ path: String, _ text: String) -> SourceFile { SourceFile(path: path, bytes: Array(text.utf8)) }

    static let builtin = [file("places.yaml", places), file("jurisdictions.yaml", jurisdictions), file("catalogue/aws/s3.yaml", catalogue)]

    static func digest(_ text: String) -> String { Array(text.utf8).withUnsafeBufferPointer(digest) }

    /// Not a digest; enough to tell one file from another.
    static func digest(_ bytes: UnsafeBufferPointer<UInt8>) -> String {
        String(bytes.reduce(into: UInt64(14_695_981_039_346_656_037)) { $0 = ($0 ^ UInt64($1)) &* 1_099_511_628_211 }, radix: 16)
    }

    static func load(
        _ files: [SourceFile], tenants: SourceFile? = nil, waivers: [SourceFile] = []
    ) -> (RuleBook, [PolicyDiagnostic]) {
        RuleBookLoader.load(builtin: builtin, files: files, tenants: tenants, waivers: waivers, now: now, digest: digest)
    }

    static func load(_ text: String) -> (RuleBook, [PolicyDiagnostic]) { load([file("policies/test.yaml", text)]) }
}

/// A folder of texts that somebody has looked at and found right.
enum Golden {
    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Golden")

    /// The names of the cases of a kind: the files that end so, without the ending.
    static func names(_ ending: String) -> [String] {
        let all = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return all.filter { $0.hasSuffix(ending) }.map { String($0.dropLast(ending.count)) }.sorted()
    }

    static func text(_ name: String) -> String {
        (try? String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)) ?? ""
    }

    /// What is stored under a name; with UPDATE_GOLDEN=1 it becomes what there is now.
    static func expected(_ name: String, _ actual: String) -> String {
        if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1" {
            try? actual.write(to: folder.appendingPathComponent(name), atomically: true, encoding: .utf8)
        }
        return text(name)
    }

    /// The files in one case: each begins with a line `=== role path`, the role being `file`, `builtin`, `tenants`, `waivers`.
    static func files(_ name: String) -> [(role: String, file: SourceFile)] {
        var parts: [(role: String, path: String, lines: [Substring])] = []
        for line in text(name).split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("=== ") {
                let words = line.dropFirst(4).split(separator: " ")
                parts.append((String(words[0]), String(words[1]), []))
            } else if !parts.isEmpty {
                parts[parts.count - 1].lines.append(line)
            }
        }
        return parts.map { ($0.role, Samples.file($0.path, $0.lines.joined(separator: "\n"))) }
    }

    static func load(_ name: String) -> (RuleBook, [PolicyDiagnostic], [SourceFile]) {
        let files = files(name)
        func of(_ role: String) -> [SourceFile] { files.filter { $0.role == role }.map(\.file) }
        let (book, found) = RuleBookLoader.load(
            builtin: Samples.builtin + of("builtin"), files: of("file"), tenants: of("tenants").first, waivers: of("waivers"),
            now: Samples.now, digest: Samples.digest)
        return (book, found, files.map(\.file))
    }

    static func rendered(_ found: [PolicyDiagnostic], _ files: [SourceFile]) -> String {
        found.map { one in one.rendered(source: files.first { $0.path == one.file }?.bytes) + "\n" }.joined(separator: "\n")
    }
}
