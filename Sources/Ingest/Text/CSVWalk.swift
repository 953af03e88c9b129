/// Walks the lines of a CSV input; a quoted field may hold newlines. Large inputs pass through the session's window.
enum CSVWalk {
    /// `row` is given the bytes of each row that is not blank, and the line on which it begins. A row longer than a record may be ends
    /// the reading: a quote that is never closed would swallow all that follows.
    static func walk(_ session: ReadSession, row: (UnsafeBufferPointer<UInt8>, Int) -> Void) throws(ReadError) {
        var start = session.window.bytes.starts(with: [0xef, 0xbb, 0xbf]) ? 3 : 0
        var at = start
        var (line, startLine) = (1, 1)
        var isQuoted = false
        while true {
            let bytes = session.window.bytes
            while at < bytes.count {
                let byte = bytes[at]
                at += 1
                if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
                guard byte == UInt8(ascii: "\n") else { continue }
                line += 1
                if isQuoted { continue }
                give(bytes, start..<at, startLine, row)
                (start, startLine) = (at, line)
            }
            if session.window.isLast { break }
            guard at - start <= session.plan.limits.maxRecordBytes else {
                return session.malformed(
                    line: startLine, place: "line:\(startLine)", "a row is longer than \(session.plan.limits.maxRecordBytes) bytes: is a quote not closed?")
            }
            _ = try session.refill(keeping: start)
            at -= start
            start = 0
        }
        give(session.window.bytes, start..<at, startLine, row)
    }

    private static func give(
        _ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, _ line: Int, _ row: (UnsafeBufferPointer<UInt8>, Int) -> Void
    ) {
        guard bytes[range].contains(where: { $0 > 0x20 }) else { return }
        row(UnsafeBufferPointer(rebasing: bytes[range]), line)
    }
}

extension CSVText {
    /// What separates the fields of a first line: `,`, `;` or a tab, whichever comes most.
    static func separator(_ line: UnsafeBufferPointer<UInt8>) -> UInt8 {
        let all = [UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\t")]
        let counts = all.map { separator in line.count { $0 == separator } }
        return zip(all, counts).max { $0.1 < $1.1 }?.0 ?? all[0]
    }
}
