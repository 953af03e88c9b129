/// One input: a file, or standard input.
public struct InputFile: Sendable, Hashable {
    /// What to open; `-` is standard input.
    public var path: String
    /// What people see: as the user named it, or relative to the folder the user named.
    public var name: String

    public init(path: String, name: String) {
        self.path = path
        self.name = name
    }
}
