public import Engine
import Foundation
import Ingest
public import Residency

/// A file of parts: what some inputs show, judged by nobody yet. Files of one audit may be made on different machines and
/// are put together in any order.
///
///     domicile partial 1\n
///     {"base": …, "diagnostics": […]}\n
///     for each input, in the order of their names: the part's length (8 bytes, the lowest first) and the part
enum PartialFile {
    private static let magic = Array("domicile partial 1\n".utf8)

    /// What stands before the parts.
    private struct Header: Codable {
        var base: String
        var diagnostics: [Said]
    }

    /// What was said while the inputs were looked for.
    private struct Said: Codable {
        var level: String
        var path: String
        var message: String
        var hint: String?
    }

    static func encode(_ parts: [InputPart], base: String, listing: [Diagnostic]) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        let said = listing.map { Said(level: $0.level.rawValue, path: $0.path, message: $0.message, hint: $0.hint) }
        var bytes = magic + [UInt8](try encoder.encode(Header(base: base, diagnostics: said))) + [10]
        for part in parts {
            withUnsafeBytes(of: UInt64(part.bytes.count).littleEndian) { bytes.append(contentsOf: $0) }
            bytes += part.bytes
        }
        return bytes
    }

    /// Reads a file of parts, one part after the other.
    struct Reader {
        let path: String
        /// What was said while the inputs were looked for.
        let listing: [Diagnostic]
        /// Where the next part begins.
        private(set) var position: UInt64
        private let size: UInt64
        private let handle: FileHandle

        init(_ path: String, base: String) throws(AuditError) {
            guard let handle = FileHandle(forReadingAtPath: path), let size = try? handle.seekToEnd(), (try? handle.seek(toOffset: 0)) != nil else {
                throw .unreadable(path)
            }
            (self.path, self.handle, self.size) = (path, handle, size)
            var head: [UInt8] = []
            while head.count(where: { $0 == 10 }) < 2, let data = try? handle.read(upToCount: 1 << 16), !data.isEmpty { head += data }
            guard head.starts(with: magic), let end = head[magic.count...].firstIndex(of: 10),
                let header = try? JSONDecoder().decode(Header.self, from: Data(head[magic.count..<end]))
            else { throw .other("`\(path)` is not what `domicile partial` writes") }
            guard header.base == base else {
                throw .other("`\(path)` was made by another version of the program, with other limits, or with other networks of addresses: make it again\nhint: `partial` and `merge` need the same `--policies`, `--catalogue` and `--addresses` where those name networks")
            }
            position = UInt64(end + 1)
            listing = header.diagnostics.map { said in
                Diagnostic(Diagnostic.Level(rawValue: said.level) ?? .note, path: said.path, message: said.message, hint: said.hint)
            }
        }

        /// The next part; `nil` at the end of the file.
        mutating func next() throws(AuditError) -> InputPart? {
            guard position < size else { return nil }
            guard size - position >= 8 else { throw .other("`\(path)` is cut off at byte \(position)") }
            let length = try read(8, at: position).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            guard length <= size - position - 8 else { throw .other("`\(path)` is cut off at byte \(size)") }
            let start = position + 8
            guard let part = InputPart(bytes: try read(length, at: start)) else {
                throw .other("`\(path)` is damaged between byte \(start) and byte \(start + length)")
            }
            position = start + length
            return part
        }

        /// The part that begins at a place where `position` has been.
        mutating func part(at place: UInt64) throws(AuditError) -> InputPart {
            position = place
            guard let part = try next() else { throw .other("`\(path)` was changed while it was read") }
            return part
        }

        private func read(_ count: UInt64, at place: UInt64) throws(AuditError) -> [UInt8] {
            guard (try? handle.seek(toOffset: place)) != nil, let data = try? handle.read(upToCount: Int(count)), data.count == Int(count) else {
                throw .unreadable(path)
            }
            return [UInt8](data)
        }
    }
}

/// A share of the inputs: every `count`th, beginning with `number`.
public struct Shard: Sendable, Hashable {
    public var number: Int
    public var count: Int

