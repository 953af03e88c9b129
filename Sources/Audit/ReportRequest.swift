public import Reports

/// A report that a user asks for: `--format junit`, `--format sarif=out.sarif`, `--format html,pdf`.
public struct ReportRequest: Sendable, Hashable {
    public var format: ReportFormat
    /// Where it goes: `nil` for its usual name in the output folder, `-` for standard output.
    public var path: String?

    public init(format: ReportFormat, path: String? = nil) {
        self.format = format
        self.path = path
    }

    /// Why a text asks for no report.
    public enum Fault: Error, Equatable {
        case unknown(String)
        case noPath(String)
    }

    /// Reads `NAME`, `NAME=PATH`, or several names with commas between, of which the last may have a path.
    public static func list(_ text: String) throws(Fault) -> [ReportRequest] {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        var requests: [ReportRequest] = []
        for name in parts[0].split(separator: ",", omittingEmptySubsequences: false) {
            guard let format = ReportFormat(rawValue: String(name)) else { throw .unknown(String(name)) }
            requests.append(ReportRequest(format: format))
        }
        if parts.count == 2 {
            guard !parts[1].isEmpty else { throw .noPath(text) }
            requests[requests.count - 1].path = String(parts[1])
        }
        return requests
    }
}
