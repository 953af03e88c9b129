/// What a report can be written as. The raw value is the word that users give to `--format`.
public enum ReportFormat: String, CaseIterable, Sendable, Hashable {
    /// The whole run, canonical: the contract for scripts.
    case json
    /// For CI servers: a suite for each policy.
    case junit
    /// For code scanning: SARIF 2.1.0.
    case sarif
    /// For auditors' tools: OSCAL assessment results 1.2.1.
    case oscal
    /// For security data lakes: OCSF 1.5.0 compliance findings, one JSON object a line.
    case ocsf
    /// For spreadsheets: one line for each finding.
    case csv
    /// For people, legal above all: one self-contained page.
    case html
    /// The same page on paper: A4 or Letter, tagged.
    case pdf
    /// For the terminal.
    case text
    /// For a CI job's summary page.
    case markdown
    /// For a CI job's log: workflow commands that GitHub turns into annotations.
    case github

    /// The name of the file in the folder that `--out` names.
    public var defaultFileName: String {
        switch self {
        case .json: "findings.json"
        case .junit: "junit.xml"
        case .sarif: "findings.sarif"
        case .oscal: "oscal-ar.json"
        case .ocsf: "ocsf.jsonl"
        case .csv: "findings.csv"
        case .html: "report.html"
        case .pdf: "report.pdf"
        case .text: "report.txt"
        case .markdown: "summary.md"
        case .github: "annotations.txt"
        }
    }

    public var mediaType: String {
        switch self {
        case .json: "application/json"
        case .junit: "application/xml"
        case .sarif: "application/sarif+json"
        case .oscal: "application/oscal+json"
        case .ocsf: "application/x-ndjson"
        case .csv: "text/csv; charset=utf-8"
        case .html: "text/html; charset=utf-8"
        case .pdf: "application/pdf"
        case .text, .github: "text/plain; charset=utf-8"
        case .markdown: "text/markdown; charset=utf-8"
        }
    }
}
