import Residency
import Testing

@testable import Policy

@Suite struct PositionTests {
    /// In each document the value of `k` has an `X` in it; `↓` in the document stands just before the place of that `X` in the
    /// source.
    static let documents: [String] = [
        "k: a && ↓X",
        "k:   a\n   && ↓X",
        "k: a\n  b\n\n\n  c ↓X d",
        "k: 'a ''b'' ↓X'",
        "k: 'a\n\n  b ↓X'",
        "k: \"a \\\"b\\\" \\u00e4\\x41\\t↓X\"",
        "k: \"a\n  b ↓X\"",
        "k: \"a \\\n  b ↓X\"",
        "k: |\n  a\n  b ↓X\n",
        "k: |-\n\n  a\n    b ↓X\n  c",
        "k: |2\n   a\n  ↓X",
        "k: >\n  a\n  b\n\n  c ↓X\n",
        "k: >-\n  a\n    more\n  c ↓X",
        "k: !!str a ↓X",
        "k: &name a ↓X",
        "- other\n- k: äöü ↓X",
        "{j: 1, k: \"ä ↓X\"}",
        "k: ↓X",
    ]

    @Test(arguments: documents)
    func `a byte of a scalar is found in the file`(_ marked: String) throws {
        let mark = try #require(
            marked.split(separator: "\n", omittingEmptySubsequences: false).enumerated().first { $0.element.contains("↓") })
        let column = mark.element.unicodeScalars.prefix { $0 != "↓" }.count + 1
        let text = marked.replacing("↓", with: "")
        let file = SourceFile(path: "x.yaml", bytes: Array(text.utf8))
        let source = SourceText(file)
        var problems = Problems(source)
        let root = try #require(YAMLReader.read(file, source, &problems).first)
        #expect(problems.list == [])
        let node = try #require(root["k"] ?? root.items?.last?["k"])
        let value = try #require(node.text)
        let offset = try #require(
            value.utf8.firstIndex(of: UInt8(ascii: "X")).map { value.utf8.distance(from: value.utf8.startIndex, to: $0) })
        #expect(source.position(ofByte: offset, in: node) == Mark(line: mark.offset + 1, column: column))
    }

    @Test func `a long line is shown around the column`() {
        let line = String(repeating: "x", count: 500) + "HERE" + String(repeating: "y", count: 500)
        let one = PolicyDiagnostic(level: .error, file: "f", line: 1, column: 501, length: 4, message: "m")
        let lines = one.rendered(source: Array(line.utf8)).split(separator: "\n")
        let column = lines[2].prefix { $0 != "^" }.count
        #expect(lines[1].dropFirst(column).hasPrefix("HERE") && lines[1].count < 180)
        #expect(lines[2].hasSuffix("^^^^"))
    }

    static let days: [(String, Int?)] = [
        ("1970-01-01", 0), ("2026-11-22", 20_779), ("2024-02-29", 19_782), ("2023-02-29", nil), ("2026-13-01", nil), ("2026-1-1", nil),
        ("20261122", nil),
        ("2026-11-31", nil), ("1900-03-01", -25_508), ("0000-01-01", nil), ("2026-11-2x", nil), ("", nil),
    ]

    @Test(arguments: days)
    func `days are read and written`(_ text: String, _ number: Int?) {
        #expect(CalendarDay(text)?.number == number)
        if number != nil { #expect(CalendarDay(text)?.description == text) }
    }

    @Test func `a year after the leap day is the last of February`() {
        #expect(CalendarDay("2024-02-29")?.oneYearLater.description == "2025-02-28")
        #expect(CalendarDay(containing: -1).description == "1969-12-31")
        #expect(CalendarDay("2027-06-30")?.inWords == "30 June 2027")
    }

    static let globs: [(String, String, Bool)] = [
        ("*", "", true), ("a*", "abc", true), ("a*c", "abc", true), ("a*c", "abd", false), ("a?c", "abc", true), ("a?c", "ac", false),
        ("A*", "abc", false),
        ("**a**", "bab", true), ("", "", true), ("", "a", false), ("a", "a*", false), ("?", "*", true),
    ]

    @Test(arguments: globs)
    func `a pattern matches a whole name`(_ pattern: String, _ name: String, _ matches: Bool) {
        #expect(Glob.matches(pattern, name) == matches)
    }

    static let pairs: [(String, String, Bool)] = [
        ("a*", "*b", true), ("a*", "b*", false), ("*x*", "y*", true), ("a?", "?b", true), ("a?", "b?", false), ("*", "*", true),
        ("a*c", "a*d", false),
        ("acme-*", "*-prod", true), ("", "*", true), ("a", "b", false),
    ]

    @Test(arguments: pairs)
    func `two patterns meet if one name fits both`(_ left: String, _ right: String, _ meet: Bool) {
        #expect(Glob.overlap(left, right) == meet)
        #expect(Glob.overlap(right, left) == meet)
    }
}
