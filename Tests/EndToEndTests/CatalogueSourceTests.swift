import Foundation
import Testing
import Yams

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

    /// A report in another language tells what our own catalogue says in its own words.
    @Test func `every blind spot and safeguard of the catalogue is told in the reports' languages`() throws {
        var count = 0
        for text in Self.files("policies/catalogue", "yaml") {
            for document in try Yams.load_all(yaml: text) {
                for entry in ["blind", "safeguards"].flatMap({ (document as? [String: Any])?[$0] as? [[String: Any]] ?? [] }) {
                    count += 1
                    #expect((entry["told"] as? [String: String])?.keys.sorted() == ["de", "fr", "pt"], "\(entry["says"] ?? "")")
                }
            }
        }
        #expect(count > 20)
    }

    @Test func `a German report of a run tells them in German`() throws {
        let scratch = try Scratch()
        let example = "policies/examples/northwind"
        _ = try Binary.run(
            ["audit", "\(example)/inputs/config", "--policies", example, "--now", Binary.now, "--out", scratch.path, "--store", scratch.path + "/history.sqlite", "--quiet"], in: Binary.root.path)
        let page = scratch.path + "/page.html"
        _ = try Binary.run(["report", "--store", scratch.path + "/history.sqlite", "--language", "de", "--format", "html=" + page], in: Binary.root.path)
        let text = try String(contentsOfFile: page, encoding: .utf8)
        #expect(text.contains("AWS Config kann Replikate von Geheimnissen nicht zeigen") && !text.contains("AWS Config cannot show"))
    }
}
