/// One input: a file, or standard input.
///
/// Files of one folder share its text, so that a list of a million of them stays small.
public struct InputFile: Sendable, Hashable {
    private let folder: String
    private let shownFolder: String
    private let file: String

    /// An input by its path (`-` is standard input) and by the name that people see.
    public init(path: String, name: String) {
        if path == name {
            self.init(folder: "", shownFolder: "", file: path)
        } else {
            self.init(folder: path, shownFolder: name, file: "")
        }
    }

    init(folder: String, shownFolder: String, file: String) {
        self.folder = folder
        self.shownFolder = shownFolder
        self.file = file
    }

    /// What to open; `-` is standard input.
    public var path: String { folder + file }

    /// What people see: as the user named it, or the folder the user named and the way from there.
    public var name: String { shownFolder + file }

    /// The order of inputs: by the bytes of their names.
    static func precedes(_ left: InputFile, _ right: InputFile) -> Bool {
        if left.shownFolder == right.shownFolder { return left.file.utf8.lexicographicallyPrecedes(right.file.utf8) }
        return left.name.utf8.lexicographicallyPrecedes(right.name.utf8)
    }
}
