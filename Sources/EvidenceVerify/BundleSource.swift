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

    func bytes(_ name: String) -> [UInt8]? { data(name).map(Array.init) }
    func text(_ name: String) -> String? { bytes(name).flatMap { String(validating: $0, as: UTF8.self) } }

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
    /// Unpacks a bundle's .tar into a folder that is not there yet.
    public static func unpack(_ path: String, to folder: String) throws {
        guard let data = try? Data(contentsOf: URL(fileURLWithPath: path), options: .mappedIfSafe) else {
            throw VerificationError("can't read `\(path)`", isMalformed: true)
        }
        for (name, range) in try TarReader.members(data) {
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

    private static func member(_ header: [UInt8]) throws(VerificationError) -> (name: String, size: Int) {
        let sum = header.enumerated().reduce(0) { $0 + (148..<156 ~= $1.offset ? 32 : Int($1.element)) }
        let digits = String(sum, radix: 8)
        let expected = String(repeating: "0", count: max(0, 6 - digits.count)) + digits + "\0 "
        guard Array(expected.utf8) == Array(header[148..<156]) else { throw refusal("a header's checksum is wrong") }
        guard header[156] == UInt8(ascii: "0"), Array(header[257..<265]) == Array("ustar\u{0}00".utf8) else {
            throw refusal("a member is not a plain file")
        }
        func field(_ range: Range<Int>) -> String { String(decoding: header[range].prefix { $0 != 0 }, as: UTF8.self) }
        let prefix = field(345..<500)
        let name = (prefix.isEmpty ? "" : prefix + "/") + field(0..<100)
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.allSatisfy({ !$0.isEmpty && $0 != "." && $0 != ".." }) else { throw refusal("`\(name)` leads out of it") }
        guard let size = Int(field(124..<136), radix: 8), size >= 0 else { throw refusal("a size can't be read") }
        return (name, size)
    }

    private static func refusal(_ why: String) -> VerificationError {
        VerificationError("the archive can't be read: \(why)", isMalformed: true)
    }
}
