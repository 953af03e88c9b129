import Foundation
import Testing

/// The page of the ways out names vectors that there are, and says of no way that nothing sees it.
struct CataloguePageTests {
    private static func rows() throws -> [(way: String, patterns: [String])] {
        let text = try String(contentsOf: Binary.root.appending(path: "docs/catalogue.md"), encoding: .utf8)
        return text.split(separator: "\n").filter { $0.hasPrefix("| ") && $0.contains("-0") }.map { line in
            let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            return (cells[0] + " " + cells[1], cells[2].matches(of: /`([^`]+)`/).map { String($0.output.1) })
        }
    }

    private static func matches(_ pattern: String, _ id: String) -> Bool {
        id.range(of: "^" + NSRegularExpression.escapedPattern(for: pattern).replacingOccurrences(of: "\\*", with: ".*") + "$", options: .regularExpression) != nil
    }

    @Test func `every vector that it names is in the catalogue`() throws {
        let list = try Binary.run(["catalogue", "list"], in: Binary.root.path)
        let ids = list.output.split(separator: "\n").compactMap { $0.split(separator: " ").first.map(String.init) }
        #expect(ids.count > 500)
        let rows = try Self.rows()
        #expect(rows.count > 190)
        for row in rows {
            for pattern in row.patterns where pattern.contains(".") {
                #expect(ids.contains { Self.matches(pattern, $0) }, "\(row.way): `\(pattern)` is no vector")
            }
        }
    }

    @Test func `no way is without an answer`() throws {
        let text = try String(contentsOf: Binary.root.appending(path: "docs/catalogue.md"), encoding: .utf8)
        #expect(!text.contains("**nothing**"))
    }
}
