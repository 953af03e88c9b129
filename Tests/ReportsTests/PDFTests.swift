import Foundation
import Reports
import Residency
import Testing

/// The PDF, judged by qpdf and poppler, and held against the page it is made from.
@Suite(.enabled(if: PDFTools.arePresent, "qpdf and poppler-utils"))
struct PDFTests {
    @Test(arguments: [Sample.run, Hostile.run, Sample.make(findings: [])])
    func `qpdf finds no fault, poppler no warning, and it is tagged`(run: Run) throws {
        let bytes = try Reports.render(run, as: .pdf, options: HTMLTests.options)
        try Checkers.run(["qpdf", "--check", "{}"], on: bytes, named: "r.pdf")
        let info = try Checkers.result(of: ["pdfinfo", "{}"], on: bytes, named: "r.pdf").output
        #expect(info.contains("Tagged:          yes") && info.contains("JavaScript:      no") && info.contains("595.28 x 841.89"))
        let text = try Checkers.result(of: ["pdftotext", "{}", "-"], on: bytes, named: "r.pdf").output
        #expect(!text.contains("Syntax"))
        let fonts = try Checkers.result(of: ["pdffonts", "{}"], on: bytes, named: "r.pdf").output
        #expect(fonts.components(separatedBy: "yes yes yes").count == 3, "\(fonts)")
    }

    @Test(.enabled(if: PDFTools.canDetach, "pdfdetach"), arguments: [Sample.run, Hostile.run, Sample.make(findings: [])])
    func `the findings are attached, as the evidence signs them`(run: Run) throws {
        var lines = CanonicalWriter()
        for finding in run.findings {
            lines.write(finding)
            lines.newline()
        }
        let bytes = try Reports.render(run, as: .pdf)
        let attached = try Checkers.result(of: ["bash", "-c", "pdfdetach -save 1 -o \"$0.a\" \"$0\" && cat \"$0.a\"", "{}"], on: bytes, named: "r.pdf").output
        #expect(attached == String(decoding: lines.bytes, as: UTF8.self))
        let small = try Reports.render(run, as: .pdf, options: ReportOptions(maxBytes: 100))
        let without = try Checkers.result(of: ["pdfdetach", "-list", "{}"], on: small, named: "r.pdf").output
        #expect(without.hasPrefix(lines.bytes.count > 100 ? "0 " : "1 "))
    }

    @Test(.enabled(if: Checkers.python != nil, "the third-party checker of PDF is not here"), arguments: [Sample.run, Hostile.run])
    func `a checker that is not ours finds it made as PDF/A-3b asks`(run: Run) throws {
        let bytes = try Reports.render(run, as: .pdf, options: HTMLTests.options)
        try Checkers.run(["/bin/bash", Checkers.script("check_pdf.sh"), "{}", "--pdfa", "3b"], on: bytes, named: "r.pdf")
    }

    @Test(arguments: ReportLanguage.allCases)
    func `every word of the page is in the PDF`(language: ReportLanguage) throws {
        let options = ReportOptions(language: language, evidence: HTMLTests.options.evidence)
        let page = String(decoding: try Reports.render(Sample.run, as: .html, options: options), as: UTF8.self)
        let text = try Checkers.result(
            of: ["pdftotext", "-layout", "{}", "-"], on: Reports.render(Sample.run, as: .pdf, options: options), named: "r.pdf"
        ).output
        let main = try #require(page.components(separatedBy: "<main>").last?.components(separatedBy: "</main>").first)
        let visible = main.replacing(/<(title|desc)[^>]*>[^<]*<\/(title|desc)>/, with: " ").replacing(/<[^>]*>/, with: " ")
            .replacing("&gt;", with: ">").replacing("&lt;", with: "<").replacing("&quot;", with: "\"").replacing("&#39;", with: "'")
            .replacing("&amp;", with: "&")
        // Lines may break within long words, and columns stand side by side: every short word has to be there.
        let words = Set(text.split(whereSeparator: \.isWhitespace).map(String.init))
        let missing = Set(visible.split(whereSeparator: \.isWhitespace).map(String.init)).filter {
            $0.count < 9 && $0.contains(where: \.isLetter) && !words.contains($0)
        }
        #expect(missing.isEmpty, "\(missing)")
    }

