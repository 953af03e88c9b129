/// Base64 for names in URLs, without padding (RFC 4648, section 5).
enum Base64URL {
    static func append(_ bytes: UnsafeRawBufferPointer, to text: inout [UInt8]) {
        let whole = bytes.count / 3
        let rest = bytes.count % 3
        let start = text.count
        text.append(contentsOf: repeatElement(0, count: whole * 4 + (rest == 0 ? 0 : rest + 1)))
        text.withUnsafeMutableBufferPointer { text in
            alphabet.withUTF8Buffer { alphabet in
                var place = start
                for group in 0..<whole {
                    let at = group * 3
                    let bits = UInt32(bytes[at]) << 16 | UInt32(bytes[at + 1]) << 8 | UInt32(bytes[at + 2])
                    text[place] = alphabet[Int(bits >> 18)]
                    text[place + 1] = alphabet[Int(bits >> 12 & 63)]
                    text[place + 2] = alphabet[Int(bits >> 6 & 63)]
                    text[place + 3] = alphabet[Int(bits & 63)]
                    place += 4
                }
                guard rest > 0 else { return }
                let bits = UInt32(bytes[whole * 3]) << 16 | (rest == 2 ? UInt32(bytes[whole * 3 + 1]) << 8 : 0)
                for digit in 0...rest { text[place + digit] = alphabet[Int(bits >> (18 - 6 * UInt32(digit)) & 63)] }
            }
        }
    }

    /// Not an array: its first use would be asked for at every use.
    private static var alphabet: StaticString { "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_" }
}
