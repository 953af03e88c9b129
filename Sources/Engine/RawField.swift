import CEL
import Residency

/// The bytes of a field as the log has them, read without building a value.
enum RawField {
    @inline(__always)
    static func seconds(_ bytes: UnsafeBufferPointer<UInt8>, isJSON: Bool) -> Int64? {
        guard bytes.count > 2 else { return nil }
        guard isJSON, bytes[0] == UInt8(ascii: "\"") else { return Clock.logSeconds(bytes) }
        let inner = UnsafeBufferPointer(rebasing: bytes[1..<(bytes.count - 1)])
        if let time = Clock.logSeconds(inner) { return time }
        guard hasBackslash(inner), var plain = text(bytes, isJSON: true) else { return nil }
        return plain.withUTF8 { Clock.logSeconds($0) }
    }

    @inline(__always)
    static func isPresent(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        !bytes.isEmpty && bytes[0] != UInt8(ascii: "n") && !(bytes.count == 2 && bytes[0] == UInt8(ascii: "\""))
    }

    /// The text of a field that is a text without escapes; `nil` leaves it to the parser.
    @inline(__always)
    static func plainBytes(_ bytes: UnsafeBufferPointer<UInt8>, isJSON: Bool) -> UnsafeBufferPointer<UInt8>? {
        guard isJSON else { return bytes.isEmpty ? nil : bytes }
        guard bytes.count >= 2, bytes[0] == UInt8(ascii: "\"") else { return nil }
        let inner = UnsafeBufferPointer(rebasing: bytes[1..<(bytes.count - 1)])
        return hasBackslash(inner) ? nil : inner
    }

    /// Whether there is an escape, eight bytes a step.
    @inline(__always)
    static func hasBackslash(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        guard let base = bytes.baseAddress else { return false }
        var index = 0
        while index &+ 8 <= bytes.count {
            let word = UnsafeRawPointer(base + index).loadUnaligned(as: UInt64.self) ^ 0x5C5C_5C5C_5C5C_5C5C
            if (word &- 0x0101_0101_0101_0101) & ~word & 0x8080_8080_8080_8080 != 0 { return true }
            index &+= 8
        }
        while index < bytes.count {
            if base[index] == UInt8(ascii: "\\") { return true }
            index &+= 1
        }
        return false
    }

    /// Whether a text, list or object holds anything.
    @inline(__always)
    static func isFilled(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        guard bytes.count >= 2 else { return false }
        for byte in bytes[1..<(bytes.count - 1)] where byte != 32 && byte != 9 && byte != 10 && byte != 13 { return true }
        return bytes[0] == UInt8(ascii: "\"") && bytes.count > 2
    }

    static func text(_ bytes: UnsafeBufferPointer<UInt8>, isJSON: Bool) -> String? {
        guard !bytes.isEmpty else { return nil }
        guard isJSON else { return String(decoding: bytes, as: UTF8.self) }
        guard let value = try? JSON.parse(bytes) else { return nil }
        return value.stringValue ?? value.intValue.map { String($0) }
    }
}
