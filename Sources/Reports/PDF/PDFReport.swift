import Residency

/// The page as a PDF: A4 or Letter, real text, tagged, with bookmarks, page numbers and the run at each foot. It is made from the
/// HTML report itself, so that the two cannot disagree.
enum PDFReport {
    static func render(_ run: Run, options: ReportOptions) throws(ReportError) -> [UInt8] {
        guard let regular = PDFFont(name: "DOMICI+DejaVuSans", base64: FontRegular.base64),
            let bold = PDFFont(name: "DOMICI+DejaVuSans-Bold", base64: FontBold.base64)
        else { throw ReportError(.font, format: .pdf, detail: "the embedded font cannot be read") }
        let tree = PageNode.parse(HTMLReport.render(run, options: options))
        let (width, height) = options.paper.points
        let document = PDFDocument(
            title: tree.first("title")?.text ?? "", language: options.language.rawValue, width: width, height: height,
            fonts: [regular, bold])
        var layout = PDFLayout(document)
        layout.set(PDFBlocks(tree).blocks)
        let say = Wording(language: options.language)
        layout.footers(SafeText.visible("\(say(.runLabel, run.id)) · \(say(.asOf, run.now))"))
        return layout.document.bytes()
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
