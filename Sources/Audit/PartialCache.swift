import Engine
import Foundation

/// What each input showed, kept in a folder for the next run under the digest of the input and of what observing depends
/// on, and what whole runs came to (`JudgementEntry`). It can be deleted at any time; a damaged entry counts as none.
public struct PartialCache: Sendable {
    public static let standardLimit = 2_000_000_000

    /// The folder.
    public var folder: String
    /// The most bytes that are kept; the entries that were used last stay.
    public var limit: Int

    public init(folder: String, limit: Int = PartialCache.standardLimit) {
        self.folder = folder
        self.limit = limit
    }

    /// What an input showed, if it was read before.
    func part(_ digest: String, base: String) -> InputPart? {
        let path = path(digest, base)
        guard let bytes = contents(path) else { return nil }
        guard let part = InputPart(bytes: bytes) else {
            remove(path)
            return nil
        }
        touch(path)
        return part
    }

    /// Keeps what an input showed. A cache that cannot be written costs time, not the run.
    func keep(_ part: InputPart, _ digest: String, base: String) {
        let path = path(digest, base)
        let parent = (path as NSString).deletingLastPathComponent
        try? FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
        try? Data(part.bytes).write(to: URL(fileURLWithPath: path), options: .atomic)
    }

    /// The bytes of an entry.
    func contents(_ path: String) -> [UInt8]? {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0 else { return nil }
        let length = Int(status.st_size)
        let bytes = [UInt8](unsafeUninitializedCapacity: length) { buffer, count in
            while count < length {
                let got = read(file, buffer.baseAddress! + count, length - count)
                if got <= 0 { return }
                count += got
            }
        }
        return bytes.count == length ? bytes : nil
    }

    /// The folder of whole judgements.
    var judgements: String { "\(folder)/judgements-\(Self.build)" }

    func remove(_ path: String) { try? FileManager.default.removeItem(atPath: path) }

    /// Marks an entry as used just now.
    func touch(_ path: String) { try? FileManager.default.setAttributes([.modificationDate: Date()], ofItemAtPath: path) }

    /// What inputs showed is worth more than what they came to.
    var judgementLimit: Int { limit / 4 }

    /// Removes the entries that were not used for the longest time, until the rest is within the limit.
    func trim() {
        trim(judgements, to: judgementLimit)
        trim(folder, to: limit)
    }

    private func trim(_ folder: String, to limit: Int) {
        guard let found = FileManager.default.enumerator(atPath: folder) else { return }
        var entries: [(path: String, date: Date, size: Int)] = []
        var total = 0
        while let name = found.nextObject() as? String {
            guard let facts = found.fileAttributes, facts[.type] as? FileAttributeType == .typeRegular else { continue }
            let size = (facts[.size] as? NSNumber)?.intValue ?? 0
            entries.append((folder + "/" + name, facts[.modificationDate] as? Date ?? .distantPast, size))
            total += size
        }
        guard total > limit else { return }
        for entry in entries.sorted(by: { ($0.date, $0.path) < ($1.date, $1.path) }) where total > limit {
            try? FileManager.default.removeItem(atPath: entry.path)
            total -= entry.size
        }
    }

    private func path(_ digest: String, _ base: String) -> String {
        "\(folder)/\(base)-\(Self.build)/\(digest.prefix(2))/\(digest)"
    }

    /// What tells this build of the program from others of the same version: nothing is found again after an update.
    private static let build: String = {
        let path = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments.first ?? ""
        let facts = try? FileManager.default.attributesOfItem(atPath: path)
        let size = (facts?[.size] as? NSNumber)?.intValue ?? 0
        let time = Int((facts?[.modificationDate] as? Date)?.timeIntervalSince1970 ?? 0)
        return String(size, radix: 36) + String(time, radix: 36)
    }()
}