    /// Reads `3/8`. Numbers from 0 and numbers from 1 both work: the last one of the latter is the first of the former.
    public init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
        guard parts.count == 2, let number = parts[0], let count = parts[1], count > 0, 0...count ~= number else { return nil }
        self.number = number % count
        self.count = count
    }
}

extension AuditRun {
    /// Reads and observes a share of the inputs; gives the bytes of a file of parts, and how many inputs it holds.
    ///
    /// - Parameter list: names the inputs instead of `inputs`, one a line: the path, and, after a tab, the name for people.
    public func parts(
        of shard: Shard?, list: String? = nil, progress: @escaping @Sendable (Progress) -> Void = { _ in }
    ) async throws(AuditError) -> (bytes: [UInt8], summaries: [InputSummary]) {
        var (files, listing) = try Self.list(inputs)
        if let list { files += Self.files(in: list) }
        guard !files.isEmpty else { throw .noInputs(inputs) }
        let mappings = Self.mappings(files)
        // A share is read with its digest files in mind, wherever they are.
        let hashesContent = Custody.needsContent(files)
        if let shard { files = files.enumerated().filter { $0.offset % shard.count == shard.number }.map(\.element) }
        let results = files.isEmpty ? [] : try await work(files, mappings: mappings, keepsParts: true, hashesContent: hashesContent, progress)
        let parts = results.flatMap { $0.parts.map { ($0.key, $0.value) } }.sorted { $0.0 < $1.0 }.map(\.1)
        let summaries = results.flatMap { $0.outcomes.map { ($0.key, $0.value.0) } }.sorted { $0.0 < $1.0 }.map(\.1)
        do {
            return (try PartialFile.encode(parts, base: dependencies.base, listing: listing), summaries)
        } catch {
            throw .other("\(error)")
        }
    }

    private static func files(in list: String) -> [InputFile] {
        list.split(whereSeparator: \.isNewline).map { line in
            let parts = line.split(separator: "\t", maxSplits: 1)
            return InputFile(path: String(parts[0]), name: String(parts.last ?? parts[0]))
        }
    }

    /// Puts files of parts together. An input that is in several of them counts once. One part is held at a time, and what
    /// all of them show.
    ///
    /// - Throws: if a file is damaged, or was made with other vectors than these rules have, or two files tell different
    ///   things of one input.
    public func merge(_ paths: [String]) throws(AuditError) -> (Partial, [InputSummary], [Diagnostic]) {
        let rules = dependencies
        var all: [(summary: InputSummary, file: Int, place: UInt64)] = []
        var listing: Set<Diagnostic> = []
        for (file, path) in paths.enumerated() {
            var reader = try PartialFile.Reader(path, base: rules.base)
            listing.formUnion(reader.listing)
            var place = reader.position
            while let part = try reader.next() {
                guard let account = try? part.account() else { throw .other("`\(path)` holds a part that cannot be read") }
                all.append((account.0, file, place))
                place = reader.position
            }
        }
        all.sort { $0.summary.path.utf8.lexicographicallyPrecedes($1.summary.path.utf8) }
        var observer = Observer(self.rules, keeping: rules)
        var summaries: [InputSummary] = []
        var diagnostics: [Diagnostic] = []
        var open: (file: Int, reader: PartialFile.Reader)?
        for (index, one) in all.enumerated() {
            let path = paths[one.file]
            if let last = summaries.last, last.path == one.summary.path {
                guard last == one.summary else {
                    throw .other("`\(paths[all[index - 1].file])` and `\(path)` hold the input `\(last.path)` with different bytes")
                }
                continue
            }
            if open?.file != one.file { open = (one.file, try PartialFile.Reader(path, base: rules.base)) }
            guard let part = try open?.reader.part(at: one.place), let account = observer.take(part, as: summaries.count) else {
                throw .other("`\(path)` was made with another catalogue: make it again")
            }
            summaries.append(account.0)
            diagnostics += account.1
        }
        guard !summaries.isEmpty else { throw .noInputs(paths) }
        let sorted = listing.sorted { ($0.path, $0.message) < ($1.path, $1.message) }
        let said = setAsideRules(&summaries, diagnostics)
        return (observer.finish(), summaries, sorted.map(\.asUnread) + said)
    }
}
