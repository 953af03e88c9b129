public import Policy

/// Why an audit could not be completed: exit code 3.
public enum AuditError: Error, Sendable {
    /// A file or folder that the user named cannot be read.
    case unreadable(String)
    /// Errors in policies, catalogue, jurisdictions, tenants or waivers.
    case rules([PolicyDiagnostic], sources: [String: SourceFile])
    /// No input was found.
    case noInputs([String])
    /// A malformed record, and `--strict` was given.
    case strict(String)
    /// The output or the store cannot be written.
    case unwritable(String, String)
    /// Anything else, in a sentence.
    case other(String)

    /// The text for a person.
    public var text: String {
        switch self {
        case .unreadable(let path): "`\(path)` cannot be read: there is no such file or folder, or permission is missing"
        case .rules(let diagnostics, let sources):
            diagnostics.map { $0.rendered(source: sources[$0.file]?.bytes) }.joined(separator: "\n")
        case .noInputs(let paths): "no input found in \(paths.map { "`\($0)`" }.joined(separator: ", "))"
        case .strict(let what): what
        case .unwritable(let path, let why): "`\(path)` cannot be written: \(why)"
        case .other(let why): why
        }
    }
}
