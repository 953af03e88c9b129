/// Looks through a YAML text for keys that are aliases, lists or maps beside anchors: a few lines of them can stand for billions, and the
/// YAML library takes the hash of a key, with everything in it, before anybody can stop it. It may refuse a little too much.
enum AliasKeys {
    /// The line with such a key, if the text has anchors at all.
    static func line(_ text: String) -> Int? {
        let bytes = Array(text.utf8)
        guard hasAnchor(bytes) else { return nil }
        var line = 1
        for at in bytes.indices {
            switch bytes[at] {
            case UInt8(ascii: "\n"): line += 1
            case UInt8(ascii: "?") where isStart(at, bytes) && isBlank(at + 1, bytes): return line
            case UInt8(ascii: "]"), UInt8(ascii: "}"): if isColon(at + 1, bytes) { return line }
            case UInt8(ascii: "*") where isStart(at, bytes):
                var end = at + 1
                while end < bytes.count, isName(bytes[end]) { end += 1 }
                if end > at + 1, isColon(end, bytes) { return line }
            default: break
            }
        }
        return nil
    }

    private static func hasAnchor(_ bytes: [UInt8]) -> Bool {
        bytes.indices.contains { bytes[$0] == UInt8(ascii: "&") && isStart($0, bytes) && $0 + 1 < bytes.count && isName(bytes[$0 + 1]) }
    }

    private static func isStart(_ at: Int, _ bytes: [UInt8]) -> Bool {
        at == 0 || [0x20, 0x09, 0x0a, UInt8(ascii: "["), UInt8(ascii: "{"), UInt8(ascii: ",")].contains(bytes[at - 1])
    }

    private static func isBlank(_ at: Int, _ bytes: [UInt8]) -> Bool { at >= bytes.count || bytes[at] == 0x20 || bytes[at] == 0x09 || bytes[at] == 0x0a || bytes[at] == 0x0d }

    private static func isColon(_ at: Int, _ bytes: [UInt8]) -> Bool {
        var next = at
        while next < bytes.count, bytes[next] == 0x20 || bytes[next] == 0x09 { next += 1 }
        return next < bytes.count && bytes[next] == UInt8(ascii: ":") && isBlank(next + 1, bytes)
    }

    private static func isName(_ byte: UInt8) -> Bool {
        48...57 ~= byte || 65...90 ~= byte || 97...122 ~= byte || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
    }
}
