import CEL
import Residency
import Yams

/// The documents of a YAML input, each parsed by itself: one that is broken does not hide the others.
enum YAMLStream {
    struct Document {
        var text: String
        /// The line of the input on which it begins.
        var line: Int
        /// The byte at which it begins.
        var byte: Int
        var place: String { "line:\(line)" }
    }

    /// Cuts the input at its `---` lines and hands the documents over, one after the other; one at a time is in memory. Documents
    /// without content are left out, one that is larger than a tree may be is malformed.
    static func walk(_ session: ReadSession, _ body: (Document) -> Void) throws(ReadError) {
        let limit = session.plan.limits.maxTreeBytes
        var start = session.window.bytes.starts(with: [0xef, 0xbb, 0xbf]) ? 3 : 0
        var (line, startLine, at) = (1, 1, start)
        var (isTooLong, isMidLine) = (false, false)
        func close(_ end: Int) {
            defer { isTooLong = false }
            guard !isTooLong, end - start <= limit else { return session.isTooLarge(line: startLine, limit: limit) }
            let text = String(decoding: session.window.bytes[start..<end], as: UTF8.self)
            guard hasContent(text) else { return }
            body(Document(text: text, line: startLine, byte: session.window.position + start))
        }
        while true {
            let bytes = session.window.bytes
            let newline = at < bytes.count ? Lines.newline(bytes, from: at) : nil
            if newline == nil, !session.window.isLast {
                // Of a document that is too large nothing is kept.
                if bytes.count - start > limit { (isTooLong, isMidLine, at, start) = (true, isMidLine || at < bytes.count, bytes.count, bytes.count) }
                _ = try session.refill(keeping: start)
                (at, start) = (at - start, 0)
                continue
            }
            guard at < bytes.count else { break }
            let end = newline ?? bytes.count
            if !isMidLine, isMark(bytes, at, end) {
                close(at)
                (start, startLine) = (at, line)
            }
            isMidLine = false
            at = end + 1
            line += 1
        }
        close(session.window.count)
    }

    private static func isMark(_ bytes: UnsafeBufferPointer<UInt8>, _ at: Int, _ end: Int) -> Bool {
        guard end - at >= 3, bytes[at] == 0x2d, bytes[at + 1] == 0x2d, bytes[at + 2] == 0x2d else { return false }
        return end - at == 3 || [0x20, 0x09, 0x0d].contains(bytes[at + 3])
    }

    private static func hasContent(_ text: String) -> Bool {
        text.split(whereSeparator: \.isNewline).contains { line in
            let rest = line.drop { $0 == " " || $0 == "\t" }
            return !rest.isEmpty && !rest.hasPrefix("#") && rest != "---" && rest != "..." && !rest.hasPrefix("%")
        }
    }
}

extension YAMLStream.Document {
    /// Parses the document and hands its node over with the number of values that may be made of it: aliases may not make more of a
    /// text than is in it.
    func read(_ session: ReadSession, _ body: (Node, inout Int) throws(YAMLText.Fault) -> Void) {
        var budget = max(YAMLText.maxValues, text.utf8.count)
        do throws(YAMLText.Fault) {
            for node in try YAMLText.documents(text) { try body(node, &budget) }
        } catch {
            session.malformed(line: error.line.map { $0 + line - 1 } ?? line, column: error.column, place: place, error.message)
        }
    }
}

extension ReadSession {
    func isTooLarge(line: Int, limit: Int) {
        malformed(
            line: line, place: "line:\(line)", "a document is larger than \(limit) bytes, too large to be made into a tree",
            hint: "`--limit tree-bytes=` raises it; memory grows with it")
    }

    /// As `readWhole`, for what is made into a tree as a whole, which takes many times the memory of its text.
    func readTree() throws(ReadError) -> Bool {
        while !window.isLast, window.count <= plan.limits.maxTreeBytes { _ = try refill(keeping: 0) }
        guard window.count <= plan.limits.maxTreeBytes else {
            isTooLarge(line: 1, limit: plan.limits.maxTreeBytes)
            return false
        }
        return true
    }

    /// Counts a record of a text that cannot be decoded and says on which line it is.
    func malformed(line: Int, column: Int? = nil, place: String, _ message: String, hint: String? = nil) {
        outcome.malformed += 1
        outcome.pointers.append(ordinal: ordinal, place: place)
        ordinal += 1
        say(.warning, line: line, column: column, message, hint: hint)
    }
}
