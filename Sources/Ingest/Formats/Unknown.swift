import Residency

/// What no format recognises: said, with a guess at what it is, and otherwise left alone.
enum Unknown {
    /// What an input looks like; where it is wrong, if it is not what it seems to be.
    private struct Likeness {
        var words: String
        var byte: Int?
        var line: Int?
        var hint: String?
    }

    static func describe(_ session: ReadSession, _ head: Head) throws(ReadError) {
        let titles = inputFormats.map { $0.title }.joined(separator: ", ")
        let isEmpty = session.window.bytes.isEmpty
        let likeness = try looksLike(session, head)
        session.say(
            isEmpty ? .note : .warning, line: likeness.line, byte: likeness.byte, "\(likeness.words); nothing was read from it",
            hint: likeness.hint ?? (isEmpty ? nil : "formats that are read: \(titles)"))
    }

    private static func looksLike(_ session: ReadSession, _ head: Head) throws(ReadError) -> Likeness {
        let bytes = session.window.bytes
        if bytes.isEmpty { return Likeness(words: session.window.damage == nil ? "is empty" : "cannot be inflated") }
        if let (_, name) = signatures.first(where: { bytes.starts(with: $0.0) }) { return Likeness(words: "is \(name)") }
        if bytes.prefix(4096).contains(0) { return Likeness(words: "is binary data") }
        let first = bytes.first { !($0 == 0x20 || $0 == 0x0a || $0 == 0x0d || $0 == 0x09) }
        switch first {
        case UInt8(ascii: "{"), UInt8(ascii: "["):
            if let fault = fault(session) { return Likeness(words: "is not JSON: \(fault.message)", byte: fault.at) }
            guard let object = head.candidates.first else { return Likeness(words: "looks like JSON of a kind that is not known") }
            let keys = object.members.sorted { $0.value < $1.value }.prefix(6).map { "`\($0.key)`" }
            return Likeness(words: "is JSON of a kind that is not known, with \(keys.joined(separator: ", "))")
        case UInt8(ascii: "<"): return try xml(session)
        default: return Likeness(words: "is text of a kind that is not known")
        }
    }

    /// What keeps a text that is whole in the window from being JSON, or JSON documents one after the other.
    private static func fault(_ session: ReadSession) -> JSONFault? {
        guard session.window.isLast, session.window.damage == nil else { return nil }
        let bytes = session.window.bytes
        let maxDepth = session.plan.limits.maxDepth
        guard let fault = JSONFault.check(bytes, maxDepth: maxDepth) else { return nil }
        var at = 0
        while let end = session.scanner.end(bytes, at: at) {
            let document = UnsafeBufferPointer(rebasing: bytes[at..<end])
            guard JSONFault.check(document, maxDepth: maxDepth) == nil else { return fault }
            at = end
            while at < bytes.count, bytes[at] <= 0x20 { at += 1 }
            if at == bytes.count { return nil }
            guard bytes[at] == UInt8(ascii: "{") || bytes[at] == UInt8(ascii: "[") else { return fault }
        }
        return fault
    }

    private static func xml(_ session: ReadSession) throws(ReadError) -> Likeness {
        let hint = "give a mapping beside it: docs/formats/mapping.md"
        switch try XMLWalk.walk(session, path: [], element: { _, _, _ in }) {
        case .success(let root): return Likeness(words: "is XML, its root is `\(root)`", hint: hint)
        case .failure(let fault) where fault.isRefusal: return Likeness(words: "is XML that \(fault.message)", line: fault.line)
        case .failure(let fault): return Likeness(words: "looks like XML or HTML", line: fault.line)
        }
    }

    private static let signatures: [([UInt8], String)] = [
        ([0x50, 0x4b, 0x03, 0x04], "a zip archive (unpack it first)"),
        ([0xff, 0xfe], "text in UTF-16 (convert it to UTF-8)"),
        ([0xfe, 0xff], "text in UTF-16 (convert it to UTF-8)"),
        ([0x42, 0x5a, 0x68], "packed with bzip2 (unpack it first)"),
        ([0xfd, 0x37, 0x7a, 0x58, 0x5a], "packed with xz (unpack it first)"),
        (Array("PAR1".utf8), "a Parquet file"),
        (Array("%PDF".utf8), "a PDF file"),
    ]
}
