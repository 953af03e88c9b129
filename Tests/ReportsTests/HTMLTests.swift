import Foundation
import Reports
import Residency
import Testing

struct HTMLTests {
    static let options = ReportOptions(
        evidence: EvidenceSummary(
            signed: true, keyID: String(repeating: "ab", count: 32), facts: [.init("findings.json", String(repeating: "cd", count: 32))],
            commands: [
                "openssl dgst -sha256 -verify p256.pub.pem -signature evidence.sig evidence.pae", "sha256sum --strict -c SHA256SUMS",
            ]))

    @Test func `the sample is the golden file`() throws {
        try Golden.expect(Reports.render(Sample.run, as: .html, options: Self.options), equals: "report.html")
    }

    @Test(.enabled(if: Checkers.xmllint != nil, "xmllint"))
    func `libxml2's HTML parser finds no broken nesting`() throws {
        for run in [Sample.run, Hostile.run] {
            let (_, output) = try Checkers.result(
                of: ["xmllint", "--html", "--noout", "--nonet", "{}"], on: Reports.render(run, as: .html, options: Self.options),
                named: "r.html")
            // HTML 5's elements and SVG are newer than that parser.
            let broken = output.split(separator: "\n").filter { $0.contains(": HTML parser error") && !$0.contains("Tag ") }
            #expect(broken.isEmpty, "\(broken)")
        }
    }

    @Test func `hostile names stay text`() throws {
        let page = String(decoding: try Reports.render(Hostile.run, as: .html, options: Self.options), as: UTF8.self)
        #expect(page.components(separatedBy: "<script").count == 2)
        #expect(page.components(separatedBy: "<style").count == 2)
        #expect(!page.contains("<img"))
        #expect(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;"))
        #expect(!page.unicodeScalars.contains { $0 == "\u{202E}" || $0 == "\u{2066}" || ($0.value < 0x20 && $0 != "\n") })
    }

    @Test func `the page loads nothing and has no inline style or handler`() throws {
        let page = String(decoding: try Reports.render(Sample.run, as: .html, options: Self.options), as: UTF8.self)
        #expect(page.contains("default-src &#39;none&#39;"))
        #expect(!page.contains("unsafe-inline"))
        for forbidden in [" src=", " style=", " onclick=", "http://", "<link", "@import", "url("] {
            #expect(!page.contains(forbidden), "\(forbidden)")
        }
    }

    @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/sha256sum"), "sha256sum"))
    func `the security policy names the digests of the style and the script that are in the page`() throws {
        let page = String(decoding: try Reports.render(Sample.run, as: .html), as: UTF8.self)
        for tag in ["style", "script"] {
            let content = try #require(page.components(separatedBy: "<\(tag)>").last?.components(separatedBy: "</\(tag)>").first)
            let (_, output) = try Checkers.result(
                of: ["sh", "-c", "sha256sum < \"$0\" | cut -c1-64 | xxd -r -p | base64", "{}"], on: Array(content.utf8), named: "content")
            let digest = output.trimmingCharacters(in: .whitespacesAndNewlines)
            #expect(digest.count == 44 && page.contains("sha256-\(digest)"), "\(tag): \(digest)")
        }
    }

    @Test func `an unsigned run says so and a signed one says how to check`() throws {
        let unsigned = String(decoding: try Reports.render(Sample.run, as: .html), as: UTF8.self)
        #expect(unsigned.contains("This run is not signed"))
        let signed = String(decoding: try Reports.render(Sample.run, as: .html, options: Self.options), as: UTF8.self)
        #expect(signed.contains("openssl dgst -sha256") && !signed.contains("This run is not signed"))
    }

