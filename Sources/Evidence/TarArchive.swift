internal import Foundation

/// Writes a folder as a ustar archive that depends on nothing but the files' names and bytes: sorted, mode 0644, owner 0,
/// time 0.
public enum TarArchive {
    /// Archives every file below `folder` to `path`.
    public static func write(folder: String, to path: String) throws {
        guard let walker = FileManager.default.enumerator(atPath: folder) else {
            throw EvidenceError(.badContent, "can't read the folder `\(folder)`")
        }
        var names: [String] = []
        while let name = walker.nextObject() as? String {
            if walker.fileAttributes?[.type] as? FileAttributeType == .typeRegular { names.append(name) }
        }
        let output = try OutputFile(path)
        for name in names.sorted() {
            guard let content = try? Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(name)"), options: .mappedIfSafe) else {
                throw EvidenceError(.badContent, "can't read `\(folder)/\(name)`")
            }
            try output.append(try header(name, size: content.count))
            for start in stride(from: 0, to: content.count, by: chunk) {
                try output.append(Array(content[start..<min(start + chunk, content.count)]))
            }
            try output.append(Array(repeating: 0, count: (512 - content.count % 512) % 512))
        }
        try output.append(Array(repeating: 0, count: 1024))
        try output.close()
    }

    private static let chunk = 1 << 20

    private static func header(_ name: String, size: Int) throws -> [UInt8] {
        var header = [UInt8](repeating: 0, count: 512)
        func put(_ text: String, at offset: Int) { header.replaceSubrange(offset..<(offset + text.utf8.count), with: text.utf8) }
        let (prefix, short) = try split(name)
        put(short, at: 0)
        put("0000644\0", at: 100)
        put("0000000\0", at: 108)
        put("0000000\0", at: 116)
        put(octal(size, 11) + "\0", at: 124)
        put("00000000000\0", at: 136)
        put("        ", at: 148)
        put("0", at: 156)
        put("ustar\u{0}00", at: 257)
        put("0000000\0", at: 329)
        put("0000000\0", at: 337)
        put(prefix, at: 345)
        put(octal(header.reduce(0) { $0 + Int($1) }, 6) + "\0 ", at: 148)
        guard size < 1 << 33 else { throw EvidenceError(.badContent, "`\(name)` is too large for a tar archive") }
        return header
    }

    /// A name of up to 100 bytes, or one that splits at a `/` into 155 and 100.
    private static func split(_ name: String) throws -> (prefix: String, name: String) {
        if name.utf8.count <= 100 { return ("", name) }
        for slash in name.indices.reversed() where name[slash] == "/" {
            let rest = String(name[name.index(after: slash)...])
            if rest.utf8.count <= 100, name[..<slash].utf8.count <= 155 { return (String(name[..<slash]), rest) }
        }
        throw EvidenceError(.badContent, "`\(name)` is too long a name for a tar archive")
    }

    private static func octal(_ number: Int, _ width: Int) -> String {
        let digits = String(number, radix: 8)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
