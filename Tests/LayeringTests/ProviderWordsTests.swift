import Foundation
import Testing

/// The engine knows no cloud: what a provider calls things stands in the catalogue and in readers of formats, not in the code
/// that judges, counts and reports.
struct ProviderWordsTests {
    static let targets = ["Residency", "Policy", "Engine", "Audit", "Reports", "Pushdown", "EvidenceStore"]
    static var words: Regex<Substring> {
        /(?i)arn:|aws|amazon|\bs3\b|google|\bgcp\b|gs:\/\/|projects\/|locations\/|azure|microsoft|\/?subscriptions\/|cloudtrail|alibaba|\boci\b|kubernetes/
    }

    /// Files that may name a provider, each with its reason.
    static let exceptions = [
        "Policy/Cases.swift": "an example in a hint",
        "Policy/JurisdictionsDocument.swift": "an example in a hint",
        "Policy/PlacesDocument.swift": "an example in a hint",
        "Policy/CatalogueDocument.swift": "an example in a hint",
        "Reports/OCSFReport.swift": "what OCSF calls the providers: its own vocabulary",
        "Pushdown/Layout.swift": "the tables of an engine as their makers document them: each layout is one format",
        "Pushdown/EventTable.swift": "columns of those layouts",
        "Audit/LogDigests.swift": "the reader of one provider's digest files, which stand beside the logs",
        "Audit/StorageCheck.swift": "the reader of what storages say of their objects",
    ]

    /// `Engine/Judgement.swift:12: text` of every line whose code, not its comment, has such a word.
    static func found() throws -> [(file: String, line: String)] {
        try targets.flatMap { target in
            let folder = LayeringTests.root.appending(path: "Sources/\(target)")
            let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)?.compactMap { $0 as? URL } ?? []
            // A font's outlines are text without meaning.
            return try files.filter { $0.pathExtension == "swift" && !$0.lastPathComponent.hasPrefix("Font") }.flatMap { file in
                let name = "\(target)/\(file.lastPathComponent)"
                let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n", omittingEmptySubsequences: false)
                return lines.enumerated().compactMap { number, line in
                    let code = line.replacing(/(^|\s)\/\/.*$/, with: "")
                    return code.contains(words) ? (name, "Sources/\(name):\(number + 1): \(code.trimmingCharacters(in: .whitespaces))") : nil
                }
            }
        }
    }

    @Test func `the engine knows no cloud`() throws {
        let lines = try Self.found().filter { Self.exceptions[$0.file] == nil }.map(\.line)
        #expect(lines.isEmpty, "move it to the catalogue, to the tables of places or to a reader:\n\(lines.joined(separator: "\n"))")
    }

    @Test func `every exception is needed`() throws {
        let files = Set(try Self.found().map(\.file))
        #expect(Set(Self.exceptions.keys).subtracting(files).isEmpty)
    }
}
