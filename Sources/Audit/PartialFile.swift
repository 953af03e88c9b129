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

    /// - Parameter path: for messages.
    static func decode(_ bytes: [UInt8], base: String, path: String) throws(AuditError) -> (parts: [InputPart], listing: [Diagnostic]) {
        guard bytes.starts(with: magic), let end = bytes[magic.count...].firstIndex(of: 10),
            let header = try? JSONDecoder().decode(Header.self, from: Data(bytes[magic.count..<end]))
        else { throw .other("`\(path)` is not what `domicile partial` writes") }
        guard header.base == base else {
            throw .other("`\(path)` was made by another version of the program, with other limits, or with other networks of addresses: make it again")
        }
        var parts: [InputPart] = []
        var position = end + 1
        while position < bytes.count {
            guard bytes.count - position >= 8 else { throw .other("`\(path)` is cut off at byte \(position)") }
            let length = bytes[position..<(position + 8)].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            guard length <= UInt64(bytes.count - position - 8) else { throw .other("`\(path)` is cut off at byte \(bytes.count)") }
            guard let part = InputPart(bytes: Array(bytes[(position + 8)..<(position + 8 + Int(length))])) else {
                throw .other("`\(path)` is damaged between byte \(position + 8) and byte \(position + 8 + Int(length))")
            }
            parts.append(part)
            position += 8 + Int(length)
        }
        let listing = header.diagnostics.map { said in
            Diagnostic(Diagnostic.Level(rawValue: said.level) ?? .note, path: said.path, message: said.message, hint: said.hint)
        }
        return (parts, listing)
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

    /// Puts files of parts together. An input that is in several of them counts once.
    ///
    /// - Throws: if a file is damaged, or was made with other vectors than these rules have, or two files tell different
    ///   things of one input.
    public func merge(_ paths: [String]) throws(AuditError) -> (Partial, [InputSummary], [Diagnostic]) {
        let rules = dependencies
        var all: [(summary: InputSummary, part: InputPart, from: String)] = []
        var listing: Set<Diagnostic> = []
        for path in paths {
            guard let data = FileManager.default.contents(atPath: path) else { throw .unreadable(path) }
            let (parts, said) = try PartialFile.decode([UInt8](data), base: rules.base, path: path)
            listing.formUnion(said)
            for part in parts {
                guard let account = try? part.account() else { throw .other("`\(path)` holds a part that cannot be read") }
                all.append((account.0, part, path))
            }
        }
        all.sort { $0.summary.path.utf8.lexicographicallyPrecedes($1.summary.path.utf8) }
        var observer = Observer(self.rules, keeping: rules)
        var summaries: [InputSummary] = []
        var diagnostics: [Diagnostic] = []
        for (index, one) in all.enumerated() {
            if let last = summaries.last, last.path == one.summary.path {
                guard last == one.summary else {
                    throw .other("`\(all[index - 1].from)` and `\(one.from)` hold the input `\(last.path)` with different bytes")
                }
                continue
            }
            guard let account = observer.take(one.part, as: summaries.count) else {
                throw .other("`\(one.from)` was made with another catalogue: make it again")
            }
            summaries.append(account.0)
            diagnostics += account.1
        }
        guard !summaries.isEmpty else { throw .noInputs(paths) }
        let sorted = listing.sorted { ($0.path, $0.message) < ($1.path, $1.message) }
        return (observer.finish(), summaries, sorted.map(\.asUnread) + diagnostics)
    }
}