    @Test func `ten thousand findings fit a limit that is said`() throws {
        let many = (0..<10_000).map { Sample.finding("b-\($0)", "stored", .violated, .high, at: [Sample.virginia], message: "outside") }
        let run = Sample.make(findings: many)
        let whole = try Reports.render(run, as: .html, options: ReportOptions(maxListed: 20_000))
        #expect(String(decoding: whole, as: UTF8.self).contains("arn:aws:s3:::b-9999"))
        let cut = try Reports.render(run, as: .html, options: ReportOptions(maxBytes: 500_000))
        #expect(cut.count <= 500_000)
        #expect(String(decoding: cut, as: UTF8.self).contains("of 10,000 are listed"))
    }

    @Test func `what is not known stands in the page`() throws {
        let page = String(decoding: try Reports.render(Sample.run, as: .html), as: UTF8.self)
        for text in [
            "AWS::QuickSight::DataSet", "cannot show EFS replication", "444455556666", "arn:aws:s3:::tmp-1", "2026-11-21T04:00:00Z",
        ] {
            #expect(page.contains(text), "\(text)")
        }
    }
}

struct HTMLLanguageTests {
    @Test(arguments: ReportLanguage.allCases)
    func `each language says the whole page in its own words`(language: ReportLanguage) throws {
        let options = ReportOptions(language: language, comparison: BaselineComparison(baseline: "b", before: [], now: Sample.run.findings))
        let page = String(decoding: try Reports.render(Sample.run, as: .html, options: options), as: UTF8.self)
        #expect(page.contains("<html lang=\"\(language.rawValue)\">"))
        let answer = ["en": "Not kept", "de": "Nicht eingehalten", "fr": "Non respecté", "pt": "Não cumprido"][language.rawValue]
        #expect(page.contains("<strong>\(try #require(answer))</strong>"))
        // No place in a template stays unfilled.
        #expect(page.firstMatch(of: /\{[0-9]\}/) == nil)
    }

    @Test func `only what a run says itself is alike in all languages`() throws {
        let words = try ReportLanguage.allCases.map { language in
            let page = String(
                decoding: try Reports.render(Sample.run, as: .html, options: ReportOptions(language: language)), as: UTF8.self)
            return Set(page.matches(of: /<h[23][^>]*>([^<]+)</).map { String($0.output.1) })
        }
        let common = words.dropFirst().reduce(words[0]) { $0.intersection($1) }
        #expect(common.isSubset(of: Set(Sample.policies.map(\.title))), "\(common)")
    }

    @Test func `numbers are told apart as the language does`() throws {
        for (language, number) in [
            (ReportLanguage.english, "120,345"), (.german, "120.345"), (.french, "120\u{202F}345"), (.portuguese, "120.345"),
        ] {
            let page = String(
                decoding: try Reports.render(Sample.run, as: .html, options: ReportOptions(language: language)), as: UTF8.self)
            #expect(page.contains("<dd>\(number)</dd>"))
        }
    }

    @Test func `the map marks each country by its gravest finding, in shape and words`() throws {
        let page = String(decoding: try Reports.render(Sample.run, as: .html), as: UTF8.self)
        #expect(page.contains("<title>US: 2 violated, 1 waived, 1 lawful transfer</title>"))
        #expect(page.contains("<title>IE: 3 satisfied</title>"))
        #expect(page.contains("mark m-out") && page.contains("mark m-in"))
    }

    @Test func `an attempt that failed is no mark on the map`() throws {
        var finding = Sample.finding("x", "copied", .satisfied, .high, at: [Sample.virginia], message: "an attempt failed")
        finding.observations[0].attempted = true
        let page = String(decoding: try Reports.render(Sample.make(findings: [finding]), as: .html), as: UTF8.self)
        #expect(!page.contains("class=\"land\""))
        #expect(page.contains("○ 1<span class=\"heard\"> attempted, not done</span>"))
    }
}

struct HTMLAccessibilityTests {
    /// A word that is only heard stands by itself: where its table scrolls, the table has to hold it, or a phone shows an empty
    /// margin as wide as the table.
    @Test func `what is only heard makes no page wider`() throws {
        let page = String(decoding: try Reports.render(Sample.run, as: .html), as: UTF8.self)
        #expect(page.contains(".heard{position:absolute;") && page.contains(".wide{overflow-x:auto;position:relative}"))
    }

