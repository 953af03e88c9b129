import CScan

/// The strings of JSON texts.
enum JSONText {
    /// The text of a string's body (without its quotes). Empty if an escape in it is wrong.
    static func unescaped(_ body: UnsafeBufferPointer<UInt8>) -> String {
        guard let base = body.baseAddress else { return "" }
        guard body.contains(UInt8(ascii: "\\")) else { return String(decoding: body, as: UTF8.self) }
        return String(unsafeUninitializedCapacity: body.count) { room in
            guard let out = room.baseAddress else { return 0 }
            var made = 0
            return cscan_unescape(base, body.count, out, &made) ? made : 0
        }
    }

    /// Writes the text of a string's body; the number of bytes, at most as many as the body has. `nil` if an escape is wrong.
    static func unescape(_ body: UnsafeBufferPointer<UInt8>, into out: UnsafeMutablePointer<UInt8>) -> Int? {
        guard let base = body.baseAddress else { return 0 }
        var made = 0
        return cscan_unescape(base, body.count, out, &made) ? made : nil
    }

    /// The text of a JSON string with its quotes; `nil` if the bytes are not one.
    static func string(_ raw: UnsafeBufferPointer<UInt8>) -> String? {
        guard raw.count >= 2, raw[0] == UInt8(ascii: "\"") else { return nil }
        return unescaped(UnsafeBufferPointer(rebasing: raw[1..<(raw.count - 1)]))
    }
}