    @Test(arguments: [(ReportLanguage.german, "protokolliert übermittelt"), (.french, "journalisé sauvegardé"), (.portuguese, "armazenado transferido"), (.english, "transferred backed-up")])
    func `the words above many columns are not broken`(_ language: ReportLanguage, _ words: String) throws {
        let all = Activity.allCases.map { Sample.finding("b", $0.rawValue, .violated, .high, at: [Sample.virginia], message: "outside") }
        for paper in ReportPaper.allCases {
            let bytes = try Reports.render(Sample.make(findings: all), as: .pdf, options: ReportOptions(language: language, paper: paper))
            let text = try Checkers.result(of: ["pdftotext", "-layout", "{}", "-"], on: bytes, named: "r.pdf").output
            let head = text.split(separator: "\n").filter { line in words.split(separator: " ").allSatisfy { line.contains($0) } }
            #expect(!head.isEmpty, "\(paper)")
        }
    }

    @Test func `a long name breaks behind a stroke, and begins on the line of its bullet`() throws {
        let name = "AWSLogs/111122223333/CloudTrail/eu-west-1/2026/11/19/" + String(repeating: "part/", count: 30)
        let finding = Sample.finding("b", "stored", .violated, .high, at: [Sample.virginia], message: name)
        let bytes = try Reports.render(Sample.make(findings: [finding]), as: .pdf)
        let text = try Checkers.result(of: ["pdftotext", "{}", "-"], on: bytes, named: "r.pdf").output
        let lines = text.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
        #expect(lines.contains { $0.hasSuffix("part/") } && !lines.contains { $0.hasSuffix("/par") || $0 == "•" })
    }

    @Test func `four hundred findings make a sound document of many pages`() throws {
        let many = (0..<400).map { Sample.finding("b-\($0)", "stored", .violated, .high, at: [Sample.virginia], message: "outside") }
        let bytes = try Reports.render(Sample.make(findings: many), as: .pdf)
        try Checkers.run(["qpdf", "--check", "{}"], on: bytes, named: "r.pdf")
    }

    @Test func `the digest of findings.json stands at each foot, and in the page`() throws {
        var options = ReportOptions()
        let digest = String(repeating: "ab12", count: 16)
        options.findingsDigest = digest
        let page = String(decoding: try Reports.render(Sample.run, as: .html, options: options), as: UTF8.self)
        #expect(page.contains("<code>\(digest)</code>"))
        let bytes = try Reports.render(Sample.run, as: .pdf, options: options)
        let text = try Checkers.result(of: ["pdftotext", "{}", "-"], on: bytes, named: "r.pdf").output
        let pages = text.split(separator: "\u{0C}").filter { !$0.allSatisfy(\.isWhitespace) }
        #expect(pages.count > 2 && pages.allSatisfy { $0.contains(digest) && $0.contains(Sample.run.id) })
    }

    @Test func `a reader that speaks finds headings, tables with headers, and words for the pictures`() throws {
        let bytes = try Reports.render(Sample.run, as: .pdf)
        let tree = try Checkers.result(of: ["pdfinfo", "-struct-text", "{}"], on: bytes, named: "r.pdf").output
        let lines = tree.split(separator: "\n").map { $0.drop { $0 == " " } }
        for type in ["Document", "Sect", "H1", "H2", "P", "Table", "TR", "TH", "TD", "Figure"] {
            #expect(lines.contains { $0.hasPrefix(type) }, "\(type)")
        }
        #expect(!tree.contains("Syntax"))
    }

    @Test func `letter is another size, and one customer's PDF names no other`() throws {
        let run = RestrictionTests.run.restricted(toTenant: "acme")
        let bytes = try Reports.render(run, as: .pdf, options: ReportOptions(paper: .letter, scope: ReportScope(tenant: "acme")))
        #expect(try Checkers.result(of: ["pdfinfo", "{}"], on: bytes, named: "r.pdf").output.contains("612 x 792"))
        let text = try Checkers.result(of: ["pdftotext", "{}", "-"], on: bytes, named: "r.pdf").output
        #expect(text.contains("acme") && !text.lowercased().contains("globex"))
    }
}

enum PDFTools {
    static let arePresent = ["/usr/bin/qpdf", "/usr/bin/pdftotext", "/usr/bin/pdfinfo", "/usr/bin/pdffonts"]
        .allSatisfy { FileManager.default.isExecutableFile(atPath: $0) }
    static let canDetach = FileManager.default.isExecutableFile(atPath: "/usr/bin/pdfdetach")
}