    @Test func `a table wider than the screen is scrolled by keys`() throws {
        let page = String(decoding: try Reports.render(Sample.run, as: .html), as: UTF8.self)
        let wide = page.matches(of: /<div class="wide"[^>]*>/).map { String($0.output) }
        #expect(wide.count > 5 && wide.allSatisfy { $0.contains("tabindex=\"0\"") && $0.firstMatch(of: /aria-label="[^"]+"/) != nil })
    }

    @Test(arguments: [("light", 0), ("dark", 1), ("print", 2)])
    func `each colour stands out from its ground by 4.5 to 1`(theme: String, index: Int) throws {
        let page = String(decoding: try Reports.render(Sample.run, as: .html), as: UTF8.self)
        let definitions = page.matches(of: /:root\{([^}]*)\}/).map { String($0.output.1) }
        var colors: [String: String] = [:]
        // Later definitions replace earlier ones, as the browser has it.
        for text in [definitions[0]] + (index == 0 ? [] : [definitions[index]]) {
            for match in text.matches(of: /--([a-z]+):(#[0-9a-f]+)/) { colors[String(match.output.1)] = String(match.output.2) }
        }
        let pairs = [
            ("ink", "paper"), ("ink", "card"), ("soft", "paper"), ("soft", "card"), ("link", "paper"), ("good", "paper"),
            ("good", "goodbg"),
            ("good", "card"), ("bad", "paper"), ("bad", "badbg"), ("bad", "card"), ("unsure", "paper"), ("unsure", "unsurebg"),
            ("unsure", "card"),
            ("waived", "paper"), ("waived", "card"), ("ink", "badbg"), ("ink", "goodbg"), ("ink", "unsurebg"),
        ]
        for (front, back) in pairs {
            let ratio = try contrast(#require(colors[front]), #require(colors[back]))
            #expect(ratio >= 4.5, "\(theme): \(front) on \(back) is \(ratio)")
        }
    }

    @Test func `tables have captions and headers, pictures have words, headings leave no level out`() throws {
        let page = String(decoding: try Reports.render(Sample.run, as: .html), as: UTF8.self)
        let count = { (text: String) in page.components(separatedBy: text).count - 1 }
        #expect(count("<table") == count("<caption>") && count("<table") == count("<thead>") && count("<table") > 5)
        #expect(count("<th scope=\"col\"") > 20)
        #expect(count("role=\"img\"") == count("aria-labelledby=\"map-title") + count("aria-labelledby=\"time-title"))
        #expect(count("<h1>") == 1)
        let levels = page.matches(of: /<h([1-6])/).compactMap { Int($0.output.1) }
        for (before, after) in zip(levels, levels.dropFirst()) { #expect(after <= before + 1) }
        let ids = page.matches(of: /\sid="([^"]*)"/).map { String($0.output.1) }
        #expect(Set(ids).count == ids.count)
        for match in page.matches(of: /href="#([^"]*)"/) { #expect(ids.contains(String(match.output.1))) }
    }

    /// WCAG 2.2's contrast ratio.
    private func contrast(_ first: String, _ second: String) -> Double {
        let (a, b) = (luminance(first), luminance(second))
        return (max(a, b) + 0.05) / (min(a, b) + 0.05)
    }

    private func luminance(_ color: String) -> Double {
        var digits = Array(color.dropFirst())
        if digits.count == 3 { digits = digits.flatMap { [$0, $0] } }
        let channels = stride(from: 0, to: 6, by: 2).map { index in
            let value = Double(Int(String(digits[index...index + 1]), radix: 16) ?? 0) / 255
            return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
        }
        return 0.2126 * channels[0] + 0.7152 * channels[1] + 0.0722 * channels[2]
    }
}
