/// Why a report could not be made. No content of a run causes one: what a format cannot hold is cut or replaced, and said.
public struct ReportError: Error, Hashable, Sendable, CustomStringConvertible {
    public enum Code: Hashable, Sendable {
        /// The XML library refused to write, which happens when memory runs out.
        case xmlWriter
        /// The font that is built in is damaged.
        case font
    }

    public var code: Code
    public var format: ReportFormat
    public var detail: String

    public init(_ code: Code, format: ReportFormat, detail: String) {
        self.code = code
        self.format = format
        self.detail = detail
    }

    public var description: String { "the \(format.rawValue) report could not be written: \(detail)" }
}
