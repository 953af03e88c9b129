public import Residency

/// Turns a run into the bytes of a report. A report evaluates nothing: every format says what the run's findings say.
///
///     let bytes = try Reports.render(run, as: .junit, options: ReportOptions())
///
/// The same run and options give the same bytes, on every machine.
public enum Reports {
    public static func render(
        _ run: Run, as format: ReportFormat, options: ReportOptions = ReportOptions()
    ) throws(ReportError) -> [UInt8] {
        switch format {
        case .json: FindingsJSON.render(run)
        case .junit: try JUnitReport.render(run, options: options)
        case .sarif: SARIFReport.render(run, options: options)
        case .oscal: OSCALReport.render(run, options: options)
        case .ocsf: OCSFReport.render(run, options: options)
        case .csv: CSVReport.render(run, options: options)
        case .html: HTMLReport.render(run, options: options)
        case .pdf: try PDFReport.render(run, options: options)
        case .text: TextReport.render(run, options: options)
        case .markdown: MarkdownReport.render(run, options: options)
        case .github: GitHubAnnotations.render(run, options: options)
        }
    }

    /// Hands findings.json over in pieces: it never stands in memory as a whole.
    ///
    /// - Parameter findings: takes those pieces that are findings and the commas between them, too; nothing of findings that an
    ///   earlier run wrote.
    public static func writeJSON(
        _ run: Run, workers: Workers = .one, findings: ([UInt8]) -> Void = { _ in }, to sink: ([UInt8]) throws -> Void
    ) throws { try FindingsJSON.write(run, workers, findings: findings, to: sink) }
}
