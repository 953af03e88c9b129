/// Why an input could not be read at all. What is wrong inside an input is a diagnostic instead.
public struct ReadError: Error, Sendable, Hashable {
    public enum Code: String, Sendable, Hashable {
        case cannotOpen = "cannot-open"
        case cannotRead = "cannot-read"
        case notAFile = "not-a-file"
        case outOfMemory = "out-of-memory"
        case cancelled
    }

    public var code: Code
    /// The input's name.
    public var path: String
    /// Lower case, no full stop.
    public var message: String

    init(_ code: Code, path: String, message: String) {
        self.code = code
        self.path = path
        self.message = message
    }
}

extension ReadError: CustomStringConvertible {
    /// `trail.json: there is no such file or folder`.
    public var description: String { "`\(path)`: \(message)" }
}
