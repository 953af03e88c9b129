import CEL
import Foundation
import Residency

/// The earliest and the latest time among the events of one input, as it writes them.
struct TimeSpan {
    private var earliest: [UInt8] = []
    private var latest: [UInt8] = []

    var first: String? { Self.text(earliest) }
    var last: String? { Self.text(latest) }

    mutating func note(_ layout: EventLayout, _ projection: Projection, _ batch: EventBatch) {
        guard let slot = projection.existingSlot(layout.time) else { return }
        for row in 0..<batch.count {
            let field = batch.fields[row * batch.width + slot]
            guard field.length > 0 else { continue }
            let text = UnsafeBufferPointer(start: batch.base + Int(field.offset), count: Int(field.length))
            guard batch.isJSON, text.contains(UInt8(ascii: "\\")) || text.first == UInt8(ascii: "n") else {
                note(text)
                continue
            }
            // Written with escapes, it is the same time; null is none.
            guard let plain = (try? JSON.parse(text))?.stringValue else { continue }
            Array("\"\(plain)\"".utf8).withUnsafeBufferPointer { note($0) }
        }
    }

    private mutating func note(_ text: UnsafeBufferPointer<UInt8>) {
        if latest.isEmpty || Self.order(text, latest) > 0 { latest = Array(text) }
        if earliest.isEmpty || Self.order(text, earliest) < 0 { earliest = Array(text) }
    }

    /// Dates are ordered by their bytes, numbers of seconds by their length first.
    private static func order(_ left: UnsafeBufferPointer<UInt8>, _ right: [UInt8]) -> Int {
        let isNumber = left.count != right.count && !left.contains(UInt8(ascii: "-"))
        if isNumber { return left.count - right.count }
        guard let start = left.baseAddress else { return 0 }
        let common = Int(memcmp(start, right, min(left.count, right.count)))
        return common == 0 ? left.count - right.count : common
    }

    private static func text(_ bytes: [UInt8]) -> String? {
        let quote = UInt8(ascii: "\"")
        let bare = bytes.first == quote && bytes.last == quote && bytes.count > 1 ? bytes[1..<(bytes.count - 1)] : bytes[...]
        return bare.isEmpty ? nil : String(decoding: bare, as: UTF8.self)
    }
}
