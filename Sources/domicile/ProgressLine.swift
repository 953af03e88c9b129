import Audit
import Foundation
import Residency
import Synchronization

/// What is told while inputs are read: one line that moves on a terminal, one line for each input elsewhere.
final class ProgressLine: Sendable {
    private let isTerminal: Bool
    private let isQuiet: Bool
    private let shown = Mutex(false)

    init(_ output: OutputOptions) {
        isTerminal = isatty(STDERR_FILENO) == 1
        isQuiet = output.quiet
    }

    func show(_ progress: AuditRun.Progress) {
        if isQuiet { return }
        let outcome = progress.outcome
        if isTerminal {
            shown.withLock { $0 = true }
            FileHandle.standardError.write(Data("\r\u{1b}[K\(progress.done)/\(progress.total) \(progress.file)".utf8))
        } else {
            let malformed = outcome.malformed > 0 ? ", \(outcome.malformed) malformed" : ""
            Terminal.say("\(progress.file): \(outcome.format), \(outcome.records) records\(malformed)")
        }
    }

    func finish() {
        if shown.withLock({ $0 }) { FileHandle.standardError.write(Data("\r\u{1b}[K".utf8)) }
    }
}
