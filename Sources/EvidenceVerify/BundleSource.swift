internal import Foundation

/// The files of a bundle, from a folder or from a tar archive, without following anything that leads out of it.
struct BundleSource {
    private enum Place {
        case folder(String)
        case archive(Data, [String: Range<Int>])
    }

    private let place: Place
    /// Relative paths, sorted.
    let names: [String]

    init(path: String) throws(VerificationError) {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw VerificationError("there is no bundle `\(path)`", isMalformed: true)
        }
        if isFolder.boolValue {
            names = try Self.walk(path)
            place = .folder(path)
        } else {
            guard let data = try? Data(contentsOf: URL(fileURLWithPath: path), options: .mappedIfSafe) else {
                throw VerificationError("can't read `\(path)`", isMalformed: true)
            }
            let members = try TarReader.members(data)
            names = members.keys.sorted()
            place = .archive(data, members)
        }
        // Two names of the same letters (a composed and a decomposed `é`) are one to Swift: one file would hide the other.
        guard Set(names).count == names.count else { throw VerificationError("two files of the bundle have names that can't be told apart", isMalformed: true) }
    }

    /// The file's bytes; mapped, not read, where the system can.
    func data(_ name: String) -> Data? {
        switch place {
        case .folder(let path):
            guard names.contains(name) else { return nil }
            return try? Data(contentsOf: URL(fileURLWithPath: "\(path)/\(name)"), options: .mappedIfSafe)
        case .archive(let data, let members): return members[name].map { data[$0] }
        }
    }

    /// The bytes of a file that is read whole; none if it is larger than any that is.
    func bytes(_ name: String) -> [UInt8]? { data(name).flatMap { $0.count <= Self.limit(name) ? Array($0) : nil } }
    func text(_ name: String) -> String? { bytes(name).flatMap { String(validating: $0, as: UTF8.self) } }

    /// The SHA-256 of a file, hexadecimal; none of one that can't be read, or that only a stranger would make so large.
    func digest(_ name: String) -> String? {
        guard let data = data(name), !name.hasPrefix("evidence.") && !name.hasPrefix("log/") || data.count <= Self.limit(name) else { return nil }
        return Encodings.hex(Encodings.sha256(data))
    }

    /// Two files grow with the number of inputs: a million of them have their place.
    private static func limit(_ name: String) -> Int { ["SHA256SUMS", "inputs/manifest.json", "findings.jsonl", "disclosed.jsonl"].contains(name) ? 1 << 30 : 1 << 26 }

    private static func walk(_ path: String) throws(VerificationError) -> [String] {
        var names: [String] = []
        guard let walker = FileManager.default.enumerator(atPath: path) else {
            throw VerificationError("can't read `\(path)`", isMalformed: true)
        }
        while let name = walker.nextObject() as? String {
            switch walker.fileAttributes?[.type] as? FileAttributeType {
            case .typeRegular?: names.append(name)
            case .typeDirectory?: continue
            default: throw VerificationError("`\(name)` in the bundle is neither a file nor a folder", isMalformed: true)
            }
        }
        return names.sorted()
    }
}

/// A bundle that is one file.
public enum BundleArchive {
    /// Unpacks a bundle's .tar into a folder that must not be there yet.
    public static func unpack(_ path: String, to folder: String) throws {
        guard let data = try? Data(contentsOf: URL(fileURLWithPath: path), options: .mappedIfSafe) else {
            throw VerificationError("can't read `\(path)`", isMalformed: true)
        }
        let members = try TarReader.members(data)
        guard mkdir(folder, 0o700) == 0 else { throw VerificationError("can't make the folder `\(folder)`: \(String(cString: strerror(errno)))", isMalformed: true) }
        for (name, range) in members {
            let file = URL(fileURLWithPath: "\(folder)/\(name)")
            try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try data[range].write(to: file, options: .withoutOverwriting)
        }
    }
}

/// Reads ustar archives of plain files, and refuses every liberty that the format allows: a changed byte is always seen.
enum TarReader {
    /// The range of each file's bytes.
    static func members(_ data: Data) throws(VerificationError) -> [String: Range<Int>] {
        var members: [String: Range<Int>] = [:]
        var offset = data.startIndex
        while offset + 512 <= data.endIndex {
            let header = Array(data[offset..<(offset + 512)])
            if header.allSatisfy({ $0 == 0 }) {
                guard data.endIndex - offset == 1024, data[offset...].allSatisfy({ $0 == 0 }) else {
                    throw refusal("something follows its end")
                }
                return members
            }
            let (name, size) = try member(header)
            let start = offset + 512
            let end = start + size
            let next = start + (size + 511) / 512 * 512
            guard next <= data.endIndex, data[end..<next].allSatisfy({ $0 == 0 }) else {
                throw refusal("`\(name)` is cut or padded with something")
            }
            guard members.updateValue(start..<end, forKey: name) == nil else { throw refusal("`\(name)` is there twice") }
            offset = next
        }
        throw refusal("it has no end")
    }

    /// The header must be the one that is written for this name and size, byte for byte.
    private static func member(_ header: [UInt8]) throws(VerificationError) -> (name: String, size: Int) {
        func field(_ range: Range<Int>) throws(VerificationError) -> String {
            guard let text = String(validating: header[range].prefix { $0 != 0 }, as: UTF8.self) else { throw refusal("a name is not UTF-8") }
            return text
        }
        let (prefix, short, digits) = (try field(345..<500), try field(0..<100), try field(124..<136))
        guard digits.utf8.count == 11, digits.utf8.allSatisfy({ 48...55 ~= $0 }), let size = Int(digits, radix: 8) else { throw refusal("a size can't be read") }
        var expected = [UInt8](repeating: 0, count: 512)
        for (text, offset) in [
            (short, 0), ("0000644", 100), ("0000000", 108), ("0000000", 116), (digits, 124), ("00000000000", 136), ("        ", 148), ("0", 156),
            ("ustar\u{0}00", 257), ("0000000", 329), ("0000000", 337), (prefix, 345),
        ] {
            expected.replaceSubrange(offset..<(offset + text.utf8.count), with: text.utf8)
        }
        let sum = String(expected.reduce(0) { $0 + Int($1) }, radix: 8)
        expected.replaceSubrange(148..<156, with: (String(repeating: "0", count: max(0, 6 - sum.count)) + sum + "\0 ").utf8)
        let name = (prefix.isEmpty ? "" : prefix + "/") + short
        guard expected == header else { throw refusal("the header of `\(name)` is not one that bundles have; unpack it with tar and verify the folder") }
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.allSatisfy({ !$0.isEmpty && $0 != "." && $0 != ".." }) else { throw refusal("`\(name)` leads out of it") }
        return (name, size)
    }

    private static func refusal(_ why: String) -> VerificationError {
        VerificationError("the archive can't be read: \(why)", isMalformed: true)
    }
}
