import Residency

/// What no format recognises: said, with a guess at what it is, and otherwise left alone.
enum Unknown {
    static func describe(_ session: ReadSession, _ head: Head) {
        let titles = inputFormats.map { $0.title }.joined(separator: ", ")
        session.say(
            session.window.bytes.isEmpty ? .note : .warning, "\(looksLike(session, head)); nothing was read from it",
            hint: session.window.bytes.isEmpty ? nil : "formats that are read: \(titles)")
    }

    private static func looksLike(_ session: ReadSession, _ head: Head) -> String {
        let bytes = session.window.bytes
        if bytes.isEmpty { return session.window.damage == nil ? "is empty" : "cannot be inflated" }
        if let (_, name) = signatures.first(where: { bytes.starts(with: $0.0) }) { return "is \(name)" }
        let first = bytes.first { !($0 == 0x20 || $0 == 0x0a || $0 == 0x0d || $0 == 0x09) }
        if bytes.prefix(4096).contains(0) { return "is binary data" }
        if let object = head.candidates.first {
            let keys = object.members.sorted { $0.value < $1.value }.prefix(6).map { "`\($0.key)`" }
            return "is JSON of a kind that is not known, with \(keys.joined(separator: ", "))"
        }
        switch first {
        case UInt8(ascii: "{"), UInt8(ascii: "["): return "looks like JSON of a kind that is not known"
        case UInt8(ascii: "<"): return "looks like XML or HTML"
        default: return "is text of a kind that is not known"
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
