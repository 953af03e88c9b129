public import Residency

/// Something in a file of policies, facts or tenants that a person should mend.
public struct PolicyDiagnostic: Sendable, Hashable {
    public enum Level: String, Sendable, Hashable { case error, warning, note }
    public var level: Level
    public var file: String
    /// From 1.
    public var line: Int
    /// From 1, in characters (Unicode scalars).
    public var column: Int
    /// How many characters of the line it concerns; at least 1.
    public var length: Int
    /// Lower case, no full stop, the author's own words in backticks.
    public var message: String
    public var hint: String?

    public init(level: Level, file: String, line: Int, column: Int, length: Int, message: String, hint: String? = nil) {
        self.level = level
        self.file = file
        self.line = line
        self.column = column
        self.length = length
        self.message = message
        self.hint = hint
    }

    /// `policies/eu.yaml:14:9: error: unknown key `regoin``.
    public var headline: String { "\(file):\(line):\(column): \(level.rawValue): \(message)" }

    /// The headline, the line of the source with carets below it, and the hint. Without the source: headline and hint.
    public func rendered(source: [UInt8]?) -> String {
        var lines = [headline]
        if let source, let text = SourceText(SourceFile(path: file, bytes: source)).line(line) {
            let gutter = " \(line) | "
            let (shown, start) = Self.window(Array(text.unicodeScalars), around: column)
            lines.append(gutter + shown)
            let width = max(1, min(length, shown.unicodeScalars.count - start + 1))
            let blank = String(repeating: " ", count: gutter.count - 2)
            lines.append(blank + "| " + String(repeating: " ", count: max(0, start - 1)) + String(repeating: "^", count: width))
        }
        if let hint { lines.append("   hint: \(hint)") }
        return lines.joined(separator: "\n")
    }

    private static let widest = 160

    /// The line, or the part of a long line around a column, without control characters; and where the column then is.
    private static func window(_ line: [Unicode.Scalar], around column: Int) -> (String, Int) {
        let clean = line.map { $0.value < 32 || $0.value == 127 ? " " : $0 }
        guard clean.count > widest else { return (String(String.UnicodeScalarView(clean)), column) }
        let start = max(0, min(column - widest / 2, clean.count - widest))
        let part = String(String.UnicodeScalarView(clean[start..<min(clean.count, start + widest)]))
        return ((start > 0 ? "…" : "") + part + (start + widest < clean.count ? "…" : ""), column - start + (start > 0 ? 1 : 0))
    }

    /// The same for the run.
    public var diagnostic: Diagnostic {
        let level: Diagnostic.Level =
            switch level {
            case .error: .error
            case .warning: .warning
            case .note: .note
            }
        return Diagnostic(level, path: file, line: line, column: column, message: message, hint: hint)
    }
}

/// A file that somebody else read.
public struct SourceFile: Sendable {
    public var path: String
    private let content: Content
    /// The same, parsed when the program was built; such a file was tested, so its expressions are compiled when they are
    /// first asked for.
    let tree: StaticString?

    private enum Content: Sendable {
        case read([UInt8])
        case embedded(StaticString)
    }

    public init(path: String, bytes: [UInt8]) {
        self.path = path
        content = .read(bytes)
        tree = nil
    }

    /// A file that is a part of the program; it is not copied.
    public init(path: String, text: StaticString, tree: StaticString? = nil) {
        self.path = path
        content = .embedded(text)
        self.tree = tree
    }

    public var bytes: [UInt8] {
        switch content {
        case .read(let bytes): bytes
        case .embedded(let text): text.withUTF8Buffer { Array($0) }
        }
    }

    public func withBytes<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
        switch content {
        case .read(let bytes): bytes.withUnsafeBufferPointer(body)
        case .embedded(let text): text.withUTF8Buffer(body)
        }
    }
}

/// A file's text by lines.
struct SourceText: Sendable {
    let path: String
    private let divided: Lazy<[Substring]>

    /// As they are, without their ends.
    var lines: [Substring] { divided.value }

    init(_ file: SourceFile) {
        path = file.path
        divided = Lazy { Self.divide(file.withBytes { String(decoding: $0, as: UTF8.self) }) }
    }

    /// A line ends at LF or CR LF. Swift takes CR LF for one character, so it is looked for in the bytes.
    private static func divide(_ text: String) -> [Substring] {
        var lines: [Substring] = []
        var start = text.utf8.startIndex
        var before: UInt8 = 0
        var previous = start
        for index in text.utf8.indices {
            let byte = text.utf8[index]
            if byte == UInt8(ascii: "\n") {
                lines.append(text[start..<(before == UInt8(ascii: "\r") && previous >= start ? previous : index)])
                start = text.utf8.index(after: index)
            }
            (before, previous) = (byte, index)
        }
        let end = text.utf8.endIndex
        lines.append(text[start..<(before == UInt8(ascii: "\r") && start < end ? previous : end)])
        return lines
    }

    /// The line of this number, from 1.
    func line(_ number: Int) -> Substring? {
        let lines = lines
        return lines.indices.contains(number - 1) ? lines[number - 1] : nil
    }
}
