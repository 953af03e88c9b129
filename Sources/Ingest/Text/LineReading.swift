import Residency

/// Reads a log whose events are lines. The fields are views of the line, as plain text; large logs pass through the
/// session's window.
final class LineReading {
    /// What a line turned out to be.
    enum Line {
        case event
        /// A heading, a comment.
        case beside
        /// Nothing that the format allows; `at` is the byte of the line at which that shows.
        case wrong(String, at: Int = 0)
    }

    private let session: ReadSession
    private let sheet: EventSheet
    /// The number of the line that is read.
    private(set) var line = 1

    /// - Parameter columns: every name that a line of this format may fill. Of them, those are kept that a rule asks for.
    init(_ session: ReadSession, _ layout: EventLayout, columns: [String]) {
        self.session = session
        sheet = EventSheet(session, [layout], isJSON: false) { [known = Set(columns)] in $0.count == 1 && known.contains($0[0]) }
    }

    /// The field of a column, `nil` if nobody asks for it.
    func slot(_ column: String) -> Int? { sheet.projection.existingSlot([column]) }

    /// Fills a field of the line that is read; `-` and nothing leave it missing.
    func set(_ slot: Int?, _ range: Range<Int>) {
        guard let slot, !range.isEmpty else { return }
        let bytes = session.window.bytes
        if range.count == 1, bytes[range.lowerBound] == UInt8(ascii: "-") { return }
        sheet.set(slot, range)
    }

    /// Reads the whole input; `read` is given each line that is not blank, without its end.
    func run(_ read: (UnsafeBufferPointer<UInt8>, Range<Int>) throws(ReadError) -> Line) throws(ReadError) {
        var at = session.window.bytes.starts(with: [0xef, 0xbb, 0xbf]) ? 3 : 0
        while true {
            let bytes = session.window.bytes
            if let newline = Lines.newline(bytes, from: at) {
                try take(bytes, at..<newline, read)
                at = newline + 1
                line += 1
            } else if !session.window.isLast {
                sheet.give(bytes)
                if bytes.count - at > session.plan.limits.maxRecordBytes {
                    guard let next = try stepOver(at) else { return }
                    at = next
                } else {
                    _ = try session.refill(keeping: at)
                    at = 0
                }
            } else {
                if at < bytes.count { try take(bytes, at..<bytes.count, read) }
                return sheet.give(bytes)
            }
        }
    }

    private func take(
        _ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>,
        _ read: (UnsafeBufferPointer<UInt8>, Range<Int>) throws(ReadError) -> Line
    ) throws(ReadError) {
        var end = range.upperBound
        while end > range.lowerBound, bytes[end - 1] == UInt8(ascii: "\r") || bytes[end - 1] == UInt8(ascii: " ") { end -= 1 }
        guard end > range.lowerBound else { return }
        sheet.begin(bytes)
        switch try read(bytes, range.lowerBound..<end) {
        case .event:
            sheet.end(byte: session.window.position + range.lowerBound, prefix: "line:", index: line)
        case .beside: break
        case .wrong(let message, let place):
            sheet.give(bytes)
            session.malformed(byte: session.window.position + range.lowerBound + place, place: "line:\(line)", message)
        }
    }

    /// Steps over a line of any length without keeping it; where the next one begins, `nil` at the input's end.
    private func stepOver(_ start: Int) throws(ReadError) -> Int? {
        session.malformed(
            byte: session.window.position + start, place: "line:\(line)", "a line is longer than \(session.plan.limits.maxRecordBytes) bytes",
            hint: "the limit can be raised")
        while true {
            guard try session.refill(keeping: session.window.count) else { return nil }
            guard let newline = Lines.newline(session.window.bytes, from: 0) else { continue }
            line += 1
            return newline + 1
        }
    }
}
