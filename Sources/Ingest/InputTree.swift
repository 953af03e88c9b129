#if canImport(Glibc)
    import Glibc
#endif
public import Residency

/// Finds the inputs that the user's arguments name.
public enum InputTree {
    /// The files that the arguments name, in the order of their names' bytes, each once: files, folders with everything
    /// below them, patterns (`logs/*.gz`, `logs/**/*.gz`), and `-` for standard input.
    ///
    /// In folders, names that begin with a dot are left out, and so are what is neither file nor folder and what a run left in a
    /// folder of its own; symbolic links are followed, each folder once. What is left out is in the diagnostics.
    ///
    /// - Throws: if an argument names nothing.
    public static func files(in arguments: [String]) throws(ReadError) -> (files: [InputFile], diagnostics: [Diagnostic]) {
        var search = TreeSearch()
        for argument in arguments {
            if argument == "-" {
                search.files.append(InputFile(path: "-", name: "-"))
            } else if TreeSearch.status(of: argument) != nil {
                search.add(argument)
            } else {
                let found = TreeSearch.expand(argument)
                guard !found.isEmpty else {
                    throw ReadError(.cannotOpen, path: argument, message: "there is no such file or folder")
                }
                for path in found { search.add(path) }
            }
        }
        search.files.sort(by: InputFile.precedes)
        var files: [InputFile] = []
        files.reserveCapacity(search.files.count)
        for file in search.files where files.last != file { files.append(file) }
        return (files, search.diagnostics.sorted { ($0.path, $0.message) < ($1.path, $1.message) })
    }
}

/// The walk through folders.
private struct TreeSearch {
    var files: [InputFile] = []
    var diagnostics: [Diagnostic] = []
    private var visited: Set<FolderID> = []

    private struct FolderID: Hashable {
        var device: UInt
        var inode: UInt
    }

    /// The most diagnostics about folders.
    private static let maxDiagnostics = 100

    static func status(of path: String) -> stat? {
        var status = stat()
        return stat(path, &status) == 0 ? status : nil
    }

    /// The paths that match a pattern; `**/` stands for any number of folders, none included, and follows no links.
    static func expand(_ pattern: String) -> [String] {
        guard let stars = pattern.firstRange(of: "**/") else { return matches(pattern) }
        let before = String(pattern[..<stars.lowerBound])
        var folders = before.contains(where: { "*?[".contains($0) }) ? matches(before) : [before]
        var found: Set<String> = []
        while let folder = folders.popLast() {
            let literal = folder.map { "*?[]\\".contains($0) ? "\\\($0)" : String($0) }.joined()
            found.formUnion(expand(literal + pattern[stars.upperBound...]))
            folders += matches(literal + "*/").filter { !isLink($0) }
        }
        return Array(found)
    }

    /// - Parameter folder: ends with a stroke, behind which a link would be followed.
    private static func isLink(_ folder: String) -> Bool {
        var status = stat()
        return lstat(String(folder.dropLast()), &status) == 0 && status.st_mode & S_IFMT == S_IFLNK
    }

    private static func matches(_ pattern: String) -> [String] {
        var result = glob_t()
        defer { globfree(&result) }
        guard glob(pattern, GLOB_NOSORT, nil, &result) == 0, let paths = result.gl_pathv else { return [] }
        return (0..<Int(result.gl_pathc)).compactMap { paths[$0].map { String(cString: $0) } }
    }

    mutating func add(_ argument: String) {
        guard let status = Self.status(of: argument) else { return say(.error, argument, "cannot be opened") }
        guard status.st_mode & S_IFMT == S_IFDIR else {
            files.append(InputFile(path: argument, name: argument))
            return
        }
        var folder = argument
        while folder.count > 1, folder.hasSuffix("/") { folder.removeLast() }
        let last = folder.split(separator: "/").last.map(String.init) ?? ""
        let shown = [".", "..", ""].contains(last) ? "" : last + "/"
        walk(folder, shown: shown, status)
    }

    /// Goes through folders by a list of its own, so that depth costs no stack.
    private mutating func walk(_ folder: String, shown: String, _ status: stat) {
        var waiting = [(path: folder, shown: shown, status: status)]
        while let next = waiting.popLast() {
            guard visited.insert(FolderID(device: UInt(next.status.st_dev), inode: UInt(next.status.st_ino))).inserted else {
                say(.note, next.path, "is the same folder as one that was read already")
                continue
            }
            guard let stream = opendir(next.path) else {
                say(.error, next.path, "cannot be opened: \(RawSource.reason(errno))", "what is in it was not read")
                continue
            }
            defer { closedir(stream) }
            let prefix = next.path.hasSuffix("/") ? next.path : next.path + "/"
            var hidden = 0
            var folders: [(path: String, shown: String, status: stat)] = []
            while let entry = readdir(stream) {
                let name = withUnsafePointer(to: entry.pointee.d_name) { pointer in
                    pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
                }
                if name == "." || name == ".." { continue }
                if name.hasPrefix(".") {
                    hidden += 1
                    continue
                }
                guard let status = Self.kind(entry.pointee.d_type, prefix + name) else {
                    say(.error, prefix + name, "cannot be opened: \(RawSource.reason(errno))")
                    continue
                }
                switch status.st_mode & S_IFMT {
                case S_IFDIR where Self.isRun(name, prefix + name): say(.note, prefix + name, "is what a run left, and was left out")
                case S_IFDIR: folders.append((prefix + name, "\(next.shown)\(name)/", status))
                case S_IFREG: files.append(InputFile(folder: prefix, shownFolder: next.shown, file: name))
                default: say(.note, prefix + name, "is neither a file nor a folder and was left out")
                }
            }
            // The folder that comes first by its bytes is gone through first, whatever order the disk has.
            waiting += folders.sorted { $1.path.utf8.lexicographicallyPrecedes($0.path.utf8) }
            if hidden > 0 { say(.note, next.path, "\(hidden) hidden \(hidden == 1 ? "entry was" : "entries were") left out") }
        }
    }

    /// Whether a folder is named by a run (`20261120T060000Z-c4e6a1e78003`) and holds its findings.
    private static func isRun(_ name: String, _ path: String) -> Bool {
        let bytes = Array(name.utf8)
        let isNamed =
            bytes.count == 29 && zip(bytes, "00000000T000000Z-aaaaaaaaaaaa".utf8).allSatisfy { byte, shape in
                switch shape {
                case UInt8(ascii: "0"): 48...57 ~= byte
                case UInt8(ascii: "a"): 48...57 ~= byte || 97...102 ~= byte
                default: byte == shape
                }
            }
        return isNamed && status(of: path + "/findings.json") != nil
    }

    /// What an entry is; a plain file needs no look of its own.
    private static func kind(_ type: UInt8, _ path: String) -> stat? {
        guard type == UInt8(DT_REG) else { return status(of: path) }
        var status = stat()
        status.st_mode = S_IFREG
        return status
    }

    private mutating func say(_ level: Diagnostic.Level, _ path: String, _ message: String, _ hint: String? = nil) {
        guard diagnostics.count < Self.maxDiagnostics else { return }
        diagnostics.append(Diagnostic(level, path: path, message: message, hint: hint))
    }
}
