import Residency

/// The page as a PDF: A4 or Letter, real text, tagged, with bookmarks, page numbers and the run at each foot. It is made from the
/// HTML report itself, so that the two cannot disagree. The findings themselves are attached (findings.jsonl), unless they are
/// larger than a report may be.
enum PDFReport {
    static func render(_ run: Run, options: ReportOptions) throws(ReportError) -> [UInt8] {
        guard let regular = PDFFont(name: "DOMICI+DejaVuSans", base64: FontRegular.base64),
            let bold = PDFFont(name: "DOMICI+DejaVuSans-Bold", base64: FontBold.base64)
        else { throw ReportError(.font, format: .pdf, detail: "the embedded font cannot be read") }
        let tree = PageNode.parse(HTMLReport.render(run, options: options))
        let (width, height) = options.paper.points
        var document = PDFDocument(
            title: tree.first("title")?.text ?? "", language: options.language.rawValue, width: width, height: height,
            fonts: [regular, bold])
        if let findings = findings(run, limit: options.maxBytes) { document.attachments = [findings] }
        var layout = PDFLayout(document)
        layout.set(PDFBlocks(tree).blocks)
        let say = Wording(language: options.language)
        var foot = [SafeText.visible("\(say(.runLabel, run.id)) · \(say(.asOf, run.now))")]
        if let digest = options.findingsDigest { foot.append("findings.json · \(say(.digest)) \(digest)") }
        layout.footers(foot)
        return layout.document.bytes()
    }

    /// The lines that the evidence signs, as a file in the document; `nil` if they are too large for it.
    private static func findings(_ run: Run, limit: Int) -> PDFArchive.Attachment? {
        var writer = CanonicalWriter()
        for finding in run.findings {
            writer.write(finding)
            writer.newline()
            if writer.bytes.count > limit { return nil }
        }
        return .init(
            name: "findings.jsonl", mediaType: "application/x-ndjson", description: "Every finding, one a line", content: writer.bytes, modified: run.now)
    }
}

/// A size of paper.
public enum ReportPaper: String, CaseIterable, Sendable, Hashable {
    case a4, letter

    var points: (width: Double, height: Double) {
        switch self {
        case .a4: (595.28, 841.89)
        case .letter: (612, 792)
        }
    }
}
