import Engine
import Foundation
import Ingest
import Policy
import Pushdown
import Residency

/// What the engines have in common that run a compiled statement over files: whatever they cannot answer faithfully is left
/// to be read here, and the rest is asked again.
struct StatementRun {
    enum Outcome {
        /// The answer, the numbers of files that the engine left alone, with the reason, and how many records it found in the
        /// others where it counted them apart from the statement.
        case answered(Answer, left: [Int: String] = [:], records: [Int: Int]? = nil)
        /// The engine stopped at a file.
        case refused(path: String, why: String)
    }

    static let layout = Layout.documents

    /// After so many files that the engine could not read, the rest is read here.
    private static let maxAttempts = 8

    /// For messages.
    let engine: String
    let dialect: Dialect
    var table: String?
    /// Is told what was not left to the engine.
    let say: @Sendable (String) -> Void

    /// - Parameter run: runs the statement over files; the numbers of the answer's inputs are theirs.
    func count(
        _ files: [(input: Int, path: String)], _ rules: RuleBook, _ run: (Statement, [String]) throws(AuditError) -> Outcome
    ) throws(AuditError) -> LogCount {
        guard let layout = EventLayouts.of(Self.layout.format) else { return LogCount() }
        let statement = Statement(rules.catalogue, events: layout, dialect: dialect, layout: Self.layout, table: table)
        var files = files.filter { Self.canRead($0.path) }
        for _ in 0..<Self.maxAttempts where !files.isEmpty {
            switch try run(statement, files.map(\.path)) {
            case .refused(let path, let why):
                say("\(engine) could not read `\(path)`, which is read here: \(why)")
                files.removeAll { $0.path == path }
            case .answered(let answer, let left, let records):
                let events = answer.events
                let odd = answer.oddInputs.union(Set(files.indices).subtracting(events.keys).subtracting(left.keys))
                guard odd.isEmpty else {
                    tell(odd.count, nil)
                    files = files.indices.filter { !odd.contains($0) && left[$0] == nil }.map { files[$0] }
                    continue
                }
                if !left.isEmpty { tell(left.count, left.min { $0.key < $1.key }?.value) }
                for (index, count) in records ?? [:] where events[index] != count {
                    throw .other("\(engine) answered for \(events[index] ?? 0) records of `\(files[index].path)`, which has \(count)")
                }
                return try tally(answer, statement, rules, layout, files.map(\.input))
            }
        }
        if !files.isEmpty { say("\(engine) could not read \(Self.maxAttempts) files, so that the rest is read here as well") }
        return LogCount()
    }

    private func tell(_ count: Int, _ why: String?) {
        let (have, are) = count == 1 ? ("file has", "is") : ("files have", "are")
        say("\(count) \(have) records that only a reader of files can judge, and \(are) read here" + (why.map { " (the first: \($0))" } ?? ""))
    }

    private func tally(_ answer: Answer, _ statement: Statement, _ rules: RuleBook, _ layout: EventLayout, _ inputs: [Int]) throws(AuditError) -> LogCount {
        var count = LogCount()
        do {
            count.partial = try answer.partial(statement, rules, events: layout) { inputs.indices.contains($0) ? inputs[$0] : 0 }
        } catch { throw .other(error.message) }
        let spans = answer.spans
        for (index, events) in answer.events {
            guard inputs.indices.contains(index) else { throw .other("\(engine) answered for an input that it was not given") }
            count.events[inputs[index]] = events
            count.spans[inputs[index]] = spans[index]
        }
        return count
    }

    /// Whether an engine takes the name for a name and the bytes for what they are.
    private static func canRead(_ path: String) -> Bool {
        guard !path.contains(where: { "*?[]{}\n\"".contains($0) }), let handle = FileHandle(forReadingAtPath: path) else { return false }
        defer { try? handle.close() }
        let magic = [UInt8]((try? handle.read(upToCount: 4)) ?? Data())
        let isGzip = magic.starts(with: [0x1f, 0x8b])
        if isGzip || path.hasSuffix(".gz") { return isGzip && path.hasSuffix(".gz") }
        return magic.first == UInt8(ascii: "{") && !path.hasSuffix(".zst")
    }
}
