public import Reports

/// One report that was asked for: `junit`, `sarif=out/findings.sarif`, `text=-`.
public struct ReportRequest: Sendable, Hashable {
    public var format: ReportFormat
    /// Where it goes: `nil` for its usual name in the output folder, `-` for standard output.
    public var path: String?

    public init(format: ReportFormat, path: String? = nil) {
        self.format = format
        self.path = path
    }

    /// Reads `NAME` or `NAME=PATH`; `nil` if there is no such format.
    public init?(_ text: String) {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard let format = ReportFormat(rawValue: String(parts[0])) else { return nil }
        self.init(format: format, path: parts.count == 2 ? String(parts[1]) : nil)
    }
}
