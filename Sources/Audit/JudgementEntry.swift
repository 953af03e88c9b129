import Crypto
import Evidence
import EvidenceStore
import Foundation
import Residency

/// Where the cache keeps what a judgement came to. Its name tells all that the judgement depended on, so a run of the same inputs and
/// rules, at a time at which the same holds, comes to the same.
public struct JudgementEntry: Sendable {
    let cache: PartialCache
    let key: String

    /// What was kept, but for the run's own id and time; `nil` if nothing was, or it is damaged.
    func recall() -> Run? {
        guard let bytes = cache.contents(path) else { return nil }
        guard let run = Self.read(bytes) else {
            cache.remove(path)
            return nil
        }
        cache.touch(path)
        return run
    }

    /// Takes the findings of a run as they are written, to be kept.
    func draft() -> Draft? { try? Draft(self) }

    private var path: String { cache.judgements + "/" + key }

    /// Behind the findings and the header: their lengths, and the worst that is violated; then the digest of all that.
    private static let footerLength = 24

    private static func read(_ bytes: [UInt8]) -> Run? {
        let digestLength = SHA256.byteCount
        guard bytes.count >= footerLength + digestLength, SHA256.hash(data: bytes.dropLast(digestLength)).elementsEqual(bytes.suffix(digestLength)) else { return nil }
        let footer = bytes.count - digestLength - footerLength
        let numbers = (0..<3).map { number in (0..<8).reduce(0) { $0 | Int(bytes[footer + number * 8 + $1]) << (8 * $1) } }
        guard 0...footer ~= numbers[0], numbers[1] == footer - numbers[0] else { return nil }
        guard var run = try? StoredRun.run(header: Array(bytes[numbers[0]..<footer]), of: "cache") else { return nil }
        let worst = Severity.allCases.indices.contains(numbers[2]) ? Severity.allCases[numbers[2]] : nil
        run.take(WrittenFindings(text: bytes[..<numbers[0]], worst: worst) { text in
            // INVARIANT: the digest held, and this build wrote it (the cache's folder is named by it).
            guard let findings = try? StoredRun.findings(text) else { preconditionFailure("a sealed judgement cannot be read") }
            return findings
        })
        return run
    }

    /// A judgement on its way into the cache. A cache that cannot be written costs time, not the run.
    final class Draft {
        private let entry: JudgementEntry
        private let file: OutputFile
        private var hasher = SHA256()
        private var length = 0
        private var isWhole = true

        fileprivate init(_ entry: JudgementEntry) throws {
            self.entry = entry
            try FileManager.default.createDirectory(atPath: entry.cache.judgements, withIntermediateDirectories: true)
            file = try OutputFile(entry.path)
        }

        /// The next piece of the findings' text.
        func append(_ piece: [UInt8]) {
            length += piece.count
            if length > entry.cache.judgementLimit { isWhole = false }
            put(piece)
        }

        /// Keeps what was written.
        func keep(_ run: Run) {
            let header = run.header.bytes
            let worst = run.worstViolation.flatMap { Severity.allCases.firstIndex(of: $0) } ?? Severity.allCases.count
            let footer = [length, header.count, worst].flatMap { number in (0..<8).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) } }
            put(header + footer)
            put(Array(hasher.finalize()))
            if isWhole, (try? file.close(toDisk: false)) != nil { entry.cache.trim() }
        }

        private func put(_ bytes: [UInt8]) {
            guard isWhole else { return }
            hasher.update(data: bytes)
            isWhole = (try? file.append(bytes)) != nil
        }
    }
}
