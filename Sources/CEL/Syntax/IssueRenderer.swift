/// Prints an issue as people read it: place, message, the line with a caret, the hint.
///
///     policies/eu.yaml:14:9: error: unknown field `regoin` on Resource
///       resource.regoin in jurisdictions.eu
///                ^~~~~~
///       hint: did you mean `region`?
public struct IssueRenderer: Sendable {
    private let source: String
    private let origin: Origin

    /// A renderer for the issues of one expression.
    public init(source: String, origin: Origin) {
        self.source = source
        self.origin = origin
    }

    /// The text of an issue, lines parted by line feeds, none at the end.
    public func render(_ issue: Issue) -> String {
        render(message: issue.message, hint: issue.hint, range: issue.range)
    }

    /// The text of an error of evaluation.
    public func render(_ error: EvaluationError) -> String {
        render(message: error.message, hint: error.hint, range: error.range)
    }

    private func render(message: String, hint: String?, range: SourceRange) -> String {
        let bytes = Array(source.utf8)
        let start = min(max(range.start, 0), bytes.count)
        let lineStart = (bytes[..<start].lastIndex(of: 10) ?? -1) + 1
        let lineEnd = bytes[start...].firstIndex(of: 10) ?? bytes.count
        let lineNumber = bytes[..<start].count { $0 == 10 }
        let before = Self.printable(bytes[lineStart..<start])
        let line = Self.printable(bytes[lineStart..<lineEnd])
        let marked = Self.printable(bytes[start..<max(start, min(range.end, lineEnd))]).unicodeScalars.count
        let column = String(decoding: bytes[lineStart..<start], as: UTF8.self).unicodeScalars.count
        let place = origin.position(line: lineNumber, column: column)
        var lines = ["\(origin.file):\(place.line):\(place.column): error: \(message)"]
        lines.append("  " + line)
        let indent = String(repeating: " ", count: before.unicodeScalars.count + 2)
        lines.append(indent + "^" + String(repeating: "~", count: max(0, marked - 1)))
        if let hint { lines.append("  hint: \(hint)") }
        return lines.joined(separator: "\n")
    }

    /// The text with tabs as one blank and other controls as a dot, so that carets stand where they should.
    private static func printable(_ bytes: ArraySlice<UInt8>) -> String {
        String(decoding: bytes.map { $0 == 9 ? 32 : ($0 < 32 || $0 == 127 ? 46 : $0) }, as: UTF8.self)
    }
}
