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

    /// Writes JSON without its escapes: what is no character of a word is a space, a letter beyond ASCII some byte beyond it.
    static func unescape(_ bytes: UnsafeBufferPointer<UInt8>, into plain: inout ContiguousArray<UInt8>) {
        plain.removeAll(keepingCapacity: true)
        var at = 0
        while at < bytes.count {
            guard bytes[at] == UInt8(ascii: "\\"), at + 1 < bytes.count else {
                plain.append(bytes[at])
                at += 1
                continue
            }
            switch bytes[at + 1] {
            case UInt8(ascii: "u"):
                let digits = bytes[(at + 2)..<max(at + 2, min(at + 6, bytes.count))]
                let unit = digits.reduce(0) { $0 << 4 | (Int($1 & 15) + ($1 > 57 ? 9 : 0)) }
                plain.append(unit < 128 ? UInt8(unit) : 128)
                at += 4
            case UInt8(ascii: "/"): plain.append(UInt8(ascii: "/"))
            default: plain.append(32)
            }
            at += 2
        }
    }

    /// Whether a text, list or object holds anything.
    @inline(__always)
    static func isFilled(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        guard bytes.count >= 2 else { return false }
        for byte in bytes[1..<(bytes.count - 1)] where byte != 32 && byte != 9 && byte != 10 && byte != 13 { return true }
        return bytes[0] == UInt8(ascii: "\"") && bytes.count > 2
    }

    /// A step from a value to one in it: `[0]`, or `.ARN`.
    enum Step: Hashable {
        case element(Int)
        case member([UInt8])
    }

    /// The steps of a text like `[0].ARN`; `nil` if it is anything else.
    static func steps(_ source: Substring) -> [Step]? {
        var steps: [Step] = []
        var rest = source.utf8
        while let first = rest.popFirst() {
            if first == UInt8(ascii: "[") {
                let digits = rest.prefix { 48...57 ~= $0 }
                rest = rest.dropFirst(digits.count)
                guard rest.popFirst() == UInt8(ascii: "]"), let index = Int(Substring(digits)) else { return nil }
                steps.append(.element(index))
            } else {
                let name = rest.prefix { 65...90 ~= $0 || 97...122 ~= $0 || $0 == UInt8(ascii: "_") }
                guard first == UInt8(ascii: "."), !name.isEmpty else { return nil }
                rest = rest.dropFirst(name.count)
                steps.append(.member(Array(name)))
            }
        }
        return steps
    }

    /// What stands at the end of some steps; `nil` leaves it to the parser, as does everything that is not plain.
    @inline(__always)
    static func value(_ steps: [Step], in bytes: UnsafeBufferPointer<UInt8>, isJSON: Bool) -> UnsafeBufferPointer<UInt8>? {
        if steps.isEmpty { return bytes }
        guard isJSON, !bytes.isEmpty else { return nil }
        var found = bytes
        for step in steps {
            guard let next = value(step, in: found) else { return nil }
            found = next
        }
        return found
    }

    private static func value(_ step: Step, in bytes: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8>? {
        var walk = ValueWalk(bytes)
        switch step {
        case .element(let wanted):
            guard walk.take(UInt8(ascii: "[")) else { return nil }
            for _ in 0..<wanted { guard walk.value() != nil, walk.take(UInt8(ascii: ",")) else { return nil } }
            return walk.value()
        case .member(let name):
            guard walk.take(UInt8(ascii: "{")) else { return nil }
            var found: UnsafeBufferPointer<UInt8>?
            repeat {
                guard let own = walk.value(), own.count >= 2, own[0] == UInt8(ascii: "\""), !hasBackslash(own),
                    walk.take(UInt8(ascii: ":")),
                    let value = walk.value()
                else { return nil }
                // Of members of one name the last counts.
                if own.count == name.count + 2, own.dropFirst().dropLast().elementsEqual(name) { found = value }
            } while walk.take(UInt8(ascii: ","))
            return walk.take(UInt8(ascii: "}")) ? found : nil
        }
    }

    /// Goes over values that the reader has found to be well-formed, and stops where they are not.
    private struct ValueWalk {
        private let bytes: UnsafeBufferPointer<UInt8>
        private var at = 0

        init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

        private mutating func skipSpace() {
            while at < bytes.count, bytes[at] == 0x20 || 0x09...0x0d ~= bytes[at] { at += 1 }
        }

        /// Whether this byte is next; then it is passed.
        mutating func take(_ byte: UInt8) -> Bool {
            skipSpace()
            guard at < bytes.count, bytes[at] == byte else { return false }
            at += 1
            return true
        }

        /// The value that is next.
        mutating func value() -> UnsafeBufferPointer<UInt8>? {
            skipSpace()
            let start = at
            var depth = 0
            while at < bytes.count {
                switch bytes[at] {
                case UInt8(ascii: "\""):
                    at += 1
                    while at < bytes.count, bytes[at] != UInt8(ascii: "\"") { at += bytes[at] == UInt8(ascii: "\\") ? 2 : 1 }
                    at += 1
                    if at > bytes.count { return nil }
                    if depth == 0 { return UnsafeBufferPointer(rebasing: bytes[start..<at]) }
                    continue
                case UInt8(ascii: "{"), UInt8(ascii: "["):
                    depth += 1
                case UInt8(ascii: "}"), UInt8(ascii: "]"):
                    if depth == 0 { return at > start ? UnsafeBufferPointer(rebasing: bytes[start..<at]) : nil }
                    depth -= 1
                    if depth == 0 {
                        at += 1
                        return UnsafeBufferPointer(rebasing: bytes[start..<at])
                    }
                case UInt8(ascii: ","), UInt8(ascii: ":"), 0x20, 0x09...0x0d:
                    if depth == 0 { return at > start ? UnsafeBufferPointer(rebasing: bytes[start..<at]) : nil }
                default: break
                }
                at += 1
            }
            return nil
        }
    }

    static func text(_ bytes: UnsafeBufferPointer<UInt8>, isJSON: Bool) -> String? {
        guard !bytes.isEmpty else { return nil }
        guard isJSON else { return String(decoding: bytes, as: UTF8.self) }
        guard let value = try? JSON.parse(bytes) else { return nil }
        return value.stringValue ?? value.intValue.map { String($0) }
    }
}
