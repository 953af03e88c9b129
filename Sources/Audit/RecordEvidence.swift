import Crypto
import Foundation
import Ingest
public import Residency

/// The bytes that a finding rests on: the record as its input has it, and whether the input is the one of the run.
public struct RecordEvidence: Sendable {
    /// The lines to show.
    public var lines: [String]
    /// The input is there, has the digest that the run has, and holds the record.
    public var holds: Bool

    /// - Parameter run: the inputs as the run has them.
    public static func find(_ observation: Observation, run: [InputSummary], inputs: [String]) throws(AuditError) -> RecordEvidence {
        let number = observation.record.input
        let place = observation.record.pointer.isEmpty ? "the whole" : observation.record.pointer
        guard run.indices.contains(number) else { return missing("the run names no input \(number)") }
        let expected = run[number]
        let files: [InputFile]
        do { files = try InputTree.files(in: inputs).files } catch { throw .other("\(error)") }
        guard let file = files.first(where: { $0.name == expected.path }) ?? (files.count == run.count ? files[number] : nil) else {
            return missing("`\(expected.path)` is not among the inputs given")
        }
        let (content, digest) = try read(file)
        guard digest == expected.sha256 else {
            return missing("`\(file.name)` is not the input of the run: sha256 \(digest), and the run has \(expected.sha256)")
        }
        var lines = ["input      \(expected.path)", "sha256     \(digest), as in the run", "record     \(place)"]
        guard let range = RecordPlace.range(observation.record.pointer, in: content) else {
            lines.append("bytes      the place is not one in JSON or a line; see the input")
            return RecordEvidence(lines: lines, holds: false)
        }
        lines.append("bytes      \(range.lowerBound) to \(range.upperBound) of what it holds, sha256 \(Digest.hexadecimal(Array(content[range])))")
        lines.append(printable(content[range]))
        return RecordEvidence(lines: lines, holds: true)
    }

    private static func missing(_ trouble: String) -> RecordEvidence { RecordEvidence(lines: ["NOT SHOWN  " + trouble], holds: false) }

    /// What the input holds, inflated, and the SHA-256 of the file as it lies.
    private static func read(_ file: InputFile) throws(AuditError) -> ([UInt8], String) {
        var hasher = SHA256()
        var raw: [UInt8] = []
        var inflated: [UInt8] = []
        let outcome: ReadOutcome
        do {
            outcome = try InputReader().read(
                file, plan: ReadPlan(),
                hash: {
                    hasher.update(bufferPointer: $0)
                    raw += $0
                }, content: { inflated += $0 }, resources: { _ in }, events: { _, _, _ in })
        } catch {
            throw .other("`\(file.name)`: \(error.message)")
        }
        return (outcome.isPacked ? inflated : raw, Digest.hexadecimal(hasher.finalize()))
    }

    /// The bytes as they are, but for what would command a terminal.
    private static func printable(_ bytes: ArraySlice<UInt8>) -> String {
        String(decoding: bytes, as: UTF8.self).unicodeScalars.reduce(into: "") { text, scalar in
            let isPlain = scalar.value >= 0x20 && !(0x7f...0x9f ~= scalar.value) || scalar == "\n" || scalar == "\t"
            text += isPlain ? String(scalar) : "\\u{\(String(scalar.value, radix: 16))}"
        }
    }
}
