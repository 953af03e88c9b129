import Audit
import Foundation
import Residency
import Synchronization

/// What is told while inputs are read: one line that moves on a terminal, one line for each input elsewhere.
///
///     [##########··········] 612/1,204  3.1 GB  412 MB/s  8 s left  AWSLogs/.../trail.json.gz
final class ProgressLine: Sendable {
    private let isTerminal: Bool
    private let isQuiet: Bool
    private let started = ContinuousClock.now
    private let state = Mutex(State())

    private struct State {
        var isShown = false
        var bytes = 0
        var last: ContinuousClock.Instant?
    }

    init(_ output: OutputOptions) {
        isTerminal = isatty(STDERR_FILENO) == 1
        isQuiet = output.quiet
    }

    func show(_ progress: AuditRun.Progress) {
        if isQuiet { return }
        let outcome = progress.outcome
        guard isTerminal else {
            let malformed = outcome.malformed > 0 ? ", \(outcome.malformed) malformed" : ""
            Terminal.say("\(progress.file): \(outcome.format), \(outcome.records) records\(malformed)")
            return
        }
        let now = ContinuousClock.now
        let line: String? = state.withLock { state in
            state.bytes += outcome.bytes
            // Ten times a second is as much as anybody can read.
            if let last = state.last, now - last < .milliseconds(100), progress.done < progress.total { return nil }
            state.last = now
            state.isShown = true
            return Self.text(progress, bytes: state.bytes, seconds: Double((now - started) / .seconds(1)), width: Terminal.errorWidth)
        }
        if let line { FileHandle.standardError.write(Data("\r\u{1b}[K\(line)".utf8)) }
    }

    func finish() {
        if state.withLock({ $0.isShown }) { FileHandle.standardError.write(Data("\r\u{1b}[K".utf8)) }
    }

    private static func text(_ progress: AuditRun.Progress, bytes: Int, seconds: Double, width: Int) -> String {
        let part = Double(progress.done) / Double(max(1, progress.total))
        let bar = Int((part * 20).rounded(.down))
        var line = "[\(String(repeating: "#", count: bar))\(String(repeating: "·", count: 20 - bar))] \(progress.done)/\(progress.total)  \(size(Double(bytes)))"
        if seconds > 0.2 {
            line += "  \(size(Double(bytes) / seconds))/s"
            if progress.done < progress.total { line += "  \(duration(seconds / part * (1 - part))) left" }
        }
        // Names may be hostile, and a line that wraps cannot be taken back.
        let name = String(progress.file.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7F ? "?" : Character($0) })
        let room = width - line.count - 3
        if room > 8 { line += "  " + (name.count > room ? "…" + name.suffix(room - 1) : name) }
        return line
    }

    private static func size(_ bytes: Double) -> String {
        for (unit, scale) in [("GB", 1e9), ("MB", 1e6)] where bytes >= scale {
            let tenths = Int(bytes / scale * 10)
            return "\(tenths / 10).\(tenths % 10) \(unit)"
        }
        return "\(Int(bytes / 1000)) kB"
    }

    private static func duration(_ seconds: Double) -> String {
        let whole = Int(seconds.rounded(.up))
        if whole >= 3600 { return "\(whole / 3600) h \(whole % 3600 / 60) min" }
        return whole >= 60 ? "\(whole / 60) min \(whole % 60) s" : "\(whole) s"
    }
}
