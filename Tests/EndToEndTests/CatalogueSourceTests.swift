import Foundation
import Testing

/// What the catalogue says of sources names sources that there are: a sentence about a format that nobody reads is never said.
struct CatalogueSourceTests {
    private static func files(_ folder: String, _ suffix: String) -> [String] {
        let all = FileManager.default.enumerator(at: Binary.root.appending(path: folder), includingPropertiesForKeys: nil)?.compactMap { $0 as? URL } ?? []
        return all.filter { $0.pathExtension == suffix }.compactMap { try? String(contentsOf: $0, encoding: .utf8) }
    }

    private static func ids(_ pattern: Regex<(Substring, Substring)>, in texts: [String]) -> Set<String> {
        Set(texts.flatMap { $0.matches(of: pattern).map { String($0.output.1) } })
    }

    @Test func `every source of a blind spot or a safeguard is a format`() throws {
        let formats = Self.ids(/static let id = "([a-z0-9-]+)"/, in: Self.files("Sources/Ingest/Formats", "swift"))
        let sources = Self.ids(/(?m)^\s*- (?:\{)?source: "?([a-z0-9*-]+)"?/, in: Self.files("policies/catalogue", "yaml"))
        #expect(formats.count > 20 && sources.count > 4)
        for source in sources {
            let isThere = source.hasSuffix("*") ? formats.contains { $0.hasPrefix(source.dropLast()) } : formats.contains(source)
            #expect(isThere, "`\(source)` is no format")
        }
    }
}
