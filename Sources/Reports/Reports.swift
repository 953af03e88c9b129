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

    /// Hands the report over in pieces, where a format can: findings.json never stands in memory as a whole.
    public static func write(
        _ run: Run, as format: ReportFormat, options: ReportOptions = ReportOptions(), workers: Workers = .one, to sink: ([UInt8]) throws -> Void
    ) throws {
        if format == .json { try FindingsJSON.write(run, workers, to: sink) } else { try sink(try render(run, as: format, options: options)) }
    }
}
